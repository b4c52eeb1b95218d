"""Onboarding and value: hand-worked examples of every definition."""

from math import isclose
from pathlib import Path

import polars as pl
import pytest

from data.settings import Settings
from tests.metrics.facts import Facts, Figures

STEPS = ("welcome_seen", "value_demonstrated", "first_action")


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    facts = Facts(Settings(home=tmp_path_factory.mktemp("onboarding")))
    facts.account("exact", "2024-01-01T10:00:00", plan="pro")
    for step in STEPS[:2]:
        facts.event("exact", "2024-01-01T10:00:00", step)
    facts.event("exact", "2024-01-08T10:00:00", STEPS[2])  # at the window's end: outside
    facts.account("inside", "2024-01-01T10:00:00", plan="pro")
    for step in STEPS[1:]:
        facts.event("inside", "2024-01-02T00:00:00", step)
    facts.event("inside", "2024-01-08T09:59:59.999999", STEPS[0])  # the steps may come in any order
    facts.account("early", "2024-01-01T12:00:00", plan="")
    facts.event("early", "2024-01-01T11:59:59", STEPS[0])  # before the account: not seen
    facts.event("early", "2024-01-03T00:00:00", STEPS[1])
    facts.event("early", "2024-01-03T00:00:00", STEPS[2])
    facts.account("second", "2024-01-02T12:00:00", plan="pro")
    facts.event("second", "2024-01-02T13:00:00", STEPS[0])
    facts.account("young", "2024-01-05T00:00:01", plan="free")
    for step in STEPS:
        facts.event("young", "2024-01-05T00:00:02", step)
    facts.event("young", "2024-01-13T00:00:00", STEPS[2])  # after as_of
    return facts.figures("2024-01-12T00:00:00")


def test_activation_rate_counts_steps_up_to_the_window_end_and_not_at_it(figures: Figures) -> None:
    row = figures.row("activation_rate", "day", "2024-01-01")
    assert (row["numerator"], row["denominator"], row["complete"]) == (1, 3, True)
    assert isclose(row["value"], 1 / 3)
    assert isclose(row["lower"], 0.06149194472039603, rel_tol=1e-12)
    assert isclose(row["upper"], 0.7923403991979521, rel_tol=1e-12)


def test_an_account_matures_at_the_instant_its_window_ends(figures: Figures) -> None:
    assert figures.row("activation_rate", "day", "2024-01-05")["denominator"] == 0
    assert figures.value("activation_rate", "day", "2024-01-05") is None
    assert figures.row("activation_rate", "day", "2024-01-02")["denominator"] == 1
    assert figures.row("activation_rate", "week", "2024-01-01")["denominator"] == 4


def test_a_period_is_complete_once_its_last_moment_has_had_its_window(figures: Figures) -> None:
    complete = {
        day: figures.row("activation_rate", "day", day)["complete"] for day in ("2024-01-04", "2024-01-05")
    }
    assert complete == {"2024-01-04": True, "2024-01-05": False}
    assert figures.row("signups", "week", "2024-01-01")["complete"]
    assert not figures.row("activation_rate", "week", "2024-01-01")["complete"]


def test_a_step_needs_all_steps_before_it(figures: Figures) -> None:
    reached = [
        figures.row(f"activation_step_rate.{step}", "month", "2024-01-01")["numerator"] for step in STEPS
    ]
    assert reached == [3, 2, 1]


def test_activations_are_dated_by_the_last_step(figures: Figures) -> None:
    days = {day: n for day, n in figures.values("activations", "day").items() if n}
    assert days == {"2024-01-08": 1, "2024-01-05": 1}


def test_an_empty_attribute_is_the_segment_none(figures: Figures) -> None:
    assert figures.value("signups", "month", "2024-01-01", dimension="plan", segment="(none)") == 1
    assert figures.value("signups", "month", "2024-01-01", dimension="region", segment="(none)") == 5


def test_account_state_says_where_an_account_stands(figures: Figures) -> None:
    states = figures.table("account_state").rows_by_key("account_id", named=True, unique=True)
    assert states["exact"]["steps_reached"] == 2
    assert str(states["exact"]["stuck_since"]) == "2024-01-01 10:00:00"
    assert str(states["early"]["stuck_since"]) == "2024-01-01 12:00:00"
    assert str(states["inside"]["activated_at"]) == "2024-01-08 09:59:59.999999"
    assert states["inside"]["stuck_since"] is None
    assert str(states["young"]["first_value_at"]) == "2024-01-05 00:00:02"
    assert states["early"]["plan"] == "(none)"


@pytest.fixture(scope="module")
def waits(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    """Ten accounts of one instant; a censored one can only be younger, so it signed up in a later hour."""
    facts = Facts(Settings(home=tmp_path_factory.mktemp("waits"), segments=()))
    for number, hours in enumerate((1, 2, 2, 30)):
        facts.account(f"reached{number}", "2024-03-01T00:00:00")
        day, hour = divmod(hours, 24)
        facts.event(f"reached{number}", f"2024-03-{1 + day:02}T{hour:02}:00:00", "first_action")
    facts.account("tied", "2024-03-04T22:00:00")  # censored after 2 hours, as two events happen
    facts.account("short", "2024-03-04T23:00:00")  # censored after 1 hour
    facts.account("longer", "2024-03-03T20:00:00")  # censored after 28 hours
    facts.account("value_before", "2024-03-01T00:00:00")  # an event before the account is not value
    facts.event("value_before", "2024-02-29T00:00:00", "first_action")
    return facts.figures("2024-03-05T00:00:00")


def test_time_to_first_value_is_kaplan_meier_with_events_before_censoring(waits: Figures) -> None:
    # 8 accounts. 1 h: one of 8 → 7/8, then one is censored. 2 h: two of 6 → 7/12, then one is censored.
    # 28 h: one is censored. 30 h: one of 2 → 7/24. The last is censored at 96 h.
    row = waits.row("time_to_first_value_p50", "month", "2024-03-01")
    assert (row["value"], row["numerator"], row["denominator"]) == (30.0, 4, 8)
    assert waits.value("time_to_first_value_p75", "month", "2024-03-01") is None
    assert waits.row("time_to_first_value_p90", "month", "2024-03-01")["numerator"] == 4


def test_a_quantile_met_exactly_is_met(waits: Figures) -> None:
    # Of the five accounts of 1 March: 4/5 at 1 h, 2/5 at 2 h, 1/5 at 30 h.
    assert waits.value("time_to_first_value_p50", "day", "2024-03-01") == 2.0
    assert waits.value("time_to_first_value_p75", "day", "2024-03-01") == 30.0


def test_the_value_curve_is_the_same_curve_by_the_hour(waits: Figures) -> None:
    curve = waits.table("value_curve").filter(pl.col("hours").is_in([0, 1, 2, 29, 30, 96, 108]))
    shares = dict(curve.select("hours", "share").iter_rows())
    assert shares == pytest.approx(
        {0: 0, 1: 1 / 8, 2: 5 / 12, 29: 5 / 12, 30: 17 / 24, 96: 17 / 24, 108: None}
    )
    at_two = curve.row(by_predicate=pl.col("hours") == 2, named=True)
    greenwood = 1 / (8 * 7) + 2 / (6 * 4)
    margin = 1.959963984540054 * 7 / 12 * greenwood**0.5
    assert at_two["lower"] == pytest.approx(5 / 12 - margin)
    assert at_two["upper"] == pytest.approx(5 / 12 + margin)
    assert (at_two["reached"], at_two["at_risk"]) == (3, 3)


def test_within_days_are_of_24_hours_also_where_the_clock_jumps(tmp_path: Path) -> None:
    facts = Facts(
        Settings(home=tmp_path, timezone="Europe/Warsaw", activation={"steps": ("done",), "within_days": 1})
    )
    facts.account("a", "2024-03-30T23:30:00")  # 00:30 local on the 23-hour day 31 March
    facts.event("a", "2024-03-31T23:00:00", "done")  # 01:00 local on 1 April, 23.5 hours later
    facts.account("b", "2024-03-30T22:59:59")  # the last second of 30 March
    facts.event("b", "2024-03-31T22:59:59", "done")  # exactly 24 hours later
    figures = facts.figures("2024-04-01T22:00:00")
    assert figures.values("signups", "day") == {
        "2024-03-30": 1, "2024-03-31": 1, "2024-04-01": 0, "2024-04-02": 0,
    }  # fmt: skip
    assert figures.value("activation_rate", "day", "2024-03-31") == 1
    assert figures.value("activation_rate", "day", "2024-03-30") == 0
    assert figures.value("activations", "day", "2024-04-01") == 1
    assert figures.row("signups", "day", "2024-04-01")["complete"]
    assert not figures.row("activation_rate", "day", "2024-04-01")["complete"]
    assert figures.row("activation_rate", "day", "2024-03-31")["complete"]
