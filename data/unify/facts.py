"""The SQL between checked rows and stored facts: identity, spans unified to changes, columns of the store."""

from data.shapes import SHAPES, Rule, Shape
from data.store.known import words
from data.store.warehouse import quoted
from data.unify.check import Check

_SEPARATOR, _NULL = "chr(31)", "chr(28)"


def checked_rows(relation: str, shape: Shape, found: tuple[Check, ...], source: str) -> str:
    """SELECT of every row of a stretch, judged: the shape's columns, `is_bad`, the words of its id."""
    return f"""
        with {_reading(relation, found)},
        judged as (
            select
                row, position, {", ".join(shape.names)}, extras,
                {_bad(shape, found)} as is_bad,
                {fact_id(shape, source)} as fact_id,
            from read
        )
        select * exclude (fact_id), {words("fact_id")} from judged
    """


def _bad(shape: Shape, found: tuple[Check, ...]) -> str:
    """SQL, true where a row that was read is bad."""
    return (
        "(" + " or ".join([check.is_bad for check in found] + [_broken(rule) for rule in shape.rules]) + ")"
    )


def set_aside_rows(relation: str, shape: Shape, found: tuple[Check, ...]) -> str:
    """SELECT of the bad rows of a stretch with the first thing that is wrong with each."""
    wrongs = [(c.is_bad, c.column.name, c.reason) for c in found if c.is_bad != "false"]
    present = {name for _, name, _ in wrongs}
    wrongs += [
        (_broken(rule), rule.field, _rule_reason(rule)) for rule in shape.rules if rule.field in present
    ]
    fields = " ".join(f"when {bad} then '{name}'" for bad, name, _ in wrongs)
    values = " ".join(f"when {bad} then cast(raw_{name} as varchar)" for bad, name, _ in wrongs)
    reasons = " ".join(f"when {bad} then {why}" for bad, _, why in wrongs)
    return f"""
        with {_reading(relation, found)}
        select
            {quoted(shape.name)} as shape, file, row,
            case {fields} end as field, case {values} end as value, case {reasons} end as reason, raw
        from read
        where {_bad(shape, found)}
    """


def _reading(relation: str, found: tuple[Check, ...]) -> str:
    """The steps `given`, `local`, `read`: wall-clock readings are columns before they become instants."""
    local = "".join(f", {check.local} as local_{check.column.name}" for check in found if check.local)
    values = ", ".join(f"{check.value} as {check.column.name}" for check in found)
    return (
        f"given as ({relation}), local as (select *{local} from given), "
        f"read as (select *, {values} from local)"
    )


def _broken(rule: Rule) -> str:
    return f"coalesce({rule.broken}, false)"


def _rule_reason(rule: Rule) -> str:
    return f"concat('{rule.field} ''', raw_{rule.field}, ''' ', {quoted(rule.reason)})"


def fact_id(shape: Shape, source: str) -> str:
    """SQL for the identity of a fact: its source and key, or its source and all it says."""
    whole = row_hash((*shape.names, "extras"), source)
    if not shape.key:
        return whole
    by_key = (
        f"md5_number(concat({quoted(source)}, {', '.join(f'{_SEPARATOR}, {name}' for name in shape.key)}))"
    )
    if set(shape.key) <= set(shape.required):
        return by_key
    return f"case when {shape.key[0]} is null then {whole} else {by_key} end"


def row_hash(names: tuple[str, ...], source: str) -> str:
    parts = ", ".join(f"{_SEPARATOR}, coalesce(cast({name} as varchar), {_NULL})" for name in names)
    return f"md5_number(concat({quoted(source)}, {_SEPARATOR}, 'row', {parts}))"


_CHANGE = (*SHAPES["subscription_changes"].names, "extras", "ends_span")


def changes_of_spans(spans: str, source: str) -> str:
    """SELECT of the changes that checked spans amount to: a state at the start, `canceled` at the end.

    The status of a span is what it is today: one that ended later was not canceled while it ran.
    """
    same = (  # typed: DuckDB does not take back a column that has no type
        "row, subscription_id, account_id, mrr, plan, currency, cast(null as timestamp) as renews_at, "
        "cast(null as decimal(18, 4)) as quantity, extras"
    )
    return f"""
        with changes as (
            select
                {same}, position * 2 as position, started_at as effective_at, false as ends_span,
                case when status = 'canceled' and ended_at > started_at then 'active'
                else coalesce(status, 'active') end as status,
            from {spans}
            where ended_at is null or ended_at > started_at
            union all by name
            select
                {same}, position * 2 + 1 as position, ended_at as effective_at, true as ends_span,
                'canceled' as status,
            from {spans}
            where ended_at is not null
        ),
        told as (select *, {row_hash(_CHANGE, source)} as fact_id from changes)
        select * exclude (fact_id), {words("fact_id")} from told order by position
    """
