"""Carries the rows of a control store to a file and back: a backup has one form, whatever was backed up."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from data import disk
from data.database import connect_file, is_sqlite, migrate
from data.errors import GiveUp, TryAgain
from engine.control.alert_tables import AlertRow, AuditRow
from engine.control.delivery_tables import ChannelRow
from engine.control.rules import SHIPPER
from engine.control.store import MIGRATIONS, Control
from engine.control.tables import Table as Rows

BATCH = 1000


def copy_out(control: Control, target: Path) -> None:
    """Write all rows, as they are at one instant, into a new SQLite file; others go on meanwhile."""
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)  # it may hold secrets
    with file_engine(target) as file, control.begin() as session, file.begin() as sink:
        source = session.connection()
        if not is_sqlite(control.engine):
            source.execute(text("set transaction isolation level repeatable read, read only"))
        copy(source, sink)
    disk.sync(target)


def copy_in(source: Path, control: Control) -> None:
    """Put the rows of a file in the place of all that the store holds, or leave it as it is."""
    with file_engine(source) as file, file.connect() as rows, control.change() as session:
        sink = session.connection()
        for table in reversed(ordered()):
            sink.execute(delete(table))
        copy(rows, sink)
        for table in ordered() if not is_sqlite(control.engine) else ():
            go_on_counting(sink, table)


def is_empty(control: Control) -> bool:
    """Whether nobody has decided anything, and nothing has happened to what comes with Holdfast."""
    asked = (
        select(AuditRow.audit_id).where(AuditRow.who != SHIPPER),
        select(AlertRow.alert_id),
        select(ChannelRow.channel_id),
    )
    with control.look() as connection:
        return not any(connection.execute(one.limit(1)).first() for one in asked)


def ordered() -> list[Table]:
    """All tables, each after those that it refers to."""
    return Rows.metadata.sorted_tables


def copy(source: Connection, sink: Connection) -> None:
    for table in ordered():
        found = source.execute(select(table).execution_options(yield_per=BATCH))
        for part in found.mappings().partitions():
            sink.execute(insert(table), [dict(row) for row in part])


def go_on_counting(sink: Connection, table: Table) -> None:
    """Ids that PostgreSQL gives from now on come after those that were put in."""
    for column in table.primary_key.columns:
        sequence = f"pg_get_serial_sequence('{table.name}', '{column.name}')"
        last = sink.execute(select(func.max(column))).scalar()
        if last is not None:
            sink.execute(
                text(f"select setval({sequence}, :last) where {sequence} is not null"), {"last": last}
            )


@contextmanager
def file_engine(path: Path) -> Iterator[Engine]:
    """An engine over a file of control rows, brought to the present revision; the file alone stays behind."""
    engine = connect_file(path)
    try:
        migrate(engine, MIGRATIONS, path.with_suffix(".lock"), f"The control store {path}")
        yield engine
    except (OperationalError, InterfaceError) as fault:
        raise TryAgain(f"The control store could not be copied: {fault.orig}.") from fault
    except DatabaseError as damaged:
        raise GiveUp(f"{path} cannot be read ({damaged.orig}).") from damaged
    finally:
        engine.dispose()
        path.with_suffix(".lock").unlink(missing_ok=True)
