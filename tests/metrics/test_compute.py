"""Computing an edition: any instant, any facts, a folder that is a registry, and never by chance."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st

from data.calendar import Calendar
from data.settings import Settings
from data.store.warehouse import Warehouse
from metrics import read
from metrics.compute import compute
from metrics.files import read_file
from metrics.functions import macros
from metrics.plan import metric_files
from metrics.publish import publish
from tests.metrics.facts import Facts, at

ADDED = """-- title: Sign-ups, doubled
-- unit: count
-- better: up
-- about: Twice the sign-ups.
-- caveat: An example.
select grain, period_start, dimension, segment, 2 * signups as value, is_complete as complete
from onboarding_period  -- a last comment
"""


def company(settings: Settings) -> Facts:
    facts = Facts(settings)
    for number in range(12):
        name = f"account{number}"
        facts.account(name, datetime(2024, 1, 1 + number, 5), plan=("pro", "free", "")[number % 3])
        for hour in range(number):
            facts.event(name, datetime(2024, 1, 1 + number + hour, 6), ("first_action", "login")[hour % 2])
        facts.change(name, datetime(2024, 1, 2 + number), str(10 * number))
    return facts


def test_an_edition_before_any_fact_and_of_an_empty_warehouse_is_empty(settings: Settings) -> None:
    early = company(settings).figures("2023-01-01T00:00:00")
    for name in ("metrics", "cohorts", "movements", "value_curve", "account_state", "feed"):
        assert early.table(name).is_empty(), name
    with Warehouse.open(settings.model_copy(update={"home": settings.home / "empty"})) as warehouse:
        with compute(warehouse, warehouse.settings, as_of=at("2024-01-01T00:00:00")) as computed:
            edition = publish(computed, published_at=at("2024-01-01T00:00:00"))
        info = read.edition(warehouse.settings, edition.name)
    assert (info.accounts, info.events, info.last_fact_at) == (0, 0, None)


def test_accounts_without_subscriptions_have_no_revenue_rows(settings: Settings) -> None:
    figures = Facts(settings).account("a", "2024-01-01T00:00:00").figures("2024-01-02T00:00:00")
    assert figures.table("movements").is_empty()
    assert figures.values("signups", "day") == {"2024-01-01": 1, "2024-01-02": 0}


def test_revenue_may_begin_before_the_first_account(settings: Settings) -> None:
    facts = Facts(settings).account("a", "2024-01-03T00:00:00").change("a", "2024-01-01T00:00:00", "5")
    figures = facts.figures("2024-01-03T12:00:00")
    assert figures.values("mrr", "day") == {"2024-01-01": 5, "2024-01-02": 5, "2024-01-03": 5}
    assert figures.values("signups", "day") == {"2024-01-03": 1}
    assert (
        figures.table("cohorts").filter(pl.col("grain") == "week", pl.col("dimension") == "all").rows()[0][8]
        == 5
    )


def test_two_runs_give_the_same_tables(settings: Settings) -> None:
    with Warehouse.open(settings) as warehouse:
        company(settings).store(warehouse)
        names = []
        for threads in (1, 4):
            warehouse.run(f"set threads = {threads}")
            with compute(warehouse, settings, as_of=at("2024-01-20T12:00:00"), full=True) as computed:
                names.append(publish(computed, published_at=at("2024-01-21T00:00:00")).name)
    for name in (table for table in read.tables() if table != "edition"):
        first, second = (read.table(settings, edition, name) for edition in names)
        assert first.equals(second), name


def test_few_facts_are_counted_by_one_thread(settings: Settings) -> None:
    threads, as_of = "select current_setting('threads')", at("2024-01-20T12:00:00")
    used = []
    with Warehouse.open(settings) as warehouse:
        company(settings).store(warehouse)
        usual = warehouse.rows(threads)
        for number, (added, full) in enumerate(((20_000, False), (20_001, False), (0, True), (0, False)), 2):
            warehouse.run(f"insert into import_counts values ({number}, 'events', 0, {added}, 0, 0, 0)")
            warehouse.run(f"update last_import set import_id = {number}")
            with compute(warehouse, settings, as_of=as_of, full=full) as computed:
                used.append(computed.run(threads))
        assert used == [[(1,)], usual, usual, [(1,)]]
        warehouse.run("set threads = 1")
        warehouse.use_all_threads()
        assert warehouse.rows(threads) == usual


def test_a_later_look_leaves_complete_periods_alone(settings: Settings) -> None:
    with Warehouse.open(settings) as warehouse:
        company(settings).store(warehouse)
        seen = []
        for as_of in ("2024-01-09T12:00:00", "2024-01-15T00:00:00"):
            with compute(warehouse, settings, as_of=at(as_of)) as computed:
                seen.append(publish(computed, published_at=at(as_of)).name)
    key = ["metric", "grain", "period_start", "dimension", "segment"]
    early, late = (read.table(settings, name, "metrics") for name in seen)
    moving = pl.col("metric").str.starts_with("time_to_first_value")
    kept = early.filter("complete", ~moving).drop("as_of")
    assert len(kept) > 100
    assert kept.join(late.drop("as_of"), on=key, how="inner").height == len(kept)
    assert kept.sort(key).equals(late.drop("as_of").join(kept.select(key), on=key, how="semi").sort(key))


def test_a_file_dropped_into_a_room_is_a_metric(settings: Settings, tmp_path: Path) -> None:
    room = tmp_path / "metrics" / "experiments"
    room.mkdir(parents=True)
    (room / "signups_doubled.sql").write_text(ADDED)
    with Warehouse.open(settings) as warehouse:
        company(settings).store(warehouse)
        files = metric_files(tmp_path / "metrics")
        with compute(warehouse, settings, as_of=at("2024-01-20T00:00:00"), metrics=files) as computed:
            edition = publish(computed, published_at=at("2024-01-20T00:00:00"))
    rows = read.series(settings, edition.name, ["signups_doubled"], grain="month")
    assert rows["value"].to_list() == [24.0]


def test_a_broken_metric_is_left_out_and_told(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "metrics" / "room"
    folder.mkdir(parents=True)
    (folder / "broken.sql").write_text(ADDED.replace("onboarding_period", "no_such_step"))
    (folder / "silent.sql").write_text("select 1 as value")
    good = [file for file in metric_files() if file.name == "signups"]
    bad = [read_file(folder / name) for name in ("broken.sql", "silent.sql")]
    with Warehouse.open(settings) as warehouse:
        company(settings).store(warehouse)
        with compute(warehouse, settings, as_of=at("2024-01-20T00:00:00"), metrics=(*bad, *good)) as computed:
            edition = publish(computed, published_at=at("2024-01-20T00:00:00"))
    assert len(edition.problems) == 2
    assert "no_such_step" in edition.problems[0]
    assert "must say `unit`" in edition.problems[1]
    assert read.edition(settings, edition.name).problems == edition.problems
    assert read.table(settings, edition.name, "metrics")["metric"].unique().to_list() == ["signups"]


def test_attributes_beyond_the_shape_are_dimensions_too(tmp_path: Path) -> None:
    facts = Facts(Settings(home=tmp_path, segments=("owner", "size of team", "o'brien")))
    attributes = """{"size of team": "large", "o'brien": "yes"}"""
    facts.account("a", "2024-01-01T00:00:00", owner="Ann", attributes=attributes)
    facts.account("b", "2024-01-01T00:00:00")
    figures = facts.figures("2024-01-01T12:00:00")
    rows = figures.table("segments").rows()
    assert rows == [
        ("all", "all", 2),
        ("o'brien", "(none)", 1),
        ("o'brien", "yes", 1),
        ("owner", "(none)", 1),
        ("owner", "Ann", 1),
        ("size of team", "(none)", 1),
        ("size of team", "large", 1),
    ]
    states = figures.table("account_state")
    assert states["size of team"].to_list() == ["large", "(none)"]


ZONES = ("UTC", "Europe/Warsaw", "America/Sao_Paulo", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia")


@given(
    zone=st.sampled_from(ZONES),
    week_start=st.integers(0, 6),
    instants=st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)), min_size=1, max_size=50),
)
@bounds(max_examples=8)
def test_named_functions_agree_with_the_calendar(
    zone: str, week_start: int, instants: list[datetime]
) -> None:
    calendar = Calendar(ZoneInfo(zone), week_start)
    with duckdb.connect() as connection:
        for statement in macros(zone, week_start):
            connection.execute(statement).fetchall()
        sql = "select local_date($at) as day, week_of(local_date($at)), month_of(local_date($at))"
        for instant in instants:
            day = calendar.local_date(instant)
            expected = (day, calendar.start_of(day, "week"), calendar.start_of(day, "month"))
            assert connection.execute(sql, {"at": instant}).fetchall() == [expected]


@pytest.mark.parametrize(("hits", "tries"), [(0, 0), (0, 5), (5, 5), (1, 10), (333, 1000)])
def test_wilson_is_wilson(hits: int, tries: int) -> None:
    with duckdb.connect() as connection:
        for statement in macros("UTC", 0):
            connection.execute(statement).fetchall()
        [found] = connection.execute(
            "select wilson_lower($k, $n), wilson_upper($k, $n)", {"k": hits, "n": tries}
        ).fetchall()
    if not tries:
        assert found == (None, None)
        return
    z, p = 1.959963984540054, hits / tries
    middle, margin = p + z * z / (2 * tries), z * (p * (1 - p) / tries + z * z / (4 * tries * tries)) ** 0.5
    assert found == pytest.approx(
        ((middle - margin) / (1 + z * z / tries), (middle + margin) / (1 + z * z / tries))
    )
