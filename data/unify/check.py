"""Turns a shape into the SQL that reads, checks and, where it must, explains the rows of a file."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.shapes import Column, Shape
from data.store.local_time import FIRST, LAST, utc_of
from data.store.warehouse import quoted

_DAY = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?"
_OFFSET = r"[+-](0\d|1[0-4])(:?[0-5]\d)?"
_ZONED = rf"{_DAY}[T ]{_CLOCK}(Z|{_OFFSET})"
_SPACED = rf"{_DAY}[T ]{_CLOCK} (Z|UTC|{_OFFSET})"
_NAIVE = rf"{_DAY}([T ]{_CLOCK})?"
_EPOCH = r"(\d{9,10}|\d{12,13}|\d{15,16})(\.\d+)?"
_AMOUNT = r"[+-]?\d+(\.\d+)?"
_NUMBER = r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?"
_COMMA = r"[+-]?\d+,\d+"
_MONEY_TYPE, _RATE_TYPE = "decimal(18, 4)", "decimal(18, 10)"

SQL_TYPES = {
    "text": "varchar",
    "instant": "timestamp",
    "date": "date",
    "money": _MONEY_TYPE,
    "rate": _RATE_TYPE,
    "number": "double",
    "choice": "varchar",
    "currency": "varchar",
    "json": "varchar",
}


@dataclass(frozen=True)
class Check:
    """How one column of one file is read: SQL over `raw_<name>` and, where it was read, `<name>`."""

    column: Column
    value: str  # the value as stored; null where it cannot be read
    is_bad: str
    reason: str
    local: str = ""  # the wall-clock reading, read before `value` under the name `local_<name>`


@dataclass(frozen=True)
class Clock:
    """How times without an offset are read: the zone, and the years in which the file has any."""

    zone: str
    years: tuple[int, int] = (FIRST.year, LAST.year)


def checks(shape: Shape, types: Mapping[str, str], clock: Clock) -> tuple[Check, ...]:
    """The checks of a file: `types` are the SQL types of the columns it has."""
    return tuple(check(column, types.get(column.name), clock) for column in shape.columns)


def check(column: Column, sql_type: str | None, clock: Clock) -> Check:
    if sql_type is None:
        return Check(column, f"cast(null as {SQL_TYPES[column.kind]})", "false", "null")
    raw = f"raw_{column.name}"
    local = _local(raw, sql_type) if column.kind == "instant" else ""
    return Check(
        column,
        value(column, raw, sql_type, clock),
        is_bad(column, raw, sql_type),
        reason(column, raw),
        local,
    )


def value(column: Column, raw: str, sql_type: str, clock: Clock) -> str:
    """SQL that reads one column; its result is null where the text is blank or wrong."""
    if column.kind == "instant":
        return _instant(raw, f"local_{column.name}", sql_type, clock)
    if column.kind in ("money", "rate"):
        return _decimal(raw, sql_type, SQL_TYPES[column.kind])
    if column.kind == "number":
        return _number(raw, sql_type)
    if column.kind == "date":
        return _date(raw, sql_type)
    text = _text(raw, sql_type)
    if column.kind == "currency":
        return f"case when regexp_full_match({text}, '[A-Za-z]{{3}}') then upper({text}) end"
    if column.kind == "json":
        return f"case when json_valid({text}) then {text} end"
    if column.kind == "choice":
        return f"case when {text} in ({_listed(column)}) then {text} end"
    return f"case when trim({text}) <> '' then {text} end"


def _text(raw: str, sql_type: str) -> str:
    if sql_type == "VARCHAR":
        return raw
    if sql_type.startswith(("STRUCT", "MAP", "JSON")) or sql_type.endswith("]"):
        return f"cast(to_json({raw}) as varchar)"
    return f"cast({raw} as varchar)"


def _listed(column: Column) -> str:
    return ", ".join(quoted(choice) for choice in column.choices)


def _local(raw: str, sql_type: str) -> str:
    """SQL for a time as the clock on the wall showed it; null where the file says which clock."""
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return ""
    if sql_type.startswith(("TIMESTAMP", "DATE")):
        return f"cast({raw} as timestamp)"
    text = _text(raw, sql_type)
    return f"case when regexp_full_match({text}, '{_NAIVE}') then try_cast({text} as timestamp) end"


def _instant(raw: str, local: str, sql_type: str, clock: Clock) -> str:
    if sql_type == "TIMESTAMP WITH TIME ZONE":
        return f"cast({raw} as timestamp)"
    from_local = utc_of(local, clock.zone, clock.years)
    if sql_type.startswith(("TIMESTAMP", "DATE")):
        return from_local
    text = _text(raw, sql_type)
    closed = f"concat(substr({text}, 1, 11), replace(replace(substr({text}, 12), ' ', ''), 'UTC', 'Z'))"
    return (
        f"case when {local} is not null then {from_local} "
        f"when regexp_full_match({text}, '{_ZONED}') then cast(try_cast({text} as timestamptz) as timestamp) "
        f"when regexp_full_match({text}, '{_EPOCH}') then {_from_epoch(text)} "
        f"when regexp_full_match({text}, '{_SPACED}') then cast(try_cast({closed} as timestamptz) as timestamp) end"
    )


def _from_epoch(text: str) -> str:
    """Seconds, milliseconds or microseconds since 1970, told apart by their number of digits."""
    whole = f"length(split_part({text}, '.', 1))"
    factor = f"case when {whole} <= 10 then 1000000 when {whole} <= 13 then 1000 else 1 end"
    return f"make_timestamp(cast(try_cast({text} as decimal(24, 6)) * {factor} as bigint))"


def _decimal(raw: str, sql_type: str, to: str) -> str:
    """Decimal text only; a binary number goes through its shortest exact text, never through arithmetic."""
    if sql_type == "VARCHAR":
        return f"case when regexp_full_match({raw}, '{_AMOUNT}') then try_cast({raw} as {to}) end"
    if sql_type in ("DOUBLE", "FLOAT"):
        return f"try_cast(cast({raw} as varchar) as {to})"
    if sql_type == "BOOLEAN":
        return f"cast(null as {to})"
    return f"try_cast({raw} as {to})"


def _number(raw: str, sql_type: str) -> str:
    text = _text(raw, sql_type)
    return f"case when regexp_full_match({text}, '{_NUMBER}') then try_cast({text} as double) end"


def _date(raw: str, sql_type: str) -> str:
    if sql_type.startswith(("DATE", "TIMESTAMP")):
        return f"try_cast({raw} as date)"
    text = _text(raw, sql_type)
    return f"case when regexp_full_match({text}, '{_DAY}([T ].*)?') then try_cast(substr({text}, 1, 10) as date) end"


def is_bad(column: Column, raw: str, sql_type: str) -> str:
    """SQL, true where the row cannot be taken because of this column."""
    name = column.name
    given = f"coalesce(trim({raw}), '') <> ''" if sql_type == "VARCHAR" else f"{raw} is not null"
    if column.required:
        wrong = f"{name} is null"
    else:
        wrong = "false" if column.kind == "text" else f"({name} is null and {given})"
    if beyond := _beyond(column):
        return f"({wrong} or coalesce({beyond}, false))"
    return wrong


def _beyond(column: Column) -> str:
    name = column.name
    if column.kind == "instant":
        return f"({name} < timestamp '{FIRST}' or {name} >= timestamp '{LAST}')"
    if column.kind == "date":
        return f"({name} < date '{FIRST.date()}' or {name} >= date '{LAST.date()}')"
    if column.kind == "rate":
        return f"({name} <= 0)"
    if column.least is not None and column.most is not None:
        return f"({name} < {column.least} or {name} > {column.most})"
    return f"(not isfinite({name}))" if column.kind == "number" else ""


def reason(column: Column, raw: str) -> str:
    """SQL for the sentence that says what is wrong with this column of this row."""
    shown = f"coalesce(cast({raw} as varchar), '')"
    said = f"concat('{column.name} ''', {shown}, ''' ', {_complaint(column, shown)})"
    return f"case when trim({shown}) = '' then '{column.name} is missing' else {said} end"


def _complaint(column: Column, shown: str) -> str:
    outside = f"when {_beyond(column)} then {quoted(_bounds(column))}" if _beyond(column) else ""
    if column.kind in ("money", "rate", "number"):
        return (
            f"case when regexp_full_match({shown}, '{_COMMA}') "
            f"then concat('has a decimal comma; write ', replace({shown}, ',', '.')) "
            f"when regexp_full_match({shown}, '{_AMOUNT}') and {column.name} is null "
            f"then 'has too many digits' {outside} "
            f"else 'is not {_example(column)}' end"
        )
    return (
        f"case {outside} else {quoted('is not ' + _example(column))} end"
        if outside
        else quoted("is not " + _example(column))
    )


def _bounds(column: Column) -> str:
    if column.kind in ("instant", "date"):
        return f"is outside the years {FIRST.year} to {LAST.year - 1}"
    if column.kind == "rate":
        return "is not above 0"
    if column.least is None:
        return "is not a finite number"
    return f"is not between {column.least:g} and {column.most:g}"


def _example(column: Column) -> str:
    if column.kind == "choice":
        return "one of " + ", ".join(column.choices)
    return {
        "instant": "a time such as 2024-05-31T13:45:00Z",
        "date": "a date such as 2024-05-31",
        "money": "an amount such as 10.5",
        "rate": "a rate such as 1.0825",
        "number": "a number such as 10.5",
        "currency": "a currency code such as EUR",
        "json": "JSON",
        "text": "a text",
    }[column.kind]
