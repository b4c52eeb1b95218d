"""How a channel stands, in a word and a sentence."""

from datetime import datetime

from engine.desk.channels import Channel
from pages.parts import words
from pages.parts.channels import hours
from pages.parts.sources.standing import State
from pages.parts.speech import later, retold, say, several

PAUSED = later("Nothing is sent by it, and nothing new is told there, until somebody resumes it.")
UNTESTED = later("Nothing was sent by it yet; a test message shows whether it works.")


def state_of(channel: Channel, now: datetime) -> State:
    """The most important thing to know of it."""
    if channel.is_paused:
        return State(later("Paused"), "off", say(PAUSED))
    if channel.last_error:
        return State(later("Failing"), "bad", failing(channel, now))
    if hours.hold(channel.hours, now):
        until = say("Until {hour} there, only critical messages are sent.", hour=channel.hours.quiet_until)
        return State(later("Quiet hours"), "still", until)
    if channel.last_sent_at:
        arrived = say("The last message arrived {span} ago.", span=words.ago(now - channel.last_sent_at))
        return State(later("Works"), "good", arrived)
    return State(later("Untested"), "open", say(UNTESTED))


def failing(channel: Channel, now: datetime) -> str:
    """Why, since when, and when it is tried again."""
    said = [f"{retold(channel.last_error or '').rstrip('.')}."]
    if channel.failures > 1 and channel.failing_since:
        span = words.ago(now - channel.failing_since)
        said.append(
            several(
                channel.failures, "{count} in a row for {span}.", "{count} in a row for {span}.", span=span
            )
        )
    if channel.rests_until and channel.rests_until > now:
        said.append(say("Tried again in {span}.", span=words.ago(channel.rests_until - now)))
    return " ".join(said)
