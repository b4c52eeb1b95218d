"""The walk forward: nothing later is learnt from, every matured snapshot is, once."""

from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from metrics.risk.columns import Column
from metrics.risk.rule import with_points
from metrics.risk.walk import HORIZON, MONDAY, Shots, Walk, mondays, numbered

FIRST = date(2023, 1, 2)
WEEKS = 48
TODAY = FIRST + timedelta(weeks=WEEKS - 1)
COLUMNS = (Column("active_28", "usage", "number"), Column("days_since_active", "recency", "log"))


def shots(seed: int = 1, accounts: int = 200) -> Shots:
    random = np.random.default_rng(seed)
    days = mondays(FIRST, TODAY)
    week = np.repeat([numbered(day) for day in days], accounts)
    active = random.poisson(9, len(week)).astype(float)
    outcome = (random.random(len(week)) < 1 / (1 + np.exp(1.2 + 0.25 * active))).astype(float)
    table = pl.DataFrame(
        {"day": np.repeat(np.array(days, dtype="datetime64[D]"), accounts), "active_28": active,
         "days_since_active": np.maximum(14 - active, 0), "events_28": active * 2,
         "days_trend": np.zeros(len(week))}
    )  # fmt: skip
    churned = np.sort(random.integers(numbered(FIRST), numbered(TODAY), 400))
    return Shots(
        with_points(table, FIRST - timedelta(days=9)),
        outcome,
        week,
        np.tile(np.arange(accounts), len(days)),
        churned,
    )


def walked(of: Shots, today: date = TODAY, *, refit: bool = True):  # type: ignore[no-untyped-def]
    return Walk(of, COLUMNS, today, lambda _: None).run(refit=refit)


def test_what_happens_later_changes_nothing_told_before() -> None:
    """Outcomes that mature after a day are turned round: every step up to that day stays as it was."""
    whole = shots()
    day = TODAY - timedelta(weeks=16)
    turned = np.where(whole.week + HORIZON > numbered(day), 1 - whole.outcome, whole.outcome)
    other = Shots(whole.table, turned, whole.week, whole.account, whole.churn_days)
    mine, theirs = walked(whole), walked(other)
    steps = [step for step in mine.steps if step.day <= day]
    assert len(steps) > 8
    assert steps == [step for step in theirs.steps if step.day <= day]
    for index in {step.linear for step in steps if step.linear is not None}:
        assert mine.linears[index].told() == theirs.linears[index].told()
    assert mine.steps[-1] != theirs.steps[-1]


def test_a_split_at_random_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """With snapshots taken as matured before they are, the test above fails."""
    monkeypatch.setattr(Shots, "matured", lambda self, _: len(self.week))
    with pytest.raises(AssertionError):
        test_what_happens_later_changes_nothing_told_before()


def test_every_matured_snapshot_is_learnt_from_once_and_none_is_made_up() -> None:
    whole = shots()
    made = walked(whole)
    for step in made.steps:
        if step.linear is not None and step.day in (TODAY, *mondays(FIRST, TODAY)[::4]):
            origin = max(s.day for s in made.steps if s.linear == step.linear and s.day <= step.day)
            first = min(s.day for s in made.steps if s.linear == step.linear)
            size = whole.matured(numbered(first))
            linear = made.linears[step.linear]
            assert (linear.rows, linear.positives) == (size, int(whole.outcome[:size].sum())), origin


def test_the_walk_up_to_a_day_is_the_start_of_a_longer_one() -> None:
    """Models of the four weeks' grid are the same, whenever they are made."""
    whole = shots()
    day = next(day for day in reversed(mondays(FIRST, TODAY)) if (day - MONDAY).days % 28 == 0)
    until = whole.until(numbered(day) + 1)
    part = Shots(
        whole.table[:until], whole.outcome[:until], whole.week[:until], whole.account[:until],
        whole.churn_days[whole.churn_days < numbered(day)],
    )  # fmt: skip
    short, long = walked(part, day), walked(whole)
    assert [step for step in long.steps if step.day <= day][-1].shift == short.steps[-1].shift
    assert short.linears[-1].told() in [linear.told() for linear in long.linears]


def test_between_the_four_weeks_only_the_level_is_set_anew() -> None:
    made = walked(shots(), refit=False)
    used = [step.linear for step in made.steps]
    assert all(later >= earlier for earlier, later in pairwise(used) if earlier is not None)
    assert max(used.count(index) for index in set(used)) == 4
    assert len({step.shift for step in made.steps}) > len(made.linears)


def test_a_company_without_a_signal_shows_no_probability() -> None:
    whole = shots()
    random = np.random.default_rng(9)
    noise = Shots(whole.table, random.permutation(whole.outcome), whole.week, whole.account, whole.churn_days)
    made = walked(noise)
    assert not made.steps[-1].is_open
    assert made.reason


def test_one_with_a_signal_does_and_its_card_is_right() -> None:
    made = walked(shots())
    rows = {row.measure: row for row in made.card}
    assert made.steps[-1].is_open
    assert rows["auc"].value == pytest.approx(0.64, abs=0.06)
    assert rows["observed_over_expected"].lower < 1 < rows["observed_over_expected"].upper
