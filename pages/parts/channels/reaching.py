"""Whom a channel reaches, as the engine says it in English, in the language of the run."""

from engine.desk.channels import Channel
from pages.parts.speech import later, say

APPRISE, SERVER = ", through Apprise", " by "
FIXED = (
    later("Slack, by a webhook"),
    later("Teams, by a workflow"),
    later("nobody: there is no such kind (any more)"),
)


def reached(channel: Channel) -> str:
    found = channel.reaches
    if found in FIXED:
        return say(found)
    if channel.kind == "email" and SERVER in found:
        people, _, server = found.rpartition(SERVER)
        return say("{people} by {server}", people=people, server=server)
    if channel.kind == "apprise" and found.endswith(APPRISE):
        return say("{service}, through Apprise", service=found.removesuffix(APPRISE))
    return found
