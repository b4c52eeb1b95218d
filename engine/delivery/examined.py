"""Looks at the channels of a home: whether messages go out, and what to mend where they do not."""

from collections.abc import Iterator

from data.settings import Settings
from engine.control import channel_store
from engine.control.channel_store import StoredChannel
from engine.control.store import Control
from engine.finding import Finding

HERE = ("127.0.0.1", "localhost", "0.0.0.0", "::", "::1")


def examined(settings: Settings) -> Iterator[Finding]:
    with Control.open(settings).begin() as session:
        channels, counts = channel_store.channels(session), channel_store.counts(session)
    if not channels:
        yield Finding("note", "Nobody is told of alerts: set up a channel (`python -m engine channel add`).")
        return
    for channel in channels.values():
        yield _found(channel)
        if dead := counts.get((channel.channel_id, "dead"), 0):
            yield Finding(
                "note",
                f"{dead} messages by the channel {channel.name!r} were given up; "
                "`channel messages --state dead` shows why, and `channel retry ID` sends one again.",
            )
    if settings.public_url is None and settings.host in HERE:
        yield Finding(
            "note",
            f"Links in messages lead to {settings.pages_url}, which only this machine can open; "
            "set public_url to where people open the pages.",
        )


def _found(channel: StoredChannel) -> Finding:
    if channel.is_paused:
        return Finding("note", f"The channel {channel.name!r} is paused: nobody is told by it.")
    if channel.failing_since is None:
        return Finding("fine", f"The channel {channel.name!r} has nothing against it.")
    return Finding(
        "wrong",
        f"The channel {channel.name!r} has failed {channel.failures} times since "
        f"{channel.failing_since:%Y-%m-%d %H:%M} UTC: {channel.last_error} Mend it, then "
        f"`python -m engine channel test {channel.name}`.",
    )
