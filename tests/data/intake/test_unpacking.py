"""How browsers' libraries wrap their bodies."""

import gzip
from base64 import b64encode, urlsafe_b64encode
from contextlib import suppress
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadInput
from data.intake.unpacking import LARGEST, unpacked

JSON = '{"event": "żółć+ü?", "n": [1, "a&b=c d"]}'.encode()
ZIPPED = gzip.compress(JSON, mtime=0)  # the same bytes in every process that collects this


@pytest.mark.parametrize(
    "body",
    [
        JSON,
        b"  " + JSON,
        ZIPPED,
        urlencode({"data": JSON}).encode(),
        urlencode({"data": b64encode(JSON)}).encode(),
        urlencode({"compression": "base64", "data": b64encode(JSON)}).encode(),
        b"data=" + b64encode(JSON),
        b"data=" + b64encode(JSON).replace(b"+", b" ").rstrip(b"="),
        b"data=" + urlsafe_b64encode(JSON),
        b"data=" + b64encode(ZIPPED),
        b"data=" + quote(ZIPPED).encode(),
    ],
)
def test_json_is_unwrapped(body: bytes) -> None:
    assert unpacked(body).strip() == JSON


@pytest.mark.parametrize("body", [b"data=%%%", b"data=a", ZIPPED[:-9], b"\x1f\x8b", b"\x1f\x8bjunk"])
def test_what_cannot_be_unwrapped_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput):
        unpacked(body)


def test_bomb_is_not_unpacked() -> None:
    with pytest.raises(BadInput, match="unpacks to more than 32 MiB"):
        unpacked(gzip.compress(bytes(LARGEST + 1)))


@given(st.binary() | st.binary().map(lambda part: b"data=" + part))
def test_any_bytes_are_unwrapped_or_refused(body: bytes) -> None:
    with suppress(BadInput):
        assert isinstance(unpacked(body), bytes)
