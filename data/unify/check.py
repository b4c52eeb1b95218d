"""Judges what was read: SQL that tells a bad row, and SQL for the sentence that says why."""

from collections.abc import Mapping
from dataclasses import dataclass

from data.shapes import Column, Shape
from data.speech import english
from data.store.local_time import FIRST, LAST
from data.store.warehouse import quoted
from data.unify.parse import AMOUNT, BLANKS, SQL_TYPES, Clock, is_given, local, value

_EITHER = r"[+-]?[1-9]\d{0,2},\d{3}"
_DECIMAL_COMMA = r"[+-]?\d+,\d+"
_THOUSANDS = r"[+-]?\d{1,3}([,'' _]\d{3})+(\.\d+)?"
_EXAMPLES = {
    "instant": english("a time such as 2024-05-31T13:45:00Z"),
    "date": english("a date such as 2024-05-31"),
    "money": english("an amount such as 10.5"),
    "rate": english("a rate such as 1.0825"),
    "number": english("a number such as 10.5"),
    "currency": english("a currency code such as EUR"),
    "json": "JSON",
    "text": english("a text"),
}
COMPLAINTS = (  # the sentences that the SQL below puts together
    english("{field} is missing"),
    english("{field} '{value}' {complaint}"),
    english("is not {wanted}"),
    english("has a comma; write {plain} or {decimal}"),
    english("has a decimal comma; write {plain}"),
    english("has thousands separators; write {plain}"),
    english("has too many digits"),
)


@dataclass(frozen=True)
class Check:
    """How one column of one file is read: SQL over `raw_<name>` and, once read, `<name>`."""

    column: Column
    value: str  # the value as stored; null where it cannot be read
    is_bad: str
    reason: str
    local: str = ""  # the wall-clock reading, a step before `value`, under the name `local_<name>`


def checks(shape: Shape, types: Mapping[str, str], clock: Clock) -> tuple[Check, ...]:
    """The checks of a file: `types` are the SQL types of the columns it has."""
    return tuple(_check(column, types.get(column.name), clock) for column in shape.columns)


def _check(column: Column, sql_type: str | None, clock: Clock) -> Check:
    if sql_type is None:
        return Check(column, f"cast(null as {SQL_TYPES[column.kind]})", "false", "null")
    return Check(
        column,
        value(column, sql_type, clock),
        _is_bad(column, f"raw_{column.name}", sql_type),
        _reason(column, f"raw_{column.name}"),
        local(column, sql_type),
    )


def _is_bad(column: Column, raw: str, sql_type: str) -> str:
    """SQL, true or false and never null: the row cannot be taken because of this column."""
    name, wrongs = column.name, []
    if column.required:
        wrongs.append(f"{name} is null")
    elif column.kind != "text":
        wrongs.append(f"({name} is null and coalesce({is_given(raw, sql_type)}, false))")
    if beyond := _beyond(column):
        wrongs.append(f"coalesce({beyond}, false)")
    return f"({' or '.join(wrongs)})" if wrongs else "false"


def _beyond(column: Column) -> str:
    """SQL, true where the value was read and lies outside its bounds."""
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


def _reason(column: Column, raw: str) -> str:
    """SQL for the sentence that says what is wrong with this column of this row."""
    shown = f"coalesce(cast({raw} as varchar), '')"
    return (
        f"case when trim({shown}, {quoted(BLANKS)}) = '' then {quoted(column.name + ' is missing')} "
        f"else concat({quoted(column.name + ' ' + chr(39))}, {shown}, {quoted(chr(39) + ' ')}, "
        f"case {_complaints(column, shown)} else {quoted('is not ' + _wanted(column))} end) end"
    )


def _complaints(column: Column, shown: str) -> str:
    """SQL branches for what can be said more exactly than "is not a number"."""
    beyond = (
        f"when {_beyond(column)} then {quoted(_bounds(column))} " if _beyond(column) else "when false then ''"
    )
    if column.kind not in ("money", "rate", "number"):
        return beyond
    plain = f"replace(replace(replace(replace({shown}, ',', ''), ' ', ''), '_', ''), '''', '')"
    return (
        f"{beyond} when regexp_full_match({shown}, '{_EITHER}') "
        f"then concat('has a comma; write ', {plain}, ' or ', replace({shown}, ',', '.')) "
        f"when regexp_full_match({shown}, '{_DECIMAL_COMMA}') "
        f"then concat('has a decimal comma; write ', replace({shown}, ',', '.')) "
        f"when regexp_full_match({shown}, '{_THOUSANDS}') "
        f"then concat('has thousands separators; write ', {plain}) "
        f"when regexp_full_match({shown}, '{AMOUNT}') then 'has too many digits'"
    )


def _bounds(column: Column) -> str:
    if column.kind in ("instant", "date"):
        return english("is outside the years {first} to {last}", first=FIRST.year, last=LAST.year - 1)
    if column.kind == "rate":
        return english("is not above 0")
    if column.least is None:
        return english("is not a finite number")
    least, most = f"{column.least:g}", f"{column.most:g}"
    return english("is not between {least} and {most}", least=least, most=most)


def _wanted(column: Column) -> str:
    if not column.choices:
        return _EXAMPLES[column.kind]
    return english("one of {choices}", choices=", ".join(column.choices))
