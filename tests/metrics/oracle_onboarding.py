"""Signups, activation and time to first value."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from fractions import Fraction

from tests.metrics.oracle_calendar import Span
from tests.metrics.oracle_cells import Cell, has_ended, rate
from tests.metrics.oracle_facts import Seen

QUANTILES = {"p50": Fraction(1, 2), "p75": Fraction(3, 4), "p90": Fraction(9, 10)}
TOLERANCE = Fraction(1, 10**12)
HOUR = timedelta(hours=1)


def onboarding_cells(seen: Seen, span: Span, accounts: list[str]) -> Iterator[tuple[str, Cell]]:
    ended = has_ended(seen, span)
    created = [key for key in accounts if span.has(seen.day_of(seen.accounts[key]["created_at"]))]
    yield "signups", Cell(len(created), complete=ended)
    yield from activation_cells(seen, span, created)
    completions = [completed_at(seen, key) for key in accounts]
    inside = [at for at in completions if at is not None and span.has(seen.day_of(at))]
    yield "activations", Cell(len(inside), complete=ended)
    waits = [wait_for_value(seen, key) for key in created]
    reached = sum(has_value for _, has_value in waits)
    for name, q in QUANTILES.items():
        hours = kaplan_meier_quantile(waits, q)
        yield f"time_to_first_value_{name}", Cell(hours, reached, len(waits), complete=ended)


def window(seen: Seen) -> timedelta:
    return timedelta(hours=24 * seen.rules.within_days)


def activation_cells(seen: Seen, span: Span, created: list[str]) -> Iterator[tuple[str, Cell]]:
    ended = has_ended(seen, span, wait=window(seen))
    matured = [key for key in created if seen.accounts[key]["created_at"] + window(seen) <= seen.as_of]
    steps = seen.rules.steps
    for count, step in enumerate(steps, start=1):
        reached = [key for key in matured if all(reached_at(seen, key, name) for name in steps[:count])]
        yield f"activation_step_rate.{step}", rate(len(reached), len(matured), ended)
    activated = [key for key in matured if completed_at(seen, key) is not None]
    yield "activation_rate", rate(len(activated), len(matured), ended)


def first_at(seen: Seen, key: str, names: Iterable[str]) -> datetime | None:
    """The first of these events at or after the account was created."""
    created_at = seen.accounts[key]["created_at"]
    return min((e.at for e in seen.events[key] if e.name in names and e.at >= created_at), default=None)


def reached_at(seen: Seen, key: str, step: str) -> datetime | None:
    """The first occurrence of a step, where it lies in the window."""
    first = first_at(seen, key, [step])
    inside = first is not None and first < seen.accounts[key]["created_at"] + window(seen)
    return first if inside else None


def completed_at(seen: Seen, key: str) -> datetime | None:
    """The moment the last missing step was reached, all of them in the window."""
    reached = [reached_at(seen, key, step) for step in seen.rules.steps]
    moments = [at for at in reached if at is not None]
    return max(moments) if len(moments) == len(reached) else None


def wait_for_value(seen: Seen, key: str) -> tuple[timedelta, bool]:
    """How long the account waited for first value, and whether it came; else it waits still at `as_of`."""
    created_at = seen.accounts[key]["created_at"]
    first = first_at(seen, key, seen.rules.value_events)
    return (seen.as_of - created_at, False) if first is None else (first - created_at, True)


def kaplan_meier_quantile(waits: list[tuple[timedelta, bool]], q: Fraction) -> float | None:
    """The smallest t, in hours, at which the share still waiting is at most 1 - q."""
    surviving = Fraction(1)
    for moment in sorted({wait for wait, reached in waits if reached}):
        at_risk = sum(wait >= moment for wait, _ in waits)
        came = sum(reached and wait == moment for wait, reached in waits)
        surviving *= Fraction(at_risk - came, at_risk)
        if surviving <= 1 - q + TOLERANCE:
            return moment / HOUR
    return None
