"""What a question can name: the events and attributes of all accounts, or only those of one segment's."""

from typing import Any

from data.errors import BadInput
from data.settings import Settings
from data.store.warehouse import named
from metrics.explore.accounts import NONE, together
from metrics.explore.answer import fetch, frame
from metrics.explore.question import Frame
from metrics.explore.statement import Statement
from metrics.volume import MOST_NAMES

Within = tuple[str, str] | None
MOST = 40
ALL_NAMES = "select name from known.event_name order by name_key"
ALL_ATTRIBUTES = f"""
with attribute as (
{together("attribute", "attribute")}
)
select attribute from attribute group by attribute order by count(*) desc, attribute limit {MOST}
"""


def attributes(settings: Settings, name: str, within: Within = None) -> list[str]:
    """What accounts can be grouped by: the segments and columns, then what else is said of most of them.

    within: a dimension and one of its segments; only what is said of its accounts is named then.
    """
    laid_out = frame(settings, name)
    if within is None:
        columns = [*laid_out.attributes]
        more = fetch(settings, name, Statement(ALL_ATTRIBUTES))["attribute"].to_list()
    else:
        columns = columns_of(settings, name, laid_out, within)
        more = fetch(settings, name, attributes_of(laid_out, within))["attribute"].to_list()
    return [*columns, *(attribute for attribute in more if attribute not in columns)]


def event_names(settings: Settings, name: str, within: Within = None) -> tuple[list[str], int]:
    """The names of events that are told apart, and how many came too late to be.

    within: a dimension and one of its segments; only what its accounts did is named then, and how much came
        too late is not told.
    """
    if within is not None:
        found = fetch(settings, name, names_of(frame(settings, name), within))
        return found["name"].to_list(), 0
    names = fetch(settings, name, Statement(ALL_NAMES))["name"]
    return names.head(MOST_NAMES).to_list(), max(0, len(names) - MOST_NAMES)


def columns_of(settings: Settings, name: str, laid_out: Frame, within: Within) -> list[str]:
    """The segments and columns in which something stands for an account of the segment."""
    if not laid_out.attributes:
        return []
    said = (
        f"bool_or({named(f'by_{attribute}')} <> '{NONE}') as {named(attribute)}"
        for attribute in laid_out.attributes
    )
    sql = f"with {own(laid_out, within, '*')} select {', '.join(said)} from own"
    row = fetch(settings, name, Statement(sql, given(within))).row(0)
    return [attribute for attribute, is_said in zip(laid_out.attributes, row, strict=True) if is_said]


def attributes_of(laid_out: Frame, within: Within) -> Statement:
    sql = f"""with {own(laid_out, within)},
attribute as (
{together("attribute", "account_key, attribute")}
)
select attribute from attribute semi join own using (account_key)
group by attribute order by count(*) desc, attribute limit {MOST}"""
    return Statement(sql, given(within))


def names_of(laid_out: Frame, within: Within) -> Statement:
    sql = f"""with {own(laid_out, within)},
first_day as (
{together("first_day", "account_key, name_key")}
)
select name from known.event_name
where name_key in (select name_key from first_day semi join own using (account_key))
order by name_key"""
    return Statement(sql, given(within))


def own(laid_out: Frame, within: Within, columns: str = "account_key") -> str:
    """A CTE with the accounts of a segment."""
    dimension = within[0] if within else ""
    if dimension not in laid_out.attributes:
        raise BadInput(f"There is no segment by {dimension!r}; there are {', '.join(laid_out.attributes)}.")
    where = f" where {named(f'by_{dimension}')} = $within"
    return f"own as (\n{together('account', columns, where)}\n)"


def given(within: Within) -> dict[str, Any]:
    return {"within": within[1]} if within else {}
