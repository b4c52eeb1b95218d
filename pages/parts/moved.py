"""Sentences: what changed, whether that is usual and since when it is not, and which segments explain it."""

from collections.abc import Sequence
from datetime import date
from html import escape

import streamlit as st

from metrics.contribution import Part, Split
from metrics.movers import Move
from pages.parts import cards, explain, numbers, words
from pages.parts.segment import Grain

ALSO = 0.2  # of the change, from which on a second segment is named
SEEN = 0.0005  # of a rate, from which on its mix is told


def changed(moves: Sequence[Move], grain: Grain, code: str, missing: str) -> None:
    """The largest moves; where there is none, what is missing for one."""
    if not moves:
        cards.note(missing)
        return
    st.html(f'<ol class="hf-moves">{"".join(item(move, grain, code) for move in moves)}</ol>')


def item(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    word = words.verdict(move.now, move.before, metric.better)
    arrow = words.arrow(move.now, move.before)
    look = f"hf-{word}" if word and move.is_unusual else ""
    why = reasons(move, numbers.shown_unit(metric), grain, code)
    sentence = f"<p>{headline(move, grain, code)} {usual(move, grain, code)}{explain.late(move.metric)}</p>"
    because = f"<p>{why}</p>" if why else ""
    return f'<li><i class="{look}" title="{word or "changed"}">{arrow}</i><div>{sentence}{because}</div></li>'


def headline(move: Move, grain: Grain, code: str) -> str:
    metric = numbers.metrics()[move.metric]
    unit, title = numbers.shown_unit(metric), escape(metric.title)
    now, before = (words.value(value, unit, code) for value in (move.now, move.before))
    when, then = within(move.period_start, grain), within(move.against, grain)
    verb = moved(move)
    if move.before == 0:
        return f"<b>{title}</b> {verb} to <b>{now}</b> {when} (none {then})."
    by = words.change(move.now, move.before, unit).lstrip("+" + words.MINUS)
    return f"<b>{title}</b> {verb} {by} to <b>{now}</b> {when} ({before} {then})."


def within(start: date, grain: str) -> str:
    """In the week of 9 Nov."""
    said = words.period(start, grain)
    if grain == "week":
        return f"in the {said}"
    return f"in {said}" if grain == "month" else f"on {said}"


def moved(move: Move) -> str:
    if words.is_loss(move.now, move.before):
        return "shrank" if move.now > move.before else "grew"
    return "rose" if move.now > move.before else "fell"


def usual(move: Move, grain: Grain, code: str) -> str:
    """Whether the figure is where it usually is; since when it is not."""
    if move.side is None or move.range is None:
        if move.size is None or move.range is None:
            return f"Too few {grain}s are known to say what is usual."
        if move.is_unusual:
            return "An unusually large change, yet still within its usual range."
        return "Within its usual range."
    unit = numbers.shown_unit(numbers.metrics()[move.metric])
    low, high = floor_of(move, unit), words.value(move.range.high, unit, code)
    span = f"{words.value(low, unit, code)} to {high}"
    side = {"below": "Below", "above": "Above"}[move.side]
    if move.since is None or move.since == move.period_start:
        return f"<b>{side} its usual range</b> of {span}, for the first {grain}."
    return f"<b>{side} its usual range</b> since {since(move.since, grain)} (now {span})."


def floor_of(move: Move, unit: str) -> float:
    """Shares, counts and times do not go below nought, wherever a forecast does."""
    assert move.range is not None
    return max(0.0, move.range.low) if move.now >= 0 and unit != "ratio" else move.range.low


def since(start: date, grain: str) -> str:
    said = words.period(start, grain)
    return f"the {said}" if grain == "week" else said


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
        more = parts[1:] if parts[1:] and abs(parts[1].whole) >= ALSO * abs(split.change) else []
        also = "".join(f" and {part(one, unit, code)}" for one in more)
        return f"{first}{also}, of {amount(split.change, unit, code)} in all{mix(split, unit)}."
    if move.cause.stands_out is None:
        return f"The largest part is {first}; too few {grain}s are known to say whether that stands out."
    return f"No segment stands out; the largest part is {first}{mix(split, unit)}."


def part(one: Part, unit: str, code: str) -> str:
    """Region: Europe explains −2.4 pp (41 % → 32 %)."""
    name = escape(words.segment(one.dimension, one.segment))
    now, before = (words.value(value, unit, code) for value in (one.now, one.before))
    return f"<b>{name}</b> with {amount(one.whole, unit, code)} ({before} → {now})"


def amount(change: float, unit: str, code: str) -> str:
    """−2.4 pp, +$1.2k."""
    if unit == "rate":
        return words.points(change)
    return f"+{words.value(change, unit, code)}" if change > 0 else words.value(change, unit, code)


def mix(split: Split, unit: str) -> str:
    """What came of segments growing and shrinking, where that can be seen."""
    if split.kind != "ratio" or unit != "rate" or abs(split.mix) < SEEN:
        return ""
    name = escape(words.name_of(split.dimension).lower())
    return f"; the mix of {name}s changed it by {words.points(split.mix)}"


def apart(split: Split, move: Move, unit: str, code: str) -> str:
    """What cannot be added up is told segment by segment, and called that."""
    if not move.cause.stands_out:
        return "It has no parts that add up; by itself, no segment moved unlike the others."
    way = [one for one in split.parts if one.segment == split.leader]
    told = " and ".join(own(one, unit, code) for one in way)
    return f"It has no parts that add up; by itself, {told} moved unlike the others."


def own(one: Part, unit: str, code: str) -> str:
    name = escape(words.segment(one.dimension, one.segment))
    now, before = (words.value(value, unit, code) for value in (one.now, one.before))
    return f"<b>{name}</b> ({before} → {now})"
