"""A question as SQL over an edition and its volume: every value bound, every name quoted in one place."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data.errors import BadInput
from data.store.warehouse import named, quoted
from metrics.explore import bits
from metrics.explore.question import Frame, Question

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


@dataclass(frozen=True)
class Statement:
    """SELECT and what its parameters are bound to."""

    sql: str
    parameters: dict[str, Any] = field(default_factory=dict)

    @property
    def script(self) -> str:
        """The same with its values written out, for people to run."""
        text = self.sql
        for name in sorted(self.parameters, key=len, reverse=True):
            text = text.replace(f"${name}", literal(self.parameters[name]))
        return text


def literal(value: Any) -> str:
    if isinstance(value, date):
        return f"date '{value}'"
    return quoted(value) if isinstance(value, str) else str(value)


@dataclass(frozen=True)
class Writer:
    """Writes the SQL of one question on one edition."""

    question: Question
    frame: Frame
    starts: Sequence[date]  # the cohorts asked for, without a gap

    @property
    def months(self) -> list[date]:
        """The months in which accounts of these cohorts can have been active."""
        return [month for month in self.frame.months if bits.next_month(month) > self.starts[0]]

    @property
    def parameters(self) -> dict[str, Any]:
        question = self.question
        given: dict[str, Any] = {"first_cohort": self.starts[0], "today": self.frame.today}
        if question.start == "event":
            given["event"] = question.event
        if question.by == "attribute":
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

    def cells(self) -> Statement:
        """A row a group, cohort and period: size, part, whole, complete."""
        write = {"accounts": self.active_cells, "events": self.event_cells}.get(
            self.question.measure, self.money_cells
        )
        sql = f"""{self.started()},
{write()}
select
    cells.segment,
    cells.cohort_start,
    cast(cells.period_index as integer) as period_index,
    cells.size,
    cells.part,
    cells.whole,
    {self.ends("cells.cohort_start", "cells.period_index")} <= $today as complete
from cells
order by cells.segment nulls last, cells.cohort_start, cells.period_index"""
        return Statement(sql, self.parameters)

    # The accounts, each with its cohort and group.

    def started(self, *more: str) -> str:
        """CTEs up to `started`: accounts with their first day, cohort and group."""
        question = self.question
        tables = [self.table("account", with_=self.account_columns())]
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
        columns, key = ", ".join(with_), SOURCES[name]
        named_so = (
            f" where name_key = (select name_key from known.event_name where name = {of})" if of else ""
        )
        return f"""{name if of != "$behaviour" else "early"} as (
    select {columns} from volume.{name} anti join known.{name}_changed using ({key}){named_so}
    union all
    select {columns} from known.{name}{named_so}
)"""

    def cohort_of(self, day: str) -> str:
        if self.question.grain == "month":
            return f"cast(date_trunc('month', {day}) as date)"
        return f"{day} - cast((isodow({day}) + {6 - self.frame.week_start}) % 7 as integer)"

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
        if self.question.by != "attribute":
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

    # What is counted.

    def active_cells(self) -> str:
        own = self.question.clock == "own"
        tables = self.own_words() if own and self.bit_columns() else []
        base = "own" if tables else "started"
        conditions = [self.is_active(place) for place in range(self.width())]
        sums = ",\n            ".join(f"cast(sum(cast({one} as integer)) as bigint)" for one in conditions)
        index = "place" if own else f"place - {self.number_of('cohort_start')}"
        tables.append(f"""hits as (
    select
        segment,
        cohort_start,
        count(*) as size,
        [
            {sums}
        ] as active
    from {base}
    group by segment, cohort_start
),
placed as (
    select segment, cohort_start, size, unnest(active) as part, generate_subscripts(active, 1) - 1 as place
    from hits
),
cells as (
    select segment, cohort_start, {index} as period_index, size, coalesce(part, 0) as part, size as whole
    from placed
    where {index} >= 0 and {self.begins("cohort_start", index)} <= $today
)""")
        return ",\n".join(tables)

    def width(self) -> int:
        """How many periods there can be."""
        if self.question.clock == "calendar":
            return len(self.starts)
        return (self.frame.today - self.starts[0]).days // self.question.length + 1

    def is_active(self, place: int) -> str:
        """SQL, true where an account counts in a period: the calendar's of that number, or its own."""
        question = self.question
        if question.clock == "own":
            return self.is_active_on_own(place)
        start = self.starts[place]
        since = "start_day" if question.start in ("paid", "event") else ""
        if question.kind == "unbounded":
            least = f"greatest(date '{start}', {since})" if since else f"date '{start}'"
            return f"coalesce(last_active_day >= {least}, false)"
        until = self.frame.next_start(start, question.grain)
        there = bits.active_between(start, until, self.months, since)
        if question.kind == "bounded":
            return there
        before = self.frame.before(start, question.grain)
        lately = bits.active_between(before, until, self.months, since)
        return f"case when cohort_start < date '{before}' then {lately} else {there} end"

    def is_active_on_own(self, place: int) -> str:
        question, length = self.question, self.question.length
        if question.kind == "unbounded":
            return f"coalesce(last_active_day >= start_day + {place * length}, false)"
        first = (place - 1) * length if question.kind == "rolling" and place > 1 else place * length
        last = len(bits.words(self.months)) * bits.WORD
        return bits.active_in_span(first, min(last, (place + 1) * length))

    def own_words(self) -> list[str]:
        """Each account's active days from its first day on."""
        listed = bits.words(self.months)
        days = f"(start_day - date '{self.months[0]}')"
        found = ",\n        ".join(
            f"coalesce(word[{days} // {bits.WORD} + {number + 1}], 0) as word_{number}"
            for number in range(len(listed))
        )
        shifted = ",\n        ".join(
            f"(word_{number} >> shift) | ((word_{number + 1} & ((cast(1 as bigint) << shift) - 1)) "
            f"<< ({bits.WORD} - shift)) as own_{number}"
            for number in range(len(listed))
        )
        every = ",\n            ".join(listed)
        return [
            f"""words as (
    select
        segment,
        cohort_start,
        start_day,
        [
            {every}
        ] as word
    from started
)""",
            f"""apart as (
    select
        segment,
        cohort_start,
        {days} % {bits.WORD} as shift,
        {found},
        cast(0 as bigint) as word_{len(listed)}
    from words
)""",
            f"""own as (
    select
        segment,
        cohort_start,
        {shifted}
    from apart
)""",
        ]

    def number_of(self, day: str) -> str:
        """SQL for the place of a cohort among those asked for."""
        if self.question.grain == "month":
            return f"date_diff('month', $first_cohort, {day})"
        return f"(({day} - $first_cohort) // 7)"

    def index_of(self, day: str) -> str:
        """SQL for the period of a day, from 0; what came before counts as 0."""
        if self.question.clock == "own":
            return f"greatest(0, ({day} - started.start_day) // {self.question.length})"
        if self.question.grain == "month":
            return f"greatest(0, date_diff('month', started.cohort_start, {day}))"
        return f"greatest(0, ({self.cohort_of(day)} - started.cohort_start) // 7)"

    def begins(self, cohort: str, index: str) -> str:
        """SQL for the first day on which any account of the cohort is in a period."""
        if self.question.clock == "own":
            return f"{cohort} + cast({index} as integer) * {self.question.length}"
        if self.question.grain == "month":
            return f"cast({cohort} + to_months(cast({index} as integer)) as date)"
        return f"{cohort} + cast({index} as integer) * 7"

    def ends(self, cohort: str, index: str) -> str:
        """SQL for the day after a period's last one, of the youngest account that the cohort can have."""
        if self.question.clock == "calendar":
            return self.begins(cohort, f"({index} + 1)")
        youngest = (
            f"cast({cohort} + to_months(1) as date)" if self.question.grain == "month" else f"{cohort} + 7"
        )
        return f"{youngest} - 1 + cast({index} + 1 as integer) * {self.question.length}"

    def grid(self) -> str:
        """CTEs: every group, cohort and period that has begun, with the cohort's size."""
        return f"""sized as (
    select segment, cohort_start, count(*) as size from started group by segment, cohort_start
),
grid as (
    select sized.segment, sized.cohort_start, sized.size, place.range as period_index
    from sized
    cross join range({self.width()}) as place
    where {self.begins("sized.cohort_start", "place.range")} <= $today
)"""

    def money_cells(self) -> str:
        gross = self.question.measure == "gross"
        moved = (
            """case
            when period_index = 0 then delta
            else least(mrr_0, mrr_after) - least(mrr_0, mrr_before)
        end"""
            if gross
            else "delta"
        )
        return f"""{self.grid()},
{self.table("mrr")},
changed as (
    select
        started.segment,
        started.cohort_start,
        started.account_key,
        {self.index_of("mrr.day")} as period_index,
        mrr.delta,
        mrr.mrr_before,
        mrr.mrr_after
    from mrr
    join started on started.account_key = mrr.account_key
    where mrr.day <= $today
),
compared as (
    select
        *,
        sum(case when period_index = 0 then delta else 0 end) over (partition by account_key) as mrr_0
    from changed
),
moved as (
    select segment, cohort_start, period_index, sum({moved}) as part
    from compared
    group by segment, cohort_start, period_index
),
running as (
    select
        grid.segment,
        grid.cohort_start,
        grid.period_index,
        grid.size,
        cast(
            sum(coalesce(moved.part, 0)) over (
                partition by grid.segment, grid.cohort_start order by grid.period_index
            ) as decimal(18, 4)
        ) as part
    from grid
    left join moved
        on moved.segment is not distinct from grid.segment
        and moved.cohort_start = grid.cohort_start
        and moved.period_index = grid.period_index
),
cells as (
    select
        *,
        first_value(part) over (partition by segment, cohort_start order by period_index) as whole
    from running
)"""

    def event_cells(self) -> str:
        return f"""{self.grid()},
done as (
    select
        coalesce(member.account_key, counted_day.actor_key) as account_key,
        counted_day.day,
        counted_day.events
    from (
        select actor_key, day, events from volume.event_count
        union all
        select actor_key, day, events from known.event_count
    ) as counted_day
    left join known.member as member on member.actor_key = counted_day.actor_key
),
summed as (
    select
        started.segment,
        started.cohort_start,
        {self.index_of("done.day")} as period_index,
        cast(sum(done.events) as bigint) as part
    from done
    join started on started.account_key = done.account_key
    where
        done.day >= started.start_day
        and (
            done.day > started.created_day
            or (done.day = started.created_day and started.first_active_day = done.day)
        )
    group by all
),
cells as (
    select
        grid.segment,
        grid.cohort_start,
        grid.period_index,
        grid.size,
        coalesce(summed.part, 0) as part,
        grid.size as whole
    from grid
    left join summed
        on summed.segment is not distinct from grid.segment
        and summed.cohort_start = grid.cohort_start
        and summed.period_index = grid.period_index
)"""
