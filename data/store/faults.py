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


def has_shut(fault: BaseException) -> bool:
    """Whether the fault shut the file: nothing works before it is opened again."""
    shut = isinstance(fault, duckdb.FatalException | duckdb.InternalException | duckdb.ConnectionException)
    return shut or (isinstance(fault, duckdb.Error) and "invalidated" in str(fault))
