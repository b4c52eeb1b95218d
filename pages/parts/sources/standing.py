"""How a source stands: its state in a word, and everything its row shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import streamlit as st

from data.errors import HoldfastError
from engine import desk
from pages.parts import numbers, words
from pages.parts.numbers import Brought

Look = Literal["good", "still", "late", "bad", "off", "open"]
RECEIVING = timedelta(minutes=5)
FILES = ("folder",)  # kinds whose facts come as files: they come when somebody puts them there


@dataclass(frozen=True)
class State:
    """`word` is what people read, `look` the form and colour of the mark beside it."""

    word: str
    look: Look
    sentence: str


@dataclass(frozen=True)
class Standing:
    """A source: as it was added (not all were: imports name theirs), and what it brought (not all did)."""

    name: str
    added: desk.Source | None
    brought: Brought | None
    late_after: timedelta | None
    state: State

    @property
    def way(self) -> desk.Way | None:
        return numbers.ways().get(self.added.kind) if self.added else None

    @property
    def title(self) -> str:
        """What kind of source it is."""
        if self.added is None:
            return "Demo company" if self.name == "demo" and numbers.is_demo() else "Imported files"
        return self.way.title if self.way else words.name_of(self.added.kind)


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def standings(edition: str | None) -> dict[str, Standing]:
    """Every source that was added or brought something, by name."""
    added = numbers.added_sources()
    brought = numbers.brought(edition) if edition else {}
    return {
        name: standing(name, added.get(name), brought.get(name), edition)
        for name in sorted({*added, *brought}, key=str.lower)
    }


def all_or_stop(edition: str | None) -> dict[str, Standing]:
    """The same; where the inbox cannot be read, the page ends with the sentence that says why."""
    try:
        return standings(edition)
    except HoldfastError as unreadable:
        st.error(str(unreadable), icon=":material/error:")
        st.stop()


def standing(name: str, added: desk.Source | None, brought: Brought | None, edition: str | None) -> Standing:
    rhythm = numbers.rhythms(edition).get(name) if edition else None
    settings = numbers.settings().sources.get(name)
    after = desk.late_after(settings.late_after_minutes if settings else None, is_live(added), rhythm)
    state = state_of(added, brought, after, read_until(edition), now())
    return Standing(name, added, brought, after, state)


def is_live(added: desk.Source | None) -> bool:
    """Whether facts are to be expected of a source without anybody's doing."""
    return added is not None and added.enabled and added.kind not in FILES


def read_until(edition: str | None) -> datetime:
    """Up to when what came in is part of the edition: what still waits in the inbox is nobody's lateness."""
    if edition is None:
        return datetime.min
    as_of, waiting_since = numbers.edition(edition).as_of, numbers.engine().backlog_oldest_at
    return min(as_of, waiting_since) if waiting_since else as_of


def state_of(
    added: desk.Source | None,
    brought: Brought | None,
    after: timedelta | None,
    until: datetime,
    at: datetime,
) -> State:
    """The most important thing to know of a source; `until`: as far as the edition reads what came in."""
    if added and not added.enabled:
        return State("Off", "off", "It is switched off: nothing is taken from it.")
    if added and added.last_error:
        return State("Failing", "bad", added.last_error)
    if brought is None:
        return State("Nothing yet", "open", "Nothing has come in from it yet.")
    return state_of_comer(added is not None, brought, after, until, at)


def state_of_comer(
    is_added: bool, brought: Brought, after: timedelta | None, until: datetime, at: datetime
) -> State:
    """The same for a source that has brought something."""
    since = words.ago(at - brought.last_delivery_at)
    if not brought.facts and brought.quarantined:
        return State("Failing", "bad", "Nothing of what it sent could be read; see what was set aside.")
    if desk.is_late(brought.last_delivery_at, after, until):
        return State(
            "Late", "late", f"Nothing for {since}; it is late after {words.ago(after or timedelta())}."
        )
    if at - brought.last_delivery_at < RECEIVING:
        return State("Receiving", "good", f"Its last delivery came {since} ago.")
    return State("Quiet" if is_added else "Imported", "still", f"Its last delivery came {since} ago.")


def late(standings: Mapping[str, Standing]) -> list[Standing]:
    return [each for each in standings.values() if each.state.look == "late"]
