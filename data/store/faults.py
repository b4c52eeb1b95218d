"""Tells faults of the moment, such as a full disk, from faults of what is being loaded."""

import duckdb

PASSING = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
    duckdb.FatalException,
    duckdb.TransactionException,
    duckdb.ConnectionException,
    MemoryError,
    OSError,
)


def is_passing(fault: BaseException) -> bool:
    """Whether trying the same again may help."""
    return isinstance(fault, PASSING)
