"""The connector to SQL databases, against PostgreSQL and SQLite."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tried
from hypothesis import strategies as st

from data.errors import BadInput, TryAgain
from data.settings import ROOT
from data.sources import Page, connector, sql
from data.sources.database import position

NOW = datetime(2025, 6, 1, 12)
EVENTS = {
    "shape": "events",
    "table": "happened",
    "cursor_column": "at",
    "columns": {"event_id": "id", "account_id": "who", "occurred_at": "at", "name": "what"},
}


def params(**given: Any) -> sql.Params:
    found = connector("sql").read(EVENTS | given)
    assert isinstance(found, sql.Params)
    return found


class Kept:
    """What an inbox would hold: facts and cursor, page by page."""

    def __init__(self) -> None:
        self.cursor: str | None = None
        self.facts: list[dict[str, Any]] = []

    def take(self, pages: Iterable[Page], most: int = 10**9) -> int:
        """Take pages, at most so many; the number taken."""
        taken = 0
        for page in pages:
            self.facts += [dict(fact.values) for fact in page.facts]
            self.cursor = page.cursor
            taken += 1
            if taken == most:
                break
        return taken

    def pull(self, how: sql.Params, now: datetime = NOW, most: int = 10**9) -> int:
        return self.take(sql.pull(how, self.cursor, now), most)

    @property
    def ids(self) -> list[str]:
        return sorted(fact["event_id"] for fact in self.facts)


@pytest.fixture
def shop(sqlite: sqlite3.Connection) -> sqlite3.Connection:
    sqlite.execute("create table happened (id text primary key, who text, at, what text)")
    return sqlite


def add(shop: sqlite3.Connection, *rows: tuple[str, Any]) -> None:
    shop.executemany("insert into happened values (?, 'a1', ?, 'seen')", rows)


def url_of(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'shop.db'}"


def test_a_second_pull_gives_nothing_and_moves_nothing(shop: sqlite3.Connection, tmp_path: Path) -> None:
    add(shop, *[(f"e{n}", f"2025-05-01 10:00:{n:02d}") for n in range(25)])
    kept, how = Kept(), params(url=url_of(tmp_path), page_size=10)
    assert kept.pull(how) == 4
    assert kept.ids == sorted(f"e{n}" for n in range(25))
    assert kept.pull(how) == 0


def test_rows_that_share_a_value_over_a_pages_end_are_not_lost(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    add(shop, *[(f"e{n}", 1 + n // 20) for n in range(50)])
    kept = Kept()
    kept.pull(params(url=url_of(tmp_path), page_size=7, look_back_steps=0))
    assert kept.ids == sorted(f"e{n}" for n in range(50))


def test_a_row_committed_late_is_found_within_the_look_back(shop: sqlite3.Connection, tmp_path: Path) -> None:
    add(shop, ("e1", "2025-05-01 10:00:00"), ("e2", "2025-05-01 10:04:00"))
    kept, how = Kept(), params(url=url_of(tmp_path), look_back_seconds=300)
    kept.pull(how)
    add(shop, ("late", "2025-05-01 10:01:00"), ("same", "2025-05-01 10:04:00"), ("too late", "2025-05-01"))
    kept.pull(how)
    assert kept.ids == ["e1", "e2", "late", "same"]


def test_a_row_of_the_future_does_not_hide_the_present(shop: sqlite3.Connection, tmp_path: Path) -> None:
    add(shop, ("e1", "2025-06-01T11:59:00Z"), ("future", "2999-01-01T00:00:00Z"))
    kept, how = Kept(), params(url=url_of(tmp_path))
    kept.pull(how)
    add(shop, ("e2", "2025-06-01T12:01:00Z"))
    kept.pull(how, NOW + timedelta(minutes=2))
    kept.pull(how, NOW + timedelta(minutes=3))
    assert kept.ids == ["e1", "e2", "future"]


def test_other_columns_begin_from_the_start_and_another_pace_does_not(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    add(shop, ("e1", 1), ("e2", 2))
    kept, how = Kept(), params(url=url_of(tmp_path))
    kept.pull(how)
    assert kept.pull(params(url=url_of(tmp_path), every=5, page_size=1, timeout=9)) == 0
    kept.pull(params(url=url_of(tmp_path), leave_out=["zip"]))
    assert kept.ids == ["e1", "e1", "e2", "e2"]


def test_more_rows_of_one_value_than_can_be_remembered_are_not_given_again_and_again(
    shop: sqlite3.Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(position, "MOST_REMEMBERED", 10)
    add(shop, *[(f"e{n}", 5) for n in range(100)])
    kept, how = Kept(), params(url=url_of(tmp_path), page_size=9)
    kept.pull(how)
    assert kept.ids == sorted(f"e{n}" for n in range(100))
    assert kept.pull(how) == 0
    add(shop, ("late", 5))
    kept.pull(how)
    assert "late" in kept.ids


def test_stopped_among_rows_of_one_value_it_gives_the_others(
    shop: sqlite3.Connection, tmp_path: Path
) -> None:
    add(shop, *[(f"e{n:02d}", min(n, 3)) for n in range(40)], ("last", 9000))
    kept, how = Kept(), params(url=url_of(tmp_path), page_size=4)
    while kept.pull(how, most=1):
        pass
    assert kept.ids == [*(f"e{n:02d}" for n in range(40)), "last"]


@pytest.mark.parametrize("most", [1, 2, 3, 5])
def test_stopped_after_any_page_it_goes_on_where_it_was(
    shop: sqlite3.Connection, tmp_path: Path, most: int
) -> None:
    add(shop, *[(f"e{n}", f"2025-05-01 10:{n // 3:02d}:00") for n in range(60)])
    kept, how = Kept(), params(url=url_of(tmp_path), page_size=4)
    while kept.pull(how, most=most):
        pass
    assert kept.ids == sorted(f"e{n}" for n in range(60))


def test_the_database_is_not_changed_and_not_made(shop: sqlite3.Connection, tmp_path: Path) -> None:
    add(shop, ("e1", 1))
    for query in ("delete from happened returning *", "select * from happened; delete from happened"):
        with pytest.raises(BadInput):
            Kept().pull(params(url=url_of(tmp_path), table=None, query=query))
    assert shop.execute("select count(*) from happened").fetchone() == (1,)
    with pytest.raises(BadInput, match="unable to open"):
        sql.check(params(url=f"sqlite:///{tmp_path / 'nowhere.db'}"))
    assert not (tmp_path / "nowhere.db").exists()


def test_a_question_that_takes_too_long_is_broken_off(shop: sqlite3.Connection, tmp_path: Path) -> None:
    add(shop, ("e1", 1))
    endless = (
        "with recursive n(i) as (select 1 union all select i + 1 from n) "
        "select i as at, 'e' as id, 'a' as who, 'x' as what from n"
    )
    with pytest.raises(TryAgain, match="interrupted"):
        sql.check(params(url=url_of(tmp_path), table=None, query=endless, timeout=1))


def test_text_that_is_no_text_does_not_stop_the_table(shop: sqlite3.Connection, tmp_path: Path) -> None:
    shop.execute("insert into happened values ('e1', cast(x'ff41' as text), 1, 'seen')")
    kept = Kept()
    kept.pull(params(url=url_of(tmp_path)))
    assert kept.facts[0]["account_id"] == "\ufffdA"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shape": "cats"}, "shape = 'cats' is not allowed: the shapes are fx_rates, accounts"),
        ({"table": None}, "SQL database does not accept this: give a table or a query, one of the two."),
        (
            {"query": "select 1"},
            "SQL database does not accept this: give a table or a query, one of the two.",
        ),
        ({"pages": 1}, "SQL database has no 'pages'; it has: every, url"),
        ({"zone": "Mars"}, "zone = 'Mars' is not allowed: 'Mars' is not an IANA time zone"),
        ({"url": 5}, "url is not allowed: Input should be a valid string."),
        ({"every": 0}, "every = 0 is not allowed: Input should be greater than or equal to 1."),
        ({"cursor_column": "when"}, "There is no column 'when' to read by; there is: id, who, at, what."),
        ({"columns": {}}, "events need the column 'account_id', and there is: id, who, at, what; say in"),
        ({"columns": {"name": "wat"}}, "The column 'wat', which is to be name, is not there; there is: id"),
        ({"table": "cats"}, "refuses: no such table: cats."),
        ({"url": "secret"}, "The address of the database is not one; write it like postgresql://"),
        ({"url": "oracle://me:secret@host/x"}, "need a driver that is not installed"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(
    shop: sqlite3.Connection, tmp_path: Path, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as told:
        sql.check(params(**{"url": url_of(tmp_path)} | given))
    assert said in str(told.value)
    assert "secret" not in str(told.value)
    assert str(told.value).endswith(".")


def test_a_check_says_what_it_found(shop: sqlite3.Connection, tmp_path: Path) -> None:
    how = params(url=url_of(tmp_path))
    assert sql.check(how).endswith(
        "shop.db answers; happened gives id, who, at, what, but no row with a at yet."
    )
    add(shop, ("e1", 7), ("e2", None))
    assert sql.check(how).endswith("the highest at is 7, and rows without one are never read.")


ROWS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 3)), max_size=40)


@given(page_size=st.integers(1, 9), batches=st.lists(ROWS, max_size=5), stops=st.lists(st.integers(1, 4)))
@tried(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_row_comes_once_whatever_the_pages_the_ties_and_what_is_added_meanwhile(
    shop: sqlite3.Connection, tmp_path: Path, page_size: int, batches: list[list[Any]], stops: list[int]
) -> None:
    """Rows are added between any two pages, each at most three below the highest there is."""
    shop.execute("delete from happened")
    kept, how = Kept(), params(url=url_of(tmp_path), page_size=page_size, look_back_steps=3)
    highest, count = 0, 0
    turns = iter(stops)
    for batch in (*batches, []):
        for up, back in batch:
            add(shop, (f"e{count:03d}", highest + up - min(back, up + 3)))
            highest, count = max(highest, highest + up - min(back, up + 3)), count + 1
        kept.pull(how, most=next(turns, 1))
    while kept.pull(how):
        pass
    assert kept.ids == [f"e{number:03d}" for number in range(count)]


# PostgreSQL

DDL = """
create table "Happened" (
    id bigserial primary key, who text, at timestamptz not null, local timestamp, "Day" date,
    amount numeric(30, 10), share float8, ok boolean, body jsonb, raw bytea, tags text[], ref uuid,
    took interval
)
"""
ROW = """
insert into "Happened" (who, at, local, "Day", amount, share, ok, body, raw, tags, ref, took) values (
    'a''1', '2025-03-30 01:30:00.123456+01', '2025-03-30 03:30', '2025-03-30',
    12345678901234567890.0123456789, 0.1, true,
    '{"price": 1.10, "n": 12345678901234567890}', '\\x00ff', '{x,"y z"}',
    '6ba7b810-9dad-11d1-80b4-00c04fd430c8', '1 day 2 hours 0.5 seconds')
"""


def postgres_params(server: Any, **given: Any) -> sql.Params:
    usual = {"table": "Happened", "columns": {"event_id": "id", "account_id": "who", "occurred_at": "at"}}
    return params(**{"url": server.url, **usual} | given)


def test_every_type_of_postgresql_keeps_what_it_says(postgres: Any, server: Any) -> None:
    postgres.execute(DDL)
    postgres.execute(ROW)
    kept = Kept()
    columns = {"event_id": "id", "account_id": "who", "occurred_at": "at", "name": "took"}
    kept.pull(postgres_params(server, columns=columns, zone="Europe/Warsaw"))
    assert kept.facts == [
        {
            "event_id": "1",
            "account_id": "a'1",
            "occurred_at": "2025-03-30T00:30:00.123456Z",
            "local": "2025-03-30T01:30:00Z",
            "day": "2025-03-30",
            "amount": "12345678901234567890.0123456789",
            "share": "0.1",
            "ok": "true",
            "body": '{"n": 12345678901234567890, "price": 1.10}',
            "raw": "00ff",
            "tags": '["x", "y z"]',
            "ref": "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "name": "93600.5",
        }
    ]


def test_times_that_python_does_not_know_stop_nothing(postgres: Any, server: Any) -> None:
    postgres.execute("create table spans (id text, who text, since timestamptz, till timestamptz, day date)")
    postgres.execute(
        "insert into spans values ('s1', 'a1', '2025-01-01Z', 'infinity', 'infinity'),"
        "('s2', 'a1', '2025-01-02Z', '20000-01-01Z', '20000-01-01'), ('s3', 'a1', 'infinity', null, null),"
        "('s4', 'a1', '-infinity', null, null), ('s5', 'a1', '2025-01-03Z', '4000-01-01BC', '4000-01-01BC')"
    )
    kept = Kept()
    columns = {"subscription_id": "id", "account_id": "who", "started_at": "since", "ended_at": "till"}
    given = {"shape": "subscriptions", "table": "public.spans", "cursor_column": "since"}
    query = {"table": None, "query": "select *, 1 as mrr from spans -- all of them", "page_size": 1}
    kept.pull(params(url=server.url, **given | query | {"columns": columns}))
    assert [(fact["subscription_id"], fact["ended_at"], fact["day"]) for fact in kept.facts] == [
        ("s1", None, None),
        ("s2", "9999-12-31T23:59:59.999998Z", "9999-12-30"),
        ("s5", "0001-01-01T00:00:00Z", "0001-01-01"),
    ]


CURSORS = {
    "timestamptz": "timestamptz '2025-05-01Z' + n / 3 * interval '1 minute'",
    "timestamp": "timestamp '2025-05-01' + n / 3 * interval '1 minute'",
    "date": "date '2025-05-01' + n / 3",
    "numeric": "n / 3 + 0.5",
    "bigint": "n / 3 + 10000000000",
    "float8": "n / 3 / 7.0",
    "text": "'k' || lpad((n / 3)::text, 3, '0')",
    "uuid": "('00000000-0000-0000-0000-' || lpad((n / 3)::text, 12, '0'))::uuid",
    "bytea": "decode(lpad((n / 3)::text, 4, '0'), 'hex')",
}


@pytest.mark.parametrize("kind", CURSORS)
def test_a_table_is_read_by_a_column_of_any_type_that_sorts(postgres: Any, server: Any, kind: str) -> None:
    postgres.execute(
        f"create table happened as select n as id, 'a1' as who, cast({CURSORS[kind]} as {kind}) as at, "
        "now() as seen, 'x' as what from generate_series(1, 50) n"
    )
    columns = {"event_id": "id", "account_id": "who", "occurred_at": "seen", "name": "what"}
    kept, how = Kept(), params(url=server.url, columns=columns, page_size=4)
    while kept.pull(how, most=1):
        pass
    assert sorted(map(int, kept.ids)) == list(range(1, 51))
    postgres.execute(
        "insert into happened select 51, who, at, seen, what from happened order by at desc limit 1"
    )
    kept.pull(how)
    assert kept.ids.count("51") == 1
    assert kept.pull(how) == 0


def test_a_transaction_that_commits_late_is_not_passed_over(postgres: Any, server: Any) -> None:
    postgres.execute("create table happened (id text, who text, at timestamptz default now(), what text)")
    kept, how = Kept(), params(url=server.url)
    with server.connect() as slow:
        slow.autocommit = False
        slow.execute("insert into happened (id, who, what) values ('slow', 'a1', 'x')")
        postgres.execute("insert into happened values ('quick', 'a1', now() + interval '1 minute', 'x')")
        kept.pull(how)
        assert kept.ids == ["quick"]
        slow.commit()
    kept.pull(how)
    assert kept.ids == ["quick", "slow"]


def test_postgresql_is_only_read(postgres: Any, server: Any) -> None:
    postgres.execute("create table happened (id text, who text, at int, what text)")
    postgres.execute("insert into happened values ('e1', 'a1', 1, 'x')")
    postgres.execute(
        "create function wipe() returns text language plpgsql as "
        "$$ begin delete from happened; return 'gone'; end $$"
    )
    query = "select *, wipe() as wiped from happened"
    with pytest.raises(BadInput, match="cannot execute DELETE in a read-only transaction"):
        Kept().pull(params(url=server.url, table=None, query=query))
    assert postgres.execute("select count(*) from happened").fetchone() == (1,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"table": "missing"}, 'refuses: relation "missing" does not exist.'),
        ({"table": None, "query": "selec 1"}, "refuses: syntax error at or near"),
        ({"table": None, "query": "select 1 as at, 1 as id, 2 as id"}, "gives the column 'id' twice"),
    ],
)
def test_what_postgresql_refuses_is_said(
    postgres: Any, server: Any, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as told:
        sql.check(params(url=server.url, **given))
    assert said in str(told.value)


def test_a_wrong_password_or_database_is_said_without_the_password(postgres: Any, server: Any) -> None:
    wrong = server.url.replace("only%3Afor%40tests", "hunter2")
    with pytest.raises(BadInput, match="password authentication failed") as told:
        sql.check(params(url=wrong))
    assert "hunter2" not in str(told.value)
    with pytest.raises(BadInput, match='database "nowhere" does not exist'):
        sql.check(params(url=server.url.replace("/postgres", "/nowhere")))


def test_a_question_that_takes_too_long_is_broken_off_by_postgresql(postgres: Any, server: Any) -> None:
    query = "select 1 as at, 'e' as id, 'a' as who, pg_sleep(60)::text as what"
    with pytest.raises(TryAgain, match="statement timeout"):
        Kept().pull(params(url=server.url, table=None, query=query, timeout=1))


def test_a_server_that_goes_away_in_the_middle_is_read_on_when_it_is_back(postgres: Any, server: Any) -> None:
    postgres.execute("create table happened as select n as id, 'a1' as who, n as at, 'x' as what "
                     "from generate_series(1, 100) n")  # fmt: skip
    postgres.execute("alter table happened alter at type int")
    kept, how = Kept(), params(url=server.url, page_size=10)
    pages = sql.pull(how, None, NOW)
    kept.take(pages, most=3)
    server.stop()
    try:
        with pytest.raises(TryAgain, match="did not answer"):
            kept.take(pages)
        with pytest.raises(TryAgain, match="Connection refused"):
            kept.pull(how)
    finally:
        server.start()
    kept.pull(how)
    assert sorted(map(int, kept.ids)) == list(range(1, 101))


KILLED = """
import os, sys
from datetime import datetime
from data.sources import connector
how = connector("sql").read(__import__("json").loads(sys.argv[1]))
for number, page in enumerate(connector("sql").pull(how, None, datetime(2025, 6, 1))):
    print(page.cursor, *[fact.values["event_id"] for fact in page.facts], sep="\\t", flush=True)
    if number == 4:
        os.kill(os.getpid(), 9)
"""


def test_killed_in_the_middle_it_goes_on_after_the_last_page_kept(postgres: Any, server: Any) -> None:
    postgres.execute(
        "create table happened as select n as id, 'a1' as who, now() + n / 7 * interval '1 second' as at, "
        "'x' as what from generate_series(1, 200) n"
    )
    how = params(url=server.url, page_size=10)
    from json import dumps

    from data.params import stored

    line = [sys.executable, "-c", KILLED, dumps(stored(how))]
    died = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert died.returncode == -signal.SIGKILL, died.stderr
    kept = Kept()
    for page in died.stdout.splitlines():
        kept.cursor, *ids = page.split("\t")
        kept.facts += [{"event_id": one} for one in ids]
    assert 0 < len(kept.ids) < 200
    kept.pull(how, datetime.now(UTC).replace(tzinfo=None))
    assert sorted(map(int, kept.ids)) == list(range(1, 201))


def test_rows_that_many_writers_add_meanwhile_come_once_each(postgres: Any, server: Any) -> None:
    """Four real writers commit at their own pace while the table is pulled again and again."""
    postgres.execute(
        "create table happened (id serial, who text default 'a1', "
        "at timestamptz default clock_timestamp(), what text default 'x')"
    )
    write = (
        "import psycopg, random, sys\n"
        "with psycopg.connect(sys.argv[1]) as c:\n"
        "    for _ in range(100):\n"
        "        for _ in range(random.randint(1, 5)): c.execute('insert into happened default values')\n"
        "        c.execute('select pg_sleep(random() / 100)'); c.commit()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", write, server.url]) for _ in range(4)]
    kept, how = Kept(), params(url=server.url, page_size=17)
    while any(writer.poll() is None for writer in writers):
        kept.pull(how, datetime.now(UTC).replace(tzinfo=None))
    assert [writer.returncode for writer in writers] == [0] * 4
    while kept.pull(how, datetime.now(UTC).replace(tzinfo=None)):
        pass
    stored_ids = sorted(str(row[0]) for row in postgres.execute("select id from happened"))
    assert kept.ids == stored_ids
