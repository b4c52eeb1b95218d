"""The Cohorts page in this process: every choice, what it says, what it saves and what it hides."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.clock import now
from engine.control.store import Control
from engine.control.views import save
from engine.desk.people import Scope
from pages.parts import person
from pages.parts.cohorts import explored
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
PAGE = "watch/cohorts.py"


def opened(open_menu: Open, home: Path, **address: str) -> AppTest:
    app = open_menu(home)
    for key, value in address.items():
        app.query_params[key] = value
    return go(app, PAGE)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ({"cohorts_measure": "net"}, "over their MRR at the end of period 0"),
        ({"cohorts_measure": "events", "cohorts_grain": "week"}, "engagement events in the period"),
        ({"cohorts_kind": "rolling", "cohorts_start": "active"}, "one pause is forgiven"),
        ({"cohorts_clock": "own", "cohorts_kind": "unbounded"}, "own clock"),
        ({"cohorts_start": "event", "cohorts_event": "first_action"}, "first did first_action"),
        ({"cohorts_by": "by:plan"}, "By group"),
        ({"cohorts_by": "behaviour", "cohorts_times": "2"}, "belong to neither group"),
        ({"cohorts_smallest": "500"}, "hf-masked"),
        ({"cohorts_measure": "x'); --", "cohorts_by": 'by:"; drop', "cohorts_times": "-9"}, "signed up"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "-".join(value),
)
def test_the_address_asks_the_question(
    open_menu: Open, company: Path, address: dict[str, str], words: str
) -> None:
    app = opened(open_menu, company, **address)
    assert not app.exception
    text = said(app)
    assert words in text
    assert "Weighted mean" in text


def test_the_sql_is_shown_with_its_values(open_menu: Open, company: Path) -> None:
    app = opened(open_menu, company, cohorts_by="behaviour", cohorts_did="first_action")
    [script] = [code.value for code in app.code if "attach" in code.value]
    assert "name = 'first_action'" in script
    assert "$" not in script


def test_pickers_name_only_what_the_readers_accounts_did_and_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(person, "scope", lambda: Scope("plan", "Team"))
    for name in ("event_names", "attributes"):
        monkeypatch.setattr(explored, f"{name}_within", lambda edition, seen: (edition, seen))
        assert getattr(explored, name)("an edition") == ("an edition", ("plan", "Team"))


def test_two_groups_are_compared_with_a_test(open_menu: Open, company: Path) -> None:
    text = said(opened(open_menu, company, cohorts_by="by:plan"))
    assert "tested together" in text
    assert "Holm" in text


def test_another_persons_private_view_is_not_reachable_by_its_number(open_menu: Open, company: Path) -> None:
    control = Control.open(Settings(home=company))
    state = {"cohorts_measure": json.dumps("net")}
    view = save(
        control, page="cohorts", name="hers", state=state, is_shared=False, who="ann@x.org", now=now()
    )
    app = opened(open_menu, company, view=str(view.view_id))
    assert not app.exception
    assert "no saved view" in app.warning[0].value
    assert "hers" not in said(app)


def test_a_shared_view_opens_by_its_link(open_menu: Open, company: Path) -> None:
    control = Control.open(Settings(home=company))
    state = {"cohorts_measure": json.dumps("net"), "cohorts_chosen": "not json", "other": json.dumps("x")}
    view = save(
        control, page="cohorts", name="<b>ours</b>", state=state, is_shared=True, who="ann@x.org", now=now()
    )
    app = opened(open_menu, company, view=str(view.view_id))
    assert not app.exception
    assert app.selectbox(key="cohorts_measure").value == "net"
    assert "<b>ours</b>" not in said(app)


@pytest.mark.parametrize("cell", ["all", "0"])
def test_a_cell_opens_its_accounts_each_with_a_link(open_menu: Open, company: Path, cell: str) -> None:
    app = opened(open_menu, company, cohorts_by="by:plan")
    text = said(app)
    place = text.split('data-open="cell:all:')[1].partition('"')[0]
    app.session_state["asked"] = ("cohorts", f"cell:{cell}:{place}")
    app.run()
    assert not app.exception
    assert "counted as active" in said(app)
    assert '<a href="/account?id=' in said(app)


@pytest.mark.parametrize(
    "cell", ["cell:99:2024-01-01:1", "cell:all:x:y", "cell:", "cell:all:2024-01-01:99999"]
)
def test_a_cell_that_is_none_opens_nothing(open_menu: Open, company: Path, cell: str) -> None:
    app = opened(open_menu, company)
    app.session_state["asked"] = ("cohorts", cell)
    assert not app.run().exception
