"""Hands a parcel to whatever Apprise knows how to reach, and reads from what it says what became of it."""

import logging
import re
from collections.abc import Iterable, Sequence
from typing import Any

from apprise import Apprise, AppriseAsset, AppriseResult, NotifyType, OverflowMode, PersistentStoreMode
from apprise.attachment.memory import AttachMemory
from apprise.plugins import NotifyBase
from apprise.plugins.email import NotifyEmail

from data.speech import english
from engine.delivery.channels import Form
from engine.delivery.outcome import Arrived, Later, Outcome, Refused, of_status
from engine.delivery.parcel import IMAGE, Parcel
from engine.delivery.rendering import PICTURE
from engine.delivery.scrub import keep_addresses_out_of_logs, scrubbed

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0
MAIL_SECONDS = (
    20.0  # between two answers of a mail server, which may look for viruses before it says anything
)
NAME, KEY = "Holdfast", "Idempotency-Key"
TYPES = {
    "critical": NotifyType.FAILURE,
    "warning": NotifyType.WARNING,
    "info": NotifyType.INFO,
    "resolved": NotifyType.SUCCESS,
}
STATUS = re.compile(r"\berror=(\d{3})\b")
REFUSED_BY_MAIL = re.compile(r"(?:\{.*: )?\((5(?:35|5[013])), b?['\"](.*?)['\"][,)]", re.DOTALL)
PARTLY = re.compile(r"SMTP recipient (\S+) was refused: (\d{3})")
FAULT = re.compile(
    r"\[Errno -?\d+\] [^'\")\]]+|(?:[Rr]ead |[Cc]onnect )?timed out|\(\d{3}, b?['\"].*?['\"]\)", re.DOTALL
)

log = logging.getLogger("apprise")
log.propagate = False  # it names addresses with their secrets: it reaches us, and no other handler
log.setLevel(logging.DEBUG)
log.addHandler(logging.NullHandler())
keep_addresses_out_of_logs()


def asset() -> AppriseAsset:
    """What Apprise is told of us: nothing is kept on the disk, and nothing is tried twice behind our back."""
    return AppriseAsset(
        app_id=NAME,
        app_desc=NAME,
        app_url="",
        image_url_mask="",
        image_url_logo="",
        async_mode=False,
        service_timeout=0,
        storage_mode=PersistentStoreMode.MEMORY,
        result_log_disk_size=0,
    )


def plugin_of(url: str) -> NotifyBase | None:
    """The plugin for an address, which gives up on a side that is silent; None where there is none."""
    plugin = Apprise.instantiate(url, asset=asset(), suppress_exceptions=True)
    if not isinstance(plugin, NotifyBase):
        return None
    # What is too long ends early; the link leads to all of it. A mail may be long, and have several pictures.
    is_mail = isinstance(plugin, NotifyEmail)
    plugin.overflow_mode = OverflowMode.UPSTREAM if is_mail else OverflowMode.TRUNCATE
    plugin.socket_connect_timeout = MAIL_SECONDS if is_mail else CONNECT_SECONDS
    plugin.socket_read_timeout = READ_SECONDS
    for name in ("include_image", "include_footer"):
        if hasattr(plugin, name):
            setattr(plugin, name, False)
    return plugin


def hand_over(plugin: NotifyBase, parcel: Parcel, form: Form, secrets: Iterable[str]) -> Outcome:
    """Send once.

    Args:
        secrets: what must not be found in the reason that is given.
    """
    carrier = Apprise(asset=plugin.asset)
    carrier.add(plugin)
    if isinstance(headers := getattr(plugin, "headers", None), dict):
        headers[KEY] = parcel.key
    shape = form_of(plugin) if form == "own" else form
    body = {"text": parcel.text, "html": parcel.html, "markdown": parcel.markdown}[shape]
    result = carrier.notify(
        body=body,
        title=parcel.subject,
        notify_type=TYPES[parcel.severity],
        body_format=shape,
        attach=_attached(plugin, parcel),
        log_level=logging.DEBUG,
    )
    return _outcome(result, list(secrets))


def _attached(plugin: NotifyBase, parcel: Parcel) -> list[AttachMemory] | None:
    if parcel.picture is None or not plugin.attachment_support:
        return None
    shown = parcel.pictures or ((PICTURE, parcel.picture),)
    return [AttachMemory(content=png, name=name, mimetype=IMAGE) for name, png in shown]  # type: ignore[no-untyped-call]


def _outcome(result: AppriseResult, secrets: Sequence[str]) -> Outcome:
    said = [str(entry.message) for entry in result.logs()]
    if result:
        return Arrived()
    if partly := [found for line in said for found in PARTLY.findall(line)]:
        return Arrived("but not to " + ", ".join(f"{address} ({code})" for address, code in partly))
    if codes := [int(code) for line in said for code in STATUS.findall(line)]:
        return of_status(codes[-1])
    for line in said:
        if found := REFUSED_BY_MAIL.search(line.removeprefix("Socket Exception: ")):
            told = english("The mail server answered {code}: {said}.", code=found[1], said=found[2])
            return Refused(scrubbed(told, secrets))
    return Later(scrubbed(_reason(said), secrets))


def _reason(said: Sequence[str]) -> str:
    """The fault in the plainest words that Apprise has for it."""
    faults = [found for line in said for found in FAULT.findall(line)]
    if not faults:  # what the mail library says; those of the web name whole addresses
        after = [line.partition(" Exception: ")[2].strip() for line in said]
        faults = [
            fault.rstrip(".") for fault in after if fault and "url:" not in fault and "://" not in fault
        ]
    if faults:
        return english("It could not be reached: {fault}.", fault=faults[-1].strip())
    return english("It could not be reached, or took nothing.")


def form_of(plugin: NotifyBase) -> Form:
    """The form that a service shows best of those that leave names as they are."""
    own: Any = plugin.notify_format
    forms = {str(getattr(form, "value", form)) for form in (own if isinstance(own, tuple | list) else (own,))}
    if "text" in forms:
        return "text"
    return "html" if "html" in forms else "markdown"
