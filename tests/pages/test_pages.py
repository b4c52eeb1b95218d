"""Every page over a real edition, in this process: what it says, in which state."""

import re
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from pages.parts.rooms import ROOMS

Open = Callable[[Path], AppTest]
PAGES = {
    "watch/overview.py": "Overview",
    "watch/activation.py": "Activation",
    "watch/cohorts.py": "Cohorts",
    "watch/churn.py": "Churn risk",
    "watch/revenue.py": "Revenue",
    "act/alerts.py": "Alerts",
    "set_up/rules.py": "Rules",
    "set_up/channels.py": "Channels",
    "set_up/sources.py": "Sources",
    "set_up/metrics.py": "Metrics",
}


def go(app: AppTest, page: str) -> AppTest:
    """The page as its own address opens it: nothing is drawn before it."""
    (room,) = [each for rooms in ROOMS.values() for each in rooms if each.path == page]
    if not room.is_first:
        app._page_hash = calc_hash(room.url_path or Path(room.path).stem)  # `switch_page` needs a run before
    return app.run()


def said(app: AppTest) -> str:
    """All HTML of a page but the style sheet."""
    texts = [element.proto.body for element in app.get("html")]
    return "\n".join(text for text in texts if not text.startswith("<style>"))


@pytest.mark.parametrize(("page", "title"), PAGES.items())
def test_every_page_opens_without_an_error(open_menu: Open, company: Path, page: str, title: str) -> None:
    app = open_menu(company).run().switch_page(page).run()
    assert not app.exception
    assert f'<h1 class="hf-title">{title}</h1>' in said(app)


@pytest.mark.parametrize("page", [page for page in PAGES if page.startswith("watch/")])
def test_before_the_first_edition_every_page_says_what_to_do(
    open_menu: Open, tmp_path: Path, page: str
) -> None:
    app = go(open_menu(tmp_path / "empty"), page)
    assert not app.exception
    assert {code.value for code in app.code} == {"python -m engine demo", "python -m engine import FOLDER"}


def test_the_catalogue_is_there_before_the_first_edition(open_menu: Open, tmp_path: Path) -> None:
    app = go(open_menu(tmp_path / "empty"), "set_up/metrics.py")
    assert "activation_rate" in said(app)


def test_a_card_says_its_value_its_period_and_what_is_so_far(open_menu: Open, company: Path) -> None:
    text = said(open_menu(company).run())
    assert text.count('<section class="hf-card">') == 6
    assert "so far" in text
    assert "week of" in text


def test_the_overview_can_end_in_the_past(open_menu: Open, company: Path) -> None:
    app = open_menu(company).run()
    picker = app.selectbox(key="overview_until_week")
    assert picker.options[0] == "Up to now"
    label = picker.options[3].removeprefix("Up to ").replace("\u00a0", " ")
    week = datetime.strptime(label, "%d %b ’%y").date()
    card = said(picker.select(week.isoformat()).run()).split('<section class="hf-card">')[1]
    assert f"week of {week.day}\u00a0{week:%b}" in card
    assert "so far" not in card


def test_a_damaged_pointer_is_said_in_a_sentence(open_menu: Open, company: Path, tmp_path: Path) -> None:
    shutil.copytree(company, tmp_path / "home")
    (tmp_path / "home" / "published" / "current").write_bytes(b"\xff\x00../warehouse.duckdb")
    app = open_menu(tmp_path / "home").run()
    assert not app.exception
    assert "names no edition" in app.error[0].value


def test_simulated_numbers_are_said_to_be_simulated(open_menu: Open, company: Path, tmp_path: Path) -> None:
    assert "A made-up company." not in said(open_menu(company).run())
    shutil.copytree(company, tmp_path / "home")
    (tmp_path / "home" / "demo.json").write_text("{}")
    assert "A made-up company." in said(open_menu(tmp_path / "home").run())


def test_every_question_mark_has_its_text(open_menu: Open, company: Path) -> None:
    for page in ("watch/overview.py", "watch/activation.py", "watch/revenue.py"):
        text = said(go(open_menu(company), page))
        asked = {part.split('"')[0] for part in text.split('class="hf-ask" popovertarget="')[1:]}
        told = {part.split('"')[0] for part in text.split('class="hf-pop" id="')[1:]}
        assert asked
        assert asked <= told


def test_the_explanation_holds_definition_caveat_n_instant_and_sql(open_menu: Open, company: Path) -> None:
    text = said(open_menu(company).run())
    pop = text.split('id="hf-activation-rate"')[1].split("</details>")[0]
    for part in ("Mind:", "<dt>n</dt>", "95 % interval", "<dt>As of</dt>", "select"):
        assert part in pop


def test_names_from_outside_are_text_and_never_markup(open_menu: Open, company: Path) -> None:
    text = said(go(open_menu(company), "watch/activation.py")) + said(open_menu(company).run())
    assert "Company &lt;" in text
    assert "Company <" not in text


def test_a_segment_narrows_what_the_page_shows(open_menu: Open, company: Path) -> None:
    app = go(open_menu(company), "watch/cohorts.py")
    whole = said(app)
    app.selectbox(key="segment").select("plan:Team").run()
    assert not app.exception
    assert "Plan: Team" in said(app)
    assert said(app) != whole


def test_a_segment_that_is_gone_falls_back_to_all_accounts(open_menu: Open, company: Path) -> None:
    app = open_menu(company)
    app.query_params["segment"] = "plan:gone"
    app.run()
    assert not app.exception
    assert app.selectbox(key="segment").value == "all"


def test_an_edition_without_subscriptions_says_what_to_import(open_menu: Open, activity_only: Path) -> None:
    app = go(open_menu(activity_only), "watch/revenue.py")
    assert not app.exception
    assert "subscription_changes" in said(app)


def test_every_other_page_stands_without_subscriptions(open_menu: Open, activity_only: Path) -> None:
    for page in ("watch/overview.py", "watch/activation.py", "watch/cohorts.py"):
        assert not go(open_menu(activity_only), page).exception


@pytest.mark.parametrize("measure", ["accounts", "net", "gross"])
@pytest.mark.parametrize("grain", ["week", "month"])
def test_the_triangle_is_drawn_for_every_measure(
    open_menu: Open, company: Path, measure: str, grain: str
) -> None:
    app = open_menu(company)
    app.query_params["cohorts_grain"] = grain
    app = go(app, "watch/cohorts.py")
    app.selectbox(key="cohorts_measure").select(measure).run()
    assert not app.exception
    text = said(app)
    assert "Weighted mean" in text
    assert "hf-young" in text


def test_rows_of_the_ledger_add_up_on_screen(open_menu: Open, company: Path) -> None:
    text = said(go(open_menu(company), "watch/revenue.py"))
    table = next(part for part in text.split("<table") if "<th>Opening</th>" in part)
    for row in table.split("<tbody>")[1].split("<tr")[1:]:
        cells = [amount(cell) for cell in row.split("<td ")[1:]]
        assert round(sum(cells[:-1]) - cells[-1], 4) == 0


def amount(cell: str) -> float:
    text = re.sub("<[^>]*>", "", cell.partition(">")[2].partition("</td>")[0])
    return float(text.replace("−", "-").replace("$", "").replace(",", ""))


def test_the_catalogue_finds_a_metric_by_its_words(open_menu: Open, company: Path) -> None:
    app = go(open_menu(company), "set_up/metrics.py")
    app.text_input(key="metrics_search").set_value("quick_ratio").run()
    assert said(app).count('<article class="hf-metric">') == 1
    app.text_input(key="metrics_search").set_value("no such thing").run()
    assert "No metric has" in said(app)
