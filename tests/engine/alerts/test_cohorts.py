"""Cells of the cohort triangle as metrics."""

import pytest

from engine.alerts import cohorts


@pytest.mark.parametrize(
    ("metric", "unit"),
    [
        ("cohort_retention.4", "rate"),
        ("cohort_net_revenue_retention.4", "ratio"),
        ("cohort_retention.0", ""),
        ("cohort_retention.13", ""),
        ("cohort_retention", ""),
        ("activation_rate", ""),
    ],
)
def test_cells_of_accounts_are_rates_and_those_of_money_are_ratios(metric: str, unit: str) -> None:
    assert cohorts.unit_of(metric) == unit
    assert cohorts.is_cell(metric) == bool(unit)


def test_every_family_of_cells_has_a_unit() -> None:
    assert cohorts.UNITS.keys() == cohorts.NAMES.keys()
