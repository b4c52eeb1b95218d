import re
from datetime import date

import pytest

from pages.parts import sparks
from pages.parts.numbers import Row

DAY = date(2026, 1, 1)


def row(
    value: float | None, *, complete: bool = True, lower: float | None = None, upper: float | None = None
) -> Row:
    return Row(DAY, value, None, None, lower, upper, complete)


def shapes(html: str, name: str) -> list[list[tuple[float, float]]]:
    """The corners of the shapes of one kind in a spark, in per cent of its box."""
    found = re.findall(rf'class="{name}" style="--shape:polygon\(([^"]*)\)"', html)
    return [
        [(float(x), float(y)) for x, y in re.findall(r"([\d.]+)%[^%]*?([\d.]+)%[^,]*", corners)]
        for corners in found
    ]


def test_a_spark_is_no_picture_and_a_target_is_one_shape_more() -> None:
    rows = [row(1, lower=0, upper=2), row(2, lower=1, upper=3), row(3, complete=False)]
    assert "url(" not in sparks.spark(rows)
    assert sparks.spark(rows).count("--shape") == 3
    assert sparks.spark(rows, goal=2.0).count("--shape") == 4


def test_a_gap_is_not_drawn_over() -> None:
    html = sparks.spark([row(1), row(2), row(None), row(3), row(4)])
    assert len(shapes(html, "hf-line")) == 2


def test_what_still_runs_is_dashed_and_starts_at_the_last_complete_period() -> None:
    html = sparks.spark([row(1), row(2), row(3, complete=False)])
    [solid], [dashed] = shapes(html, "hf-line"), shapes(html, "hf-still-open")
    assert solid[1] == dashed[-1]
    assert len(dashed) > 3 * 6  # corners of a dash


def test_a_line_is_as_thick_as_it_should_be_and_a_bend_no_spike() -> None:
    level, bend = [(0.0, 16.0), (60.0, 16.0), (120.0, 16.0)], [(0.0, 0.0), (1.0, 32.0), (2.0, 0.0)]
    for place in range(3):
        assert sparks.side(level, place) == pytest.approx((0, sparks.HALF))
    assert abs(complex(*sparks.side(bend, 1))) <= 2 * sparks.HALF


def test_an_interval_is_a_band_and_its_lack_is_none() -> None:
    known = sparks.spark([row(1, lower=0, upper=2), row(2, lower=1, upper=3)])
    assert [len(corners) for corners in shapes(known, "hf-band")] == [4]
    assert shapes(sparks.spark([row(1), row(2)]), "hf-band") == []


def test_nothing_known_draws_nothing_and_a_flat_line_does_not_divide_by_nought() -> None:
    assert "<i" not in sparks.spark([row(None), row(None)])
    assert len(shapes(sparks.spark([row(2), row(2)]), "hf-line")) == 1


def test_counts_are_bars_from_the_ground_and_nought_is_none() -> None:
    [corners] = shapes(sparks.bars([4, 0, 2], "at most 4"), "hf-line")
    assert [y for _, y in corners] == [100, 0, 0, 100, 100, 50, 50, 100]


def test_a_bar_stays_within_its_box() -> None:
    assert "width:100.0%" in sparks.bar(1.4)
    assert "width:0.0%" in sparks.bar(-0.1)
