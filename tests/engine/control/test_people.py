"""People come and go by name, never without an admin left, and everything is written down."""

from datetime import datetime, timedelta

import pytest

from data.errors import BadInput, Conflict
from engine.control import audit, people, sign_ins
from engine.control.sign_ins import Identity
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
ADA = Identity("https://id.example 1", "ada@example.com", "Ada")


def add(control: Control, email: str, role: str = "viewer") -> people.StoredPerson:
    with control.change() as session:
        return people.add(session, email, "", role, scope=None, who="root", now=NOON)


def change(control: Control, email: str, version: int | None = None, **values: object) -> people.StoredPerson:
    with control.change() as session:
        return people.change(session, email, version, values, who="root", now=NOON)


def come(control: Control, held: str, who: Identity = ADA) -> None:
    sign_ins.begin(control, held, who, started_at=NOON, now=NOON, role_by_claim=None)


def test_an_address_is_added_once(control: Control) -> None:
    add(control, "ada@example.com")
    with pytest.raises(BadInput, match="already"):
        add(control, "ada@example.com")


def test_a_change_is_written_down_with_what_it_was_before(control: Control) -> None:
    add(control, "ada@example.com")
    change(control, "ada@example.com", role="lead")
    (changed, added) = audit.audit(control, "person:ada@example.com")
    assert (changed.action, changed.who, added.action) == ("changed", "root", "added")
    assert changed.before
    assert changed.after
    assert (changed.before["role"], changed.after["role"]) == ("viewer", "lead")


def test_the_second_of_two_admins_who_change_somebody_at_once_is_told(control: Control) -> None:
    seen = add(control, "ada@example.com").version
    change(control, "ada@example.com", seen, role="lead")
    with pytest.raises(Conflict) as told:
        change(control, "ada@example.com", seen, role="analyst")
    assert [(one.field, one.theirs, one.yours) for one in told.value.differences] == [
        ("role", "lead", "analyst")
    ]
    found = people.find(control, "ada@example.com")
    assert found is not None
    assert found.role == "lead"


@pytest.mark.parametrize("values", [{"role": "lead"}, {"is_active": False}, {"role": "claim"}])
def test_the_last_active_admin_stays(control: Control, values: dict[str, object]) -> None:
    add(control, "ada@example.com", "admin")
    add(control, "gone@example.com", "admin")
    change(control, "gone@example.com", is_active=False)
    with pytest.raises(BadInput, match="last active admin"):
        change(control, "ada@example.com", **values)
    add(control, "ben@example.com", "admin")
    change(control, "ada@example.com", **values)


def test_deactivating_ends_every_sign_in_for_good(control: Control) -> None:
    add(control, "ada@example.com")
    for held in ("laptop", "phone"):
        come(control, held)
    change(control, "ada@example.com", is_active=False)
    change(control, "ada@example.com", is_active=True)
    found = [sign_ins.look(control, held) for held in ("laptop", "phone")]
    assert [one and one[0].ended_why for one in found] == ["deactivated", "deactivated"]


def test_an_address_belongs_to_whoever_came_with_it_first_until_an_admin_says_otherwise(
    control: Control,
) -> None:
    add(control, "ada@example.com")
    come(control, "hers")
    other = Identity("https://id.example 2", "ada@example.com", "Mallory")
    with pytest.raises(sign_ins.Refused) as refused:
        come(control, "theirs", other)
    assert refused.value.why == "other_identity"
    with control.change() as session:
        people.forget_identity(session, "ada@example.com", who="root", now=NOON)
    come(control, "anew", other)
    found = sign_ins.look(control, "hers")
    assert found
    assert found[0].ended_why == "identity forgotten"


def test_the_trail_is_searched_for_what_is_in_it_and_not_for_a_pattern(control: Control) -> None:
    add(control, "ada_x@example.com")
    add(control, "adayx@example.com")
    found = audit.audit(control, containing="ADA_X")
    assert [one.subject for one in found] == ["person:ada_x@example.com"]
    assert audit.audit(control, containing="%") == []


def test_old_sign_ins_are_forgotten(control: Control) -> None:
    add(control, "ada@example.com")
    come(control, "hers")
    sign_ins.forget_old(control, NOON + timedelta(days=40), timedelta(days=31))
    assert sign_ins.look(control, "hers") is None
