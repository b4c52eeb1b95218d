"""Audits: queries that must return nothing; one row stops the publication."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import duckdb

from data.errors import AuditFailed
from metrics.files import ROOM, SqlFile, read_folder
from metrics.session import Session, parsed
from metrics.tasks import Task, run_side_by_side

AUDITS = ROOM / "audits"


def audit(connection: duckdb.DuckDBPyConnection, folder: Path = AUDITS) -> None:
    """Run every audit over the edition in the making and the steps behind it.

    Raises:
        AuditFailed: what does not hold, the audit's name and its first row.
    """
    for file in read_folder(folder):
        hold(file, first_row(connection, file))


def audit_side_by_side(
    sessions: Sequence[Session], written: frozenset[str] | None, folder: Path = AUDITS
) -> None:
    """The same in several sessions, without what says that it is of something of which nothing was written.

    Raises:
        AuditFailed: as above, whichever ended first.
    """
    due = [file for file in read_folder(folder) if written is None or is_due(file, written)]
    found: dict[str, str] = {}

    def look(file: SqlFile, session: Session) -> None:
        found[file.name] = first_row(session.looking_in(), file)

    run_side_by_side((Task(file.name, frozenset(), partial(look, file)) for file in due), sessions)
    for file in due:
        hold(file, found[file.name])


def hold(file: SqlFile, found: str) -> None:
    if found:
        raise AuditFailed(
            f"{file.says.get('says', 'An audit failed')} ({file.name}): {found}. Nothing was published."
        )


def is_due(file: SqlFile, written: frozenset[str]) -> bool:
    about = file.says.get("of", "").split()
    return not about or not written.isdisjoint(about)


def first_row(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> str:
    result = connection.execute(parsed(connection, f"from (\n{file.sql}\n) order by all limit 1"))
    names = [str(column[0]) for column in result.description or ()]
    rows = result.fetchall()
    return ", ".join(f"{name} {value}" for row in rows for name, value in zip(names, row, strict=True))
