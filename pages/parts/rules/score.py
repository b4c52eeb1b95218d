"""What a rehearsal comes to, in sentences."""

from datetime import date

from engine.desk.rehearsals import Rehearsed
from pages.parts.rules import grains
from pages.parts.speech import later, say, several, whole, written

FEW = {0: later("never"), 1: later("once"), 2: later("twice")}


def sentence(found: Rehearsed, saved: Rehearsed | None, over: str) -> str:
    """It would have fired 4 times in 12 months, 9 messages; 3 of 4 followed by … The saved rule: 7 times."""
    said, worth = fired(found, over), usefulness(found)
    said = say("{said}; {worth}.", said=said, worth=worth) if worth else f"{said}."
    return f"{said} {say('The saved rule: {times}.', times=often(saved))}" if saved else said


def fired(found: Rehearsed, over: str) -> str:
    if not found.firings:
        return say("It would not have fired in {time}", time=over)
    return say("It would have fired {times} in {time}, {messages}", time=over, **counts(found))


def often(found: Rehearsed) -> str:
    """7 times, 14 messages."""
    return "{times}, {messages}".format(**counts(found)) if found.firings else times(0)


def counts(found: Rehearsed) -> dict[str, str]:
    messages = several(found.messages, "{count} message", "{count} messages")
    return {"times": times(found.firings), "messages": messages}


def times(number: int) -> str:
    return say(FEW[number]) if number in FEW else several(number, "{count} time", "{count} times")


def usefulness(found: Rehearsed) -> str:
    """3 of 4 followed by churn above usual (1 in 5 would be by chance), median warning 11 days."""
    worth = found.worth
    if not worth.judged:
        return ""
    judged = {"followed": whole(worth.followed), "judged": whole(worth.judged)}
    said = say("{followed} of {judged} followed by churn above usual", **judged)
    if worth.chance is not None:
        share = f"{worth.chance:.0%}".replace("%", written().percent)
        said = say("{said} ({share} would be by chance)", said=said, share=share)
    if worth.warning_days is not None:
        days = round(worth.warning_days)
        said = several(
            days, "{said}, median warning {count} day", "{said}, median warning {count} days", said=said
        )
    return said


def moved(found: Rehearsed, saved: Rehearsed) -> str:
    """7 → 4 firings, 15 → 9 messages, 40 → 21 days firing."""
    pairs = {
        "firings": (saved.firings, found.firings),
        "messages": (saved.messages, found.messages),
        "days": (round(saved.days_firing), round(found.days_firing)),
    }
    told = {name: f"{whole(before)} → {whole(after)}" for name, (before, after) in pairs.items()}
    return say("{firings} firings, {messages} messages, {days} days firing", **told)


def span(start: date, end: date) -> str:
    """12 months, 9 weeks, 20 days: how long a rehearsal looks back."""
    days = (end - start).days
    if days >= 85:
        return grains.counted(round(days / 30.44), "month")
    return grains.counted(round(days / 7), "week") if days >= 21 else grains.counted(max(days, 1), "day")
