"""What differs between two versions of a rule, as a table that people read."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

import streamlit as st

from engine.desk import rules
from engine.desk.rules import Difference, Rule
from pages.parts import alarms, words
from pages.parts.rules import fields, phrases
from pages.parts.rules.units import scale_of
from pages.parts.speech import later, say

TITLES = {
    "name": later("Name"),
    "metric": later("Metric"),
    "grain": later("Period"),
    "dimension": later("Dimension"),
    "segment": later("Segment"),
    "kind": later("Kind"),
    "severity": later("Severity"),
    "channels": later("Channels"),
    "owner": later("Owner"),
    "about": later("What to do"),
    "repeat_hours": later("Tell again every … hours"),
    "params.below": later("Falls below"),
    "params.above": later("Rises above"),
}
EMPTY = {
    "segment": later("each"),
    "repeat_hours": later("never"),
    "channels": later("as the routes say"),
    "owner": later("nobody’s"),
}
GRAINS = {"day": later("day"), "week": later("week"), "month": later("month")}


def between(before: Rule, after: Rule) -> tuple[Difference, ...]:
    return rules.differences(before, before, after)


def title_of(field: str) -> str:
    name = field.removeprefix("params.")
    return say(TITLES[field]) if field in TITLES else fields.label_of(name)


def written(field: str, value: Any, rule: Rule) -> str:
    """A value of a field as people write it, in the rule that holds it."""
    name = field.removeprefix("params.")
    if value is None or value in ("", [], ()):
        return say(EMPTY[field]) if field in EMPTY else words.NONE
    if field == "metric":
        return phrases.title_of(value)
    if field == "kind":
        kind = alarms.kinds().get(value)
        return say(kind.title) if kind else str(value)
    if field.startswith("params.") and isinstance(value, int | float) and not isinstance(value, bool):
        return scale_of(rule.kind, name, rule.metric, float(value)).written(float(value))
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return named(name, value)


def named(field: str, value: Any) -> str:
    """One of several that are ours to name."""
    if field == "severity":
        return phrases.graded(value)
    if field in ("direction", "against"):
        return fields.option(value)
    return say(GRAINS[value]) if field == "grain" and value in GRAINS else str(value)


def line(found: Iterable[Difference], before: Rule, after: Rule) -> str:
    """The same in one line: Falls below 35 % → 32 %."""
    said = (
        say(
            "{field} {before} → {after}",
            field=title_of(one.field),
            before=short(written(one.field, one.before, before)),
            after=short(written(one.field, one.yours, after)),
        )
        for one in found
    )
    return " · ".join(said)


def short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def table(found: Sequence[Difference], before: Rule, after: Rule) -> None:
    rows = [
        (title_of(one.field), written(one.field, one.before, before), written(one.field, one.yours, after))
        for one in found
    ]
    draw(("", say("Was"), say("Becomes")), [(cells, "") for cells in rows])


def conflict(found: Sequence[Difference], base: Rule, theirs: Rule, yours: Rule) -> None:
    """What it was when both began, what the other lead made of it, and what you would."""
    rows = []
    for one in found:
        values = (
            written(one.field, one.before, base),
            written(one.field, one.theirs, theirs),
            written(one.field, one.yours, yours),
        )
        rows.append(((title_of(one.field), *values), "hf-clash" if one.is_clash else ""))
    draw(("", say("Was"), say("Theirs"), say("Yours")), rows)


def draw(heads: Sequence[str], rows: Sequence[tuple[Sequence[str], str]]) -> None:
    head = "".join(f'<th class="hf-left">{name}</th>' for name in heads)
    body = "".join(
        f'<tr class="{look}"><th data-clash="{say("both changed it")}">{escape(cells[0])}</th>'
        + "".join(f'<td class="hf-left">{escape(cell)}</td>' for cell in cells[1:])
        + "</tr>"
        for cells, look in rows
    )
    st.html(
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-diff"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def merged(found: Iterable[Difference], theirs: Rule) -> Mapping[str, Any]:
    """Theirs with all that you changed on top."""
    given = theirs.model_dump(mode="json")
    params = dict(given["params"])
    for one in found:
        if one.yours == one.before:
            continue
        name = one.field.removeprefix("params.")
        if name == one.field:
            given[name] = one.yours
        elif one.yours is None:
            params.pop(name, None)
        else:
            params[name] = one.yours
    return {**given, "params": params}
