"""The SQL between checked rows and stored facts: identity, spans unified to changes, columns of the store."""

from data.shapes import SHAPES, Rule, Shape
from data.store.warehouse import quoted
from data.unify.check import Check

_SEPARATOR, _NULL = "chr(31)", "chr(28)"


def checked_rows(relation: str, shape: Shape, found: tuple[Check, ...], source: str) -> str:
    """SELECT of every row of a stretch, read and judged: the shape's columns, `is_bad`, `fact_id`."""
    bad = " or ".join([check.is_bad for check in found] + [_broken(rule) for rule in shape.rules])
    names = ", ".join(shape.names)
    return (
        f"with {_reading(relation, found)} "
        f"select row, position, {names}, extras, ({bad}) as is_bad, {fact_id(shape, source)} as fact_id from read"
    )


def set_aside_rows(relation: str, shape: Shape, found: tuple[Check, ...]) -> str:
    """SELECT of the bad rows of a stretch with the first thing that is wrong with each."""
    wrongs = [(c.is_bad, c.column.name, c.reason) for c in found if c.is_bad != "false"]
    wrongs += [(_broken(rule), rule.field, _rule_reason(rule)) for rule in shape.rules]
    fields = " ".join(f"when {bad} then '{name}'" for bad, name, _ in wrongs)
    shown = " ".join(f"when {bad} then cast(raw_{name} as varchar)" for bad, name, _ in wrongs)
    reasons = " ".join(f"when {bad} then {why}" for bad, _, why in wrongs)
    bad_rows = "select row from checked where is_bad"
    return (
        f"with {_reading(f'select * from ({relation}) where row in ({bad_rows})', found)} "
        f"select row, case {fields} end as field, case {shown} end as value, case {reasons} end as reason, raw "
        "from read"
    )


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


_CHANGE = (*SHAPES["subscription_changes"].names, "extras")


def changes_of_spans(source: str) -> str:
    """SELECT of the changes that spans amount to: a state at the start, `canceled` at the end.

    The status of a span is what it is today: one that ended later was not canceled while it ran.
    """
    common = (
        "row, subscription_id, account_id, mrr, plan, currency, null as renews_at, null as quantity, extras"
    )
    running = "case when status = 'canceled' and ended_at > started_at then 'active' else coalesce(status, 'active') end"
    return (
        f"with spans as (select * from checked where not is_bad), changes as ("
        f"select {common}, position * 2 as position, started_at as effective_at, {running} as status, "
        "false as ends_span from spans where ended_at is null or ended_at > started_at "
        f"union all select {common}, position * 2 + 1 as position, ended_at as effective_at, 'canceled' as status, "
        "true as ends_span from spans where ended_at is not null) "
        f"select *, false as is_bad, {row_hash((*_CHANGE, 'ends_span'), source)} as fact_id from changes"
    )


def stored_columns(shape: Shape, day: str, first_seq: int) -> dict[str, str]:
    """The store's columns for a shape, with SQL over a checked row joined to its keys."""
    columns = {"fact_id": "f.fact_id", "seq": f"{first_seq} + f.position"}
    columns |= {"source_key": "$source_key", "import_id": "$import_id"}
    if "account_id" in shape.names:
        columns["account_key"] = "k.account_key"
    columns |= {name: f"f.{name}" for name in shape.names}
    columns[shape.extras] = "f.extras"
    if shape.name != "accounts":
        columns.pop("account_id", None)
    return columns | _particular_columns(shape, day)


def _particular_columns(shape: Shape, day: str) -> dict[str, str]:
    if shape.name == "subscription_changes":
        return {"status": "coalesce(f.status, 'active')"}
    if shape.name == "events":
        return {"day": day, "name_key": "n.name_key", "properties": _merged_properties()}
    return {}


def _merged_properties() -> str:
    own = "case when json_type(f.properties) = 'OBJECT' then f.properties else json_object('properties', json(f.properties)) end"
    return f"case when f.extras is null then f.properties when f.properties is null then f.extras else cast(json_merge_patch(f.extras, {own}) as varchar) end"
