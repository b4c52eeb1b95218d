"""Sends a source's door a test delivery, as its sender would, and tells how far it got."""

from dataclasses import dataclass
from datetime import datetime

from data.errors import BadInput
from data.intake import keys, secrets
from data.intake.catalog import Kind, kinds
from data.intake.inbox import Inbox
from data.intake.trial import Trial, Tried, send
from data.settings import Settings
from data.speech import english
from engine import clock

LABEL = "test delivery"  # of the key that is made for one, and revoked at once


@dataclass(frozen=True)
class Attempt:
    """A test delivery that was answered; `seconds` is how long the door took."""

    source: str
    sent_at: datetime
    seconds: float
    tried: Tried


def send_test(
    settings: Settings, source: str, kind_name: str, address: str, key: str | None = None
) -> Attempt:
    """Send one to the door at an address; a key of the source's may be given, else one is made for it.

    Raises:
        HoldfastError: it cannot be made, or nobody answered.
    """
    kind, inbox = kinds()[kind_name], Inbox.open(settings)
    if kind.trial is None:
        raise BadInput(english("There is no test delivery of {title}.", title=kind.title))
    if kind.auth == "secret":
        return _sent(address, source, kind, _secret(inbox, source))
    if key:
        return _sent(address, source, kind, key)
    key_id, made = keys.create(inbox, source, clock.now(), label=LABEL, kind=kind.name)
    try:
        return _sent(address, source, kind, made)
    finally:
        keys.revoke(inbox, key_id, clock.now())


def _secret(inbox: Inbox, source: str) -> str:
    sealed = secrets.sealed(inbox, source)
    if sealed is None or not sealed.secret:
        raise BadInput(
            english("The source {source} has no secret yet to sign a test delivery with.", source=source)
        )
    return sealed.secret


def _sent(address: str, source: str, kind: Kind, credential: str) -> Attempt:
    assert kind.trial is not None
    now = clock.now()
    trial = kind.trial(credential, now)
    path = trial.path.replace("{source}", source)
    tried = send(address, Trial(path, trial.headers, trial.body))
    return Attempt(source, now, (clock.now() - now).total_seconds(), tried)
