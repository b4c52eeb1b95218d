"""Asks an edition about cohorts, and gives the cells, their means and the accounts behind one."""

from dataclasses import dataclass
from datetime import date

import duckdb
import polars as pl

from data.calendar import WEEKDAYS, Calendar
from data.errors import NoEdition
from data.settings import Settings
from data.speech import english
from data.store.warehouse import quoted
from metrics.explore.accounts import SOURCES, together
from metrics.explore.cells import Cells
from metrics.explore.members import Members, Place
from metrics.explore.question import Frame, Question
from metrics.explore.statement import Statement
from metrics.read import edition
from metrics.shelf import reading
from metrics.volume import FOLDER

THREADS = 2
COLUMNS = (
    "select column_name from duckdb_columns() where schema_name = 'known' and table_name = 'account' "
    "order by column_index"
)

WHERE = "-- on an edition's file, with the folder of what is published as the working directory"
NO_CELLS = pl.DataFrame(
    schema={
        "segment": pl.String,
        "cohort_start": pl.Date,
        "period_index": pl.Int32,
        "size": pl.Int64,
        "part": pl.Int64,
        "whole": pl.Int64,
        "complete": pl.Boolean,
    }
)


@dataclass(frozen=True)
class Answer:
    """`cells`: segment (null: all other groups), cohort_start, period_index, size, part, whole, complete.

    script: the SQL as it can be run on the edition's file, in the folder of what is published; it tells
        nothing of where on the server that is.
    """

    question: Question
    cells: pl.DataFrame
    script: str

    @property
    def segments(self) -> list[str | None]:
        """The groups, the largest first, all others last."""
        sizes = self.cells.filter(pl.col("period_index") == 0).group_by("segment").agg(pl.col("size").sum())
        order = sizes.sort(pl.col("segment").is_null(), -pl.col("size").cast(pl.Int64), "segment")
        return order["segment"].to_list()

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(segment for segment in self.segments if segment is not None)

    def of(self, segment: str | None) -> pl.DataFrame:
        return self.cells.filter(pl.col("segment").eq_missing(pl.lit(segment, pl.String)))

    def total(self) -> pl.DataFrame:
        """All groups together."""
        return total_of(self.cells)


def total_of(cells: pl.DataFrame) -> pl.DataFrame:
    """Cells of every group added up, with the same columns but for `segment`."""
    keys = ("cohort_start", "period_index", "complete")
    sums = [pl.col(column).sum() for column in ("size", "part", "whole")]
    return cells.group_by(keys).agg(sums).sort("cohort_start", "period_index")


def ask(settings: Settings, name: str, question: Question) -> Answer:
    """The cells of a question. Groups that are only in some cohorts have no cells in the others.

    Raises:
        NoEdition: the edition was removed since, or made before cohorts could be explored.
        BadInput: the question names what is not there.
    """
    laid_out = frame(settings, name)
    starts = laid_out.cohorts(question)
    if not starts:
        return Answer(question, NO_CELLS, "")
    statement = Cells(question, laid_out, starts).cells()
    with reading(settings.published, name) as cursor:
        attach(settings, name, cursor)
        cells: pl.DataFrame = cursor.sql(statement.sql, params=statement.parameters).pl()
        script = f"{WHERE}\n{attaching(volume_of(cursor))};\n\n{statement.script};\n"
    return Answer(question, cells, script)


def members(settings: Settings, name: str, question: Question, place: Place) -> pl.DataFrame:
    """The accounts of a cell: account_id, name, start_day, segment, what counted, last_active_day, mrr.

    What counted is `is_active`, or `mrr_0` and `mrr_k`, or `events`.
    """
    laid_out = frame(settings, name)
    starts = [place.cohort_start]
    while question.clock == "calendar" and len(starts) <= place.index:
        starts.append(laid_out.next_start(starts[-1], question.grain))
    return fetch(settings, name, Members(question, laid_out, starts, names_largest=False).of(place))


def frame(settings: Settings, name: str) -> Frame:
    """What the edition is laid out on."""
    info = edition(settings, name)
    columns = fetch(settings, name, Statement(COLUMNS))["column_name"].to_list()
    months = [date(int(c[7:11]), int(c[12:14]), 1) for c in columns if c.startswith("active_")]
    attributes = [column.removeprefix("by_") for column in columns if column.startswith("by_")]
    if not columns:
        raise too_old(name)
    today = Calendar.of(settings.model_copy(update={"timezone": info.timezone})).local_date(info.as_of)
    return Frame(today, WEEKDAYS.index(info.week_start), tuple(months), tuple(attributes))


def too_old(name: str) -> NoEdition:
    return NoEdition(
        english(
            "Edition {name} does not hold what cohorts are made of; "
            "publish another: `python -m engine refresh`.",
            name=name,
        )
    )


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
        cursor.execute(attaching(str(settings.published.resolve() / volume_of(cursor))))
    except duckdb.Error as missing:
        raise too_old(name) from missing


def volume_of(cursor: duckdb.DuckDBPyConnection) -> str:
    """The file that the edition builds on, from the folder of what is published."""
    [(file,)] = cursor.execute("select file from known.volume").fetchall()
    return f"{FOLDER}/{file}"


def attaching(path: str) -> str:
    return f"attach if not exists {quoted(path)} as volume (read_only)"


def known(settings: Settings, name: str, table: str) -> pl.DataFrame:
    """A table of what an edition knows of every account, the volume and what differs from it together."""
    if table in SOURCES:
        sql = together(table)
    elif table == "event_count":
        both = "(from volume.event_count union all from known.event_count)"
        sql = f"select actor_key, day, cast(sum(events) as bigint) as events from {both} group by all"
    else:
        sql = f"from known.{table}"
    return fetch(settings, name, Statement(f"from ({sql}) order by all"))
