"""A message ready to be sent: its words in every form that channels take, and its picture."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from data.speech import for_reader
from engine.delivery.content import Content, Told
from engine.delivery.message import link_to, words_of
from engine.delivery.rendering import PICTURE, as_html, as_markdown, as_text

IMAGE = "image/png"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is handed to a channel. `key` is the same however often it is sent; `facts` are for programs.

    `pictures`: all of them by their file names, where `picture` is not the only one.
    """

    key: str
    severity: str
    subject: str
    text: str
    html: str
    markdown: str
    facts: dict[str, Any]
    picture: bytes | None = None
    pictures: tuple[tuple[str, bytes], ...] = ()

    @property
    def body(self) -> dict[str, Any]:
        """The facts with the picture."""
        shown = base64.b64encode(self.picture).decode() if self.picture else None
        picture = {"name": PICTURE, "type": IMAGE, "base64": shown} if shown else None
        return self.facts | {"picture": picture}


@for_reader
def packed(
    content: Content, key: str, address: str, picture: bytes | None, resolved: Collection[int] = ()
) -> Parcel:
    """A parcel of a message's content.

    Args:
        address: where the pages are served; `resolved`: alerts told of that resolved while it waited.
    """
    words = words_of(content, address, resolved)
    text = as_text(words)
    return Parcel(
        key=key,
        severity="resolved" if content.what == "resolved" else content.about.severity,
        subject=words.subject,
        text=text,
        html=as_html(words, has_picture=picture is not None),
        markdown=as_markdown(words),
        facts=_facts(content, key, address, resolved) | {"subject": words.subject, "text": text},
        picture=picture,
    )


def _facts(content: Content, key: str, address: str, resolved: Collection[int]) -> dict[str, Any]:
    rule = content.about.model_dump(mode="json", exclude={"currency", "zone"})
    return {
        "key": key,
        "what": content.what,
        "severity": content.about.severity,
        "rule": rule,
        "url": link_to(address, content.alerts[0]),
        "written_at": _stamp(content.written_at),
        "alerts": [_alert(told, address, told.alert_id in resolved) for told in content.alerts],
    }


def _alert(told: Told, address: str, has_resolved: bool) -> dict[str, Any]:
    figures = told.model_dump(mode="json", exclude={"trend", "behind", "since", "entered_at"})
    behind = told.behind
    accounts = behind and {
        "sentence": behind.said,
        "count": behind.count,
        "accounts": [{"account_id": key, "name": name} for key, name in behind.names],
    }
    moments = {"since": _stamp(told.since), "entered_at": _stamp(told.entered_at)}
    return figures | moments | {
        "has_resolved": has_resolved, "url": link_to(address, told), "behind": accounts or None
    }  # fmt: skip


def _stamp(instant: datetime) -> str:
    return instant.replace(tzinfo=UTC).isoformat().replace("+00:00", "Z")
