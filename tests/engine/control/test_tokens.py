"""Tokens: kept as a hash, revocable, expiring, and noted in the audit trail."""

from datetime import timedelta

import pytest

from data.errors import BadInput
from data.settings import Settings
from engine.control import audit, tokens
from engine.control.store import Control
from tests.engine.control.conftest import NOON

EUROPE = {"dimension": "region", "segment": "Europe"}


def test_a_token_is_found_by_itself_alone(control: Control) -> None:
    token_id, token = tokens.create(control, "notebook", "viewer", who="ada", now=NOON, scope=EUROPE)
    found = tokens.look_up(control, token)
    assert (found.token_id, found.name, found.role, found.scope) == (token_id, "notebook", "viewer", EUROPE)
    assert found.refusal(NOON) is None
    assert token.endswith(found.hint)
    assert tokens.look_up(control, token + "x") is None
    assert tokens.look_up(control, "zażółć\udcff") is None


def test_the_token_itself_is_nowhere_on_the_disk(tmp_path) -> None:
    settings = Settings(home=tmp_path / "own")
    control = Control.open(settings)
    _, token = tokens.create(control, "notebook", "viewer", who="ada", now=NOON)
    control.engine.dispose()
    assert not any(
        token.removeprefix(tokens.PREFIX).encode() in path.read_bytes()
        for path in settings.home.glob("control.sqlite*")
    )


def test_a_revoked_token_is_refused_and_cannot_be_revoked_again(control: Control) -> None:
    token_id, token = tokens.create(control, "notebook", "viewer", who="ada", now=NOON)
    tokens.revoke(control, token_id, who="bob", now=NOON)
    assert tokens.look_up(control, token).refusal(NOON) == f"Token {token_id} was revoked."
    with pytest.raises(BadInput, match="no valid token"):
        tokens.revoke(control, token_id, who="bob", now=NOON)


def test_a_token_is_refused_from_the_instant_it_expires(control: Control) -> None:
    ends = NOON + timedelta(days=1)
    _, token = tokens.create(control, "notebook", "viewer", who="ada", now=NOON, expires_at=ends)
    found = tokens.look_up(control, token)
    assert found.refusal(ends - timedelta(seconds=1)) is None
    assert "expired on 2025-03-02" in found.refusal(ends)


def test_uses_are_written_down_together(control: Control) -> None:
    ids = [tokens.create(control, name, "viewer", who="ada", now=NOON)[0] for name in ("a", "b")]
    tokens.note_uses(control, {ids[0]: NOON})
    assert [token.used_at for token in tokens.listed(control)] == [NOON, None]


def test_the_audit_trail_says_who_made_and_revoked_a_token_and_not_what_it_is(control: Control) -> None:
    token_id, token = tokens.create(control, "notebook", "lead", who="ada", now=NOON)
    tokens.revoke(control, token_id, who="bob", now=NOON)
    entries = audit.audit(control, tokens.subject(token_id))
    assert [(entry.who, entry.action) for entry in entries] == [
        ("bob", "revoked the token"),
        ("ada", "created the token"),
    ]
    assert token not in repr(entries)
    assert tokens.hashed(token) not in repr(entries)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines"])
def test_a_name_that_cannot_be_shown_is_refused(control: Control, name: str) -> None:
    with pytest.raises(BadInput, match="printable"):
        tokens.create(control, name, "viewer", who="ada", now=NOON)
