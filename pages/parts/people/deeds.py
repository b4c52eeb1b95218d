"""What people did, to what, in the words of the audit trail, which is kept in English."""

from collections.abc import Sequence
from itertools import chain

from pages.parts import speech
from pages.parts.speech import say_as

MEANING = "in the trail"
SHORTEST = 3  # letters of a word that is looked for
REASONS = ("comes with Holdfast",)
ACTIONS = (
    "acknowledged",
    "activated",
    "added",
    "added the annotation",
    "assigned",
    "changed",
    "changed a view",
    "commented",
    "created",
    "created the token",
    "deactivated",
    "ended the silence",
    "forgot the identity of",
    "handled",
    "idle",
    "made a key of",
    "paused",
    "released",
    "removed",
    "removed a view",
    "removed the annotation",
    "removed the note",
    "resumed",
    "revoked a key of",
    "revoked the token",
    "saved a view",
    "set",
    "set the role by claim",
    "set the secret of",
    "shipped",
    "signed in",
    "signed out",
    "silenced",
    "snoozed",
    "switched off",
    "switched on",
    "tested",
    "too long",
    "took",
    "tried again",
    "woke",
    "wrote the note",
)
SUBJECTS = (
    "account",
    "alert",
    "annotation",
    "channel",
    "default rules",
    "digest",
    "message",
    "note",
    "person",
    "role claim",
    "routes",
    "rule",
    "silence",
    "source",
    "target",
    "token",
    "view",
)
FIELDS = (
    "about",
    "above",
    "active",
    "arrived",
    "assigned to",
    "below",
    "by",
    "channel",
    "channels",
    "comment id",
    "dimension",
    "direction",
    "ends at",
    "ends on",
    "expires at",
    "goes_on",
    "grain",
    "hour",
    "keep_firing",
    "key",
    "kind",
    "link",
    "metric",
    "minimum_effect",
    "minimum_n",
    "name",
    "outcome",
    "owner",
    "page",
    "params",
    "paused",
    "periods",
    "quiet from",
    "quiet until",
    "recover",
    "repeat hours",
    "role",
    "routes",
    "rule id",
    "scope",
    "secrets",
    "segment",
    "severity",
    "shared",
    "snoozed until",
    "starts at",
    "starts on",
    "state",
    "text",
    "title",
    "value",
    "weekday",
    "what",
    "window",
    "zone",
)
VALUES = {
    "role": ("viewer", "analyst", "lead", "admin", "claim"),
    "severity": ("critical", "warning", "info"),
    "grain": ("day", "week", "month"),
    "direction": ("up", "down"),
    "dimension": ("all",),
    "": ("True", "False"),
}


def action(kept: str) -> str:
    return said(kept, ACTIONS)


def subject(kept: str) -> str:
    """Of what it was done to, the kind: role claim, of role_claim."""
    return said(kept.replace("_", " "), SUBJECTS)


def reason(kept: str) -> str:
    """What people wrote; of rules that nobody made, where they are from."""
    return said(kept, REASONS)


def field(kept: str) -> str:
    """active, of is_active."""
    return said(kept.removeprefix("is_").replace("_", " "), FIELDS)


def part(kept: str) -> str:
    """What stands inside of a field: minimum_n."""
    return said(kept, FIELDS)


def value(of: str, kept: str) -> str:
    """What some fields can be is ours; else it is what people wrote."""
    return said(kept, VALUES.get(of, ()))


def said(kept: str, known: Sequence[str]) -> str:
    return say_as(MEANING, kept) if kept in known else kept


def all_words() -> frozenset[str]:
    return frozenset({*REASONS, *ACTIONS, *SUBJECTS, *FIELDS, *chain.from_iterable(VALUES.values())})


def kept_as(asked: str) -> tuple[str, ...]:
    """What the trail has for a word of the reader's language; nothing where it is none of ours."""
    if len(asked) < SHORTEST or speech.language() == speech.ENGLISH:
        return ()
    meant = {kept for kept in (*ACTIONS, *SUBJECTS) if asked.lower() in say_as(MEANING, kept).lower()}
    least = [one for one in meant if not any(other != one and other in one for other in meant)]
    return tuple(sorted(one.replace("role claim", "role_claim") for one in least))
