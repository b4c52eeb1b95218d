"""Features are what was knowable: facts stamped at an instant or after it change none, and a leak is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from metrics.files import SqlFile
from metrics.risk import snapshots
from metrics.risk.snapshots import Ground, gather, outcomes, paying, spans
from metrics.risk.train import standing
from tests.metrics.facts import TYPES, Facts

DAY = date(2024, 6, 3)
AS_OF = datetime(2024, 9, 1)
STAMPS = ("closed_at", "given_at", "opened_at", "sent_at", "clicked_at", "due_at", "paid_at", "issued_at",
          "updated_at", "renews_at", "unsubscribed_at", "voided_at")  # fmt: skip
TYPES.update({name: pl.Datetime("us") for name in STAMPS})


def early(settings: Settings) -> Facts:
    """What is stamped before the day."""
    facts = Facts(settings).account("a", "2024-01-02", region="north").change("a", "2024-01-05", "50")
    for day in ("2024-05-10", "2024-05-28", "2024-06-01"):
        facts.event("a", f"{day}T10:00:00")
    facts.payment("a", "2024-05-20", "50", "failed")
    facts.add(
        "tickets", "a", ticket_id="t", opened_at=datetime(2024, 5, 30), closed_at=None, satisfaction=None
    )
    facts.add("invoices", "a", invoice_id="i", issued_at=datetime(2024, 5, 1), due_at=datetime(2024, 5, 9),
              amount=Decimal(50), paid_at=None)  # fmt: skip
    facts.add("messages", "a", message_id="m", sent_at=datetime(2024, 5, 30), channel="email", opened_at=None)
    return facts


def late(settings: Settings) -> Facts:
    """The same, and all that came to be known on the day or after it."""
    facts = Facts(settings).account("a", "2024-01-02", region="north").change("a", "2024-01-05", "50")
    for day in ("2024-05-10", "2024-05-28", "2024-06-01", "2024-06-03", "2024-06-20"):
        facts.event("a", f"{day}T10:00:00")
    facts.payment("a", "2024-05-20", "50", "failed").payment("a", "2024-06-03T00:00:00", "50", "failed")
    facts.change("a", "2024-06-10", "0", "canceled").change(
        "a", "2024-06-03", "80", "past_due", subscription="x"
    )
    facts.add("tickets", "a", ticket_id="t", opened_at=datetime(2024, 5, 30), closed_at=datetime(2024, 6, 4),
              satisfaction=1.0)  # fmt: skip
    facts.add("invoices", "a", invoice_id="i", issued_at=datetime(2024, 5, 1), due_at=datetime(2024, 5, 9),
              amount=Decimal(50), paid_at=datetime(2024, 6, 5))  # fmt: skip
    facts.add("messages", "a", message_id="m", sent_at=datetime(2024, 5, 30), channel="email",
              opened_at=datetime(2024, 6, 7))  # fmt: skip
    facts.add("feedback", "a", feedback_id="f", given_at=datetime(2024, 6, 3), score=1.0, sentiment=-1.0)
    facts.add("account_updates", "a", updated_at=datetime(2024, 6, 9), region="south")
    return facts


@contextmanager
def ground(settings: Settings, facts: Facts) -> Iterator[Ground]:
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        with standing(warehouse, settings, AS_OF) as connection:
            made = Ground(connection, settings, AS_OF)
            spans(made)
            paying(made, [DAY])
            yield made


def known(settings: Settings, facts: Facts) -> list[dict[str, object]]:
    with ground(settings, facts) as made:
        return gather(made).drop("account_key").to_dicts()


def both(settings: Settings) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    homes = [settings.model_copy(update={"home": settings.home / name}) for name in ("early", "late")]
    return known(homes[0], early(homes[0])), known(homes[1], late(homes[1]))


def test_what_comes_to_be_known_later_changes_no_feature(settings: Settings) -> None:
    before, after = both(settings)
    assert before == after
    [row] = before
    assert row["days_since_active"] == 2
    assert row["overdue"] == 1
    assert row["failed_90"] == 1
    assert row["satisfaction"] is None
    assert row["segment_1"] == "north"
    assert row["price"] == 50


LEAKS = {
    "payments": ("p.attempted_at < w.instant and", ""),
    "tickets": ("filter (t.closed_at < w.instant)", ""),
    "invoices": ("or i.paid_at >= w.instant", ""),
    "messages": ("m.opened_at < w.instant or", "m.opened_at is not null or"),
    "feedback": ("f.given_at < w.instant and", ""),
    "usage": ("d.day < w.day and", ""),
    "subscription": ("and s.effective_at < w.instant", ""),
    "price": ("and s.from_day < w.day\n", "\n"),
}


@pytest.mark.parametrize("name", LEAKS)
def test_a_leak_planted_in_any_file_is_seen(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    planted = []
    for file in snapshots.read_folder(snapshots.FOLDER):
        sql = file.sql.replace(*LEAKS[name]) if file.name == name else file.sql
        assert file.name != name or sql != file.sql, "the leak was not planted"
        planted.append(SqlFile(file.path, file.says, file.titles, sql))
    monkeypatch.setattr(snapshots, "read_folder", lambda _: tuple(planted))
    # as if the facts of later days were at hand too, as a careless query finds them
    monkeypatch.setattr(snapshots, "collect", collected_without_end(snapshots.collect))
    before, after = both(settings)
    assert before != after


def collected_without_end(collect):  # type: ignore[no-untyped-def]
    return lambda made, files, first, _: collect(made, files, first, date(2024, 8, 31))


def test_an_outcome_is_no_mrr_at_the_end_of_one_of_the_next_thirty_days(settings: Settings) -> None:
    facts = Facts(settings)
    for name, left in (
        ("in", "2024-07-02"),
        ("out", "2024-07-03"),
        ("back", "2024-06-10"),
        ("gone", "2024-06-02"),
    ):
        facts.account(name, "2024-01-02").change(name, "2024-01-05", "50").change(name, left, "0", "canceled")
    facts.change("back", "2024-06-20", "50")
    with ground(settings, facts) as made:
        told = outcomes(made)
        rows = made.run("select account_key, account_id from account_keys")
    names = dict(rows)
    assert {names[row["account_key"]]: row["outcome"] for row in told.iter_rows(named=True)} == {
        "in": 1.0, "out": 0.0, "back": 1.0,
    }  # fmt: skip
