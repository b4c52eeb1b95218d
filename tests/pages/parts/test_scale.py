"""The scale of bars that reach up and down from nought."""

import pytest

from pages.parts.scale import scale_of


@pytest.mark.parametrize(
    ("highs", "lows", "levels"),
    [
        ([18_000.0], [-5_600.0], (-10_000, -5_000, 0, 5_000, 10_000, 15_000, 20_000)),
        ([7.0, 3.0], [0.0], (0, 2, 4, 6, 8)),
        ([0.0], [-0.9], (-1.0, -0.8, -0.6, -0.4, -0.2, 0)),
        ([0.0], [0.0], (0, 1)),
        ([], [], (0, 1)),
    ],
)
def test_levels_are_round_reach_all_amounts_and_hold_nought(
    highs: list[float], lows: list[float], levels: tuple[float, ...]
) -> None:
    assert scale_of(highs, lows).levels == pytest.approx(levels)


def test_amounts_lie_between_the_lowest_and_the_highest_level() -> None:
    scale = scale_of([20.0], [-5.0])
    assert [scale.part(amount) for amount in (-5.0, 0.0, 20.0)] == [0.0, 20.0, 100.0]
