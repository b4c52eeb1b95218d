"""Bodies as browsers' libraries wrap them: gzip without a header that says so, base64 in a form."""

import binascii
import zlib
from base64 import b64decode
from urllib.parse import unquote_to_bytes

from data.errors import BadInput

LARGEST = 32 * 2**20  # bytes, once unpacked
_GZIP = b"\x1f\x8b"
_JSON_BEGINS = (b"{", b"[")


def unpacked(body: bytes) -> bytes:
    """The JSON within: as it is, gzipped, or in the field `data` of a form, there gzipped, base64 or plain.

    Raises:
        BadInput: it cannot be unpacked, or unpacks to more than `LARGEST`.
    """
    if body.startswith(_GZIP):
        return _gunzip(body)
    if body.lstrip()[:1] in _JSON_BEGINS:
        return body
    field = next((part[5:] for part in body.split(b"&") if part.startswith(b"data=")), None)
    return body if field is None else _from_form(field)


def _from_form(field: bytes) -> bytes:
    value = unquote_to_bytes(field).strip()
    if value.startswith(_GZIP):
        return _gunzip(value)
    spaced = value.replace(b"+", b" ")
    if spaced.lstrip()[:1] in _JSON_BEGINS:
        return unquote_to_bytes(field.replace(b"+", b" "))
    # A plus of base64 may have become a blank on the way, or be left out with the padding.
    packed = value.replace(b" ", b"+").replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
    try:
        inner = b64decode(packed + b"=" * (-len(packed) % 4), validate=True)
    except binascii.Error as wrong:
        raise BadInput("The form's data is neither JSON nor base64.") from wrong
    return _gunzip(inner) if inner.startswith(_GZIP) else inner


def _gunzip(body: bytes) -> bytes:
    unpacking = zlib.decompressobj(wbits=31)
    try:
        inner = unpacking.decompress(body, LARGEST)
    except zlib.error as wrong:
        raise BadInput("The body is not whole gzip data.") from wrong
    if unpacking.unconsumed_tail:
        raise BadInput(f"The body unpacks to more than {LARGEST >> 20} MiB.")
    if not unpacking.eof:
        raise BadInput("The body is not whole gzip data.")
    return inner
