"""SQL for who was active in a period, of the bits of active days."""

from dataclasses import dataclass

from metrics.explore import bits
from metrics.explore.accounts import Accounts


@dataclass(frozen=True)
class Activity(Accounts):
    """By the calendar, or by each account's own clock."""

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

    def own_words(self, *more: str) -> list[str]:
        """CTEs up to `own`: each account's active days from its first day on."""
        kept = "".join(f"{column}, " for column in ("segment", "cohort_start", "start_day", *more)).rstrip()
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
        {kept}
        [
            {every}
        ] as word
    from started
)""",
            f"""apart as (
    select
        {kept}
        {days} % {bits.WORD} as shift,
        {found},
        cast(0 as bigint) as word_{len(listed)}
    from words
)""",
            f"""own as (
    select
        {kept}
        {shifted}
    from apart
)""",
        ]

    def done(self) -> str:
        """CTE: engagement events by account and day."""
        return """done as (
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
)"""

    def counts(self) -> str:
        """SQL, true where a day's events count: from the account's first day on, if it was active then."""
        return """done.day >= started.start_day
        and (
            done.day > started.created_day
            or (done.day = started.created_day and started.first_active_day = done.day)
        )"""
