"""The portable subset: every file keeps to it, and the check refuses what is outside, rule by rule."""

from pathlib import Path

import pytest
import sqlglot

from metrics.files import SqlFile, read_file
from metrics.functions import FUNCTIONS
from metrics.portable import check, files, rendered

RULES = {
    "1 session zone": [
        "select a at time zone 'UTC' as x from t",
        "select timezone('UTC', a) as x from t",
        "select cast(a as timestamp) as x from t",
        "select cast(a as timestamptz) as x from t",
        "select current_date as x from t",
        "select now() as x from t",
    ],
    "2 named functions": [
        "select date_trunc('week', a) as x from t",
        "select extract(year from a) as x from t",
        "select date_diff('day', a, b) as x from t",
        "select quantile_cont(a, 0.5) as x from t",
        "select ratio(a) as x from t",
        "select made_up(a) as x from t",
    ],
    "3 calendar and numbers": [
        "select g as x from generate_series(1, 3) as s(g)",
        "select g as x from range(3) as s(g)",
        "select unnest(a) as x from t",
        "select a from (values (1)) as v(a)",
    ],
    "4 explicit columns": [
        "select a, count(*) as n from t group by all",
        "select a, count(*) as n from t group by 1",
        "select a, count(*) as n from t group by rollup(a)",
        "select a + 1 from t",
        "select a + 1 as b, b * 2 as c from t",
        "select a + 1 as b from t where b > 2",
        "select * from t",
        "select t.* from t",
        "with c as (select a from t) select t.* from t cross join c",
        "with c as (select a from t) select c.* exclude (a) from c",
    ],
    "5 divisors and sums": [
        "select a / b as x from t",
        "select a / 0 as x from t",
        "select a // b as x from t",
        "select a % 2 as x from t",
        "select sum(a) as x from t",
        "select sum(a) over (order by b rows between 3 preceding and current row) as x from t",
        "select avg(a) as x from t",
    ],
    "6 no engine's own words": [
        "select t.a from t asof join u on t.a = u.a and t.b >= u.b",
        "select a from t qualify row_number() over (order by a) = 1",
        "select distinct on (a) a, b from t",
        "with p as (pivot t on a using count(*)) select a from p",
        "select [1, 2] as x from t",
        "select list(a) as x from t",
        "select list_transform(a, x -> x + 1) as y from t",
        "select a ->> '$.b' as x from t",
        "select a from t using sample 10%",
        "select a from t tablesample 10%",
        "select first(a) as x from t",
        "select any_value(a) as x from t",
        "select mode(a) as x from t",
        "select string_agg(a, ',') as x from t",
        "select percentile_cont(0.5) within group (order by a) as x from t",
        "select {'a': 1} as x from t",
        "select t.a from t semi join u on t.a = u.a",
        "select t.a from t positional join u",
        "select a from t union select a from u",
        "select a from read_csv('x.csv')",
        "select a from 'x.csv'",
        "with recursive c as (select 1 as x union all select c.x + 1 as y from c) select x from c",
        "select random() as x from t",
        "select a from t limit 3",
    ],
    "7 half-open ranges and bound parameters": [
        "select a from t where b > c - interval 7 days",
        "select cast(sum(a) over (order by b range 3 preceding) as bigint) as x from t",
        "select ? as x from t",
    ],
    "one SELECT": [
        "select a from t; select b from t",
        "insert into t select 1 as a",
        "create table x as select a from t",
        "select a from",
    ],
}


def file_of(sql: str) -> SqlFile:
    return SqlFile(Path("metrics/room/one.sql"), {}, {}, sql)


@pytest.mark.parametrize("sql", [sql for group in RULES.values() for sql in group])
def test_what_is_outside_the_subset_is_refused_with_its_file(sql: str) -> None:
    found = check(file_of(sql))
    assert found
    assert found[0].startswith("metrics/room/one.sql")


@pytest.mark.parametrize("file", files(), ids=lambda file: file.place)
def test_every_step_and_metric_keeps_to_the_subset(file: SqlFile) -> None:
    assert check(file) == []


@pytest.mark.parametrize("file", files(), ids=lambda file: file.place)
def test_every_step_and_metric_renders_for_spark(file: SqlFile) -> None:
    spark = rendered(file.sql)
    assert sqlglot.parse_one(spark, read="spark")
    assert not [function.name for function in FUNCTIONS if f"{function.name}(" in spark.lower()]


def test_named_functions_are_spelled_out_for_spark() -> None:
    spark = rendered(
        "select week_of(add_days(d, 3)) as w, ratio(a + 1, b) as r, quantile_exact(a, 0.5) as q from t"
    )
    assert "WEEKDAY(DATE_ADD(d, 3)) + 7 - :week_start" in spark
    assert "PERCENTILE(a, 0.5)" in spark
    assert "NULLIF(CAST(b AS DOUBLE), 0)" in spark


def test_parameters_stay_bound_and_nulls_sort_as_on_duckdb() -> None:
    spark = rendered("select row_number() over (order by a) as n from t where a > $as_of")
    assert ":as_of" in spark
    assert "NULLS LAST" in spark


def test_a_trailing_comment_and_comma_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "one.sql"
    path.write_text("-- about: One.\nselect\n    a,  -- the first\nfrom t  -- the end")
    assert check(read_file(path)) == []
