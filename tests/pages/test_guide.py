"""The guide over a real home: each step is checked off by what came in and what people did."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.control import deeds
from engine.control.store import Control
from engine.desk import alerts, channels, people, rules, targets, views
from engine.desk import guide as desk
from engine.desk.people import Person
from engine.desk.targets import Place
from tests.pages.alarmed import HOSTILE, LEAD, alert_id
from tests.pages.once import made_once
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
GUIDE = "set_up/guide.py"
MARA, OTTO = Person("mara@example.com", "Mara", "lead"), Person("otto@example.com", "Otto", "viewer")


@pytest.fixture
def untouched(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One in which no other test has done anything."""
    return made_once(tmp_path_factory, "company", lambda _: None)


def test_what_came_in_checks_off_the_first_two_steps_and_nothing_more(
    open_menu: Open, untouched: Path
) -> None:
    text = said(go(open_menu(untouched), GUIDE))
    assert "2 of 5 steps are done" in text
    assert "<code>welcome_seen</code>: reached in time by" in text
    assert "No driver has a target yet." in text


def test_the_made_up_company_is_not_the_readers_own_data(
    open_menu: Open, untouched: Path, tmp_path: Path
) -> None:
    """Its source is called demo, and the home says so."""
    shutil.copytree(untouched, tmp_path / "home")
    (tmp_path / "home" / "demo.json").write_text("{}")
    text = said(go(open_menu(tmp_path / "home"), GUIDE))
    assert "2 of 5 steps are done" in text  # what was imported beside it is


def test_before_there_is_data_every_step_says_what_to_do(open_menu: Open, tmp_path: Path) -> None:
    app = go(open_menu(tmp_path / "empty"), GUIDE)
    assert not app.exception
    assert "0 of 5 steps are done" in said(app)


def test_what_people_do_is_found_and_what_comes_with_holdfast_is_not(untouched: Path, tmp_path: Path) -> None:
    home = Settings(home=Path(shutil.copytree(untouched, tmp_path / "home")))
    before = desk.done(home, MARA)
    assert (before.rule, before.channel, before.view, before.target, before.noted) == (None,) * 5
    assert before.shipped
    targets.set_target(home, Place("activation_rate", "week"), 0.4, who=MARA.key)
    views.save(home, page="cohorts", name="mine", state={}, is_shared=False, by=MARA)
    after = desk.done(home, MARA)
    assert after.target is not None
    assert (after.target.what, after.target.who) == ("activation_rate", MARA.key)
    assert after.view is not None
    assert desk.done(home, OTTO).view is None  # nobody shares it with him


def test_a_rule_counts_as_revised_only_when_it_was_changed_after_it_fired(
    alarmed: Path, tmp_path: Path
) -> None:
    home = Settings(home=Path(shutil.copytree(alarmed, tmp_path / "home")))
    assert desk.done(home, MARA).revised is None
    alerts.acknowledge(home, alert_id(home.home, HOSTILE, "Asia"), who=LEAD)
    view = next(view for view in rules.rules(home) if view.rule.name == HOSTILE)
    looser = view.rule.model_dump() | {"params": {"below": 5.0}}
    rules.change_rule(home, view.rule_id, looser, version=view.version, who=MARA.key, reason="too loud")
    done = desk.done(home, MARA)
    assert done.revised is not None
    assert (done.revised.what, done.revised.who) == (HOSTILE, MARA.key)
    assert done.answered is not None


def test_only_a_test_that_arrived_says_that_a_channel_reaches_people(tmp_path: Path) -> None:
    home = Settings(home=tmp_path / "home")
    assert deeds.reached(Control.open(home), ("gone",)) is None
    assert channels.channels(home) == {}


@pytest.mark.parametrize("role", ["viewer", "lead"])
def test_whoever_may_not_is_told_whom_to_ask(
    open_menu: Open, untouched: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr(people, "local", lambda _="admin": Person("p@example.com", "P", role))  # type: ignore[arg-type]
    text = said(go(open_menu(untouched), GUIDE))
    assert ("An admin connects what is missing" in text) is (role != "admin")
    assert ("A team lead sets the thresholds" in text) is (role == "viewer")
