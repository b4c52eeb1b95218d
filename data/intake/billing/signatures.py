"""Whether a webhook comes from whom it says: over the raw body, in constant time."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256

TOLERANCE = 300  # seconds that a signature's time may lie in the past or in the future
NO_SECRET = "no secret is stored for this source"
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


def stripe_fault(body: bytes, header: str | None, secret: str, now: datetime) -> str | None:
    """Why a `Stripe-Signature` does not hold; None if it does.

    It reads `t=…,v1=…`, with several v1 while a secret is rolled; a future time is as wrong as an old one.
    """
    if not header or not secret:
        return "the Stripe-Signature header is missing" if secret else NO_SECRET
    parts = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in parts if name == "t"]
    given = [value for name, _, value in parts if name == "v1"]
    if len(times) != 1 or not _SECONDS.fullmatch(times[0]) or not given:
        return "the Stripe-Signature header is not of the form t=…,v1=…"
    if not is_any(given, _stripe_digest(body, secret, times[0])):
        return "the signature does not fit the body and the secret"
    return _age_fault(int(times[0]), now)


def stripe_signature(body: bytes, secret: str, at: int) -> str:
    """The header by which Stripe signs a body at a second."""
    return f"t={at},v1={_stripe_digest(body, secret, str(at))}"


def _stripe_digest(body: bytes, secret: str, at: str) -> str:
    return hmac.new(_raw(secret), at.encode() + b"." + body, sha256).hexdigest()


def _age_fault(signed_at: int, now: datetime) -> str | None:
    age = now.replace(tzinfo=UTC).timestamp() - signed_at
    if age > TOLERANCE:
        return f"the signature is older than {TOLERANCE} seconds"
    return f"the signature is dated more than {TOLERANCE} seconds ahead" if age < -TOLERANCE else None


def shopify_fault(body: bytes, header: str | None, secret: str) -> str | None:
    """Why an `X-Shopify-Hmac-Sha256` does not hold; None if it does."""
    if not header or not secret:
        return "the X-Shopify-Hmac-Sha256 header is missing" if secret else NO_SECRET
    right = shopify_signature(body, secret)
    return None if is_any([header.strip()], right) else "the signature does not fit the body and the secret"


def shopify_signature(body: bytes, secret: str) -> str:
    """The header by which Shopify signs a body."""
    return b64encode(hmac.new(_raw(secret), body, sha256).digest()).decode()


def is_any(given: Iterable[str], right: str) -> bool:
    """Whether one of the texts is the right one; every one is compared, each in constant time."""
    matches = [hmac.compare_digest(_raw(text), _raw(right)) for text in given]
    return any(matches)


def _raw(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
