"""Write keys, sources and secrets."""

from datetime import datetime
from time import monotonic

import pytest

from data.errors import BadInput
from data.intake import keys, registry, secrets
from data.intake.inbox import Inbox
from data.intake.keys import KeyRing
from data.settings import Settings

NOON = datetime(2025, 3, 1, 12)
LATER = datetime(2025, 3, 1, 13)


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


def test_a_key_opens_its_source_and_no_other(inbox: Inbox) -> None:
    _, web = keys.create(inbox, "web", NOON)
    _, app = keys.create(inbox, "app", NOON)
    assert keys.source_of(inbox, web) == "web"
    assert keys.source_of(inbox, app) == "app"
    assert keys.source_of(inbox, web + "x") is None


def test_the_key_itself_is_nowhere_on_the_disk(inbox: Inbox, settings: Settings) -> None:
    _, key = keys.create(inbox, "web", NOON, label="site")
    inbox.engine.dispose()
    found = [path.read_bytes() for path in settings.home.glob("inbox.sqlite*")]
    assert not any(key.removeprefix(keys.PREFIX).encode() in content for content in found)


def test_the_first_key_adds_its_source(inbox: Inbox) -> None:
    keys.create(inbox, "web", NOON, kind="posthog")
    keys.create(inbox, "web", LATER)
    assert [(source.name, source.kind) for source in registry.sources(inbox)] == [("web", "posthog")]


def test_keys_are_listed_with_what_became_of_them(inbox: Inbox) -> None:
    first, _ = keys.create(inbox, "web", NOON, label="site")
    second, _ = keys.create(inbox, "web", LATER)
    keys.revoke(inbox, first, LATER)
    told = [(key.key_id, key.label, key.created_at, key.revoked_at) for key in keys.all_keys(inbox)]
    assert told == [(first, "site", NOON, LATER), (second, None, LATER, None)]


def test_a_revoked_key_opens_nothing_and_cannot_be_revoked_again(inbox: Inbox) -> None:
    key_id, key = keys.create(inbox, "web", NOON)
    keys.revoke(inbox, key_id, LATER)
    assert keys.source_of(inbox, key) is None
    with pytest.raises(BadInput, match="no valid key"):
        keys.revoke(inbox, key_id, LATER)


def test_a_key_of_a_source_switched_off_opens_nothing(inbox: Inbox) -> None:
    _, key = keys.create(inbox, "web", NOON)
    registry.update(inbox, "web", enabled=False)
    assert keys.source_of(inbox, key) is None
    registry.update(inbox, "web", enabled=True)
    assert keys.source_of(inbox, key) == "web"


def test_a_ring_hears_of_a_revocation_within_a_second(inbox: Inbox) -> None:
    ring = KeyRing()
    key_id, key = keys.create(inbox, "web", NOON)
    assert not ring.find(lambda: inbox, key, NOON).refusal
    keys.revoke(inbox, key_id, LATER)
    began = monotonic()
    while not ring.find(lambda: inbox, key, NOON).refusal:
        assert monotonic() - began < 1
    assert ring.find(lambda: inbox, key, NOON).refusal == f"The write key {key_id} was revoked."


def test_a_ring_reads_a_good_key_once_and_remembers_no_bad_one(inbox: Inbox) -> None:
    ring = KeyRing()
    reads: list[int] = []

    def opened() -> Inbox:
        reads.append(1)
        return inbox

    _, key = keys.create(inbox, "web", NOON)
    for _ in range(5):
        ring.find(opened, key, NOON)
    assert len(reads) == 1
    for number in range(5):
        assert ring.find(opened, f"bad {number}", NOON) is None
    assert list(ring.known) == [key]


def test_when_a_key_was_used_is_written_down(inbox: Inbox) -> None:
    ring = KeyRing()
    _, key = keys.create(inbox, "web", NOON)
    ring.find(lambda: inbox, key, LATER)
    ring.note_uses(inbox)
    assert [found.last_used_at for found in keys.all_keys(inbox)] == [LATER]


def test_a_key_that_no_client_sends_is_just_unknown(inbox: Inbox) -> None:
    for key in ("", "\ud800", "ключ", "x" * 100_000):
        assert keys.source_of(inbox, key) is None


@pytest.mark.parametrize("name", ["", "a b", "a/b", "../x", "x" * 65, "-x", "é"])
def test_a_source_has_a_name_that_can_stand_in_an_address(inbox: Inbox, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be named"):
        registry.add_source(inbox, name, "segment", {}, NOON)


def test_a_source_is_added_once(inbox: Inbox) -> None:
    added = registry.add_source(inbox, "shop", "sql", {"url": "sqlite://"}, NOON)
    assert registry.find(inbox, "shop") == added
    with pytest.raises(BadInput, match="There is a source 'shop' already, of kind sql"):
        registry.add_source(inbox, "shop", "stripe", {}, NOON)


def test_changing_a_source_that_is_not_there_names_those_that_are(inbox: Inbox) -> None:
    registry.add_source(inbox, "shop", "sql", {}, NOON)
    with pytest.raises(BadInput, match="no source 'shoo'; the sources are: shop"):
        registry.update(inbox, "shoo", enabled=False)


def test_a_source_goes_with_its_keys_and_its_secret(inbox: Inbox) -> None:
    _, key = keys.create(inbox, "web", NOON)
    secrets.keep_secret(inbox, "web", "whsec", NOON)
    registry.remove(inbox, "web")
    assert keys.source_of(inbox, key) is None
    assert keys.all_keys(inbox) == []
    assert secrets.sealed(inbox, "web") is None


def test_a_new_secret_takes_the_place_of_the_old(inbox: Inbox) -> None:
    registry.add_source(inbox, "pay", "stripe", {}, NOON)
    assert secrets.sealed(inbox, "pay").secret is None
    secrets.keep_secret(inbox, "pay", "old", NOON)
    secrets.keep_secret(inbox, "pay", "new", LATER)
    assert secrets.sealed(inbox, "pay") == secrets.Sealed("pay", "stripe", True, "new")
    assert secrets.with_secrets(inbox) == {"pay"}


def test_a_secret_needs_a_source_and_a_text(inbox: Inbox) -> None:
    with pytest.raises(BadInput, match="no source 'pay'"):
        secrets.keep_secret(inbox, "pay", "x", NOON)
    registry.add_source(inbox, "pay", "stripe", {}, NOON)
    with pytest.raises(BadInput, match="is empty"):
        secrets.keep_secret(inbox, "pay", "", NOON)
