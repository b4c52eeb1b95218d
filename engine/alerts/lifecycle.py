"""The life of an alert, one judged period at a time: quiet, pending, firing, resolved."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum
from typing import Literal

Status = Literal["quiet", "pending", "firing", "resolved"]
Reason = Literal["breached", "held", "calmed", "recovered"]


class Verdict(IntEnum):
    """What a rule says of one period of one segment."""

    INCONCLUSIVE = 0  # no value, too few, or a source was late: it changes nothing
    BETWEEN = 1  # within the bound, but short of where a firing alert resolves
    RECOVERED = 2  # within the bound and at or beyond `recover`
    BREACH = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """How many periods in a row must breach until an alert fires, and recover while it goes on firing."""

    periods: int = 1
    keep_firing: int = 0


@dataclass(frozen=True, slots=True)
class Life:
    """Where an alert stands: `since` when, how many periods in a row breached, or recovered while firing."""

    status: Status = "quiet"
    since: datetime | None = None
    breaches: int = 0
    recoveries: int = 0


QUIET = Life()


def step(life: Life, verdict: Verdict, at: datetime, policy: Policy) -> tuple[Life, Reason | None]:
    """Where an alert stands after one more period, and why it moved there; None where it did not move.

    Args:
        at: the instant at which the period became complete.
    """
    if verdict is Verdict.INCONCLUSIVE:
        return life, None
    if verdict is Verdict.BREACH:
        return _breached(life, at, policy)
    if life.status == "pending":
        return Life("quiet", at), "calmed"
    if life.status == "firing":
        return _within(life, verdict, at, policy)
    return life, None


def _breached(life: Life, at: datetime, policy: Policy) -> tuple[Life, Reason | None]:
    if life.status == "firing":
        return replace(life, breaches=life.breaches + 1, recoveries=0), None
    breaches = life.breaches + 1 if life.status == "pending" else 1
    if breaches >= policy.periods:
        return Life("firing", at, breaches), "held" if life.status == "pending" else "breached"
    if life.status == "pending":
        return replace(life, breaches=breaches), None
    return Life("pending", at, breaches), "breached"


def _within(life: Life, verdict: Verdict, at: datetime, policy: Policy) -> tuple[Life, Reason | None]:
    """A firing alert whose period does not breach."""
    if verdict is Verdict.BETWEEN:
        return replace(life, recoveries=0), None
    if life.recoveries >= policy.keep_firing:
        return Life("resolved", at), "recovered"
    return replace(life, recoveries=life.recoveries + 1), None
