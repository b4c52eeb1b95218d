"""Undoes the compression of bodies, never beyond what a body may be."""

import zlib

from data.intake.answers import Refusal

GZIP = b"\x1f\x8b"
EITHER, RAW = zlib.MAX_WBITS | 32, -zlib.MAX_WBITS  # a gzip or zlib header; none
PLAIN = ("", "identity")
PACKED = ("gzip", "x-gzip", "deflate")


def unpacked(body: bytes, encoding: str, limit: int) -> bytes:
    """The plain bytes of a body; some browsers gzip it without saying so.

    Raises:
        Refusal: the encoding is not known (415), the body is damaged (400) or too large (413).
    """
    encoding = encoding.strip().lower()
    if encoding in PLAIN and not body.startswith(GZIP):
        return body
    if encoding not in PLAIN and encoding not in PACKED:
        raise Refusal(415, "unknown_encoding", f"Content-Encoding {encoding!r} is not gzip or deflate.")
    try:
        return _inflated(body, EITHER, limit)
    except zlib.error as damaged:
        if encoding != "deflate":
            raise broken(str(damaged)) from damaged
    try:
        return _inflated(body, RAW, limit)
    except zlib.error as damaged:
        raise broken(str(damaged)) from damaged


def _inflated(body: bytes, window: int, limit: int) -> bytes:
    """All members of a gzip file, one after the other."""
    parts: list[bytes] = []
    size = 0
    while body:
        inflating = zlib.decompressobj(window)
        parts.append(inflating.decompress(body, limit - size + 1))
        size += len(parts[-1])
        if size > limit:
            raise too_large(limit)
        if not inflating.eof:
            raise broken("it ends in the middle")
        body = inflating.unused_data
    return b"".join(parts)


def broken(why: str) -> Refusal:
    return Refusal(400, "unreadable_body", f"The body cannot be unpacked: {why}.")


def too_large(limit: int) -> Refusal:
    return Refusal(413, "too_large", f"The body is larger than {limit:,} bytes; send it in smaller batches.")
