"""How a channel stands, in a word and a sentence."""

from datetime import datetime

from engine.desk.channels import Channel
from pages.parts import words
from pages.parts.channels import hours
from pages.parts.sources.standing import State

PAUSED = "Nothing is sent by it, and nothing new is told there, until somebody resumes it."
UNTESTED = "Nothing was sent by it yet; a test message shows whether it works."


def state_of(channel: Channel, now: datetime) -> State:
    """The most important thing to know of it."""
    if channel.is_paused:
        return State("Paused", "off", PAUSED)
    if channel.last_error:
        return State("Failing", "bad", failing(channel, now))
    if hours.hold(channel.hours, now):
        until = f"Until {channel.hours.quiet_until} there, only critical messages are sent."
        return State("Quiet hours", "still", until)
    if channel.last_sent_at:
        return State(
            "Works", "good", f"The last message arrived {words.ago(now - channel.last_sent_at)} ago."
        )
    return State("Untested", "open", UNTESTED)


def failing(channel: Channel, now: datetime) -> str:
    """Why, since when, and when it is tried again."""
    said = [f"{(channel.last_error or '').rstrip('.')}."]
    if channel.failures > 1 and channel.failing_since:
        said.append(f"{channel.failures:,} in a row for {words.ago(now - channel.failing_since)}.")
    if channel.rests_until and channel.rests_until > now:
        said.append(f"Tried again in {words.ago(channel.rests_until - now)}.")
    return " ".join(said)
