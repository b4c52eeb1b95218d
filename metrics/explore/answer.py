"""Asks an edition about cohorts, and gives the cells, their means and the accounts behind one."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from data.calendar import WEEKDAYS, Calendar
from data.errors import NoEdition
from data.settings import Settings
from data.store.warehouse import quoted
from metrics.explore.question import Frame, Question
from metrics.explore.sql import SOURCES, Statement
from metrics.read import edition
from metrics.shelf import reading
from metrics.volume import FOLDER

THREADS = 2
COLUMNS = (
    "select column_name from duckdb_columns() where schema_name = 'known' and table_name = 'account' "
    "order by column_index"
)
TOO_OLD = (
    "Edition {name} does not hold what cohorts are made of; publish another: `python -m engine refresh`."
)


@dataclass(frozen=True)
class Answer:
    """`cells`: segment (null: all other groups), cohort_start, period_index, size, part, whole, complete."""

    question: Question
    cells: pl.DataFrame
    statement: Statement
    script: str
    seconds: float


def frame(settings: Settings, name: str) -> Frame:
    """What the edition is laid out on."""
    info = edition(settings, name)
    columns = fetch(settings, name, Statement(COLUMNS))["column_name"].to_list()
    months = [date(int(c[7:11]), int(c[12:14]), 1) for c in columns if c.startswith("active_")]
    attributes = [column.removeprefix("by_") for column in columns if column.startswith("by_")]
    if not columns:
        raise NoEdition(TOO_OLD.format(name=name))
    today = Calendar.of(settings.model_copy(update={"timezone": info.timezone})).local_date(info.as_of)
    return Frame(today, WEEKDAYS.index(info.week_start), tuple(months), tuple(attributes))


def fetch(settings: Settings, name: str, statement: Statement) -> pl.DataFrame:
    with reading(settings.published, name) as cursor:
        attach(settings, name, cursor)
        rows: pl.DataFrame = cursor.sql(statement.sql, params=statement.parameters).pl()
        return rows


def attach(settings: Settings, name: str, cursor: duckdb.DuckDBPyConnection) -> None:
    """Open the volume that the edition builds on, once for all who read the edition."""
    if cursor.execute("select 1 from duckdb_databases() where database_name = 'volume'").fetchall():
        return
    try:
        cursor.execute(f"set threads = {THREADS}")
        cursor.execute(attaching(settings, cursor))
    except duckdb.Error as missing:
        raise NoEdition(TOO_OLD.format(name=name)) from missing


def attaching(settings: Settings, cursor: duckdb.DuckDBPyConnection) -> str:
    [(file,)] = cursor.execute("select file from known.volume").fetchall()
    path = settings.published.resolve() / FOLDER / str(file)
    return f"attach if not exists {quoted(str(path))} as volume (read_only)"


def known(settings: Settings, name: str, table: str) -> pl.DataFrame:
    """A table of what an edition knows of every account, the volume and what differs from it together."""
    if table in SOURCES:
        same = f"{table}_changed using ({SOURCES[table]})"
        sql = f"from volume.{table} anti join known.{same} union all by name from known.{table}"
    elif table == "event_count":
        both = "(from volume.event_count union all from known.event_count)"
        sql = f"select actor_key, day, cast(sum(events) as bigint) as events from {both} group by all"
    else:
        sql = f"from known.{table}"
    return fetch(settings, name, Statement(f"from ({sql}) order by all"))
