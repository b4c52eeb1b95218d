"""A day told of everybody at once is what the files tell of it, to the last digit."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from polars.testing import assert_frame_equal

from data.settings import Engagement, Settings
from data.store.warehouse import Warehouse
from metrics.risk import snapshots
from metrics.risk.days import Usage
from metrics.risk.snapshots import Ground
from metrics.risk.train import standing
from tests.metrics.facts import Facts, put
from tests.metrics.risk.test_snapshots import TYPES

AS_OF = datetime(2024, 9, 1, 10)
DAYS = [date(2024, 6, 3), date(2024, 8, 31), date(2024, 9, 1), date(2024, 9, 2)]
ACCOUNTS = 60
assert "unsubscribed_at" in TYPES


def moment(random: Random, days: int = 250) -> datetime:
    """Often at the turn of a day, so that stamps meet, and meet the instants asked about."""
    day = datetime(2024, 1, 2) + timedelta(days=random.randrange(days))
    return day + timedelta(hours=random.choice([0, 0, 7, 23]), microseconds=random.choice([0, 0, 1]))


def awkward(settings: Settings, seed: int) -> Facts:
    random, facts = Random(seed), Facts(settings)
    for number in range(ACCOUNTS):
        name = f"a{number}"
        facts.account(name, moment(random, 60), region=random.choice(["north", "south", " ", None]))
        for subscription in random.sample(
            ["s", "t", "a long one of more than 12"], random.choice([1, 1, 1, 2, 3])
        ):
            for _ in range(random.choice([1, 2, 4])):
                subscribed(random, facts, name, f"{subscription}-{name}")
        for _ in range(random.choice([0, 3, 40])):
            happened(random, facts, name)
    return facts


def subscribed(random: Random, facts: Facts, name: str, subscription: str) -> None:
    renews = [None, None, "2024-05-05", "2024-12-01T07:00:00"]
    facts.change(
        name, moment(random), random.choice(["0", "20", "20", "50.5"]),
        random.choice(["active", "active", "active", "past_due", "canceled"]), subscription=subscription,
        ends_span=random.random() < 0.2, renews_at=random.choice(renews),
    )  # fmt: skip
    row = facts.rows["subscription_changes"][-1]
    row |= {"plan": random.choice(["team", "Team, ANNUAL", "yearly", None]),
            "quantity": random.choice([None, Decimal(3), Decimal("0.5")])}  # fmt: skip


def happened(random: Random, facts: Facts, name: str) -> None:
    when, later = moment(random), moment(random)
    facts.event(name, when.isoformat(), random.choice(["login", "first_action", "export"]))
    facts.rows["events"][-1]["user_id"] = random.choice([None, "u", "v", "w"])
    if random.random() < 0.4:
        facts.payment(name, moment(random).isoformat(), "50", random.choice(["failed", "succeeded"]))
    if random.random() < 0.1:
        facts.add("account_updates", name, updated_at=when, region=random.choice(["west", None]))
    if random.random() < 0.2:
        facts.add("tickets", name, ticket_id=f"t{random.random()}", opened_at=when, closed_at=later,
                  satisfaction=random.choice([None, 0.4, 0.9]))  # fmt: skip
        facts.add("messages", name, message_id=f"m{random.random()}", sent_at=when, channel="email",
                  opened_at=random.choice([None, later]))  # fmt: skip
        facts.add("feedback", name, feedback_id=f"f{random.random()}", given_at=when,
                  score=random.choice([None, 3.0]), sentiment=random.choice([None, -0.25]))  # fmt: skip
        facts.add("invoices", name, invoice_id=f"i{random.random()}", issued_at=when, due_at=later,
                  amount=Decimal(50), paid_at=random.choice([None, later]))  # fmt: skip


@contextmanager
def ground(settings: Settings, facts: Facts) -> Iterator[Ground]:
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        put(warehouse, "merged", [{"account_key": 2, "into_key": 1}, {"account_key": 9, "into_key": 30}])
        with standing(warehouse, settings, AS_OF) as connection:
            made = Ground(connection, settings, AS_OF)
            snapshots.spans(made)
            yield made


def assert_same(made: Ground, monkeypatch: pytest.MonkeyPatch, only: tuple[str, ...] = ()) -> None:
    for day in DAYS:
        assert snapshots.paying(made, [day]) > 10
        monkeypatch.setattr(snapshots, "MANY", 10**9)
        by_files = snapshots.gather(made, only)
        monkeypatch.setattr(snapshots, "MANY", 1)
        assert_frame_equal(snapshots.gather(made, only), by_files.sort("account_key"), check_exact=True)


@pytest.mark.parametrize("seed", range(3))
def test_a_day_of_everybody_is_what_the_files_tell_of_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    others = [{}, {"timezone": "America/New_York"}, {"engagement": Engagement(events=("login", "export"))}]
    own = settings.model_copy(update=others[seed])
    with ground(own, awkward(own, seed)) as made:
        assert_same(made, monkeypatch)
        assert_same(made, monkeypatch, ("usage",))


def test_of_a_day_with_very_many_events_no_more_count_than_by_the_files(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = awkward(settings, 5)
    with ground(settings, facts) as made:
        crowd = """
            insert into events by name
            select $at as occurred_at, $day as day, 1 as name_key, 5 as account_key, 1 as import_id,
                1 as source_key, 10 as fact_id
            from range($rows)
            """
        for ago, rows in ((3, Usage.MOST + 7), (12, 50)):
            day = DAYS[1] - timedelta(days=ago)
            given = {"at": datetime(day.year, day.month, day.day, 12), "day": day, "rows": rows}
            made.connection.execute(crowd, given)
        assert_same(made, monkeypatch, ("usage",))
        assert_same(made, monkeypatch)
