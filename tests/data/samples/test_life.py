import json
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data.samples import company
from data.samples.life import write_next
from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import ImportReport, import_folder

BORN = datetime(2026, 3, 18, 14, 23, 5)
SIZE = {"accounts": 300, "months": 6, "seed": 7}
AT = {
    "accounts": "created_at",
    "events": "occurred_at",
    "subscription_changes": "effective_at",
    "payments": "attempted_at",
}
IDS = {"accounts": "account_id", "events": "event_id", "payments": "payment_id", "invoices": "invoice_id"}


def lived(folder: Path, start: float, end: float) -> dict[str, list[str]]:
    """The lines that are written for an interval in seconds after the birth, by shape."""
    folder.mkdir()
    since, until = BORN + timedelta(seconds=start), BORN + timedelta(seconds=end)
    count = write_next(folder, since, until, **SIZE, born_at=BORN)
    found = {path.stem: path.read_text().splitlines() for path in folder.iterdir()}
    assert count == sum(len(lines) for lines in found.values())
    return found


def rows(lines: dict[str, list[str]], shape: str) -> pl.DataFrame:
    return pl.read_ndjson("\n".join(lines[shape]).encode(), infer_schema_length=None)


def told(lines: list[str]) -> list[str]:
    """The facts, whatever order their fields are in and whether or not the empty ones are named."""
    facts = ({name: value for name, value in json.loads(line).items() if value is not None} for line in lines)
    return sorted(json.dumps(fact, sort_keys=True) for fact in facts)


def test_cutting_an_interval_elsewhere_gives_the_same_facts(tmp_path: Path) -> None:
    whole = lived(tmp_path / "whole", 10, 100)
    parts = [
        lived(tmp_path / f"{k}", *cut) for k, cut in enumerate([(10, 11), (11, 40), (40, 40.5), (40.5, 100)])
    ]
    assert whole.keys() == {shape for part in parts for shape in part}
    for shape, lines in whole.items():
        assert told(lines) == told([line for part in parts for line in part.get(shape, [])])


def test_same_interval_gives_the_same_facts_again(tmp_path: Path) -> None:
    assert lived(tmp_path / "a", 5, 60) == lived(tmp_path / "b", 5, 60)


@pytest.mark.parametrize(("start", "end"), [(0, 30), (500, 590), (7_000, 25_000)])
def test_facts_lie_inside_their_interval(tmp_path: Path, start: int, end: int) -> None:
    found = lived(tmp_path / "next", start, end)
    for shape, time in AT.items():
        if shape in found:
            at = rows(found, shape)[time].str.to_datetime("%Y-%m-%dT%H:%M:%SZ")
            assert at.is_between(
                BORN + timedelta(seconds=start), BORN + timedelta(seconds=end), closed="left"
            ).all()


def test_an_empty_interval_writes_nothing(tmp_path: Path) -> None:
    assert lived(tmp_path / "a", 60, 60) == {}
    assert lived(tmp_path / "b", 60, 30) == {}


def test_somebody_signs_up_soon_and_events_come_every_second(tmp_path: Path) -> None:
    found = lived(tmp_path / "next", 0, 90)
    assert 3 <= len(found["accounts"]) <= 8
    assert 150 < len(found["events"]) < 320
    first = min(rows(found, "accounts")["created_at"])
    assert first < (BORN + timedelta(seconds=40)).isoformat()


def test_newcomers_onboard_buy_pay_and_some_cards_fail(tmp_path: Path) -> None:
    found = lived(tmp_path / "next", 0, 6 * 3600)
    new = {shape: rows(found, shape).filter(pl.col("account_id").str.contains("new")) for shape in AT}
    steps = new["events"].filter(name="first_action")
    assert 0.2 < len(steps) / len(new["accounts"]) < 0.8
    assert len(new["subscription_changes"].filter(status="trialing")) == len(new["accounts"])
    assert len(new["subscription_changes"].filter(status="active")) > 5
    assert set(new["payments"]["outcome"].unique()) == {"succeeded", "failed"}


def test_accounts_that_were_there_grow_shrink_and_leave(tmp_path: Path) -> None:
    changes = rows(lived(tmp_path / "next", 0, 6 * 3600), "subscription_changes")
    old = changes.filter(~pl.col("account_id").str.contains("new"))
    assert len(old) > 20
    assert {"active", "canceled"} <= set(old["status"].unique())


def test_a_long_pause_is_lived_at_the_usual_pace(tmp_path: Path) -> None:
    found = lived(tmp_path / "next", 0, 3 * 86_400)
    assert 2_000 < len(found["events"]) < 12_000
    assert len(found["accounts"]) < 800
    assert len(found["fx_rates"]) == 6


def test_ids_are_unique_and_unlike_the_companys(tmp_path: Path) -> None:
    company.write(tmp_path / "company", **SIZE, now=BORN)
    found = lived(tmp_path / "next", 0, 86_400)
    before = set(pl.read_parquet(tmp_path / "company" / "events.parquet")["event_id"])
    for shape, name in IDS.items():
        ids = rows(found, shape)[name]
        assert ids.is_unique().all()
        assert shape != "events" or not before & set(ids)
    names = set(pl.read_csv(tmp_path / "company" / "accounts.csv")["name"])
    assert not names & set(rows(found, "accounts")["name"])


def test_company_and_life_go_through_the_import_without_a_bad_row(tmp_path: Path, settings: Settings) -> None:
    company.write(tmp_path / "company", **SIZE, now=BORN)
    with Warehouse.open(settings) as warehouse:

        def load(folder: Path, until: float) -> ImportReport:
            now = BORN + timedelta(seconds=until)
            return import_folder(warehouse, folder, source="demo", strict=True, now=now)

        load(tmp_path / "company", 0)
        for start, end in [(0, 60), (60, 7_260), (7_260, 2 * 86_400)]:
            lived(tmp_path / f"{end}", start, end)
            report = load(tmp_path / f"{end}", end)
            assert sum(count.waiting + count.quarantined + count.repeated for count in report.counts) == 0
        again = load(tmp_path / "60", 2 * 86_400)
        assert sum(count.added for count in again.counts) == 0
