"""What changed, in sentences of plain text: how far, whether that is usual, and what explains it."""

from data.calendar import Grain
from data.speech import later, say
from data.speech.figures import MINUS, change, difference, moved, points, value
from engine import wording
from engine.delivery.outside import tame
from metrics.catalog import Metric
from metrics.contribution import Part, Split
from metrics.movers import Move
from metrics.titles import shown_unit, title

SEEN = 0.0005
MOVED = {
    "rose": later("{title} rose {by} to {now} {when} ({before} before)."),
    "fell": later("{title} fell {by} to {now} {when} ({before} before)."),
    "grew": later("{title} grew {by} to {now} {when} ({before} before)."),
    "shrank": later("{title} shrank {by} to {now} {when} ({before} before)."),
}
FROM_NONE = {
    "rose": later("{title} rose to {now} {when} (none before)."),
    "fell": later("{title} fell to {now} {when} (none before)."),
}
TOO_FEW = {
    "day": later("Too few days are known to say what is usual."),
    "week": later("Too few weeks are known to say what is usual."),
    "month": later("Too few months are known to say what is usual."),
}
OUTSIDE = {
    "below": later("Below its usual range since {since}."),
    "above": later("Above its usual range since {since}."),
}
OUTSIDE_FIRST = {
    ("below", "day"): later("Below its usual range for the first day."),
    ("below", "week"): later("Below its usual range for the first week."),
    ("below", "month"): later("Below its usual range for the first month."),
    ("above", "day"): later("Above its usual range for the first day."),
    ("above", "week"): later("Above its usual range for the first week."),
    ("above", "month"): later("Above its usual range for the first month."),
}


def told(move: Move, metric: Metric, grain: Grain, currency: str) -> str:
    """Activation rate fell 3.1 pp to 38 % in the week of 16 Nov 2026; why; whether that is usual."""
    unit = shown_unit(metric)
    parts = [headline(move, metric, grain, currency), usual(move, grain), because(move, unit, currency)]
    return " ".join(part for part in parts if part)


def headline(move: Move, metric: Metric, grain: Grain, currency: str) -> str:
    unit, verb = shown_unit(metric), moved(move.now, move.before)
    now, before = (value(each, unit, currency) for each in (move.now, move.before))
    names = {"title": title(metric), "now": now, "when": wording.period(move.period_start, grain)}
    if move.before == 0 and verb in FROM_NONE:
        return say(FROM_NONE[verb], **names)
    by = change(move.now, move.before, unit).lstrip("+" + MINUS)
    return say(MOVED[verb], **names, by=by, before=before)


def usual(move: Move, grain: Grain) -> str:
    if move.range is None or (move.side is None and move.size is None):
        return say(TOO_FEW[grain])
    if move.side is None:
        if move.is_unusual:
            return say("Unusually large, yet within its usual range.")
        return say("Within its usual range.")
    if move.since is None or move.since == move.period_start:
        return say(OUTSIDE_FIRST[move.side, grain])
    return say(OUTSIDE[move.side], since=wording.since(move.since, grain))


def because(move: Move, unit: str, currency: str) -> str:
    split = move.cause.telling
    if split is None or not move.cause.stands_out:
        return "" if split is None or split.kind == "apart" else say("No segment stands out.")
    if split.kind == "apart":
        leader = wording.segment(split.dimension, tame(split.leader))
        return say("By itself, {segment} moved unlike the others.", segment=leader)
    first = split.foremost(1)
    return ended(part(first[0], unit, currency), split, unit) if first else ""


def part(one: Part, unit: str, currency: str) -> str:
    """Plan pro brought −2.4 pp of it (41 % → 32 %)."""
    now, before = (value(each, unit, currency) for each in (one.now, one.before))
    name = wording.segment(one.dimension, tame(one.segment))
    return say(
        "{segment} brought {by} of it ({before} → {now})",
        segment=f"{name[:1].upper()}{name[1:]}",
        by=difference(one.whole, unit, currency),
        before=before,
        now=now,
    )


def ended(told: str, split: Split, unit: str) -> str:
    """The sentence, with what came of segments growing and shrinking, where that can be seen."""
    if split.kind != "ratio" or unit != "rate" or abs(split.mix) < SEEN:
        return f"{told}."
    dimension = split.dimension.replace("_", " ")
    by = points(split.mix)
    return say("{told}; the mix of {dimension}s changed it by {by}.", told=told, dimension=dimension, by=by)
