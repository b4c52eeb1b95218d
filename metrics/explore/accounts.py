"""SQL for the accounts a question is about, each with its first day, cohort and group."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.errors import BadInput
from data.store.warehouse import named
from metrics.explore import bits
from metrics.explore.periods import Periods

SOURCES = {
    "account": "account_key",
    "mrr": "account_key",
    "attribute": "account_key",
    "early": "account_key",
    "first_day": "account_key",
}
NONE = "(none)"
DID, DID_NOT = "did", "did not"
STARTS = {
    "signup": "account.created_day",
    "active": "account.first_active_day",
    "paid": "account.first_paid_day",
    "event": "begun.day",
}


def together(name: str, columns: str = "*", where: str = "") -> str:
    """SELECT of a table of the volume, with what the edition knows better."""
    key = SOURCES[name]
    return f"""    select {columns} from volume.{name} anti join known.{name}_changed using ({key}){where}
    union all by name
    select {columns} from known.{name}{where}"""


@dataclass(frozen=True)
class Accounts(Periods):
    """Every value is bound and every name quoted here."""

    names_largest: bool = True  # or every group by its name

    @property
    def parameters(self) -> dict[str, Any]:
        question = self.question
        given: dict[str, Any] = {"first_cohort": self.starts[0], "today": self.frame.today}
        if question.start == "event":
            given["event"] = question.event
        if question.by == "attribute":
            if self.names_largest:
                given["most_groups"] = question.most_groups
            if not self.has_column(question.attribute):
                given["attribute"] = question.attribute
        if question.by == "behaviour":
            given |= {"behaviour": question.behaviour, "times": question.times, "days": question.days}
        if question.within:
            given["within"] = question.within[1]
        return given

    def has_column(self, attribute: str) -> bool:
        return attribute in self.frame.attributes

    def started(self, *more: str) -> str:
        """CTEs up to `started`: accounts with their first day, cohort and group."""
        question = self.question
        listed = [*self.account_columns(), *(column.removeprefix("account.") for column in more)]
        tables = [self.table("account", with_=listed)]
        joins, where = [], [f"{self.cohort_of(STARTS[question.start])} >= $first_cohort"]
        if question.start == "event":
            tables.append(self.table("first_day", of="$event"))
            joins.append("join first_day as begun on begun.account_key = account.account_key")
        tables += self.group_tables()
        joins += self.group_joins()
        if question.by == "behaviour":
            where.append("account.created_day + $days <= $today")
        if question.within:
            where.append(f"{self.within_column()} = $within")
        kept = ", ".join(["account.account_key", *self.kept_columns(), *more])
        tables.append(f"""of_cohort as (
    select
        {kept},
        {STARTS[question.start]} as start_day,
        {self.cohort_of(STARTS[question.start])} as cohort_start,
        {self.group()} as all_segments
    from account
    {" ".join(joins)}
    where {" and ".join(where)}
)""")
        tables.append(self.largest())
        return "with " + ",\n".join(tables)

    def account_columns(self) -> list[str]:
        found = ["account_key", "created_day", "first_active_day", "last_active_day", "first_paid_day"]
        if self.question.by == "attribute" and self.has_column(self.question.attribute):
            found.append(named(f"by_{self.question.attribute}"))
        if self.question.within and (column := self.within_column().removeprefix("account.")) not in found:
            found.append(column)
        return found + self.bit_columns()

    def bit_columns(self) -> list[str]:
        question = self.question
        if question.measure != "accounts" or question.kind == "unbounded":
            return []
        return [bits.column_of(month) for month in self.months]

    def kept_columns(self) -> list[str]:
        columns = ["created_day", "first_active_day", "last_active_day", *self.bit_columns()]
        return [f"account.{column}" for column in columns]

    def table(self, name: str, *, with_: Sequence[str] = ("*",), of: str = "") -> str:
        """A table of the volume, with what the edition knows better."""
        named_so = (
            f" where name_key = (select name_key from known.event_name where name = {of})" if of else ""
        )
        return f"""{name if of != "$behaviour" else "early"} as (
{together(name, ", ".join(with_), named_so)}
)"""

    def group_tables(self) -> list[str]:
        question = self.question
        if question.by == "behaviour":
            return [
                self.table("early", of="$behaviour"),
                """counted as (
    select account_key, sum(events) as events from early where since < $days group by account_key
)""",
            ]
        if question.by == "attribute" and not self.has_column(question.attribute):
            return [self.table("attribute")]
        return []

    def group_joins(self) -> list[str]:
        question = self.question
        if question.by == "behaviour":
            return ["left join counted on counted.account_key = account.account_key"]
        if question.by == "attribute" and not self.has_column(question.attribute):
            return [
                "left join attribute on attribute.account_key = account.account_key "
                "and attribute.attribute = $attribute"
            ]
        return []

    def group(self) -> str:
        question = self.question
        if question.by == "behaviour":
            return f"case when coalesce(counted.events, 0) >= $times then '{DID}' else '{DID_NOT}' end"
        if question.by == "attribute" and self.has_column(question.attribute):
            return f"account.{named(f'by_{question.attribute}')}"
        return f"coalesce(attribute.value, '{NONE}')" if question.by == "attribute" else "'all'"

    def within_column(self) -> str:
        dimension, _ = self.question.within or ("", "")
        if not self.has_column(dimension):
            raise BadInput(
                f"There is no segment by {dimension!r}; there are {', '.join(self.frame.attributes)}."
            )
        return f"account.{named(f'by_{dimension}')}"

    def largest(self) -> str:
        """The largest groups by name; the others together, without one."""
        if self.question.by != "attribute" or not self.names_largest:
            return "started as (select *, all_segments as segment from of_cohort)"
        return """largest as (
    select all_segments as segment
    from of_cohort
    group by all_segments
    order by count(*) desc, all_segments
    limit $most_groups
),
started as (
    select of_cohort.*, largest.segment
    from of_cohort
    left join largest on largest.segment = of_cohort.all_segments
)"""
