"""The manager's Overview and wall over a real edition, in this process."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.desk import channels, digests, targets
from engine.desk.targets import Place
from pages.parts import speech
from pages.parts.wall import slides
from tests.pages.test_pages import said

Open = Callable[[Path], AppTest]


@pytest.fixture
def home(company: Path, tmp_path: Path) -> Path:
    shutil.copytree(company, tmp_path / "home")
    return tmp_path / "home"


def test_the_first_line_says_whether_all_is_right(open_menu: Open, home: Path) -> None:
    targets.set_target(Settings(home=home), Place("mrr", "week"), 10.0**9, who="ada")
    text = said(open_menu(home).run())
    assert 'class="hf-verdict hf-verdict-open"' in text
    assert "0 of 1 target met; missed: MRR." in text
    assert "short" in text


def test_the_overview_draws_its_bars_without_the_code_of_a_chart(open_menu: Open, company: Path) -> None:
    app = open_menu(company).run()
    assert not app.exception
    assert len(app.get("vega_lite_chart")) == 0
    assert re.search(
        r'<div class="hf-months"><div role="img" aria-label="[^"]+[^>]*><i style="bottom', said(app)
    )


def test_a_target_is_set_and_taken_away_in_its_dialog(open_menu: Open, home: Path) -> None:
    app = open_menu(home).run()
    app.session_state["asked"] = ("overview", "target:activation_rate")
    app.run()
    app.number_input(key="overview_target_activation_rate").set_value(42.5)
    app.button(key="overview_target_save").click().run()
    assert not app.exception
    place = Place("activation_rate", "week")
    assert targets.targets(Settings(home=home))[place].value == pytest.approx(0.425)
    app.session_state["asked"] = ("overview", "target:activation_rate")
    app.run()
    app.button(key="overview_target_remove").click().run()
    assert targets.targets(Settings(home=home)) == {}


def test_figures_are_compared_with_any_earlier_period_and_the_address_says_with_which(
    open_menu: Open, home: Path
) -> None:
    app = open_menu(home).run()
    starts = app.selectbox(key="overview_against_week").options
    assert starts[:2] == ["vs the week before", "vs 52 weeks before"]
    app.selectbox(key="overview_against_week").select_index(4).run()
    assert not app.exception
    assert f"against {starts[4].removeprefix('vs ')}" in said(app)


def test_what_was_not_published_then_is_not_made_up(open_menu: Open, home: Path) -> None:
    app = open_menu(home).run()
    app.selectbox(key="overview_against_week").select_index(6).run()
    app.toggle(key="overview_then").set_value(True).run()
    assert not app.exception
    text = said(app)
    assert "nothing to compare" in text
    assert "Nothing was published when that week was over" in text


def test_a_segment_shows_its_own_moves_and_facts(open_menu: Open, home: Path) -> None:
    app = open_menu(home).run()
    app.session_state["segment"] = "plan:Team"
    app.run()
    assert not app.exception
    assert "· Plan: Team" in said(app)
    assert "stands out" not in said(app)


def test_a_weekly_letter_is_set_up_looked_at_sent_now_and_removed(open_menu: Open, home: Path) -> None:
    settings = Settings(home=home)
    answers = {"host": "127.0.0.1", "sender": "d@example.com", "to": ["m@example.com"], "security": "none"}
    channels.create_channel(settings, "board", "email", answers, who="ada")
    app = open_menu(home).run()
    app.button(key="overview_digest_add").click().run()
    app.selectbox(key="overview_letter_new_day").select("Friday")
    app.button(key="overview_letter_new_save").click().run()
    assert not app.exception
    [one] = digests.known(settings)
    assert (one.weekday, one.hour, one.channel, one.place) == (4, 8, "board", ("all", "all"))
    assert "Fridays at 08:00" in said(app)
    app.session_state["asked"] = ("overview", f"letter:look:{one.digest_id}")
    app.run()
    assert not app.exception
    assert "Your week in numbers" in app.text[0].value
    app.button(key="overview_letter_send").click().run()
    [message] = channels.messages(settings, "waiting")
    assert message.subject.startswith("[Weekly] all accounts")
    app.session_state["asked"] = ("overview", f"letter:change:{one.digest_id}")
    app.run()
    app.button(key=f"overview_letter_{one.digest_id}_remove").click().run()
    assert digests.known(settings) == []


def test_the_wall_hangs_the_chosen_slides_and_says_what_is_missing_nowhere(
    open_menu: Open, home: Path
) -> None:
    app = open_menu(home)
    app.query_params["wall"] = "1"
    app.query_params["wall_show"] = ["MRR", "What fires now"]
    app.run()
    app.switch_page("watch/wall.py").run()
    assert not app.exception
    text = said(app)
    assert text.count('<section class="hf-slide">') == 2
    assert "Not live: these numbers are old" in text


def test_a_wall_that_was_hung_in_polish_shows_the_same_slides_in_english(open_menu: Open, home: Path) -> None:
    app = open_menu(home)
    with speech.speaking("pl"):
        app.query_params["wall_show"] = [slides.title(name) for name in ("alerts", "mrr", "drivers")]
    app.query_params["wall"] = "1"
    app.run()
    app.switch_page("watch/wall.py").run()
    assert not app.exception
    heads = re.findall(r'<section class="hf-slide"><h2>(.*?) <small>', said(app))
    assert heads == ["Nothing fires", "MRR", "All drivers"]


def test_the_wall_that_was_left_stays_so_though_a_late_rerun_brings_its_address(
    open_menu: Open, home: Path
) -> None:
    app = open_menu(home)
    app.query_params["wall"] = "1"
    app.session_state["wall_left"] = True
    app.run()
    app.switch_page("watch/wall.py").run()
    assert not app.exception
    assert "hf-slide" not in said(app)
    assert "wall" not in app.query_params
    app.button(key="wall_start").click().run()
    assert "hf-slide" in said(app)
