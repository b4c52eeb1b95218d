"""SQL that reads one column of a file into the type the store keeps; null where it is blank or wrong.

A cast alone takes too much (`24:00:00`, `epoch`, `1_000`, ` 12 `): the text's form is checked first.
"""

from collections.abc import Callable
from dataclasses import dataclass

from data.shapes import Column
from data.store.local_time import FIRST, LAST, utc_of
from data.store.warehouse import quoted

_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_OFFSET = r"[+-](0\d|1[0-4])(:?[0-5]\d)?"
ZONED = rf"{_DAY}[T ]{_CLOCK}(Z|{_OFFSET})"
SPACED = rf"{_DAY}[T ]{_CLOCK} (Z|UTC|{_OFFSET})"
NAIVE = rf"{_DAY}([T ]{_CLOCK})?"
EPOCH = r"(\d{9,10}|\d{12,13}|\d{15,16})(\.\d+)?"
DATE = rf"{_DAY}([T ].*)?"
AMOUNT = r"[+-]?\d+(\.\d+)?"
NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"

SQL_TYPES = {
    "text": "varchar",
    "instant": "timestamp",
    "date": "date",
    "money": "decimal(18, 4)",
    "rate": "decimal(18, 10)",
    "number": "double",
    "choice": "varchar",
    "currency": "varchar",
    "json": "varchar",
}
_ACCOUNTS = ("account_id", "into_id")  # one blank more would be another account
BLANKS = " \t\n\r\v\f\u00a0"
_BINARY = ("DOUBLE", "FLOAT")
_AWARE = "TIMESTAMP WITH TIME ZONE"


@dataclass(frozen=True)
class Clock:
    """How times without an offset are read: the zone, and the years in which the file has any."""

    zone: str
    years: tuple[int, int] = (FIRST.year, LAST.year)


def value(column: Column, sql_type: str, clock: Clock) -> str:
    """SQL over `raw_<name>` and, for times, `local_<name>`."""
    if column.kind == "instant":
        return _instant(column, sql_type, clock)
    return _READERS[column.kind](column, f"raw_{column.name}", sql_type)


def local(column: Column, sql_type: str) -> str:
    """SQL for a time as the clock on the wall showed it; empty where the type is an instant by itself."""
    raw = f"raw_{column.name}"
    if column.kind != "instant" or sql_type == _AWARE:
        return ""
    if _is_wall_clock(sql_type):
        return f"cast({raw} as timestamp)"
    text = as_text(raw, sql_type)
    return (
        f"case when not ends_with({text}, 'Z') and regexp_full_match({text}, '{NAIVE}') "
        f"then try_cast({text} as timestamp) end"
    )


def as_text(raw: str, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return raw
    if sql_type == "JSON":
        return f"({raw} ->> '$')"
    if sql_type.startswith(("STRUCT", "MAP", "UNION")) or sql_type.endswith("]"):
        return f"cast(to_json({raw}) as varchar)"
    return f"cast({raw} as varchar)"


def is_given(raw: str, sql_type: str) -> str:
    """SQL, true where there is more than blanks; the first comparison spares most rows the trimming."""
    return f"({raw} >= '!' or trim({raw}) <> '')" if sql_type == "VARCHAR" else f"({raw} is not null)"


def _is_wall_clock(sql_type: str) -> bool:
    return sql_type.startswith(("TIMESTAMP", "DATE"))


def _instant(column: Column, sql_type: str, clock: Clock) -> str:
    raw, reading = f"raw_{column.name}", f"local_{column.name}"
    if sql_type == _AWARE:
        return _as_utc(raw)
    from_local = utc_of(reading, clock.zone, clock.years)
    if _is_wall_clock(sql_type):
        return from_local
    text = as_text(raw, sql_type)
    closed = f"concat(substr({text}, 1, 11), replace(replace(substr({text}, 12), ' ', ''), 'UTC', 'Z'))"
    return (
        f"case when {reading} is not null then {from_local} "
        f"when regexp_full_match({text}, '{ZONED}') then {_as_utc(f'try_cast({text} as timestamptz)')} "
        f"when regexp_full_match({text}, '{EPOCH}') then {_from_epoch(text)} "
        f"when regexp_full_match({text}, '{SPACED}') then {_as_utc(f'try_cast({closed} as timestamptz)')} end"
    )


def _as_utc(aware: str) -> str:
    """A cast would ask the calendar library for every row; an instant's own number needs no calendar."""
    return (
        f"case when isfinite({aware}) then make_timestamp(epoch_us({aware})) "
        f"when {aware} is not null then timestamp '{LAST}' end"
    )


def _from_epoch(text: str) -> str:
    """Seconds, milliseconds or microseconds since 1970, told apart by their number of digits."""
    whole = f"length(split_part({text}, '.', 1))"
    factor = f"case when {whole} <= 10 then 1000000 when {whole} <= 13 then 1000 else 1 end"
    return f"make_timestamp(cast(try_cast({text} as decimal(24, 6)) * {factor} as bigint))"


def _decimal(column: Column, raw: str, sql_type: str) -> str:
    """Decimal text only; a binary number goes through its shortest exact text, never through arithmetic."""
    to = SQL_TYPES[column.kind]
    if sql_type == "VARCHAR":
        return f"case when regexp_full_match({raw}, '{AMOUNT}') then try_cast({raw} as {to}) end"
    if sql_type in _BINARY:
        return f"try_cast(cast({raw} as varchar) as {to})"
    return f"cast(null as {to})" if sql_type == "BOOLEAN" else f"try_cast({raw} as {to})"


def _number(_: Column, raw: str, sql_type: str) -> str:
    if sql_type in _BINARY:
        return f"case when isfinite({raw}) then cast({raw} as double) end"
    text = as_text(raw, sql_type)
    return f"case when regexp_full_match({text}, '{NUMBER}') then try_cast({text} as double) end"


def _date(_: Column, raw: str, sql_type: str) -> str:
    if _is_wall_clock(sql_type):
        return f"try_cast({raw} as date)"
    text = as_text(raw, sql_type)
    return f"case when regexp_full_match({text}, '{DATE}') then try_cast(substr({text}, 1, 10) as date) end"


def _currency(_: Column, raw: str, sql_type: str) -> str:
    text = as_text(raw, sql_type)
    return f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end"


def _json(_: Column, raw: str, sql_type: str) -> str:
    text = as_text(raw, sql_type)
    return f"case when json_valid({text}) then {text} end"


def _choice(column: Column, raw: str, sql_type: str) -> str:
    text = as_text(raw, sql_type)
    return f"case when {text} in ({', '.join(quoted(choice) for choice in column.choices)}) then {text} end"


def _text(column: Column, raw: str, sql_type: str) -> str:
    if column.name in _ACCOUNTS:
        return f"nullif(trim({as_text(raw, sql_type)}, {quoted(BLANKS)}), '')"
    return f"case when {is_given(raw, sql_type)} then {as_text(raw, sql_type)} end"


_READERS: dict[str, Callable[[Column, str, str], str]] = {
    "text": _text,
    "date": _date,
    "money": _decimal,
    "rate": _decimal,
    "number": _number,
    "choice": _choice,
    "currency": _currency,
    "json": _json,
}
