from datetime import date, timedelta
from math import isclose

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from metrics.contribution import cause, ratio_parts

WEEKS = [date(2026, 1, 5) + timedelta(weeks=week) for week in range(30)]
COLUMNS = ("period_start", "dimension", "segment", "value", "numerator", "denominator")
KINDS = (pl.Date, pl.String, pl.String, pl.Float64, pl.Float64, pl.Float64)
SCHEMA = dict(zip(COLUMNS, KINDS, strict=True))
counts = some.tuples(some.integers(0, 500), some.integers(0, 500)).map(lambda pair: (min(pair), max(pair)))


def rates(dimension: str, periods: list[dict[str, tuple[float, float]]]) -> pl.DataFrame:
    """Rows of a rate by period: its numerator and denominator by segment."""
    found = [
        (WEEKS[at], dimension, segment, n / d if d else None, float(n), float(d))
        for at, period in enumerate(periods)
        for segment, (n, d) in period.items()
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def whole(periods: list[dict[str, tuple[float, float]]]) -> pl.DataFrame:
    sums = [tuple(sum(pair[k] for pair in period.values()) for k in (0, 1)) for period in periods]
    return rates("all", [{"all": (n, d)} for n, d in sums])


def amounts(dimension: str, periods: list[dict[str, float | None]]) -> pl.DataFrame:
    found = [
        (WEEKS[at], dimension, segment, value, None, None)
        for at, period in enumerate(periods)
        for segment, value in period.items()
    ]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


@settings(max_examples=150, deadline=None)
@given(some.lists(some.tuples(counts, counts), min_size=1, max_size=8))
def test_rate_and_mix_parts_of_all_segments_are_the_change_of_the_whole(
    segments: list[tuple[tuple[int, int], tuple[int, int]]],
) -> None:
    (n0, d0), (n1, d1) = (np.array([pair[at] for pair in segments], float).T for at in (0, 1))
    if d0.sum() == 0 or d1.sum() == 0:
        return
    own, mix = ratio_parts(n0, d0, n1, d1)
    assert isclose(float((own + mix).sum()), n1.sum() / d1.sum() - n0.sum() / d0.sum(), abs_tol=1e-12)


@settings(max_examples=50, deadline=None)
@given(
    some.lists(
        some.tuples(some.integers(-(10**12), 10**12), some.integers(-(10**12), 10**12)),
        min_size=2,
        max_size=8,
    )
)
def test_parts_of_an_amount_are_the_change_of_the_whole(cents: list[tuple[int, int]]) -> None:
    periods = [{f"s{at}": pair[k] / 100 for at, pair in enumerate(cents)} for k in (0, 1)]
    total = amounts("all", [{"all": sum(pair[k] for pair in cents) / 100} for k in (0, 1)])
    found = cause(total, amounts("plan", periods), "money", now=WEEKS[1], before=WEEKS[0])
    (split,) = found.splits
    assert split.kind == "sum"
    assert round(split.change * 100) == sum(now - before for before, now in cents)


def test_a_shift_between_segments_whose_rates_stand_still_is_all_mix() -> None:
    periods = [{"pro": (60, 100), "basic": (20, 100)}, {"pro": (30, 50), "basic": (30, 150)}]
    (split,) = cause(whole(periods), rates("plan", periods), "rate", now=WEEKS[1], before=WEEKS[0]).splits
    assert split.change == pytest.approx(0.3 - 0.4)
    assert split.mix == pytest.approx(-0.1)
    assert all(part.own == 0 for part in split.parts)


def test_the_same_mix_leaves_all_to_the_segments_own_rates() -> None:
    periods = [{"pro": (60, 100), "basic": (20, 100)}, {"pro": (30, 100), "basic": (20, 100)}]
    (split,) = cause(whole(periods), rates("plan", periods), "rate", now=WEEKS[1], before=WEEKS[0]).splits
    own = {part.segment: part.own for part in split.parts}
    assert own == {"pro": pytest.approx(-0.15), "basic": 0}
    assert split.mix == 0


def test_a_segment_that_is_new_has_no_rate_before_and_is_all_mix() -> None:
    periods = [{"pro": (60, 100)}, {"pro": (60, 100), "new": (0, 50)}]
    (split,) = cause(whole(periods), rates("plan", periods), "rate", now=WEEKS[1], before=WEEKS[0]).splits
    new = next(part for part in split.parts if part.segment == "new")
    assert new.before is None
    assert new.own == 0
    assert split.change == pytest.approx(60 / 150 - 0.6)


def test_what_does_not_add_up_is_told_apart_and_never_split() -> None:
    hours = amounts("plan", [{"pro": 3.0, "basic": 9.0}, {"pro": 8.0, "basic": 9.0}])
    found = cause(amounts("all", [{"all": 5.0}, {"all": 9.0}]), hours, "hours", now=WEEKS[1], before=WEEKS[0])
    assert [split.kind for split in found.splits] == ["apart"]
    counts = amounts("plan", [{"pro": 3, "basic": 9}, {"pro": 8, "basic": 9}])
    wrong = cause(amounts("all", [{"all": 5}, {"all": 9}]), counts, "count", now=WEEKS[1], before=WEEKS[0])
    assert [split.kind for split in wrong.splits] == ["apart"]


def test_a_ratio_with_an_amount_over_nothing_is_told_apart() -> None:
    periods = [{"pro": (60, 100), "basic": (20, 0)}, {"pro": (30, 100), "basic": (20, 50)}]
    (split,) = cause(whole(periods), rates("plan", periods), "ratio", now=WEEKS[1], before=WEEKS[0]).splits
    assert split.kind == "apart"


def noisy(seed: int, shock: float) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Thirty weeks of a rate over two dimensions of four segments; in the last, one falls by `shock`."""
    dice = np.random.default_rng(seed)
    cells = [
        {(p, r): (0.4 - (shock if at == 29 and r == 0 else 0), 60) for p in range(4) for r in range(4)}
        for at in range(30)
    ]
    drawn = [{key: (int(dice.binomial(d, q)), d) for key, (q, d) in period.items()} for period in cells]

    def by(place: int) -> list[dict[str, tuple[float, float]]]:
        return [
            {f"s{k}": (sum(n for key, (n, _) in period.items() if key[place] == k), 240) for k in range(4)}
            for period in drawn
        ]

    return whole(by(0)), pl.concat([rates("plan", by(0)), rates("region", by(1))])


def test_a_segment_that_fell_alone_stands_out_in_its_dimension() -> None:
    total, parts = noisy(3, 0.2)
    found = cause(total, parts, "rate", now=WEEKS[29], before=WEEKS[28])
    assert found.stands_out
    assert found.telling is not None
    assert (found.telling.dimension, found.telling.foremost(1)[0].segment) == ("region", "s0")


def test_by_chance_alone_a_segment_stands_out_no_more_often_than_one_time_in_ten() -> None:
    found = [
        cause(*noisy(seed, 0.0), "rate", now=WEEKS[29], before=WEEKS[28]).stands_out for seed in range(30)
    ]
    assert sum(map(bool, found)) <= 7


def test_with_few_earlier_changes_nothing_is_said_to_stand_out() -> None:
    total, parts = noisy(3, 0.2)
    late = pl.col("period_start") >= WEEKS[22]
    found = cause(total.filter(late), parts.filter(late), "rate", now=WEEKS[29], before=WEEKS[28])
    assert found.stands_out is None
    assert found.telling is not None
    assert found.telling.foremost(1)[0].segment == "s0"


def test_what_was_known_then_takes_the_place_of_the_earlier_period() -> None:
    periods = [{"pro": (60, 100), "basic": (20, 100)}, {"pro": (30, 100), "basic": (20, 100)}]
    then = [{"pro": (50, 100), "basic": (20, 100)}]
    known = pl.concat([whole(then), rates("plan", then)])
    (split,) = cause(
        whole(periods), rates("plan", periods), "rate", now=WEEKS[1], before=WEEKS[0], then=known
    ).splits
    assert split.change == pytest.approx(0.25 - 0.35)
    assert {part.segment: part.before for part in split.parts} == {"pro": 0.5, "basic": 0.2}


def test_a_period_that_is_not_there_explains_nothing() -> None:
    periods = [{"pro": (1, 2), "basic": (1, 2)}]
    assert cause(whole(periods), rates("plan", periods), "rate", now=WEEKS[1], before=WEEKS[0]).splits == ()
