"""The Alerts page over real editions, in this process: what it says, in which state."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from re import fullmatch

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine import clock
from engine.desk import alerts, people, rules
from tests.pages.alarmed import HOSTILE, OVER, PENDING, alert_id
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
PAGE = "act/alerts.py"


@pytest.fixture
def home(alarmed: Path, tmp_path: Path) -> Path:
    """A copy whose alerts may be acted on."""
    return Path(shutil.copytree(alarmed, tmp_path / "home"))


def opened(app: AppTest, number: int | str) -> AppTest:
    app = go(app, PAGE)
    app.query_params["alert"] = str(number)
    return app.run()


def panel(text: str, title: str) -> str:
    return text.split(f"<h2>{title}")[1].split("<h2>", maxsplit=1)[0]


def button(app: AppTest, label: str):
    return next(each for each in app.button if each.label == label)


def labels(app: AppTest) -> list[str]:
    return [each.label for each in app.button]


def test_what_fires_stands_under_its_rule_with_its_figure_and_bound(open_menu: Open, alarmed: Path) -> None:
    app = go(open_menu(alarmed), PAGE)
    assert not app.exception
    firing = panel(said(app), "Firing")
    assert firing.count("Region: ") == 2
    assert "Active accounts per day, each region: falls below 20" in firing
    assert "</strong> below 20" in firing
    assert "not told" in firing
    assert "no channel is named by its rule or led to by a route" in firing


def test_names_of_rules_and_segments_are_text_and_never_markup(open_menu: Open, alarmed: Path) -> None:
    text = said(go(open_menu(alarmed), PAGE))
    assert "visits &lt;b&gt;fall&lt;/b&gt; *now*" in text
    assert "<b>fall" not in text
    one = said(opened(open_menu(alarmed), alert_id(alarmed, HOSTILE, "Asia")))
    assert "<b>fall" not in one


def test_pending_and_resolved_alerts_are_folded_under_their_numbers(open_menu: Open, alarmed: Path) -> None:
    app = go(open_menu(alarmed), PAGE)
    folded = [each.label for each in app.expander]
    # On some days a plan's activation is about to be low as well.
    assert any(fullmatch(r"Pending · (1 alert|\d+ alerts)", label) for label in folded)
    assert PENDING not in said(app)


def test_a_late_source_has_an_alert_that_leads_to_it(open_menu: Open, alarmed: Path) -> None:
    late = alert_id(alarmed, "A source is late", "app")
    app = opened(open_menu(alarmed), late)
    assert not app.exception
    assert "app was silent for 3.0\u00a0h when this began." in said(app)
    assert "Its source" in [link.proto.label for link in app.get("page_link")]


@pytest.mark.parametrize("asked", ["999999", "abc", "-1", "1e3", "99999999999999999999999", "<b>x</b>"])
def test_an_alert_that_is_not_there_is_said_to_be_missing(open_menu: Open, alarmed: Path, asked: str) -> None:
    app = opened(open_menu(alarmed), asked)
    assert not app.exception
    assert "There is no alert" in said(app)
    assert "<b>x</b>" not in said(app)


def test_an_opened_alert_shows_its_figures_its_accounts_and_its_moves(open_menu: Open, alarmed: Path) -> None:
    app = opened(open_menu(alarmed), alert_id(alarmed, HOSTILE, "Asia"))
    assert not app.exception
    text = said(app)
    for title in ("Active accounts", "Accounts behind it", "How it moved", "Told, or not"):
        assert f"<h2>{title}" in text
    assert "<b>Firing</b>" in panel(text, "How it moved")
    assert "<b>What to do:</b> Ask the two largest accounts" in text
    assert len(app.get("vega_lite_chart")) == 1


def test_the_accounts_behind_it_are_counted_and_named(open_menu: Open, alarmed: Path) -> None:
    text = panel(said(opened(open_menu(alarmed), alert_id(alarmed, OVER, "Team"))), "Accounts behind it")
    assert "signed up in the period and have not activated" in text or "None (any more)." in text


def test_an_alert_is_taken_and_released(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    app = opened(open_menu(home), number)
    button(app, "Take").click().run()
    assert alerts.alert(Settings(home=home), number).taken_by == people.who()
    assert "took it" in panel(said(app), "Who did and said what")
    button(app, "Release").click().run()
    assert alerts.alert(Settings(home=home), number).taken_by is None


def test_who_comes_second_is_told_that_somebody_else_took_it(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    app = opened(open_menu(home), number)
    alerts.take(Settings(home=home), number, who="Jo")
    button(app, "Take").click().run()
    assert alerts.alert(Settings(home=home), number).taken_by == "Jo"
    assert "Jo has taken it meanwhile" in app.toast[0].value
    assert "Take over" in labels(app)


def test_an_alert_is_acknowledged_once(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), alert_id(home, HOSTILE, "Asia"))
    button(app, "Acknowledge").click().run()
    assert button(app, "Acknowledged").disabled
    assert f"seen by {people.who()}" in said(go(open_menu(home), PAGE))


def test_a_comment_is_kept_as_it_was_written(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    app = opened(open_menu(home), number)
    app.text_area(key="alerts_said").set_value("<i>look</i>")
    button(app, "Comment").click().run()
    assert "&lt;i&gt;look&lt;/i&gt;" in said(app)
    assert alerts.story(Settings(home=home), number).comments[0].text == "<i>look</i>"


def test_a_snoozed_alert_says_until_when_and_is_woken(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    alerts.snooze(Settings(home=home), number, clock.now() + timedelta(hours=5), who="Jo")
    app = opened(open_menu(home), number)
    assert "<b>Snoozed</b> until" in said(app)
    button(app, "Wake it").click().run()
    assert alerts.alert(Settings(home=home), number).snoozed_until is None
    assert "Snooze" in labels(app)


def test_a_silence_is_listed_and_told_of_what_it_covers(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    until = clock.now() + timedelta(hours=5)
    alerts.silence(
        Settings(home=home), until=until, who="Jo", reason="<holiday>", dimension="region", segment="Asia"
    )
    text = said(go(open_menu(home), PAGE))
    assert "&lt;holiday&gt;" in panel(text, "Silences")
    assert "Region: Asia" in panel(text, "Silences")
    assert text.count("<b>silenced</b>") == 1
    assert "<b>Silenced</b> by Jo until" in said(opened(open_menu(home), number))
    other = alert_id(home, HOSTILE, "Europe")
    assert "<b>Silenced</b>" not in said(opened(open_menu(home), other))


def test_a_dialog_stays_open_when_the_page_draws_itself_anew(open_menu: Open, home: Path) -> None:
    number = alert_id(home, HOSTILE, "Asia")
    app = opened(open_menu(home), number)
    button(app, "Give to …").click().run()
    app.run()
    app.text_input(key="alerts_given_to").set_value("Jo")
    app.button(key="alerts_do_give").click().run()
    assert alerts.alert(Settings(home=home), number).taken_by == "Jo"
    assert "gave it to Jo" in said(app)
    assert "Take over" in labels(app)


def test_a_silence_is_ended_early(open_menu: Open, home: Path) -> None:
    until = clock.now() + timedelta(hours=5)
    alerts.silence(Settings(home=home), until=until, who="Jo")
    app = go(open_menu(home), PAGE)
    button(app, "End one early").click().run()
    app.button(key="alerts_do_end").click().run()
    assert "No silence is in force" in said(app)
    assert alerts.silences_known(Settings(home=home), since=clock.now()) == []


def test_a_silence_that_is_to_come_is_listed_as_such(open_menu: Open, home: Path) -> None:
    begins = clock.now() + timedelta(days=2)
    alerts.silence(Settings(home=home), until=begins + timedelta(days=1), starts_at=begins, who="Jo")
    text = panel(said(go(open_menu(home), PAGE)), "Silences")
    assert "Begins in 2\u00a0d" in text or "Begins in 48\u00a0h" in text
    assert "everything" in text


def test_filters_narrow_what_is_shown(open_menu: Open, home: Path) -> None:
    app = go(open_menu(home), PAGE)
    app.selectbox(key="alerts_segment").select("region:Asia").run()
    assert panel(said(app), "Firing").count("Region: ") == 1
    app.selectbox(key="alerts_severity").select("info").run()
    assert "Nothing that these filters let through fires." in said(app)


def test_mine_are_those_that_i_took(open_menu: Open, home: Path) -> None:
    alerts.take(Settings(home=home), alert_id(home, HOSTILE, "Asia"), who=people.who())
    app = go(open_menu(home), PAGE)
    app.toggle(key="alerts_mine").set_value(True).run()
    assert panel(said(app), "Firing").count("Region: ") == 1


def test_nothing_that_ever_fired_leads_to_the_rules(open_menu: Open, company: Path) -> None:
    app = go(open_menu(company), PAGE)
    assert not app.exception
    assert "Nothing has ever fired." in said(app)
    assert "Rules" in [link.proto.label for link in app.get("page_link")]


def test_a_home_without_rules_says_so(open_menu: Open, company: Path, tmp_path: Path) -> None:
    copied = Path(shutil.copytree(company, tmp_path / "home"))
    for view in rules.rules(Settings(home=copied)):
        rules.remove_rule(Settings(home=copied), view.rule_id, who="Mara")
    assert "No rule watches anything yet." in said(go(open_menu(copied), PAGE))


def test_before_the_first_edition_nothing_could_be_judged(open_menu: Open, tmp_path: Path) -> None:
    app = go(open_menu(tmp_path / "empty"), PAGE)
    assert not app.exception
    assert "There is no edition yet" in app.info[0].value


def test_a_stopped_engine_is_said_with_the_age_of_what_is_shown(open_menu: Open, alarmed: Path) -> None:
    told = go(open_menu(alarmed), PAGE).warning[0].value
    assert "The engine does not run" in told
    assert "ago, at " in told


def test_a_control_store_that_cannot_be_read_is_said_in_a_sentence(open_menu: Open, home: Path) -> None:
    for left in home.glob("control.sqlite*"):
        left.unlink()
    (home / "control.sqlite").write_bytes(b"not a database at all, but long enough" * 200)
    app = go(open_menu(home), PAGE)
    assert not app.exception
    assert "The control store" in app.error[0].value
