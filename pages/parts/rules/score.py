"""What a rehearsal comes to, in sentences."""

from datetime import date

from engine.desk.rehearsals import Rehearsed
from pages.parts import words


def sentence(found: Rehearsed, saved: Rehearsed | None, over: str) -> str:
    """It would have fired 4 times in 12 months, 9 messages; 3 of 4 followed by … The saved rule: 7 times."""
    if not found.firings:
        said = [f"It would not have fired in {over}"]
    else:
        said = [f"It would have fired {times(found.firings)} in {over}{messages(found)}"]
    if worth := usefulness(found):
        said.append(f"; {worth}")
    against = f" The saved rule: {times(saved.firings)}{messages(saved)}." if saved else ""
    return f"{''.join(said)}.{against}"


def times(number: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(number, f"{number:,} times")


def messages(found: Rehearsed) -> str:
    return f", {words.plural(found.messages, 'message')}" if found.firings else ""


def usefulness(found: Rehearsed) -> str:
    """3 of 4 followed by churn above usual (1 in 5 would be by chance), median warning 11 days."""
    worth = found.worth
    if not worth.judged:
        return ""
    said = f"{worth.followed:,} of {worth.judged:,} followed by churn above usual"
    if worth.chance is not None:
        said += f" ({worth.chance:.0%} would be by chance)".replace("%", f"{words.THIN}%")
    if worth.warning_days is not None:
        said += (
            f", median warning {worth.warning_days:.0f} {'day' if round(worth.warning_days) == 1 else 'days'}"
        )
    return said


def moved(found: Rehearsed, saved: Rehearsed) -> str:
    """Over the history: 7 firings → 4, 15 messages → 9, 40 days firing → 21."""
    pairs = (
        ("firings", saved.firings, found.firings),
        ("messages", saved.messages, found.messages),
        ("days firing", round(saved.days_firing), round(found.days_firing)),
    )
    return ", ".join(f"{before:,} → {after:,} {name}" for name, before, after in pairs)


def span(start: date, end: date) -> str:
    """12 months, 9 weeks, 20 days: how long a rehearsal looks back."""
    days = (end - start).days
    if days >= 85:
        return f"{round(days / 30.44)} months"
    return words.plural(round(days / 7), "week") if days >= 21 else words.plural(max(days, 1), "day")
