"""Mappings read a folder's foreign files, and nothing else on the machine."""

import json
import os
import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from data.errors import BadInput
from data.settings import ROOT

CUSTOMERS = "id,since,tier,paid\nc1,2024-01-01,pro,10.10\nc2,2024-01-02 10:00:00,free,0\n"
ACCOUNTS = "select id as account_id, since as created_at, tier as plan from customers"


def test_a_mapping_gives_foreign_files_a_shape(desk) -> None:
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", f"-- who pays\n{ACCOUNTS} order by id -- the end")
    desk.put(
        "subscription_changes.sql",
        "select id as subscription_id, id as account_id, since as effective_at, paid as mrr, 'x' as note "
        "from customers;",
    )
    report = desk.load(zone="Europe/Warsaw")
    assert [(count.shape, count.added) for count in report.counts] == [
        ("accounts", 2),
        ("subscription_changes", 2),
    ]
    assert report.problems == ()
    assert desk.rows("select account_id, created_at, plan from accounts order by seq") == [
        ("c1", datetime(2023, 12, 31, 23), "pro"),
        ("c2", datetime(2024, 1, 2, 9), "free"),
    ]
    assert desk.rows("select mrr, properties from subscription_changes order by seq")[0] == (
        Decimal("10.1"),
        '{"note":"x"}',
    )


def test_every_data_file_is_a_table_and_a_folder_of_them_is_one(desk) -> None:
    desk.put("2018/11/b.json", '{"user":1,"ts":1541000000000}\n')
    desk.put("2018/11/c.json", '{"user":"2","ts":1541000000001}\n{"user":"","ts":1541000000002}\n')
    desk.put("2018/12/a.json", json.dumps([{"user": 3, "ts": 1541000000003}]))
    pl.DataFrame({"user": ["1"], "plan": ["pro"]}).write_parquet(desk.folder / "plans.parquet")
    desk.put("names.tsv", "user\tname\n1\tAnn\n")
    desk.put(
        "accounts.sql",
        """
        select l."user" as account_id, ts as created_at, p.plan, n.name
        from "2018" as l
        left join plans as p on trim(cast(l."user" as varchar), '"') = p."user"
        left join names as n on trim(cast(l."user" as varchar), '"') = cast(n."user" as varchar)
        where trim(cast(l."user" as varchar), '"') <> ''
        """,
    )
    assert desk.load().problems == ()
    assert desk.rows("select account_id, plan, name from accounts order by account_id") == [
        ("1", "pro", "Ann"), ("2", None, None), ("3", None, None)
    ]  # fmt: skip


def test_bad_rows_of_a_mapping_are_numbered_by_its_result(desk) -> None:
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", "select id as account_id, nullif(since, '2024-01-01') as created_at "
             "from (select id, cast(since as varchar)[:10] as since from customers)")  # fmt: skip
    assert [(count.added, count.quarantined) for count in desk.load().counts] == [(1, 1)]
    assert desk.rows("select file, row, reason from quarantine_listing") == [
        ("accounts.sql", 1, "created_at is missing")
    ]


def test_shape_files_beside_a_mapping_still_import(desk) -> None:
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", ACCOUNTS)
    desk.put("tickets.csv", "ticket_id,account_id,opened_at\nt,c1,2024-01-01\n")
    desk.put("clients.sql", "select 1")
    desk.put("readme.md", "hello")
    report = desk.load()
    assert [count.shape for count in report.counts] == ["accounts", "tickets"]
    assert len(report.problems) == 2
    assert report.problems[0].startswith("clients.sql was not read: there is no shape 'clients'")
    assert report.problems[1] == "readme.md was not read: it holds no CSV, JSON or Parquet."


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ({"accounts.sql": "selec 1"}, 'accounts.sql: Parser Error: syntax error at or near "selec".'),
        ({"accounts.sql": "select id as account_id from customers"},
         "accounts.sql lacks the column created_at; it has: account_id."),
        ({"accounts.sql": "select x from customers"}, "accounts.sql: Binder Error: Referenced column"),
        ({"accounts.sql": "select cast(tier as int) as account_id, since as created_at from customers"},
         "accounts.sql: Conversion Error"),
        ({"accounts.sql": ACCOUNTS, "accounts.csv": "account_id,created_at\n"},
         "accounts.sql and accounts.csv both give accounts; keep one of them."),
        ({"accounts.sql": ACCOUNTS, "customers.json": "{}"},
         "customers.csv and customers.json would both be the table customers."),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_work_is_refused_in_one_sentence(
    desk, files: dict[str, str], sentence: str
) -> None:
    desk.put("customers.csv", CUSTOMERS)
    for name, text in files.items():
        desk.put(name, text)
    with pytest.raises(BadInput) as refused:
        desk.load()
    assert str(refused.value).startswith(sentence)
    assert "\n" not in str(refused.value)


NOT_ONE_SELECT = [
    "", "-- nothing", "select 1; select 2", "select 1; copy (select 1) to '{out}'",
    "copy (select 1) to '{out}'",
    "attach '{out}' as o", "pragma database_list", "set enable_external_access = true", "install httpfs",
    "load httpfs", "create table t as select 1", "insert into customers values (1)", "drop view customers",
    "call pragma_version()", "export database '{out}'", "import database '{out}'", "reset memory_limit",
    "prepare p as select 1", "explain analyze select 1", "use memory", "checkpoint", "delete from customers",
    "set variable x = 1", "create macro m() as 1", "with d as (delete from customers returning *) from d",
]  # fmt: skip


@pytest.mark.parametrize("sql", NOT_ONE_SELECT)
def test_anything_but_one_select_is_refused(desk, sql: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", sql.format(out=out))
    with pytest.raises(BadInput, match=r"^accounts\.sql"):
        desk.load()
    assert not out.exists()


OUTSIDE = [
    "select * from read_csv('/etc/passwd', sep=':', header=false)",
    "select * from '/etc/passwd'",
    "select * from read_text('/etc/passwd')",
    "select * from read_blob('/etc/hostname')",
    "select * from glob('/etc/*')",
    "select * from read_text('{secret}')",
    "select * from read_csv('{secret}')",
    "select * from '{secret}'",
    "select * from read_csv('{folder}/../outside/secret.csv')",
    "select * from read_csv('{folder}/customers.csv/../../outside/secret.csv')",
    "select * from read_csv('../outside/secret.csv')",
    "select * from read_parquet('{home}/warehouse.duckdb')",
    "select * from read_csv('{home}/tmp/*/*')",
    "select * from read_json('https://example.com/x.json')",
    "select * from sniff_csv('{secret}')",
    "select getenv('HOME') as account_id, 1 as created_at",
    "select * from parquet_metadata('{secret}')",
    "select * from query('copy (select 1) to ''{out}''')",
    "select * from desk",
    "select * from duckdb_secrets()",
    "select * from secret",
    "select * from leaving",
]


@pytest.mark.parametrize("sql", OUTSIDE)
def test_a_mapping_reaches_nothing_outside_its_folder(desk, sql: str) -> None:
    outside = desk.folder.parent / "outside"
    outside.mkdir()
    secret = outside / "secret.csv"
    secret.write_text("account_id,created_at\nhidden,2024-01-01\n")
    (desk.folder / "leaving.csv").symlink_to(secret)
    (desk.folder / "secret").symlink_to(outside)
    desk.put("customers.csv", CUSTOMERS)
    places = {
        "secret": secret,
        "folder": desk.folder,
        "home": desk.warehouse.settings.home,
        "out": outside / "out",
    }
    desk.put("accounts.sql", sql.format(**places))
    with pytest.raises(BadInput) as refused:
        desk.load()
    assert "hidden" not in str(refused.value)
    assert "root:" not in str(refused.value)
    assert not (outside / "out").exists()


def test_links_out_of_the_folder_are_told(desk) -> None:
    outside = desk.folder.parent / "outside.csv"
    outside.write_text("a\n1\n")
    (desk.folder / "leaving.csv").symlink_to(outside)
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", ACCOUNTS)
    assert desk.load().problems == ("leaving.csv was not read: it leads out of the folder.",)


def test_the_sandbox_is_locked(desk) -> None:
    desk.put("customers.csv", CUSTOMERS)
    asked = ", ".join(
        f"current_setting('{name}') as {name}"
        for name in ("enable_external_access", "lock_configuration", "autoload_known_extensions")
    )
    desk.put("accounts.sql", "select 'x' as account_id, '2024-01-01' as created_at, "
             f"{asked}")  # fmt: skip
    desk.load()
    kept = json.loads(desk.column("select attributes from accounts")[0])
    assert kept == {
        "enable_external_access": False,
        "lock_configuration": True,
        "autoload_known_extensions": False,
    }


def test_a_mapping_may_not_use_all_memory(open_desk) -> None:
    desk = open_desk(memory="200MB")
    desk.put("customers.csv", CUSTOMERS)
    desk.put("accounts.sql", "select string_agg(repeat('x', 1000), '') as account_id, 1 as created_at "
             "from range(100000000)")  # fmt: skip
    with pytest.raises(BadInput, match=r"accounts\.sql: Out of Memory"):
        desk.load()


REAL = os.environ.get("HOLDFAST_REAL_DATA", "")
with_real_data = pytest.mark.skipif(
    not Path(REAL or "absent").is_dir(), reason="HOLDFAST_REAL_DATA does not name a folder of real exports"
)


def _with_mapping(desk, export: str, mapping: str) -> None:
    if not (Path(REAL) / export).is_dir():
        pytest.skip(f"HOLDFAST_REAL_DATA holds no {export}")
    shutil.copytree(Path(REAL) / export, desk.folder, dirs_exist_ok=True)
    for sql in (ROOT / "docs" / "mappings" / mapping).glob("*.sql"):
        shutil.copy(sql, desk.folder)


@with_real_data
def test_ravenstack_comes_to_the_mrr_worked_out_elsewhere(desk) -> None:
    _with_mapping(desk, "ravenstack", "ravenstack")
    report = desk.load()
    assert {
        count.shape: (count.read, count.added, count.waiting, count.quarantined) for count in report.counts
    } == {
        "accounts": (500, 500, 0, 0),
        "subscriptions": (5000, 5000, 0, 0),
        "events": (25000, 24979, 0, 0),
        "feedback": (600, 600, 0, 0),
        "tickets": (2000, 2000, 0, 0),
    }
    by_month = """
        with
        months as (select cast(d as date) as day from generate_series(date '2023-02-01', date '2025-01-01', interval 1 month) as t(d)),
        states as (
            select day - 1 as month_end, account_key, subscription_id,
                arg_max(case when status = 'active' then mrr else 0 end, (effective_at, not ends_span, seq)) as mrr
            from months inner join subscription_changes on effective_at < day
            group by all
        )
        select month_end, sum(mrr), count(distinct account_key) filter (where mrr > 0) from states group by month_end
    """  # noqa: E501
    found = {month: (mrr, accounts) for month, mrr, accounts in desk.rows(by_month)}
    assert max(found.items())[1] == (Decimal(10_159_608), 500)
    reference = pl.read_csv(
        Path(REAL) / "ravenstack" / "reference" / "mrr_movements_month_end.csv", try_parse_dates=True
    )
    for month, closing, accounts in reference.select("month_end", "closing", "active_accounts").iter_rows():
        assert found[month] == (Decimal(str(closing)), accounts)


@with_real_data
def test_sparkify_s_signed_in_users_come_in(desk) -> None:
    _with_mapping(desk, "sparkify_small", "sparkify")
    report = desk.load()
    lines = [
        json.loads(line)
        for file in Path(REAL, "sparkify_small").rglob("*.json")
        for line in file.read_text().splitlines()
        if line
    ]
    signed_in = [line for line in lines if str(line["userId"])]
    accounts, events = report.counts
    assert (accounts.added, accounts.quarantined) == (len({str(line["userId"]) for line in signed_in}), 0)
    assert (events.read, events.waiting, events.quarantined) == (len(signed_in), 0, 0)
    last = {str(line["userId"]): line["level"] for line in sorted(signed_in, key=lambda line: line["ts"])}
    assert dict(desk.rows("select account_id, plan from accounts")) == last
