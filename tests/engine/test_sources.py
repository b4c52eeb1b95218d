"""What pages see of sources and change about them, on a real inbox."""

from pathlib import Path

import pytest

from data.errors import BadInput
from data.intake.inbox import Inbox
from data.intake.keys import source_of
from data.intake.secrets import sealed
from data.settings import Settings
from engine import sources
from engine.control import audit
from engine.control.store import Control
from engine.desk import people

SQL = {"url": "sqlite:////nowhere.db", "table": "customers", "shape": "accounts", "cursor_column": "id"}


def test_every_kind_and_connector_is_a_way_with_words() -> None:
    ways = sources.ways()
    assert {"segment", "posthog", "stripe", "chargebee", "shopify", "sql", "folder"} <= ways.keys()
    assert "facts" not in ways
    for way in ways.values():
        assert way.title
        assert way.about
        assert way.auth or way.questions
        assert way.snippet or not way.auth
        assert all(question.about for question in way.questions)


def test_a_door_is_added_with_a_key_that_opens_it_until_it_is_revoked(settings: Settings) -> None:
    sources.add_source(settings, "app", "segment")
    key_id, key = sources.create_key(settings, "app", "web")
    assert source_of(Inbox.open(settings), key) == "app"
    assert [(known.key_id, known.label) for known in sources.source_keys(settings, "app")] == [
        (key_id, "web")
    ]
    sources.revoke_key(settings, key_id)
    assert source_of(Inbox.open(settings), key) is None


def test_a_source_switched_off_is_shown_so_and_its_key_refused(settings: Settings) -> None:
    sources.add_source(settings, "app", "segment")
    _, key = sources.create_key(settings, "app")
    sources.switch_source(settings, "app", on=False)
    assert not sources.sources(settings)["app"].enabled
    assert source_of(Inbox.open(settings), key) is None


def test_a_webhooks_secret_is_set_and_never_shown(settings: Settings) -> None:
    sources.add_source(settings, "billing", "stripe")
    assert not sources.sources(settings)["billing"].has_secret
    sources.keep_secret(settings, "billing", " whsec_1 \n")
    shown = sources.sources(settings)["billing"]
    assert shown.has_secret
    assert "whsec" not in repr(shown)
    found = sealed(Inbox.open(settings), "billing")
    assert found is not None
    assert found.secret == "whsec_1"


def test_the_secret_among_params_is_kept_but_not_shown(settings: Settings) -> None:
    sources.add_source(settings, "crm", "sql", SQL)
    shown = sources.sources(settings)["crm"]
    assert "url" not in shown.answers
    assert shown.answers["table"] == "customers"
    sources.change_source(settings, "crm", {**SQL, "url": "", "table": "clients"})
    row = sources._row(Inbox.open(settings), "crm")
    assert (row.params["url"], row.params["table"]) == (SQL["url"], "clients")


@pytest.mark.parametrize(
    ("kind", "answers", "said"),
    [
        ("sql", {}, "needs"),
        ("sql", {**SQL, "shape": "cats"}, "the shapes are"),
        ("soap", {}, "There is no kind of source 'soap'"),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(
    settings: Settings, kind: str, answers: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        sources.add_source(settings, "crm", kind, answers)
    assert sources.sources(settings) == {}


def test_a_connection_is_tested_without_being_added(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "events.csv").write_text("event_id,account_id,occurred_at,name\n")
    assert "events" in sources.check_source(settings, "folder", {"folder": str(tmp_path)})
    with pytest.raises(BadInput, match="is not a folder"):
        sources.check_source(settings, "folder", {"folder": str(tmp_path / "gone")})
    assert sources.sources(settings) == {}


def test_a_stored_connection_is_tested_with_its_stored_secret(settings: Settings) -> None:
    sources.add_source(settings, "crm", "sql", SQL)
    answers = {name: value for name, value in SQL.items() if name != "url"}
    with pytest.raises(Exception, match="nowhere"):
        sources.check_source(settings, "sql", answers, "crm")


def test_a_removed_source_is_gone_with_its_keys(settings: Settings) -> None:
    sources.add_source(settings, "app", "segment")
    _, key = sources.create_key(settings, "app")
    sources.remove_source(settings, "app")
    assert sources.sources(settings) == {}
    assert source_of(Inbox.open(settings), key) is None


def test_whoever_changes_a_source_stands_in_the_trail_without_its_secrets(settings: Settings) -> None:
    sources.add_source(settings, "app", "segment", who="ada@example.com")
    key_id, key = sources.create_key(settings, "app", "web", who="ada@example.com")
    sources.revoke_key(settings, key_id, who="ben@example.com")
    sources.switch_source(settings, "app", on=False)
    trail = audit.audit(Control.open(settings), "source:app")
    assert [(one.who, one.action) for one in reversed(trail)] == [
        ("ada@example.com", "added"),
        ("ada@example.com", "made a key of"),
        ("ben@example.com", "revoked a key of"),
        (people.who(), "switched off"),
    ]
    assert key not in str(trail)
