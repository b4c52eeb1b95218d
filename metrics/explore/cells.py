"""SQL for the cells: of every group, cohort and period, how many there were and what is left."""

from dataclasses import dataclass

from metrics.explore.activity import Activity
from metrics.explore.statement import Statement, bound


@dataclass(frozen=True)
class Cells(Activity):
    """A row a group, cohort and period: size, part, whole, complete."""

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
        return bound(sql, self.parameters)

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
{self.done()},
summed as (
    select
        started.segment,
        started.cohort_start,
        {self.index_of("done.day")} as period_index,
        cast(sum(done.events) as bigint) as part
    from done
    join started on started.account_key = done.account_key
    where {self.counts()}
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
