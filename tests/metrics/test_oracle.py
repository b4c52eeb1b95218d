"""The oracle against answers worked out by hand, so that it may judge the product."""

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from tests.metrics.oracle import metrics_table
from tests.metrics.oracle_calendar import midnight, span_of, spans, timedelta
from tests.metrics.oracle_cells import Cell, Key, wilson
from tests.metrics.oracle_facts import Arrival, Rules, Seen, read_facts, seen_at
from tests.metrics.oracle_onboarding import kaplan_meier_quantile
from tests.metrics.oracle_retention import cohorts_table
from tests.metrics.oracle_revenue import movements_table

STEPS = ("welcome_seen", "value_demonstrated", "first_action")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def day(text: str) -> date:
    return date.fromisoformat(text)


def account(key: str, created_at: str, **more: str) -> Arrival:
    return Arrival("files", "accounts", {"account_id": key, "created_at": at(created_at), **more})


def event(key: str, occurred_at: str, name: str, event_id: str | None = None) -> Arrival:
    row = {"event_id": event_id, "account_id": key, "occurred_at": at(occurred_at), "name": name}
    return Arrival("files", "events", row)


def change(key: str, subscription: str, effective_at: str, mrr: str, **more: Any) -> Arrival:
    row = {"account_id": key, "subscription_id": subscription, "effective_at": at(effective_at)}
    return Arrival("files", "subscription_changes", {**row, "mrr": Decimal(mrr), **more})


def period(key: str, subscription: str, started_at: str, ended_at: str | None, **more: Any) -> Arrival:
    row = {"account_id": key, "subscription_id": subscription, "started_at": at(started_at)}
    end = at(ended_at) if ended_at else None
    return Arrival("files", "subscriptions", {**row, "ended_at": end, "mrr": Decimal(10), **more})


def fx(on: str, currency: str, rate: str) -> Arrival:
    return Arrival("files", "fx_rates", {"date": day(on), "currency": currency, "rate": Decimal(rate)})


def seen(as_of: str, *arrivals: Arrival, **rules: Any) -> Seen:
    given = Rules(**{"segments": (), **rules})
    return seen_at(read_facts(arrivals, given), given, at(as_of))


def cell(known: Seen, metric: str, grain: str, start: str) -> Cell:
    return metrics_table(known)[Key(metric, grain, day(start), "all", "all")]


def values(
    known: Seen, metric: str, grain: str = "day", dimension: str = "all", segment: str = "all"
) -> list:
    table = metrics_table(known)
    wanted = (metric, grain, dimension, segment)
    return [cell.value for key, cell in sorted(table.items()) if (key[0], key[1], key[3], key[4]) == wanted]


@pytest.mark.parametrize(
    ("zone", "local_day", "begins"),
    [
        ("UTC", "2024-03-31", "2024-03-31T00:00"),
        ("Europe/Warsaw", "2024-03-31", "2024-03-30T23:00"),
        ("Europe/Warsaw", "2024-04-01", "2024-03-31T22:00"),
        ("Asia/Kolkata", "2024-01-01", "2023-12-31T18:30"),
        ("Australia/Lord_Howe", "2024-10-06", "2024-10-05T13:30"),
        ("Australia/Lord_Howe", "2024-10-07", "2024-10-06T13:00"),
        (
            "America/Sao_Paulo",
            "2018-11-04",
            "2018-11-04T03:00",
        ),  # midnight is skipped
        (
            "America/Sao_Paulo",
            "2018-02-18",
            "2018-02-18T03:00",
        ),  # 23:00 came twice
        ("America/Havana", "2024-11-03", "2024-11-03T04:00"),  # midnight comes twice: the first counts
        ("Pacific/Apia", "2011-12-30", "2011-12-30T10:00"),  # a day that never was has no length
        ("Pacific/Apia", "2011-12-31", "2011-12-30T10:00"),
    ],
)
def test_local_day_begins_at_its_first_instant(zone: str, local_day: str, begins: str) -> None:
    assert midnight(zone, day(local_day)) == at(begins)


def test_periods_hold_their_days() -> None:
    assert span_of(day("2024-02-29"), "month", "monday").end == day("2024-03-01")
    assert span_of(day("2024-03-03"), "week", "monday").start == day("2024-02-26")
    assert span_of(day("2024-03-03"), "week", "sunday").start == day("2024-03-03")
    assert [s.start.day for s in spans(day("2024-01-31"), day("2024-03-01"), "month", "monday")] == [1, 1, 1]


def test_wilson_interval_of_eight_in_ten() -> None:
    # The textbook example: 8 of 10 gives 0.4902 to 0.9433.
    assert wilson(8, 10) == (pytest.approx(0.490162, abs=1e-6), pytest.approx(0.943318, abs=1e-6))
    assert wilson(0, 0) == (None, None)


def test_kaplan_meier_median_counts_those_who_still_wait() -> None:
    # Reached at 1 h and 3 h, censored at 2 h: S(1) = 2/3, S(3) = 0. Median 3 h, not 1 or 2.
    waits = [(timedelta(hours=1), True), (timedelta(hours=2), False), (timedelta(hours=3), True)]
    assert kaplan_meier_quantile(waits, Fraction(1, 2)) == 3
    # Censored at the very moment of an event: still at risk then. S(1) = 1/2.
    tied = [(timedelta(hours=1), True), (timedelta(hours=1), False)]
    assert kaplan_meier_quantile(tied, Fraction(1, 2)) == 1
    assert kaplan_meier_quantile(tied, Fraction(3, 4)) is None


def test_window_is_half_open_and_maturity_includes_as_of() -> None:
    arrivals = [account("a", "2024-01-01T12:00"), account("b", "2024-01-01T12:00:00.000001")]
    arrivals += [event("a", "2024-01-02", step) for step in STEPS[:2]]
    arrivals += [event("b", "2024-01-02", step) for step in STEPS]
    # At the very end of a's window: outside. b has a microsecond to wait.
    arrivals += [event("a", "2024-01-08T12:00", STEPS[2])]
    known = seen("2024-01-08T12:00", *arrivals)
    found = cell(known, "activation_rate", "day", "2024-01-01")
    assert (found.value, found.numerator, found.denominator, found.complete) == (0, 0, 1, False)
    assert cell(known, f"activation_step_rate.{STEPS[1]}", "day", "2024-01-01").numerator == 1
    # A microsecond earlier: inside.
    inside = [*arrivals[:-1], event("a", "2024-01-08T11:59:59.999999", STEPS[2])]
    assert cell(seen("2024-01-08T12:00", *inside), "activation_rate", "day", "2024-01-01").value == 1
    # The last moment of 2024-01-01 plus seven days has passed at midnight of the 9th.
    done = cell(seen("2024-01-09T00:00", *arrivals), "activation_rate", "day", "2024-01-01")
    assert (done.value, done.denominator, done.complete) == (0.5, 2, True)


def test_step_needs_all_before_it_and_events_before_creation_do_not_count() -> None:
    known = seen(
        "2024-02-01",
        account("a", "2024-01-01T12:00"),
        event("a", "2024-01-01T11:00", STEPS[0]),
        event("a", "2024-01-03T11:00", STEPS[1]),
        event("a", "2024-01-02T11:00", STEPS[2]),
    )
    assert cell(known, f"activation_step_rate.{STEPS[1]}", "day", "2024-01-01").value == 0
    assert cell(known, "time_to_first_value_p50", "day", "2024-01-01").value == 23
    assert sum(values(known, "activations")) == 0


def test_activation_falls_on_the_day_of_the_last_missing_step() -> None:
    known = seen(
        "2024-01-06",
        account("a", "2024-01-01T12:00"),
        event("a", "2024-01-05T11:00", STEPS[0]),
        event("a", "2024-01-03T11:00", STEPS[1]),
        event("a", "2024-01-02T11:00", STEPS[2]),
    )
    assert values(known, "activations") == [0, 0, 0, 0, 1, 0]
    assert values(known, "activation_rate") == [None] * 6


def test_signups_fall_on_local_days() -> None:
    # 23:30 UTC is 00:30 in Warsaw, the day after.
    known = seen("2024-01-03T12:00", account("a", "2024-01-01T23:30"), timezone="Europe/Warsaw")
    assert [key.period_start for key in metrics_table(known) if key[:2] == ("signups", "day")] == [
        day("2024-01-02"),
        day("2024-01-03"),
    ]


def test_stickiness_is_mean_daily_active_over_active_in_28_days() -> None:
    # a on two days, b on one: mean 3/28 a day, two distinct.
    known = seen(
        "2024-01-03T12:00",
        account("a", "2024-01-01"),
        account("b", "2024-01-01"),
        event("a", "2024-01-01", "x"),
        event("a", "2024-01-01T05:00", "x"),
        event("a", "2024-01-02", "x"),
        event("b", "2024-01-02", "x"),
        event("b", "2023-12-31", "x"),
    )
    found = cell(known, "stickiness", "month", "2024-01-01")
    assert (found.value, found.numerator, found.denominator) == (3 / 28 / 2, 3 / 28, 2)
    assert values(known, "active_accounts") == [1, 2, 0]


def test_first_fact_wins_and_orphans_do_not_count() -> None:
    known = seen(
        "2024-01-02T12:00",
        event("a", "2024-01-02", "x", "e1"),
        event("ghost", "2024-01-01", "x", "e2"),
        account("a", "2024-01-01", plan="pro"),
        account("a", "2023-01-01", plan="free"),
        event("a", "2024-01-01", "x", "e1"),
        segments=("plan",),
    )
    assert values(known, "active_accounts") == [0, 1]
    assert values(known, "active_accounts", dimension="plan", segment="pro") == [0, 1]


def test_movements_of_a_life() -> None:
    known = seen(
        "2024-01-09T12:00",
        account("a", "2024-01-01"),
        change("a", "s", "2024-01-01", "50", status="trialing"),
        change("a", "s", "2024-01-02", "50"),  # new 50
        change("a", "t", "2024-01-03T01:00", "30"),  # up to 80 …
        change("a", "t", "2024-01-03T02:00", "20"),  # … but 70 at the end of the day: expansion 20
        change("a", "s", "2024-01-04", "50", status="past_due"),  # still counts
        change("a", "s", "2024-01-05", "50", status="paused"),  # contraction 50
        change("a", "t", "2024-01-06", "0", status="canceled"),  # churned 20
        change("a", "s", "2024-01-08", "10"),  # reactivation 10
    )
    assert values(known, "mrr") == [0, 50, 70, 70, 20, 0, 0, 10, 10]
    month = movements_table(known)["month", day("2024-01-01"), "all", "all"]
    assert month == (0, 50, 10, 20, -50, -20, 10, False)
    assert cell(known, "quick_ratio", "month", "2024-01-01").value == 80 / 70
    assert cell(known, "churned_mrr", "day", "2024-01-06").value == -20
    assert cell(known, "quick_ratio", "day", "2024-01-02").value is None


def test_later_row_wins_at_an_equal_instant() -> None:
    rows = [change("a", "s", "2024-01-01", "10"), change("a", "s", "2024-01-01", "20")]
    assert values(seen("2024-01-01T05:00", account("a", "2024-01-01"), *rows), "mrr") == [20]
    assert values(seen("2024-01-01T05:00", account("a", "2024-01-01"), *rows[::-1]), "mrr") == [10]


def test_change_at_midnight_belongs_to_the_day_it_begins() -> None:
    known = seen("2024-01-02T00:00", account("a", "2024-01-01"), change("a", "s", "2024-01-02", "10"))
    assert values(known, "mrr") == [10]
    assert cell(known, "mrr", "day", "2024-01-02").complete is False


def test_retention_ratios_look_at_those_who_paid_before() -> None:
    known = seen(
        "2024-02-15",
        account("a", "2024-01-01"),
        account("b", "2024-01-01"),
        account("c", "2024-01-01"),
        change("a", "a", "2024-01-10", "100"),
        change("a", "a", "2024-02-03", "130"),
        change("b", "b", "2024-01-10", "100", status="active"),
        change("b", "b", "2024-02-03", "100", status="canceled"),
        change("c", "c", "2024-02-03", "1000"),
    )
    assert cell(known, "net_revenue_retention", "month", "2024-02-01").value == 0.65
    assert cell(known, "gross_revenue_retention", "month", "2024-02-01").value == 0.5
    churn = cell(known, "logo_churn_rate", "month", "2024-02-01")
    assert (churn.value, churn.numerator, churn.denominator) == (0.5, 1, 2)
    assert cell(known, "net_revenue_retention", "month", "2024-01-01").value is None
    assert cell(known, "arpa", "month", "2024-02-01").value == 565


def test_span_has_a_start_and_an_end() -> None:
    known = seen(
        "2024-01-05T12:00",
        account("a", "2024-01-01"),
        period("a", "s", "2024-01-01", "2024-01-03", status="canceled"),
        period("a", "s", "2024-01-03", None, mrr=Decimal(15)),  # begins as the other ends
        period("a", "t", "2024-01-02", "2024-01-02"),
        period("a", "u", "2024-01-04", None, status="trialing"),
    )
    assert values(known, "mrr") == [10, 10, 15, 15, 15]
    assert sum(values(known, "churned_mrr")) == 0


def test_foreign_money_takes_the_last_rate_on_or_before_its_day() -> None:
    known = seen(
        "2024-01-05T12:00",
        account("a", "2024-01-01"),
        change("a", "s", "2024-01-01", "100", currency="EUR"),  # no rate yet: not counted
        change("a", "t", "2024-01-03", "1", currency="EUR"),  # rate of the 2nd: 1.23455 → 1.2346
        change("a", "u", "2024-01-04", "10", currency="EUR"),
        fx("2024-01-04", "EUR", "1.5"),
        fx("2024-01-02", "EUR", "1.23455"),
        fx("2024-01-02", "EUR", "9"),  # a repeat
    )
    assert values(known, "mrr") == [Decimal("1.2346"), Decimal("16.2346"), Decimal("16.2346")]


def test_triangle_has_every_pair_and_its_money() -> None:
    known = seen(
        "2024-03-10",
        account("a", "2024-01-31T12:00"),
        account("b", "2024-01-31T12:00"),
        event("a", "2024-01-31T13:00", "x"),
        event("a", "2024-03-01T13:00", "x"),
        change("a", "a", "2024-01-31T13:00", "10"),
        change("b", "b", "2024-01-31T13:00", "20"),
        change("a", "a", "2024-03-01", "15"),
        change("b", "b", "2024-03-01", "5"),
    )
    table = cohorts_table(known)
    rows = [tuple(table["month", day("2024-01-01"), "all", "all", k]) for k in range(3)]
    assert rows == [(2, 1, True, 30, 30, 30), (2, 0, True, 30, 30, 30), (2, 1, False, 30, 20, 15)]
    assert [key.period_index for key in table if key.grain == "week"] == [0, 1, 2, 3, 4, 5]


def test_nothing_is_seen_before_the_first_account() -> None:
    known = seen("2023-12-31", account("a", "2024-01-01"), change("a", "s", "2023-01-01", "10"))
    assert metrics_table(known) == {}
    assert cohorts_table(known) == {}
