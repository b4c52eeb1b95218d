"""The write key that came with a request, in whichever place its client puts it."""

import binascii
from base64 import b64decode
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import parse_qsl


def from_authorization(headers: Mapping[str, str]) -> str | None:
    """The user name of Basic authorization, or a bearer token."""
    scheme, _, rest = headers.get("authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() != "basic":
        return None
    try:
        decoded = b64decode(rest.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return decoded.partition(":")[0] or None


def from_query(path: str, names: Iterable[str]) -> str | None:
    found = query(path)
    return next((found[name] for name in names if found.get(name)), None)


def query(path: str) -> dict[str, str]:
    """The parameters of a path; of a repeated one, the last. What cannot be read has none."""
    try:
        return dict(parse_qsl(path.partition("?")[2], max_num_fields=100))
    except ValueError:
        return {}


def from_object(holder: Any, names: Iterable[str]) -> str | None:
    """The first of these keys that holds a text."""
    if not isinstance(holder, dict):
        return None
    held = (holder.get(name) for name in names)
    return next((value.strip() for value in held if isinstance(value, str) and value.strip()), None)
