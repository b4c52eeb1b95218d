"""Steps the alerts of a rule through judged periods: the same for what happens and for what would have."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.alerts.lifecycle import QUIET, Life, Policy, Reason, Status, Verdict, step
from engine.alerts.panel import Flags, Judgement, Numbers, Panel

VERDICTS = tuple(Verdict)


@dataclass(frozen=True)
class Move:
    """A segment's alert moved: from `before` to `life`, on the period of a column."""

    segment: str
    before: Status
    life: Life
    reason: Reason
    column: int


@dataclass(frozen=True)
class Course:
    """Where a segment's alert stands after the last column, and how it came there.

    `breached`: the column that breached last while it was pending or firing; None where none did.
    """

    segment: str
    life: Life
    moves: tuple[Move, ...]
    breached: int | None


def advance(
    panel: Panel,
    judgement: Judgement,
    policy: Policy,
    lives: Mapping[str, Life],
    *,
    first: int = 0,
    only: Flags | None = None,
) -> list[Course]:
    """Step every segment through the columns from `first` on; those that stay quiet are left out.

    Args:
        lives: where the alerts stand before; who is not named is quiet.
        only: the cells that are judged; unless given, all.
    """
    known = judgement.verdict if only is None else np.where(only, judgement.verdict, Verdict.INCONCLUSIVE)
    verdicts = known[:, first:]
    stirs = (verdicts == Verdict.BREACH).any(axis=1)
    return [
        course(panel, segment, verdicts[row].tolist(), policy, life=lives.get(segment, QUIET), first=first)
        for row, segment in enumerate(panel.segments)
        if stirs[row] or segment in lives
    ]


def course(
    panel: Panel, segment: str, verdicts: list[int], policy: Policy, *, life: Life, first: int
) -> Course:
    """Step one alert through its verdicts; `first` is the column of the first of them."""
    moves: list[Move] = []
    breached = None
    for column, code in enumerate(verdicts, start=first):
        before = life.status
        life, reason = step(life, VERDICTS[code], panel.complete_at[column], policy)
        if code == Verdict.BREACH:
            breached = column
        if reason:
            moves.append(Move(segment, before, life, reason, column))
    return Course(segment, life, tuple(moves), breached)


def cell(matrix: Numbers, row: int, column: int) -> float | None:
    """A number of a matrix, None for NaN."""
    found = float(matrix[row, column])
    return None if np.isnan(found) else found
