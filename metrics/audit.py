"""Audits: queries that must return nothing; one row stops the publication."""

from pathlib import Path

import duckdb

from data.errors import AuditFailed
from metrics.files import ROOM, SqlFile, read_folder

AUDITS = ROOM / "audits"


def audit(connection: duckdb.DuckDBPyConnection, folder: Path = AUDITS) -> None:
    """Run every audit over the edition in the making and the steps behind it.

    Raises:
        AuditFailed: what does not hold, the audit's name and its first row.
    """
    for file in read_folder(folder):
        if found := first_row(connection, file):
            raise AuditFailed(
                f"{file.says.get('says', 'An audit failed')} ({file.name}): {found}. Nothing was published."
            )


def first_row(connection: duckdb.DuckDBPyConnection, file: SqlFile) -> str:
    result = connection.execute(f"from (\n{file.sql}\n) order by all limit 1")
    names = [str(column[0]) for column in result.description or ()]
    rows = result.fetchall()
    return ", ".join(f"{name} {value}" for row in rows for name, value in zip(names, row, strict=True))
