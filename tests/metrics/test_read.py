"""Reading editions: typed, sorted, safe from many threads, and quick to say what is not there."""

import threading
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from data.errors import BadInput, NoEdition
from data.settings import Settings
from metrics import read, shelf
from metrics.read import AccountFilter
from tests.metrics.facts import Facts, Figures


@pytest.fixture(scope="module")
def figures(tmp_path_factory: pytest.TempPathFactory) -> Figures:
    facts = Facts(Settings(home=tmp_path_factory.mktemp("read"), segments=("plan",)))
    for number in range(9):
        name = f"a{number}"
        facts.account(
            name,
            f"2024-0{1 + number % 3}-1{number}T00:00:00",
            plan=("pro", "")[number % 2],
            name=f"Acme {number}",
        )
        facts.event(name, f"2024-0{1 + number % 3}-1{number}T01:00:00", "welcome_seen")
        facts.change(name, f"2024-03-2{number}T00:00:00", str(number))
    facts.payment("a1", "2024-03-27T00:00:00", "9.90", "failed", "expired_card")
    return facts.figures("2024-03-28T12:00:00")


def test_series_is_sorted_and_holds_what_was_asked_for(figures: Figures) -> None:
    rows = read.series(
        figures.settings, figures.edition, ["signups", "mrr"], grain="month", dimension="plan", segment=None
    )
    keys = rows.select("metric", "segment", "period_start").rows()
    assert keys == sorted(keys)
    assert rows["metric"].unique().sort().to_list() == ["mrr", "signups"]
    assert rows["segment"].unique().sort().to_list() == ["(none)", "pro"]


def test_series_takes_a_half_open_range(figures: Figures) -> None:
    rows = read.series(
        figures.settings,
        figures.edition,
        ["signups"],
        grain="month",
        start=date(2024, 2, 1),
        end=date(2024, 3, 1),
    )
    assert rows["period_start"].to_list() == [date(2024, 2, 1)]
    assert read.series(figures.settings, figures.edition, ["no_such"], grain="month").is_empty()


def test_latest_tells_the_complete_from_the_running(figures: Figures) -> None:
    found = read.latest(figures.settings, figures.edition, "signups", grain="month")
    assert found.complete
    assert found.before
    assert found.running
    assert [str(f.period_start) for f in (found.before, found.complete, found.running)] == [
        "2024-01-01", "2024-02-01", "2024-03-01",
    ]  # fmt: skip
    assert read.latest(figures.settings, figures.edition, "no_such", grain="day") == read.Latest(
        None, None, None
    )


def test_the_edition_describes_itself(figures: Figures) -> None:
    info = read.edition(figures.settings, figures.edition)
    assert (info.edition, info.accounts, info.events, info.waiting) == (figures.edition, 9, 9, 0)
    assert (info.segments, info.timezone, info.problems) == (("plan",), "UTC", ())
    assert str(info.last_fact_at) == "2024-03-28 00:00:00"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (AccountFilter(account_id="a4"), ["a4"]),
        (AccountFilter(segments={"plan": "(none)"}), ["a3", "a1", "a7", "a5"]),
        (AccountFilter(search="ACME 8"), ["a8"]),
        (AccountFilter(is_paying=False), ["a0"]),
        (AccountFilter(steps_reached=0), []),
        (AccountFilter(steps_reached=1, is_activated=False, created_from=date(2024, 3, 15)), ["a5", "a8"]),
        (AccountFilter(created_before=date(2024, 1, 14), oldest_first=False), ["a3", "a0"]),
    ],
)
def test_accounts_are_found_by_what_is_asked(
    figures: Figures, where: AccountFilter, expected: list[str]
) -> None:
    rows = read.accounts(figures.settings, figures.edition, where=where)
    assert rows["account_id"].to_list() == expected


def test_accounts_refuse_a_dimension_that_is_not_there(figures: Figures) -> None:
    where = AccountFilter(segments={'plan" = 1 --': "pro"})
    with pytest.raises(BadInput, match="There is no dimension"):
        read.accounts(figures.settings, figures.edition, where=where)


def test_the_feed_is_newest_first(figures: Figures) -> None:
    feed = read.feed(figures.settings, figures.edition, limit=3)
    assert feed["kind"].to_list() == ["became_customer", "payment_failed", "became_customer"]
    assert feed["detail"].to_list()[1] == "expired_card"


def test_the_feed_of_a_segment_is_that_of_its_accounts(figures: Figures) -> None:
    known = read.segments(figures.settings, figures.edition).filter(pl.col("dimension") == "plan")["segment"]
    whole = read.feed(figures.settings, figures.edition, limit=100)
    parts = [
        read.feed(figures.settings, figures.edition, limit=100, dimension="plan", segment=one)
        for one in known
    ]
    assert sorted(pl.concat(parts).iter_rows(), key=str) == sorted(whole.iter_rows(), key=str)
    assert max(part.height for part in parts) < whole.height
    with pytest.raises(BadInput, match="There is no dimension"):
        read.feed(figures.settings, figures.edition, dimension='plan" = 1 --', segment="pro")


def test_sources_say_what_came(figures: Figures) -> None:
    rows = read.sources(figures.settings, figures.edition).rows_by_key("shape", named=True, unique=True)
    assert {shape: row["facts"] for shape, row in rows.items()} == {
        "accounts": 9, "events": 9, "payments": 1, "subscription_changes": 9,
    }  # fmt: skip


def test_weeks_and_months_of_a_place_are_the_same_rows_as_its_series(figures: Figures) -> None:
    asked = {"dimension": "plan", "segment": "pro"}
    whole = read.weeks_and_months(figures.settings, figures.edition, **asked)
    for grain in ("month", "week"):
        rows = whole.filter(pl.col("grain") == grain)
        known = rows["metric"].unique().to_list()
        assert rows.equals(read.series(figures.settings, figures.edition, known, grain=grain, **asked))
    assert set(whole["grain"]) == {"month", "week"}


def test_a_split_is_every_segment_of_every_dimension_from_a_day_on(figures: Figures) -> None:
    wanted = ("mrr", "signups")
    dimensions = read.edition(figures.settings, figures.edition).segments
    parts = [
        read.series(figures.settings, figures.edition, wanted, grain="week", dimension=name, segment=None)
        for name in dimensions
    ]
    rows = pl.concat(parts).sort("metric", "dimension", "segment", "period_start")
    start = rows["period_start"].sort()[rows.height // 2]
    found = read.split(figures.settings, figures.edition, wanted, grain="week", start=start)
    assert found.equals(rows.filter(pl.col("period_start") >= start))


def test_every_table_can_be_exported_and_no_other(figures: Figures) -> None:
    for name in read.tables():
        rows = read.table(figures.settings, figures.edition, name)
        rows.write_csv()
        assert rows.width > 2, name
    with pytest.raises(BadInput, match="There is no table 'nothing'; there are metrics, cohorts"):
        read.table(figures.settings, figures.edition, "nothing")


def test_an_edition_that_is_gone_is_named(figures: Figures) -> None:
    with pytest.raises(NoEdition, match="There is no edition 00000099-x"):
        read.edition(figures.settings, "00000099-x")


def test_old_editions_are_closed_once_nobody_reads_them(figures: Figures, tmp_path: Path) -> None:
    source = figures.settings.published / f"{figures.edition}.duckdb"
    for number in range(6):
        (tmp_path / f"{number}.duckdb").write_bytes(source.read_bytes())
    with shelf.reading(tmp_path, "0") as cursor:
        for number in range(1, 6):
            with shelf.reading(tmp_path, str(number)) as other:
                other.execute("from edition").fetchall()
        assert cursor.execute("select count(*) from metrics").fetchall()[0][0] > 0
    held = [path.stem for path in shelf._held if path.parent == tmp_path]
    assert held == ["3", "4", "5"]


def test_a_place_that_an_edition_left_is_as_a_new_one_to_the_next(figures: Figures, tmp_path: Path) -> None:
    source = figures.settings.published / f"{figures.edition}.duckdb"
    shelf.clear()
    seen = []
    for number in range(shelf.HELD + 2):
        (tmp_path / f"{number}.duckdb").write_bytes(source.read_bytes())
        with shelf.reading(tmp_path, str(number)) as cursor:
            databases = "select database_name from duckdb_databases() where not internal order by all"
            seen.append(
                [
                    *cursor.execute(databases).fetchall(),
                    *cursor.execute("select current_setting('threads')").fetchall(),
                ]
            )
            cursor.execute("attach ':memory:' as volume")
            cursor.execute("set threads = 2")
    assert seen == [[("edition",), ("memory",), (1,)]] * len(seen)
    places = {id(held.connection) for held in shelf._held.values()} | {id(place) for place in shelf._free}
    assert len(places) == shelf.HELD + 1


def test_a_place_that_broke_is_not_used_again(figures: Figures, tmp_path: Path) -> None:
    shelf.clear()
    (tmp_path / "torn.duckdb").write_bytes(b"torn")
    with pytest.raises(NoEdition, match="Edition torn is damaged"), shelf.reading(tmp_path, "torn"):
        pass
    assert shelf._free == []
    broken = duckdb.connect()
    broken.close()
    shelf.empty(broken)
    assert shelf._free == []
    assert read.edition(figures.settings, figures.edition).accounts > 0


def test_many_threads_read_at_once(figures: Figures) -> None:
    found: list[int] = []

    def read_often() -> None:
        for _ in range(10):
            found.append(len(read.cohorts(figures.settings, figures.edition, grain="week")))

    threads = [threading.Thread(target=read_often) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 60
    assert len(set(found)) == 1
