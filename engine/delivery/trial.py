"""Sends a test message by a channel, at once and past the outbox, and tells what became of it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from html import escape
from queue import Empty, Queue
from threading import Thread
from uuid import uuid4

from data.errors import GiveUp, TryAgain
from data.settings import Settings
from data.speech import english, known, language, later, say, speaking
from data.speech.figures import percent
from engine.control import audit, channel_store
from engine.control.store import Control
from engine.delivery.channels import channel_kind
from engine.delivery.content import About, Content, Told
from engine.delivery.happening import Accounts, Point
from engine.delivery.keeping import subject
from engine.delivery.outcome import Arrived, Later, Outcome, Refused
from engine.delivery.parcel import Parcel, packed
from engine.delivery.rendering import STYLE, literal
from engine.delivery.sending import drawn, handed_over

PATIENCE = 40.0  # seconds
OPENING = later(
    "This is a test of the channel {name}. What follows is made up, to show what an alert looks like."
)


def send_test(settings: Settings, control: Control, name: str, *, who: str, now: datetime) -> str:
    """Send one and wait for what becomes of it, in a sentence.

    Raises:
        BadInput: there is no such channel.
        TryAgain: it did not arrive, and may another time; the reason.
        GiveUp: it was refused; the reason.
    """
    with control.begin() as session:
        channel = channel_store.named(session, name)
    kind = channel_kind(channel.kind)
    params = kind.read(channel.params)
    with speaking(known(channel.language)):
        parcel = sample(settings, name, now)
    outcome = within(PATIENCE, lambda: handed_over(kind, params, parcel))
    with control.change() as session:
        after = {"outcome": in_words(outcome), "arrived": isinstance(outcome, Arrived)}
        audit.note(session, who, "tested", subject(name), now=now, after=after)
    if isinstance(outcome, Refused):
        raise GiveUp(
            english(
                "The test message by {name} was refused. {reason}", name=repr(name), reason=outcome.reason
            )
        )
    if isinstance(outcome, Later):
        raise TryAgain(
            english(
                "The test message by {name} did not arrive. {reason}", name=repr(name), reason=outcome.reason
            )
        )
    whom, note = kind.reaches(params), outcome.note
    if not note:
        return english("A test message was handed over to {whom}.", whom=whom)
    return english("A test message was handed over to {whom}: {note}.", whom=whom, note=note)


def in_words(outcome: Outcome) -> str:
    return outcome.note or "delivered" if isinstance(outcome, Arrived) else outcome.reason


def within(seconds: float, do: Callable[[], Outcome]) -> Outcome:
    """Do it on a thread that nobody waits for longer."""
    answers: Queue[Outcome] = Queue()
    Thread(target=lambda: answers.put(do()), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except Empty:
        return Later(english("It took longer than {seconds} s.", seconds=f"{seconds:.0f}"))


def sample(settings: Settings, name: str, now: datetime) -> Parcel:
    """A made-up alert as a message shows it, under a heading that says so."""
    content = made_up(settings, now)
    made = packed(content, f"test-{uuid4().hex}", settings.pages_url, drawn(content))
    opening = say(OPENING, name=repr(name))
    heading = say("[Test] Holdfast reaches you by the channel {name}", name=name)
    return replace(
        made,
        severity="info",
        subject=heading,
        text=f"{opening}\n\n{made.text}",
        html=made.html.replace("<div ", f'<p style="{STYLE}">{escape(opening)}</p><div ', 1),
        markdown=f"{literal(opening)}\n\n{made.markdown}",
        facts=made.facts | {"what": "test", "subject": heading, "text": f"{opening}\n\n{made.text}"},
    )


def made_up(settings: Settings, now: datetime) -> Content:
    about = About(
        rule_id=0, name=say("a made-up rule"), metric="activation_rate", title=say("Activation rate"),
        unit="rate", currency=settings.base_currency, zone=settings.timezone, grain="week", dimension="plan",
        condition=say("falls below {bound}", bound=percent(0.35)), severity="info", owner="",
        advice=say("Nothing: this is a test."),
    )  # fmt: skip
    start = now.date() - timedelta(days=now.weekday() + 7 * 26)
    rates = [0.43 + 0.01 * (at % 3) - (0.03 * (at - 20) if at > 20 else 0.0) for at in range(26)]
    trend = tuple(
        Point(start + timedelta(days=7 * at), rate, 0.35, None, at >= 24) for at, rate in enumerate(rates)
    )
    behind = Accounts("signed up in the period and have not activated", 2, (("a1", "Ada"), ("a2", "Bo")))
    told = Told(
        alert_id=0, segment="pro", since=now - timedelta(days=8), entered_at=now, trend=trend, behind=behind,
        period_start=trend[-1].period_start, value=rates[-1], low=0.35, usual=0.43, beyond=0.35 - rates[-1],
    )  # fmt: skip
    return Content(what="firing", language=language(), about=about, alerts=(told,), written_at=now)
