"""Sentences: what changed, whether that is usual and since when it is not, and which segments explain it."""

from collections.abc import Sequence
from datetime import date
from functools import reduce
from html import escape

import streamlit as st

from metrics.contribution import Part, Split
from metrics.movers import Move
from metrics.titles import shown_unit
from metrics.titles import title as title_of
from pages.parts import cards, explain, numbers, words
from pages.parts.once import once_marked
from pages.parts.segment import Grain
from pages.parts.speech import later, say

ALSO = 0.2  # of the change, from which on a second segment is named
SEEN = 0.0005  # of a rate, from which on its mix is told

MOVED = {
    "rose": later("<b>{title}</b> rose {by} to <b>{now}</b> {when} ({before} {then})."),
    "fell": later("<b>{title}</b> fell {by} to <b>{now}</b> {when} ({before} {then})."),
    "grew": later("<b>{title}</b> grew {by} to <b>{now}</b> {when} ({before} {then})."),
    "shrank": later("<b>{title}</b> shrank {by} to <b>{now}</b> {when} ({before} {then})."),
}
FROM_NONE = {
    "rose": later("<b>{title}</b> rose to <b>{now}</b> {when} (none {then})."),
    "fell": later("<b>{title}</b> fell to <b>{now}</b> {when} (none {then})."),
    "grew": later("<b>{title}</b> grew to <b>{now}</b> {when} (none {then})."),
    "shrank": later("<b>{title}</b> shrank to <b>{now}</b> {when} (none {then})."),
}
TOO_FEW = {
    "day": later("Too few days are known to say what is usual."),
    "week": later("Too few weeks are known to say what is usual."),
    "month": later("Too few months are known to say what is usual."),
}
OUTSIDE = {
    "below": later("<b>Below its usual range</b> since {since} (now {span})."),
    "above": later("<b>Above its usual range</b> since {since} (now {span})."),
}
OUTSIDE_FIRST = {
    ("below", "day"): later("<b>Below its usual range</b> of {span}, for the first day."),
    ("below", "week"): later("<b>Below its usual range</b> of {span}, for the first week."),
    ("below", "month"): later("<b>Below its usual range</b> of {span}, for the first month."),
    ("above", "day"): later("<b>Above its usual range</b> of {span}, for the first day."),
    ("above", "week"): later("<b>Above its usual range</b> of {span}, for the first week."),
    ("above", "month"): later("<b>Above its usual range</b> of {span}, for the first month."),
}
UNKNOWN = {
    "day": later("The largest part is {part}; too few days are known to say whether that stands out."),
    "week": later("The largest part is {part}; too few weeks are known to say whether that stands out."),
    "month": later("The largest part is {part}; too few months are known to say whether that stands out."),
}


def changed(moves: Sequence[Move], grain: Grain, code: str, missing: str) -> None:
    """The largest moves; where there is none, what is missing for one."""
    if not moves:
        cards.note(missing)
        return
    st.html(changed_html(tuple(moves), grain, code))


@once_marked
def changed_html(moves: Sequence[Move], grain: Grain, code: str) -> str:
    return f'<ol class="hf-moves">{"".join(item(move, grain, code) for move in moves)}</ol>'


def item(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    word = words.verdict(move.now, move.before, metric.better)
    arrow = words.arrow(move.now, move.before)
    look = f"hf-{word}" if word and move.is_unusual else ""
    said = say(word or later("changed"))
    why = reasons(move, shown_unit(metric), grain, code)
    sentence = f"<p>{headline(move, grain, code)} {usual(move, grain, code)}{explain.late(move.metric)}</p>"
    because = f"<p>{why}</p>" if why else ""
    return f'<li><i class="{look}" title="{said}">{arrow}</i><div>{sentence}{because}</div></li>'


def headline(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    unit, title = shown_unit(metric), escape(title_of(metric))
    now, before = (words.value(value, unit, code) for value in (move.now, move.before))
    when, then = within(move.period_start, grain), within(move.against, grain)
    verb = words.moved(move.now, move.before)
    if move.before == 0:
        return say(FROM_NONE[verb], title=title, now=now, when=when, then=then)
    by = words.change(move.now, move.before, unit).lstrip("+" + words.MINUS)
    return say(MOVED[verb], title=title, by=by, now=now, when=when, before=before, then=then)


def within(start: date, grain: str) -> str:
    """In the week of 9 Nov."""
    if grain == "week":
        return say("in the week of {day}", day=words.day(start))
    said = words.period(start, grain)
    return say("in {month}", month=said) if grain == "month" else say("on {day}", day=said)


def usual(move: Move, grain: Grain, code: str) -> str:
    """Whether the figure is where it usually is; since when it is not."""
    if move.side is None or move.range is None:
        if move.size is None or move.range is None:
            return say(TOO_FEW[grain])
        if move.is_unusual:
            return say("An unusually large change, yet still within its usual range.")
        return say("Within its usual range.")
    unit = shown_unit(numbers.metrics()[move.metric])
    low, high = floor_of(move, unit), words.value(move.range.high, unit, code)
    span = say("{low} to {high}", low=words.value(low, unit, code), high=high)
    if move.since is None or move.since == move.period_start:
        return say(OUTSIDE_FIRST[move.side, grain], span=span)
    return say(OUTSIDE[move.side], since=since(move.since, grain), span=span)


def floor_of(move: Move, unit: str) -> float:
    """Shares, counts and times do not go below nought, wherever a forecast does."""
    assert move.range is not None
    return max(0.0, move.range.low) if move.now >= 0 and unit != "ratio" else move.range.low


def since(start: date, grain: str) -> str:
    if grain == "week":
        return say("the week of {day}", day=words.day(start))
    return words.period(start, grain)


def reasons(move: Move, unit: str, grain: Grain, code: str) -> str:
    """Which segments brought it, as parts that add up; or that none stands out, which is said, too."""
    split = move.cause.telling
    if split is None:
        return ""
    if split.kind == "apart":
        return apart(split, move, unit, code)
    parts = split.foremost(2)
    if not parts:
        return ""
    first = part(parts[0], unit, code)
    if move.cause.stands_out:
        return stands_out(split, parts, unit, code)
    if move.cause.stands_out is None:
        return say(UNKNOWN[grain], part=first)
    return ended(say("No segment stands out; the largest part is {part}", part=first), split, unit)


def stands_out(split: Split, parts: Sequence[Part], unit: str, code: str) -> str:
    """The segment that brought it, and a second where that brought much, too."""
    first, whole = part(parts[0], unit, code), words.difference(split.change, unit, code)
    if not parts[1:] or abs(parts[1].whole) < ALSO * abs(split.change):
        return ended(say("{part}, of {whole} in all", part=first, whole=whole), split, unit)
    second = part(parts[1], unit, code)
    told = say("{part} and {second}, of {whole} in all", part=first, second=second, whole=whole)
    return ended(told, split, unit)


def part(one: Part, unit: str, code: str) -> str:
    """Region: Europe explains −2.4 pp (41 % → 32 %)."""
    name = escape(words.segment(one.dimension, one.segment))
    now, before = (words.value(value, unit, code) for value in (one.now, one.before))
    by = words.difference(one.whole, unit, code)
    return say(
        "{segment} with {by} ({before} → {now})", segment=f"<b>{name}</b>", by=by, before=before, now=now
    )


def ended(told: str, split: Split, unit: str) -> str:
    """The sentence, with what came of segments growing and shrinking, where that can be seen."""
    if split.kind != "ratio" or unit != "rate" or abs(split.mix) < SEEN:
        return f"{told}."
    name, by = escape(words.name_of(split.dimension).lower()), words.points(split.mix)
    return say("{told}; the mix of {dimension}s changed it by {by}.", told=told, dimension=name, by=by)


def apart(split: Split, move: Move, unit: str, code: str) -> str:
    """What cannot be added up is told segment by segment, and called that."""
    if not move.cause.stands_out:
        return say("It has no parts that add up; by itself, no segment moved unlike the others.")
    way = [one for one in split.parts if one.segment == split.leader]
    told = joined([own(one, unit, code) for one in way])
    return say("It has no parts that add up; by itself, {told} moved unlike the others.", told=told)


def joined(parts: Sequence[str]) -> str:
    """One and another."""
    return reduce(lambda some, more: say("{some} and {more}", some=some, more=more), parts)


def own(one: Part, unit: str, code: str) -> str:
    name = escape(words.segment(one.dimension, one.segment))
    now, before = (words.value(value, unit, code) for value in (one.now, one.before))
    return f"<b>{name}</b> ({before} → {now})"
