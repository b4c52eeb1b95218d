"""What changed, in sentences of plain text: how far, whether that is usual, and what explains it."""

from datetime import date

from engine import wording
from engine.delivery.outside import tame
from engine.digest.amounts import changed
from metrics.catalog import Metric
from metrics.contribution import Part, Split
from metrics.movers import Move

PERCENT = frozenset({"net_revenue_retention", "gross_revenue_retention", "stickiness"})
SEEN = 0.0005


def unit_of(metric: Metric) -> str:
    """The unit in which people read a metric: shares of money in per cent."""
    return "rate" if metric.name in PERCENT else metric.unit


def told(move: Move, metric: Metric, grain: str, currency: str) -> str:
    """Activation rate fell 3.1 pp to 38 % in the week of 16 Nov 2026; why; whether that is usual."""
    unit = unit_of(metric)
    now, before = (wording.value(value, unit, currency) for value in (move.now, move.before))
    when = wording.period(move.period_start, grain)  # type: ignore[arg-type]
    by = changed(move.now, move.before, unit).lstrip("+" + wording.MINUS)
    parts = [
        f"{metric.title} {verb(move)} {by} to {now} {when} ({before} before).",
        usual(move, grain),
        because(move, unit, currency),
    ]
    return " ".join(part for part in parts if part)


def verb(move: Move) -> str:
    if move.now <= 0 and move.before < 0:  # a loss that falls further has grown
        return "shrank" if move.now > move.before else "grew"
    return "rose" if move.now > move.before else "fell"


def usual(move: Move, grain: str) -> str:
    if move.range is None or (move.side is None and move.size is None):
        return f"Too few {grain}s are known to say what is usual."
    if move.side is None:
        return (
            "Unusually large, yet within its usual range." if move.is_unusual else "Within its usual range."
        )
    side = {"below": "Below", "above": "Above"}[move.side]
    if move.since is None or move.since == move.period_start:
        return f"{side} its usual range for the first {grain}."
    return f"{side} its usual range since {since(move.since, grain)}."


def since(start: date, grain: str) -> str:
    said = wording.period(start, grain)  # type: ignore[arg-type]
    return said.removeprefix("in ").removeprefix("on ")


def because(move: Move, unit: str, currency: str) -> str:
    split = move.cause.telling
    if split is None or not move.cause.stands_out:
        return "" if split is None or split.kind == "apart" else "No segment stands out."
    if split.kind == "apart":
        return f"By itself, {wording.segment(split.dimension, tame(split.leader))} moved unlike the others."
    first = split.foremost(1)
    return f"{part(first[0], unit, currency)}{mix(split, unit)}." if first else ""


def part(one: Part, unit: str, currency: str) -> str:
    now, before = (wording.value(value, unit, currency) for value in (one.now, one.before))
    name = wording.segment(one.dimension, tame(one.segment))
    return (
        f"{name[:1].upper()}{name[1:]} brought {amount(one.whole, unit, currency)} of it ({before} → {now})"
    )


def amount(change: float, unit: str, currency: str) -> str:
    if unit == "rate":
        return changed(change, 0.0, unit)
    said = wording.value(change, unit, currency)
    return f"+{said}" if change > 0 else said


def mix(split: Split, unit: str) -> str:
    if split.kind != "ratio" or unit != "rate" or abs(split.mix) < SEEN:
        return ""
    return f"; the mix of {split.dimension.replace('_', ' ')}s changed it by {amount(split.mix, unit, '')}"
