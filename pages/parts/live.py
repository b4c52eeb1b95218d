"""The freshness at the end of the top line: a websocket that reruns the page's fragment on a new edition."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from pages import live_door
from pages.parts import alarms, numbers, person, speech, words
from pages.parts.kept import kept
from pages.parts.speech import later, retold, say, whole, written

HERE = Path(__file__).parent
HTML = """
<button popovertarget="details" data-state="live" aria-label="How fresh these numbers are">
  <span class="dot"></span><span class="word"></span><span class="text"></span>
</button>
<div popover id="details"><h2></h2><dl></dl><p class="todo"></p></div>
"""
OF_ALL = (
    later("Accounts"),
    later("Events"),
    later("Waiting for their account"),
    later("Set aside as unreadable"),
)
SAID = {
    "title": later("How fresh these numbers are"),
    "away": later("No connection to the server, trying again"),
    "stopped": later("Engine stopped"),
    "fault": later("Engine has a problem"),
    "behind": later("Catching up"),
    "sources": later("Sources are late"),
    "late": later("Late"),
    "none": later("no edition yet"),
    "as_of": later("as of {when}, {span} behind"),
    "one": later("1 delivery waiting, oldest {span}"),
    "many": later("{count} deliveries waiting, oldest {span}"),
}
STOPPED = later(
    "The engine does not run, so nothing new is counted; what you see is the last edition. "
    "The doors keep accepting: what comes in waits, and is taken in first when it runs again. "
    "Beside python app.py it is started again by itself; elsewhere start it with: python -m engine run. "
    "What is wrong says: python -m engine doctor."
)

_component = st.components.v2.component(
    "holdfast_live",
    html=HTML,
    css=(HERE / "live.css").read_text(encoding="utf-8"),
    js=(HERE / "live.js").read_text(encoding="utf-8"),
)


def freshness(name: str | None, late: Sequence[str] = ()) -> None:
    """Draws the line and asks for a rerun of the fragment it stands in whenever there is a newer edition.

    Args:
        late: a sentence for each late source.
    """
    engine = numbers.engine()
    known = {
        "now": datetime.now(UTC).timestamp() * 1000,
        "edition": name,
        "todo": " ".join([todo(engine), *late]).strip(),
        "late": list(late),
        "alarms": pulse(),
    }
    state = {
        "alive": engine.alive,
        "backlog": live_door.backlog_told(engine),
        "error": retold(engine.last_error or ""),
        "seconds": engine.refresh_seconds or 0.0,
    }
    shown = (
        edition_facts(name) if name else {"as_of": None, "clock": "", "day": "", "moment": "", "facts": []}
    )
    if person.scope() is not None:
        shown = shown | {"facts": [fact for fact in shown["facts"] if fact[0] not in of_all()]}
    _component(
        key="live", data={**known, **shown, "engine": state, "said": said()}, on_edition_change=nothing
    )


def of_all() -> set[str]:
    return {say(name) for name in OF_ALL}


def said() -> dict[str, Any]:
    """What the line says, and how it writes: its script knows no language."""
    texts = {key: say(text) for key, text in SAID.items()}
    return texts | {"units": written().units, "language": speech.language(), "decimal": written().decimal}


def pulse() -> int | None:
    """How far the page knows the alerts; something newer makes it draw itself anew, as an edition does."""
    try:
        return alarms.pulse()
    except HoldfastError:
        return None


def nothing() -> None:
    """The rerun is what was asked for, by the page and not by its reader."""
    person.came_by_itself()


def todo(engine: Any) -> str:
    if not engine.alive:
        return say(STOPPED)
    return say("The engine says: {fault}", fault=retold(engine.last_error)) if engine.last_error else ""


@kept(8, speaks=True)
def edition_facts(name: str) -> dict[str, Any]:
    info = numbers.edition(name)
    day = words.day(words.local(info.as_of, info.timezone).date())
    clock = words.clock(info.as_of, info.timezone)
    return {
        "as_of": info.as_of.replace(tzinfo=UTC).timestamp() * 1000,
        "clock": clock,
        "day": f"{day}, {clock[:5]}",
        "moment": f"{words.moment(info.as_of, info.timezone)} ({info.timezone})",
        "facts": facts(name, info),
    }


def facts(name: str, info: Any) -> list[tuple[str, str]]:
    zone = info.timezone
    known = [
        (say("As of"), f"{words.moment(info.as_of, zone)} {zone}"),
        (say("Published"), words.moment(info.published_at, zone)),
        (say("Last fact"), words.moment(info.last_fact_at, zone) if info.last_fact_at else say("none yet")),
        (say("Accounts"), whole(info.accounts)),
        (say("Events"), whole(info.events)),
        (say("Waiting for their account"), whole(info.waiting)),
        (say("Set aside as unreadable"), whole(info.quarantined)),
        (say("Refresh took"), f"{words.fixed(info.refresh_seconds, 1)} s"),
        *[(say(text), words.moment(told_at, zone)) for text, told_at in standing(info) if told_at],
    ]
    return known + [
        (say("Source {source}", source=source), text) for source, text in source_facts(name, info)
    ]


def standing(info: Any) -> list[tuple[str, datetime | None]]:
    """What is told a moment after the counts while an engine runs, and up to when it is."""
    return [
        (later("Cohorts as of"), info.cohorts_as_of),
        (later("Curves of first value as of"), info.curves_as_of),
        (later("Explorer as of"), info.explorer_as_of),
        (later("Risks as of"), info.risks_as_of),
        (later("Lifetime values as of"), info.lifetime_as_of),
    ]


def source_facts(name: str, info: Any) -> list[tuple[str, str]]:
    rows = numbers.sources(name)
    newest: dict[str, datetime | None] = {}
    for source, at in zip(rows["source"], rows["last_fact_at"], strict=True):
        known = [when for when in (newest.get(source), at) if when is not None]
        newest[source] = max(known, default=None)
    found = []
    for source, last in newest.items():
        found.append(
            (
                source,
                say("last fact {span} before", span=words.ago(info.as_of - last))
                if last
                else say("no facts yet"),
            )
        )
    return found
