"""How a source stands: its state in a word, and everything its row shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import streamlit as st

from data.errors import HoldfastError
from engine import clock, desk
from pages.parts import numbers, words
from pages.parts.numbers import Brought
from pages.parts.speech import later, retold, say

Look = Literal["good", "still", "late", "bad", "off", "open"]
RECEIVING = timedelta(minutes=5)


@dataclass(frozen=True)
class State:
    """`word` is what people read, in English; `look` the form and colour of the mark beside it."""

    word: str
    look: Look
    sentence: str


@dataclass(frozen=True)
class Times:
    """The present, and how far the edition reads what came in."""

    now: datetime
    read_until: datetime


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
            return say("Demo company" if is_demo(self.name) else "Imported files")
        return say(self.way.title) if self.way else words.name_of(self.added.kind)


def is_demo(name: str) -> bool:
    return name == "demo" and numbers.is_demo()


def now() -> datetime:
    return clock.now()


def standings(edition: str | None) -> dict[str, Standing]:
    """Every source that was added or brought something, by name."""
    added = numbers.added_sources()
    brought = numbers.brought(edition) if edition else {}
    rhythms = numbers.rhythms(edition) if edition else {}
    times = Times(now(), read_until(edition) if edition else now())
    found = {}
    for name in sorted({*added, *brought}, key=str.lower):
        source, came = added.get(name), brought.get(name)
        after = desk.patience(numbers.settings(), name, source, rhythms.get(name))
        state = state_of(source, came, after, times, by_hand=source is None and not is_demo(name))
        found[name] = Standing(name, source, came, after, state)
    return found


def all_or_stop(edition: str | None) -> dict[str, Standing]:
    """The same; where the inbox cannot be read, the page ends with the sentence that says why."""
    try:
        return standings(edition)
    except HoldfastError as unreadable:
        st.error(retold(str(unreadable)), icon=":material/error:")
        st.stop()


def read_until(edition: str) -> datetime:
    """Up to when what came in is part of the edition: what still waits in the inbox is nobody's lateness."""
    as_of, waiting_since = numbers.edition(edition).as_of, numbers.engine().backlog_oldest_at
    return min(as_of, waiting_since) if waiting_since else as_of


def state_of(
    added: desk.Source | None,
    brought: Brought | None,
    after: timedelta | None,
    times: Times,
    *,
    by_hand: bool = False,
) -> State:
    """The most important thing to know of a source; what comes `by_hand` comes when somebody brings it."""
    if added and not added.enabled:
        return State(later("Off"), "off", say("It is switched off: nothing is taken from it."))
    if added and added.last_error:
        return State(later("Failing"), "bad", added.last_error)
    if brought is None:
        return State(later("Nothing yet"), "open", say("Nothing has come in from it yet."))
    return state_of_comer(brought, after, times, by_hand)


def state_of_comer(brought: Brought, after: timedelta | None, times: Times, by_hand: bool) -> State:
    """The same, of a source from which something has come."""
    if not brought.facts and brought.quarantined:
        unread = say("Nothing of what it sent could be read; see what was set aside.")
        return State(later("Failing"), "bad", unread)
    since = words.ago(times.now - brought.last_delivery_at)
    if after is not None and desk.is_late(brought.last_delivery_at, after, times.read_until):
        silent = say("Nothing for {span}; it is late after {limit}.", span=since, limit=words.ago(after))
        return State(later("Late"), "late", silent)
    came = say("Its last delivery came {span} ago.", span=since)
    if by_hand or times.now - brought.last_delivery_at >= RECEIVING:
        return State(later("Imported" if by_hand else "Quiet"), "still", came)
    return State(later("Receiving"), "good", came)


def late(standings: Mapping[str, Standing]) -> list[Standing]:
    return [each for each in standings.values() if each.state.look == "late"]
