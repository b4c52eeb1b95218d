import pytest

from pages.parts.rules import drag


@pytest.mark.parametrize(
    ("low", "high", "least", "most", "step"),
    [
        (0.0, 100.0, 0.0, 110.0, 0.5),
        (30.5, 77.3, 25.8, 82.0, 0.2),
        (-4.0, 4.0, -4.8, 4.8, 0.05),
        (12_345.0, 98_765.0, 3500.0, 107_500.0, 500.0),
        (0.0, 0.0, 0.0, 1.0, 0.005),
        (5.0, 5.0, 2.5, 7.5, 0.02),
    ],
)
def test_a_reach_is_round_and_holds_all_figures(
    low: float, high: float, least: float, most: float, step: float
) -> None:
    found = drag.reach(low, high)
    assert (found.least, found.most, found.step) == (least, most, step)
    assert found.least <= low
    assert high <= found.most


def test_a_reach_without_figures_is_still_one() -> None:
    assert drag.reach(float("nan"), float("inf")) == drag.reach(0, 1)
