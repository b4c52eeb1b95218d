"""Who may come in, from what an identity provider says of them, and until when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from data.settings import Settings, SignIn
from engine.control import sign_ins as stored
from engine.control.store import Control
from engine.desk import people, sign_ins
from engine.desk.people import Scope
from engine.desk.sign_ins import Visit

NOON = datetime(2025, 3, 1, 12)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
DOOR: dict[str, Any] = {
    "metadata_url": "https://id.example/.well-known/openid-configuration",
    "client_id": "holdfast",
    "client_secret": "secret",
    "cookie_secret": "0123456789abcdef" * 2,
    "idle_minutes": 60,
    "absolute_hours": 8,
}


@pytest.fixture
def door(settings: Settings) -> Settings:
    return with_door(settings)


def with_door(settings: Settings, **more: Any) -> Settings:
    return settings.model_copy(update={"sign_in": SignIn(**DOOR | more)})


def claims(email: str = "ada@example.com", at: datetime = NOON, **more: Any) -> dict[str, Any]:
    """What the web server hands over of somebody who signed in."""
    said = {
        "is_logged_in": True,
        "provider": "default",
        "iss": "https://id.example",
        "sub": email,
        "email": email,
        "name": "Ada",
        "iat": int(at.replace(tzinfo=UTC).timestamp()),
        "nonce": "n1",
    }
    return said | more


def visit(settings: Settings, at: datetime = NOON, asked: bool = True, **more: Any) -> Visit:
    return sign_ins.visit(settings, claims(**more), at, is_asked=asked)


def add(settings: Settings, email: str = "ada@example.com", **more: Any) -> None:
    people.add(settings, email, more.pop("role", "viewer"), who="root", **more)


def test_whoever_was_added_comes_in_with_their_role_and_scope(door: Settings) -> None:
    add(door, "Ada@Example.com", role="lead", scope=Scope("region", "Europe"))
    found = visit(door).person
    assert found
    assert (found.key, found.name, found.role, found.scope) == (
        "ada@example.com", "Ada", "lead", Scope("region", "Europe")
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"is_logged_in": False}, "signed_out"),
        ({"email": "ben@example.com", "sub": "2"}, "unknown"),
        ({"email_verified": False}, "unverified"),
        ({"email_verified": "no"}, "unverified"),
        ({"email": None}, "unreadable"),
        ({"email": ["ada@example.com"]}, "unreadable"),
        ({"sub": ""}, "unreadable"),
        ({"sub": "a\0b"}, "unreadable"),
        ({"iat": None}, "unreadable"),
        ({"iat": True}, "unreadable"),
        ({"iat": 1e300}, "unreadable"),
        ({"iat": "yesterday"}, "unreadable"),
    ],
)
def test_who_is_not_known_beyond_doubt_stays_out(door: Settings, said: dict[str, Any], refusal: str) -> None:
    add(door)
    found = sign_ins.visit(door, claims() | said, NOON)
    assert (found.person, found.refusal) == (None, refusal)


def test_without_a_door_nobody_is_signed_in(settings: Settings) -> None:
    assert visit(settings).refusal == "signed_out"


def test_an_address_from_elsewhere_stays_out(settings: Settings) -> None:
    door = with_door(settings, email_domains=["example.com"])
    for email in ("ada@example.com", "ada@evil-example.com"):
        add(door, email)
    assert visit(door).person
    assert visit(door, email="ada@evil-example.com").refusal == "domain"


def test_a_sign_in_ends_when_nobody_did_anything_for_too_long(door: Settings) -> None:
    add(door)
    assert visit(door).person
    assert visit(door, NOON + 50 * MINUTE).person
    assert visit(door, NOON + 100 * MINUTE).person
    assert visit(door, NOON + 161 * MINUTE).refusal == "idle"
    assert visit(door, NOON + 100 * MINUTE).refusal == "idle", "it stays over"


def test_a_page_that_draws_itself_anew_keeps_nobody_signed_in(door: Settings) -> None:
    add(door)
    assert visit(door).person
    for minutes in range(5, 60, 5):
        assert visit(door, NOON + minutes * MINUTE, asked=False).person
    assert visit(door, NOON + 60 * MINUTE, asked=False).refusal == "idle"


def test_a_sign_in_ends_after_its_hours_however_much_it_is_used(door: Settings) -> None:
    add(door)
    for minutes in range(0, 8 * 60, 30):
        assert visit(door, NOON + minutes * MINUTE).person
    assert visit(door, NOON + 8 * HOUR).refusal == "too_long"


def test_a_cookie_from_an_earlier_day_opens_nothing_even_where_its_sign_in_was_forgotten(
    door: Settings,
) -> None:
    add(door)
    assert visit(door, NOON + 61 * MINUTE).refusal == "idle"
    assert visit(door, NOON + 9 * HOUR).refusal == "too_long"


def test_who_signs_in_anew_comes_in_again(door: Settings) -> None:
    add(door)
    visit(door)
    later = NOON + 9 * HOUR
    assert visit(door, later).refusal == "too_long"
    assert visit(door, later, nonce="n2", iat=int(later.replace(tzinfo=UTC).timestamp())).person


def test_what_was_signed_out_opens_nothing_any_more(door: Settings) -> None:
    add(door)
    visit(door)
    sign_ins.sign_out(door, claims(), NOON)
    assert visit(door).refusal == "signed_out"
    assert visit(door, nonce="n2").person, "another sign-in of theirs goes on"


def test_a_deactivated_person_is_out_at_once_and_a_role_is_what_it_is_now(door: Settings) -> None:
    add(door, "root@example.com", role="admin")
    add(door)
    assert visit(door).person
    people.change(door, "ada@example.com", who="root", role="lead")
    found = visit(door).person
    assert found
    assert found.role == "lead"
    people.deactivate(door, "ada@example.com", who="root")
    assert visit(door).refusal == "deactivated"


def test_a_claim_gives_a_role_to_whoever_comes_with_it_until_it_is_taken_back(door: Settings) -> None:
    people.set_role_claim(door, "groups", "staff", "viewer", who="root")
    people.set_role_claim(door, "realm.roles", "leads", "lead", who="root")
    said = {"groups": ["staff", "all"], "realm": {"roles": ["leads"]}}
    found = visit(door, **said).person
    assert found
    assert found.role == "lead", "the highest of several"
    people.set_role_claim(door, "realm.roles", "leads", None, who="root")
    found = visit(door, **said).person
    assert found
    assert found.role == "viewer"
    people.set_role_claim(door, "groups", "staff", None, who="root")
    assert visit(door, **said).refusal == "no_role"


def test_a_role_that_somebody_was_given_goes_before_their_claims(door: Settings) -> None:
    people.set_role_claim(door, "groups", "staff", "admin", who="root")
    add(door)
    found = visit(door, groups="staff").person
    assert found
    assert found.role == "viewer"


def test_two_tabs_begin_one_sign_in(door: Settings) -> None:
    add(door)
    visit(door)
    visit(door)
    held = sign_ins.held_by(claims())
    found = stored.look(Control.open(door), held)
    assert found
    actions = [entry.action for entry in people.trail(door) if entry.who == "ada@example.com"]
    assert actions == ["signed in"]
