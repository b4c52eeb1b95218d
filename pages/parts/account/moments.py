"""Facts as moments of a timeline: when, in which lane, what in words, and how much."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

import polars as pl

from engine.desk.notes import AccountNote
from pages.parts import words
from pages.parts.account.reads import Fact
from pages.parts.speech import later, say, several, written

Lane = Literal["billing", "usage", "messages", "tickets", "feedback", "notes"]
LANES: dict[Lane, str] = {
    "billing": later("Billing"),
    "usage": later("Usage"),
    "messages": later("Messages"),
    "tickets": later("Tickets"),
    "feedback": later("Feedback"),
    "notes": later("Notes"),
}
Look = Literal["", "good", "bad"]
COUNTED = ("active", "past_due")  # states of a subscription that count in MRR
NAMED = 3  # names of events told of a day
WROTE = {
    "note": later("Note"),
    "call": later("Call"),
    "mail": later("Mail"),
    "meeting": later("Meeting"),
}
NOTE = "note"
STATES = {
    "trialing": later("Subscription trialing, monthly"),
    "active": later("Subscription active, monthly"),
    "past_due": later("Subscription past due, monthly"),
    "paused": later("Subscription paused, monthly"),
    "canceled": later("Subscription canceled, monthly"),
}
DONE = {
    "delivered": later("delivered"),
    "opened": later("opened"),
    "clicked": later("clicked"),
    "converted": later("converted"),
    "unsubscribed": later("unsubscribed"),
}
LATER = {  # what may happen to an invoice after it was issued
    "paid_at": (later("Invoice {id} paid"), "good"),
    "voided_at": (later("Invoice {id} voided"), ""),
    "disputed_at": (later("Invoice {id} disputed"), "bad"),
}


@dataclass(frozen=True)
class Moment:
    """`what` and `more` are plain text; `amount` is money in `currency`, or in the base currency."""

    at: datetime
    lane: Lane
    what: str
    more: str = ""
    amount: Decimal | None = None
    currency: str | None = None
    look: Look = ""
    note_id: int | None = None


def moments(
    facts: Sequence[Fact], usage: pl.DataFrame, notes: Iterable[AccountNote], as_of: datetime
) -> list[Moment]:
    """All that happened up to the edition's instant, and all notes: the newest first."""
    told = [moment for moment in from_facts(facts) if moment.at <= as_of]
    told += from_usage(usage)
    told += [
        Moment(
            note.at,
            "notes",
            wrote(note.kind),
            f"{note.text}\n— {note.author}",
            note_id=note.note_id,
        )
        for note in notes
    ]
    return sorted(told, key=lambda moment: moment.at, reverse=True)


def wrote(kind: str) -> str:
    """What a note is; of a kind that is no more, simply a note."""
    return say(WROTE.get(kind, WROTE[NOTE]))


def from_facts(facts: Sequence[Fact]) -> Iterator[Moment]:
    yield from subscriptions([fact for fact in facts if fact.shape == "subscription_changes"])
    yield from invoices(facts)
    for fact in facts:
        if told := PLAIN.get(fact.shape):
            yield from told(fact)


def subscriptions(changes: Sequence[Fact]) -> Iterator[Moment]:
    """Each change against the one before of the same subscription."""
    before: dict[str, Fact] = {}
    for change in reversed(changes):
        last = before.get(change.id)
        before[change.id] = change
        mrr, was = paid(change), paid(last) if last else Decimal(0)
        more = " · ".join(filter(None, [change.told.get("plan"), change.told.get("currency"), change.id]))
        look: Look = "good" if mrr > was else "bad" if mrr < was else ""
        yield Moment(
            change.at,
            "billing",
            state_of(change),
            more,
            mrr,
            change.told.get("currency"),
            look,
        )


def state_of(change: Fact) -> str:
    status = str(change.told.get("status", "active"))
    if status in STATES:
        return say(STATES[status])
    return say("Subscription {state}, monthly", state=words.name_of(status).lower())


def paid(change: Fact) -> Decimal:
    """What a state of a subscription counts in MRR."""
    is_counted = change.told.get("status", "active") in COUNTED
    return Decimal(change.told.get("mrr", 0)) if is_counted else Decimal(0)


def invoices(facts: Sequence[Fact]) -> Iterator[Moment]:
    """An invoice as it was issued, and what became of it: what was said of it last holds."""
    said: dict[str, dict[str, Any]] = {}
    for fact in reversed(facts):
        if fact.shape == "invoice_updates":
            said[fact.id] = said.get(fact.id, {}) | fact.told
    for fact in facts:
        if fact.shape != "invoices":
            continue
        told = fact.told | said.get(fact.id, {})
        money = (told.get("amount"), told.get("currency"))
        due = say("due {day}", day=words.day_of(told["due_at"].date())) if told.get("due_at") else ""
        yield Moment(fact.at, "billing", say("Invoice {id} issued", id=fact.id), due, *money)
        for name, (what, look) in LATER.items():
            if told.get(name):
                yield Moment(told[name], "billing", say(what, id=fact.id), "", *money, look=look)  # type: ignore[arg-type]


def payment(fact: Fact) -> Iterator[Moment]:
    told, failed = fact.told, fact.told.get("outcome") == "failed"
    more = " · ".join(
        filter(None, [told.get("decline_code"), say("invoice {id}", id=told.get("invoice_id"))])
    )
    what = say("Payment failed" if failed else "Payment succeeded")
    yield Moment(fact.at, "billing", what, more, told.get("amount"), look="bad" if failed else "good")


def message(fact: Fact) -> Iterator[Moment]:
    told = fact.told
    done = [name for name in DONE if told.get(f"{name}_at")]
    became = ", ".join(say(DONE[name]) for name in done)
    named = " · ".join(filter(None, [told.get("campaign"), told.get("variant"), became]))
    look: Look = "bad" if "unsubscribed" in done else ""
    if told.get("channel"):
        what = say("{channel} sent", channel=words.name_of(str(told["channel"])))
    else:
        what = say("Message sent")
    yield Moment(fact.at, "messages", what, named, look=look)


def ticket(fact: Fact) -> Iterator[Moment]:
    told = fact.told
    more = " · ".join(filter(None, [told.get("subject"), told.get("priority")]))
    yield Moment(fact.at, "tickets", say("Ticket opened"), more or fact.id)
    if told.get("closed_at"):
        rated = (
            say("satisfaction {score}", score=general(told["satisfaction"]))
            if told.get("satisfaction") is not None
            else ""
        )
        yield Moment(
            told["closed_at"],
            "tickets",
            say("Ticket closed"),
            " · ".join(filter(None, [told.get("subject"), rated])),
        )


def feedback(fact: Fact) -> Iterator[Moment]:
    told = fact.told
    score = say("score {score}", score=general(told["score"])) if told.get("score") is not None else ""
    more = " · ".join(filter(None, [score, told.get("reason"), told.get("text")]))
    yield Moment(fact.at, "feedback", say("Feedback"), more)


def redemption(fact: Fact) -> Iterator[Moment]:
    what = say("{points} points redeemed", points=general(fact.told.get("points", 0)))
    yield Moment(fact.at, "billing", what, str(fact.told.get("reward") or ""))


def general(number: Any) -> str:
    """1,204.5, with as many places as matter."""
    return f"{number:,g}".translate(written().swaps)


PLAIN = {
    "payments": payment,
    "messages": message,
    "tickets": ticket,
    "feedback": feedback,
    "redemptions": redemption,
}


def from_usage(usage: pl.DataFrame) -> Iterator[Moment]:
    """A moment a day: how many events, of which names most, and the last of them."""
    for (_,), rows in usage.group_by("day", maintain_order=True):
        most = rows.sort("events", "name", descending=[True, False])
        names = [
            f"{row['name']} {words.number(row['events'])}" for row in most.head(NAMED).iter_rows(named=True)
        ]
        if most.height > NAMED:
            names.append(several(most.height - NAMED, "and {count} more", "and {count} more"))
        what = several(int(rows["events"].sum()), "{count} event", "{count} events")
        yield Moment(rows["last_at"].max(), "usage", what, ", ".join(names))  # type: ignore[arg-type]


def since(found: Sequence[Moment], as_of: datetime, days: int) -> list[Moment]:
    return [moment for moment in found if moment.at > as_of - timedelta(days=days)]
