"""Any address that takes JSON over HTTP.

Without Apprise, whose answer is yes or no: a receiver's status and its Retry-After decide what happens next.
"""

import hashlib
import hmac
from email.utils import parsedate_to_datetime
from typing import Self
from urllib.parse import urlsplit

import orjson
import requests
from pydantic import Field, SecretStr, model_validator

from data import params
from data.speech import english
from engine import clock
from engine.delivery.outcome import Later, Outcome, Refused, of_status
from engine.delivery.parcel import Parcel
from engine.delivery.scrub import keep_addresses_out_of_logs, scrubbed, secrets_of

TITLE = "Webhook"
ABOUT = "Your own program, by a POST of JSON with an Idempotency-Key; the trend is in it as base64."
PICTURE = "in the JSON"
TIMEOUTS = (5.0, 15.0)  # seconds to connect, and between two bytes of the answer
AGENT = "Holdfast"
MOST_READ = 300  # bytes of an answer that is not 2xx
keep_addresses_out_of_logs()


class Params(params.Params):
    url: SecretStr = Field(description="Where to POST to, such as https://example.com/hooks/holdfast")
    token: SecretStr | None = Field(None, description="Sent as Authorization: Bearer …, if given")
    signing: SecretStr | None = Field(
        None, description="A secret: the body is then signed in X-Holdfast-Signature, sha256=HMAC of the body"
    )

    @model_validator(mode="after")
    def is_an_address(self) -> Self:
        try:
            split = urlsplit(self.url.get_secret_value())
            is_whole = split.scheme in ("http", "https") and bool(split.hostname) and (split.port or 1) > 0
        except ValueError:
            is_whole = False
        if not is_whole:
            raise ValueError(english("'url' must be an address such as https://example.com/hooks/holdfast"))
        return self


def reaches(params: Params) -> str:
    return str(urlsplit(params.url.get_secret_value()).hostname)


def send(params: Params, parcel: Parcel) -> Outcome:
    body = orjson.dumps(parcel.body)
    address, secrets = params.url.get_secret_value(), secrets_of(params)
    try:
        with requests.post(
            address,
            data=body,
            headers=_headers(params, parcel, body),
            timeout=TIMEOUTS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            status, after = answer.status_code, _after(answer.headers.get("Retry-After"))
            said = "" if answer.ok else _read(answer)
    except requests.RequestException as fault:
        return _of_fault(fault)
    return of_status(status, scrubbed(said, secrets), after)


def _headers(params: Params, parcel: Parcel, body: bytes) -> dict[str, str]:
    headers = {"Content-Type": "application/json", "User-Agent": AGENT, "Idempotency-Key": parcel.key}
    if params.token is not None:
        headers["Authorization"] = f"Bearer {params.token.get_secret_value()}"
    if params.signing is not None:
        signature = hmac.new(params.signing.get_secret_value().encode(), body, hashlib.sha256)
        headers["X-Holdfast-Signature"] = f"sha256={signature.hexdigest()}"
    return headers


def _read(answer: requests.Response) -> str:
    """The beginning of what it says."""
    try:
        first: bytes = next(answer.iter_content(MOST_READ), b"")
    except requests.RequestException:
        return ""
    return first.decode("utf-8", "replace")


def _after(given: str | None) -> float | None:
    """The seconds that a Retry-After asks for, as a number or as a date."""
    if given is None:
        return None
    if given.strip().isdecimal():
        return float(given)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=None) - clock.now()).total_seconds())


def _of_fault(fault: requests.RequestException) -> Outcome:
    """In our own words: those of the library hold the address."""
    if isinstance(fault, requests.exceptions.SSLError):
        return Later(english("It could not prove who it is: its certificate is not trusted."))
    if isinstance(fault, requests.exceptions.ConnectTimeout):
        return Later(english("It could not be reached within {seconds} s.", seconds=f"{TIMEOUTS[0]:.0f}"))
    if isinstance(fault, requests.exceptions.ReadTimeout):
        return Later(english("It did not answer within {seconds} s.", seconds=f"{TIMEOUTS[1]:.0f}"))
    if isinstance(fault, requests.exceptions.ConnectionError):
        return Later(english("It could not be reached, or closed the connection before it answered."))
    if isinstance(fault, requests.exceptions.InvalidURL | requests.exceptions.InvalidSchema):
        return Refused(english("Its address is not one that can be posted to."))
    return Later(english("It could not be sent: {name}.", name=type(fault).__name__))
