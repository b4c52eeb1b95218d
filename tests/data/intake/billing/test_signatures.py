"""Signatures: the official library and Shopify's rule sign, Holdfast judges."""

import hmac
from base64 import b64encode
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
import stripe as official

from data.intake.kinds import chargebee, shopify, stripe

NOW = datetime.fromisoformat("2024-05-31T12:00:00")
SECONDS = 1717156800  # the same
SECRET = "whsec_test"
BODY = '{"id": "evt_1", "name": "Zoë"}'


def signed(body: str = BODY, secret: str = SECRET, at: int = SECONDS) -> str:
    return official.WebhookSignature.generate_signature_header(body, secret, at)


def fault(header: str | None, body: str = BODY, secret: str = SECRET) -> str | None:
    headers = {} if header is None else {"stripe-signature": header}
    return stripe.is_authentic(body.encode(), headers, secret, NOW)


def test_what_stripe_signed_is_authentic():
    assert fault(signed()) is None


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_either_way_are_tolerated(seconds):
    assert fault(signed(at=SECONDS + seconds)) is None


@pytest.mark.parametrize(
    ("seconds", "reason"),
    [(-301, "older than 300 seconds"), (301, "more than 300 seconds ahead"), (10**9, "ahead")],
)
def test_a_time_too_far_off_either_way_is_refused(seconds, reason):
    assert reason in fault(signed(at=SECONDS + seconds))


def test_one_right_signature_among_several_is_enough():
    time, right = signed().split(",")
    assert fault(f"{time},v0=abc,v1={'0' * 64},{right},v1=x") is None


def test_only_v1_counts():
    assert "not of the form" in fault(signed().replace("v1=", "v0="))


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "x",
        "t=,v1=",
        "t=abc,v1=abc",
        "v1=abc",
        f"t={SECONDS}",
        f"t={SECONDS},t={SECONDS},v1=a",
        "t=-1,v1=a",
        "t=1e9,v1=a",
        "t=²,v1=a",
        f"t={SECONDS},v1=é",
        f"t={SECONDS},v1=\ud800",
        "t=" + "9" * 400 + ",v1=a",
        f"t={SECONDS},v1=" + "a" * 64,
    ],
)
def test_a_header_that_is_none_is_refused_with_a_sentence(header):
    assert isinstance(fault(header), str)


def test_another_secret_or_body_is_refused():
    assert "does not fit" in fault(signed(secret="whsec_other"))
    assert "does not fit" in fault(signed(), body=BODY + " ")


def test_an_empty_secret_opens_nothing():
    assert "no secret" in fault(signed(secret=""), secret="")
    assert "no secret" in shopify.is_authentic(
        b"{}", {"x-shopify-hmac-sha256": of_shopify(b"{}", "")}, "", NOW
    )
    assert chargebee.is_authentic(b"{}", basic(":"), "", NOW)


def test_a_secret_may_hold_any_character():
    assert fault(signed(secret="geheim-ü"), secret="geheim-ü") is None


def of_shopify(body: bytes, secret: str) -> str:
    return b64encode(hmac.new(secret.encode(), body, sha256).digest()).decode()


def test_shopify_signs_the_raw_body():
    headers = {"x-shopify-hmac-sha256": of_shopify(b'{"a":1}', "hush")}
    assert shopify.is_authentic(b'{"a":1}', headers, "hush", NOW) is None
    assert "does not fit" in shopify.is_authentic(b'{"a": 1}', headers, "hush", NOW)
    assert "does not fit" in shopify.is_authentic(b'{"a":1}', headers, "hash", NOW)
    assert "does not fit" in shopify.is_authentic(b"", {"x-shopify-hmac-sha256": "é"}, "hush", NOW)
    assert "missing" in shopify.is_authentic(b'{"a":1}', {}, "hush", NOW)


def basic(pair: str) -> dict[str, str]:
    return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


@pytest.mark.parametrize(
    ("headers", "secret"),
    [
        (basic("hold:fast"), "hold:fast"),
        (basic("hold:fa:st"), "hold:fa:st"),
        (basic("fast:"), "fast"),
        (basic("anybody:fast"), "fast"),
        ({":path": "/webhooks/chargebee/cb?secret=hold%3Afast"}, "hold:fast"),
        ({**basic("x:y"), ":path": "/webhooks/chargebee?secret=fast"}, "fast"),
    ],
)
def test_chargebees_user_and_password_or_secret_open(headers, secret):
    assert chargebee.is_authentic(b"", headers, secret, NOW) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("hold:slow"),
        basic("hold"),
        basic(""),
        basic("fast:hold"),
        {"authorization": "Basic ***"},
        {"authorization": "Basic /w=="},
        {"authorization": "Bearer hold:fast"},
        {":path": "/webhooks/chargebee?secret="},
        {":path": "/webhooks/chargebee?token=hold:fast"},
    ],
)
def test_anything_else_is_refused_with_a_sentence(headers):
    assert isinstance(chargebee.is_authentic(b"", headers, "hold:fast", NOW), str)


def test_the_clock_decides_not_the_zone():
    assert stripe.is_authentic(
        BODY.encode(), {"stripe-signature": signed()}, SECRET, NOW + timedelta(hours=1)
    )
