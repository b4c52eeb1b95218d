"""The explorer once more, in plain Python over lists of facts: slow, and shares no line with the SQL."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from metrics.explore.question import Question

Cell = tuple[int, Decimal, Decimal, bool]  # size, part, whole, complete
Key = tuple[str, date, int]


@dataclass
class Customer:
    account_id: str
    created_at: datetime
    plan: str | None
    tier: str | None
    events: list[tuple[datetime, str]] = field(default_factory=list)
    mrr: list[tuple[date, Decimal]] = field(default_factory=list)  # at the end of the day, from that day on

    def seen(self, name: str | None = None) -> list[date]:
        """The days of events at or after sign-up, one an event."""
        told = sorted(event for event in self.events if event[0] >= self.created_at)
        return [at.date() for at, called in told if name is None or called == name]

    def whole_days(self) -> list[date]:
        """The same, and on a day with such an event those before sign-up too."""
        active = set(self.seen())
        return [at.date() for at, _ in self.events if at.date() in active]

    def paid(self, day: date) -> Decimal:
        return next((mrr for since, mrr in reversed(self.mrr) if since <= day), Decimal(0))


@dataclass
class Company:
    customers: list[Customer]
    today: date
    week_start: int

    def week(self, day: date) -> date:
        while day.weekday() != self.week_start:
            day -= timedelta(1)
        return day

    def start_of(self, day: date, grain: str) -> date:
        return day.replace(day=1) if grain == "month" else self.week(day)

    def after(self, start: date, grain: str, count: int) -> date:
        if grain == "week":
            return start + timedelta(7 * count)
        months = start.year * 12 + start.month - 1 + count
        return date(months // 12, months % 12 + 1, 1)

    def first_day(self, customer: Customer, question: Question) -> date | None:
        if question.start == "signup":
            return customer.created_at.date()
        if question.start == "paid":
            return next((day for day, mrr in customer.mrr if mrr > 0), None)
        days = customer.seen(question.event if question.start == "event" else None)
        return days[0] if days else None

    def group(self, customer: Customer, question: Question) -> str | None:
        if question.by == "attribute":
            return (customer.plan if question.attribute == "plan" else customer.tier) or "(none)"
        if question.by == "all":
            return "all"
        until = customer.created_at.date() + timedelta(question.days)
        if until > self.today:
            return None
        times = sum(day < until for day in customer.seen(question.behaviour))
        return "did" if times >= question.times else "did not"

    def span(self, question: Question, cohort: date, first: date, index: int) -> tuple[date, date]:
        if question.clock == "own":
            length = 7 if question.grain == "week" else 30
            return first + timedelta(length * index), first + timedelta(length * (index + 1))
        return self.after(cohort, question.grain, index), self.after(cohort, question.grain, index + 1)

    def counts(self, customer: Customer, question: Question, cohort: date, first: date, index: int) -> bool:
        begin, end = self.span(question, cohort, first, index)
        days = [day for day in customer.seen() if day >= first]
        if question.kind == "unbounded":
            return any(day >= begin for day in days)
        if question.kind == "rolling" and index > 1:
            begin = self.span(question, cohort, first, index - 1)[0]
        return any(begin <= day < end for day in days)

    def amount(
        self, customer: Customer, question: Question, cohort: date, first: date, index: int
    ) -> Decimal:
        begin, end = self.span(question, cohort, first, index)
        if question.measure == "accounts":
            return Decimal(self.counts(customer, question, cohort, first, index))
        if question.measure == "events":
            return Decimal(sum(max(begin, first) <= day < end for day in customer.whole_days()))
        now = customer.paid(min(self.today, end - timedelta(1)))
        _, first_end = self.span(question, cohort, first, 0)
        before = customer.paid(min(self.today, first_end - timedelta(1)))
        return now if question.measure == "net" else min(now, before)

    def members(self, question: Question) -> Iterator[tuple[str, date, date, Customer]]:
        for customer in self.customers:
            first, group = self.first_day(customer, question), self.group(customer, question)
            if first is not None and group is not None:
                yield group, self.start_of(first, question.grain), first, customer

    def cells(self, question: Question) -> dict[Key, Cell]:
        found: dict[Key, Cell] = {}
        members = list(self.members(question))
        for group, cohort in {(group, cohort) for group, cohort, _, _ in members}:
            own = [(first, one) for g, c, first, one in members if (g, c) == (group, cohort)]
            for index in range(2000):
                if self.span(question, cohort, cohort, index)[0] > self.today:
                    break
                part = sum((self.amount(one, question, cohort, f, index) for f, one in own), Decimal(0))
                whole = Decimal(len(own))
                if question.measure in ("net", "gross"):
                    whole = sum((self.amount(one, question, cohort, f, 0) for f, one in own), Decimal(0))
                youngest = self.after(cohort, question.grain, 1) - timedelta(1)
                complete = self.span(question, cohort, youngest, index)[1] <= self.today
                found[group, cohort, index] = (len(own), part, whole, complete)
        return found
