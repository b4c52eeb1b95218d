"""What each may open, see and change: every role at every page, and somebody who may see one segment."""

import ast
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from data.errors import GiveUp
from data.settings import ROOT, Settings
from engine import clock
from engine.desk import alerts as desk
from engine.desk import people
from engine.desk import risk as risk_desk
from engine.desk.people import ROLES, Person, Role, Scope
from pages.parts import alarms, changes, numbers, person, rooms
from pages.parts.alerts import acting, silencing
from pages.parts.churn import reads as risks
from pages.parts.segment import Segment
from tests.pages.company import PLANS
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
Become = Callable[..., None]
PAGE = "set_up/people.py"


@pytest.fixture
def become(monkeypatch: pytest.MonkeyPatch) -> Become:
    """Makes whoever looks a person of a role."""

    def made(role: Role, scope: Scope | None = None) -> None:
        here = Person("mara@example.com", "Mara <b>", role, scope)
        monkeypatch.setattr(people, "local", lambda _="admin": here)

    return made


@pytest.fixture
def here(company: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The name of the company's edition, for reads in this process."""
    monkeypatch.setenv("HOLDFAST_HOME", str(company))
    st.cache_resource.clear()
    name = numbers.newest()
    assert name
    yield name
    st.cache_resource.clear()


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef))


def is_redrawn_alone(function: ast.FunctionDef) -> bool:
    """Whether it is a fragment or a dialog, which run without the page around them."""
    calls = [each.func if isinstance(each, ast.Call) else each for each in function.decorator_list]
    return any(isinstance(call, ast.Attribute) and call.attr in ("fragment", "dialog") for call in calls)


def asks_who_is_there(function: ast.FunctionDef) -> bool:
    """Whether its first statement, after what it says of itself, asks."""
    first = function.body[1] if ast.get_docstring(function) else function.body[0]
    return any(text in ast.unparse(first) for text in ("person.require(", "person.require_whole("))


def test_whatever_is_redrawn_alone_asks_first_who_is_there() -> None:
    found = [
        (path.relative_to(ROOT), function)
        for path in sorted((ROOT / "pages").rglob("*.py"))
        for function in functions(path)
        if is_redrawn_alone(function)
    ]
    assert len(found) > 25
    assert [f"{path}:{one.name}" for path, one in found if not asks_who_is_there(one)] == []


def test_every_read_of_the_numbers_goes_by_who_reads() -> None:
    """What is kept of the metrics is kept by `kept`, which knows scopes, not by Streamlit's cache alone."""
    loose = []
    for path in sorted((ROOT / "pages").rglob("*.py")):
        for function in functions(path):
            decorators = " ".join(map(ast.unparse, function.decorator_list))
            body = ast.unparse(function)
            if "cache_" in decorators and any(word in body for word in OF_SEGMENTS):
                loose.append(f"{path.relative_to(ROOT)}:{function.name}")
    assert loose == ["pages/parts/alarms.py:_accounts_behind"], "which asks whether the alert may be seen"


OF_SEGMENTS = (
    "read.series",
    "read.cohorts",
    "read.movements",
    "read.accounts",
    "read.value_curve",
    "read.feed",
)


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_holds_what_a_role_may_open(role: Role) -> None:
    found = [room.path for group in rooms.open_to(Person("a", "A", role)).values() for room in group]
    assert all(room.role in ROLES[: ROLES.index(role) + 1] for group in rooms.ROOMS.values() for room in group
               if room.path in found)  # fmt: skip
    assert ("set_up/people.py" in found) == (role == "admin")
    assert ("set_up/rules.py" in found) == (role != "viewer")


@pytest.mark.parametrize(
    "room", [room for rooms_ in rooms.ROOMS.values() for room in rooms_], ids=lambda one: one.path
)
def test_a_page_asks_for_itself(open_menu: Open, company: Path, become: Become, room: rooms.Room) -> None:
    """Run without the menu, as a forged message or a deep link on a server without a front page would."""
    become("viewer", Scope("plan", PLANS[0]))
    app = open_menu(company)
    app = AppTest.from_file(str(ROOT / "pages" / room.path), default_timeout=60)
    app.run()
    if room.role == "viewer" and not room.is_whole:
        assert not app.error
    else:
        assert app.error[0].value.startswith(("This is for the role", "This is about the company as a whole"))
        assert 'class="hf-title"' not in said(app)


def test_a_page_that_is_not_ones_own_is_not_there(open_menu: Open, company: Path, become: Become) -> None:
    become("viewer")
    with pytest.raises(Exception, match=r"people\.py"):
        open_menu(company).run().switch_page(PAGE)


def test_who_looks_stands_at_the_foot_of_the_menu_and_is_no_markup(
    open_menu: Open, company: Path, become: Become
) -> None:
    become("lead", Scope("plan", "<i>pro"))
    text = said(open_menu(company).run())
    assert "<b>Mara &lt;b&gt;</b> lead · Plan: &lt;i&gt;pro" in text


def test_this_machines_user_tries_a_role_and_goes_back(open_menu: Open, company: Path) -> None:
    app = open_menu(company).run()
    app.selectbox(key="person_seen_as").select("viewer").run()
    assert not app.exception
    assert "viewer</p>" in said(app)
    assert person.seen_as() == "viewer"
    app.selectbox(key="person_seen_as").select("admin").run()
    assert "admin</p>" in said(app)


def test_without_a_sign_in_somebody_else_sees_why_they_see_nothing(
    open_menu: Open, company: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person, "is_local", lambda: False)
    app = open_menu(company).run()
    assert "add [sign_in] to holdfast.toml" in said(app)
    assert "hf-card" not in said(app)


def test_a_viewer_is_offered_nothing_that_changes(open_menu: Open, alarmed: Path, become: Become) -> None:
    become("viewer")
    app = go(open_menu(alarmed), "act/alerts.py")
    alert = alarms.active()[0].alerts[0].alert_id
    app.query_params["alert"] = str(alert)
    app.run()
    keys = {each.key for each in app.button}
    assert not app.exception
    assert not keys & {
        "alerts_take",
        "alerts_acknowledge",
        "alerts_snooze",
        "alerts_silence",
        "alerts_general",
    }


def test_an_unguarded_click_of_a_revoked_role_changes_nothing(
    open_menu: Open, alarmed: Path, tmp_path: Path, become: Become
) -> None:
    shutil.copytree(alarmed, tmp_path / "home")
    become("lead")
    app = go(open_menu(tmp_path / "home"), "act/alerts.py")
    alert = next(one for group in alarms.active() for one in group.alerts if not one.taken_by)
    app.query_params["alert"] = str(alert.alert_id)
    app.run()
    become("viewer")
    app.button(key="alerts_take").click().run()
    assert [each.value for each in app.error] == ["This is for the role lead and above; yours is viewer."]
    become("lead")
    assert alarms.alert(alert.alert_id).taken_by is None


def test_a_scope_takes_the_place_of_every_other_segment(here: str, become: Become) -> None:
    dimension, name = next((row[0], row[1]) for row in numbers.segments(here).iter_rows())
    own, other = Segment(dimension, name), Segment()
    wanted = ("signups", "mrr")
    expected = numbers.series(here, wanted, "month", dimension, name)
    become("viewer", Scope(dimension, name))
    for asked in (("all", "all"), ("plan", None), ("region", "Europe' or 1=1 --"), (dimension, name)):
        assert numbers.series(here, wanted, "month", *asked).equals(expected)
    assert numbers.figures(here, wanted, "month", other) == numbers.figures(here, wanted, "month", own)
    assert numbers.cohorts(here, "month", other, 6).equals(numbers.cohorts(here, "month", own, 6))
    assert set(numbers.segments(here).select("dimension", "segment").iter_rows()) == {(dimension, name)}
    for split in numbers.edition(here).segments:
        assert set(numbers.figures_by_segment(here, wanted, "month", split)) <= {name}
    assert changes.figures(changes.Scene(here, "month"), wanted) == changes.figures(
        changes.Scene(here, "month", own), wanted
    )


def test_what_somebody_with_a_scope_was_shown_is_not_kept_for_others(here: str, become: Become) -> None:
    become("viewer", Scope("plan", PLANS[0]))
    for _ in range(2):
        scoped = numbers.complete_periods(here, "month", 6), numbers.series(here, ("signups",), "month")
    become("viewer")
    whole = numbers.series(here, ("signups",), "month")
    assert set(whole["segment"]) == {"all"}
    assert set(scoped[1]["segment"]) == {PLANS[0]}
    assert whole["value"].sum() > scoped[1]["value"].sum() > 0
    assert numbers.complete_periods(here, "month", 6) == scoped[0]


def test_the_accounts_of_a_step_are_those_of_the_scope(here: str, become: Become) -> None:
    every = [row for step in range(3) for row in numbers.stuck(here, step, Segment(), 1000)]
    become("viewer", Scope("plan", PLANS[0]))
    mine = [row for step in range(3) for row in numbers.stuck(here, step, Segment(), 1000)]
    assert mine == [row for row in every if row["plan"] == PLANS[0]]


def test_rows_set_aside_are_not_for_who_sees_one_segment(here: str, become: Become) -> None:
    become("admin", Scope("plan", PLANS[0]))
    with pytest.raises(GiveUp, match="about the company as a whole"):
        numbers.quarantine(here, "files", None, 10)


def test_alerts_of_other_segments_are_not_there(open_menu: Open, alarmed: Path, become: Become) -> None:
    open_menu(alarmed)
    every = [one for group in alarms.active() for one in group.alerts]
    mine = next(one for one in every if one.rule.dimension != "all")
    become("lead", Scope(mine.rule.dimension, mine.segment))
    seen = [one for group in alarms.active() for one in group.alerts]
    assert {(one.rule.dimension, one.segment) for one in seen} == {(mine.rule.dimension, mine.segment)}
    other = next(one for one in every if one.segment != mine.segment)
    for read in (alarms.alert, alarms.story):
        with pytest.raises(Exception, match=f"There is no alert {other.alert_id}"):
            read(other.alert_id)
    with pytest.raises(Exception, match="There is no alert"):
        alarms.trend(other.alert_id, 0)


EVERY = [room for group in rooms.ROOMS.values() for room in group]
OPEN_TO_SCOPES = [room.path for room in EVERY if room.role == "viewer" and not room.is_whole]


def test_somebody_with_a_scope_silences_and_ends_nothing_beyond_it(
    open_menu: Open, alarmed: Path, tmp_path: Path, become: Become
) -> None:
    shutil.copytree(alarmed, tmp_path / "home")
    open_menu(tmp_path / "home")
    settings = Settings(home=tmp_path / "home")
    one = next(of for group in alarms.active() for of in group.alerts if of.rule.dimension != "all")
    place = {"dimension": one.rule.dimension, "segment": one.segment}
    tomorrow = clock.now() + timedelta(days=1)
    for what in ({}, {"rule_id": one.rule_id}, place):
        desk.silence(settings, until=tomorrow, who="root", reason="", **what)
    assert {"rule_id": one.rule_id} in map(dict, silencing.scopes_of(one))
    assert len(alarms.silences_of_theirs(clock.now())) == 3
    become("lead", Scope(one.rule.dimension, one.segment))
    assert all(place.items() <= what.items() for what in map(dict, silencing.scopes_of(one)))
    [mine] = alarms.silences_of_theirs(clock.now())
    assert (mine.rule_id, mine.segment) == (None, one.segment)


def test_an_alert_that_went_out_of_sight_is_no_more_acted_on(
    open_menu: Open, alarmed: Path, become: Become
) -> None:
    """A page that was open before its reader was given another scope."""
    open_menu(alarmed)
    one = next(of for group in alarms.active() for of in group.alerts if of.taken_by is None)
    become("lead", Scope("plan", "another"))
    acting.take(one.alert_id, None)
    acting.acknowledge(one.alert_id)
    become("lead")
    found = alarms.alert(one.alert_id)
    assert (found.taken_by, found.acknowledged_at) == (None, None)


def test_what_a_model_learnt_of_everybody_is_not_for_who_sees_one_segment(here: str, become: Become) -> None:
    whole = risks.state(here)
    assert whole is not None
    assert whole.reason
    become("lead", Scope("plan", PLANS[0]))
    told = risks.state(here)
    assert told is not None
    assert (told.reason, told.accounts, told.churned, told.base) == ("", None, None, None)
    with pytest.raises(GiveUp, match="about the company as a whole"):
        risks.card(here)


def test_a_forged_choice_marks_no_account_of_another_segment(
    open_menu: Open, home: Path, become: Become
) -> None:
    """A picker takes any text that a message names."""
    become("analyst", Scope("plan", PLANS[0]))
    app = go(open_menu(home), "watch/churn.py")
    picker = app.selectbox(key="churn_seen_account")
    assert "Company <1>" not in picker.options
    picker.options.append("acc-001")
    picker.set_value("acc-001")
    app.text_input(key="churn_seen_text").set_value("called")
    app.button(key="churn_seen_do").click().run()
    assert not app.exception
    assert risk_desk.handled(Settings(home=home), ["acc-001"]) == {}


@pytest.mark.parametrize("page", OPEN_TO_SCOPES)
def test_every_page_of_somebody_with_a_scope_opens(
    open_menu: Open, alarmed: Path, become: Become, page: str
) -> None:
    become("viewer", Scope("plan", PLANS[0]))
    app = go(open_menu(alarmed), page)
    assert not app.exception
    assert not app.error
    assert "All accounts" not in said(app)


@pytest.fixture
def home(company: Path, tmp_path: Path) -> Path:
    shutil.copytree(company, tmp_path / "home")
    return tmp_path / "home"


def test_an_admin_adds_somebody_on_the_page(open_menu: Open, home: Path) -> None:
    app = go(open_menu(home), PAGE)
    app.button(key="people_add").click().run()
    app.text_input(key="people_email").set_value("Ben@Example.com")
    app.text_input(key="people_name").set_value("<img src=x onerror=alert(1)>")
    app.selectbox(key="people_role").select("analyst")
    app.button(key="people_do_add").click().run()
    assert not app.exception
    (ben,) = people.everyone(Settings(home=home))
    assert (ben.email, ben.role, ben.created_by) == ("ben@example.com", "analyst", people.who())
    text = said(app.run())
    assert "ben@example.com" in text
    assert "<img" not in text


def test_a_wrong_address_is_said_where_it_was_typed(open_menu: Open, home: Path) -> None:
    app = go(open_menu(home), PAGE)
    app.button(key="people_add").click().run()
    app.text_input(key="people_email").set_value("not an address")
    app.button(key="people_do_add").click().run()
    assert [each.value for each in app.error] == [
        "'not an address' is not an e\\-mail address such as mara@example\\.com\\."
    ]


def test_the_trail_shows_what_a_change_was_before(open_menu: Open, home: Path) -> None:
    settings = Settings(home=home)
    people.add(settings, "ben@example.com", "viewer", who="root")
    people.change(settings, "ben@example.com", who="root", role="lead", scope=Scope("plan", PLANS[0]))
    app = go(open_menu(home), PAGE)
    assert "role viewer → lead" in said(app)
    app.text_input(key="people_trail").set_value("nobody did this").run()
    assert "role viewer → lead" not in said(app)


def test_frames_of_a_split_are_cut_and_not_changed(here: str, become: Become) -> None:
    before = numbers.segments(here)
    become("viewer", Scope("plan", PLANS[0]))
    assert len(numbers.segments(here)) == 1
    become("viewer")
    assert numbers.segments(here).equals(before)
    assert isinstance(before, pl.DataFrame)
