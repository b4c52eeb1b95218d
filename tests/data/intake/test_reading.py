"""What comes in as JSON, or nearly, and what of it can be stored."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import BadInput
from data.intake.reading import DEEPEST, as_json, content_id, document, quarantined


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b'{"a": 1, "a": 2}', {"a": 2}),
        (b"\xef\xbb\xbf[1]", [1]),
        (b'"a\\u0000b"', "a�b"),
        (b'["\\ud800", "\\ud83d\\ude00"]', ["�", "\U0001f600"]),
        (b'"\xed\xa0\x80"', "���"),
        (b'["\xff", 1]', ["�", 1]),
        (b'{"\\ud800": 1}', {"�": 1}),
        (b"[1e999, -1e999]", [math.inf, -math.inf]),
        (b"[18446744073709551615, NaN]", [18446744073709551615, None]),
        (b"[123456789012345678901, Infinity]", [1.2345678901234568e20, math.inf]),
    ],
)
def test_what_clients_send_is_read(body: bytes, value: object) -> None:
    assert as_json("", document(body)) == as_json("", value)


def test_numbers_are_read_alike_with_and_without_need_of_mending() -> None:
    numbers = (
        b"0, -1, 1.5, 9007199254740993, 18446744073709551615, 18446744073709551616, -9223372036854775809"
    )
    assert document(b"[" + numbers + b"]") == document(b"[" + numbers + b", NaN]")[:-1]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"hello",
        b'{"a": }',
        b"[" * 100_000,
        b"[1" + b"0" * 5000,
        b"\x1f\x8b\x00",
        b"\xff\xfe[\0]\0",
    ],
)
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(BadInput, match="body"):
        document(body)


def test_text_full_of_quotes_that_never_close_is_refused_in_time() -> None:
    with pytest.raises(BadInput):
        document(b'"' + b'\\"' * 500_000)


def test_depth_is_refused_the_same_however_deep_the_caller_stands() -> None:
    def deeper(calls: int, body: bytes) -> object:
        return deeper(calls - 1, body) if calls else document(body)

    for levels, is_taken in ((DEEPEST, True), (DEEPEST + 1, False)):
        for mended in (b"NaN", b'"\\u0000"'):
            body = b"[" * levels + mended + b"]" * levels
            for calls in (0, 300):
                if is_taken:
                    deeper(calls, body)
                else:
                    with pytest.raises(BadInput, match="nested deeper"):
                        deeper(calls, body)


def test_brackets_in_texts_are_no_depth() -> None:
    assert document(b'["' + b"[" * 500 + b'", NaN]')[0] == "[" * 500


@given(st.binary())
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        text = as_json("", document(body))
    except BadInput:
        return
    json.loads(text)
    text.encode()
    assert "\0" not in text


def test_same_content_has_the_same_id_whatever_the_order_and_the_time_of_sending() -> None:
    one = content_id("track", {"a": 1, "b": [2], "sentAt": "x"}, "")
    assert one == content_id("track", {"b": [2], "a": 1, "sentAt": "y", "writeKey": "k"}, "")
    others = [
        content_id("page", {"a": 1, "b": [2]}, ""),
        content_id("track", {"a": 1, "b": [3]}, ""),
        content_id("track", {"a": 1, "b": [2]}, "0"),
    ]
    assert len({one, *others}) == 4


def test_item_set_aside_is_shown_without_its_key() -> None:
    item = quarantined({"writeKey": "secret", "a": math.nan}, None, BadInput("no"))
    assert (item.outcome, item.reason, item.raw) == ("quarantined", "no", '{"a":null}')
