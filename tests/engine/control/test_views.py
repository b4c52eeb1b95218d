"""Saved views: one's own, shared ones, and never another person's private one."""

from datetime import datetime

import pytest

from data.errors import BadInput, Conflict
from engine.control import views as kept
from engine.control.audit import audit
from engine.control.store import Control
from engine.control.views import SavedView

NOW = datetime(2026, 1, 5, 9)


def save(control: Control, name: str, who: str = "ann", *, is_shared: bool = False) -> SavedView:
    state = {"cohorts_by": '"by:plan"'}
    return kept.save(control, page="cohorts", name=name, state=state, is_shared=is_shared, who=who, now=NOW)


def test_a_private_view_is_its_owners_alone(control: Control) -> None:
    view = save(control, "mine")
    assert kept.views(control, "cohorts", "ann") == [view]
    assert kept.views(control, "cohorts", "bob") == []
    for asked in (view.view_id, 999, -1, 2**40):
        with pytest.raises(BadInput, match=f"There is no saved view {asked} that you may see"):
            kept.view(control, asked, "bob")


def test_a_shared_view_is_seen_by_all_and_changed_by_its_owner(control: Control) -> None:
    view = save(control, "ours", is_shared=True)
    assert kept.view(control, view.view_id, "bob").state == view.state
    with pytest.raises(BadInput, match="belongs to ann"):
        kept.change(control, view.view_id, 1, who="bob", now=NOW, name="theirs")
    with pytest.raises(BadInput, match="belongs to ann"):
        kept.remove(control, view.view_id, who="bob", now=NOW)
    kept.change(control, view.view_id, 1, who="ann", now=NOW, is_shared=False)
    assert kept.views(control, "cohorts", "bob") == []


def test_a_change_of_what_was_changed_meanwhile_overwrites_nothing(control: Control) -> None:
    view = save(control, "first")
    kept.change(control, view.view_id, view.version, who="ann", now=NOW, name="second")
    with pytest.raises(Conflict, match="'second' was changed meanwhile"):
        kept.change(control, view.view_id, view.version, who="ann", now=NOW, name="third")
    assert kept.view(control, view.view_id, "ann").name == "second"


def test_a_removed_view_is_gone_and_all_of_it_is_in_the_trail(control: Control) -> None:
    view = save(control, "short-lived", is_shared=True)
    kept.remove(control, view.view_id, who="ann", now=NOW)
    assert kept.views(control, "cohorts", "ann") == []
    with pytest.raises(BadInput):
        kept.view(control, view.view_id, "ann")
    actions = [entry.action for entry in audit(control, f"view:{view.view_id}")]
    assert actions == ["removed a view", "saved a view"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "a\x00b", "a\u202eb"])
def test_a_name_is_printable_and_not_too_long(control: Control, name: str) -> None:
    with pytest.raises(BadInput, match="printable"):
        save(control, name)


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "**bold** [x](javascript:y)"]
)
def test_a_hostile_name_is_kept_as_it_is_for_pages_to_escape(control: Control, name: str) -> None:
    assert save(control, name).name == name


@pytest.mark.parametrize("state", [{"a b": "x"}, {"k": "x" * 2_001}, {f"k{n}": "" for n in range(61)}])
def test_a_state_is_what_an_address_can_hold(control: Control, state: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        kept.save(control, page="cohorts", name="n", state=state, is_shared=False, who="ann", now=NOW)
