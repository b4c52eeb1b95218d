"""Traits of a person or group, as clients send them, to what an account update holds."""

import math
import re
from collections.abc import Iterator
from typing import Any

from data.intake.delivery import Fact
from data.intake.instants import is_given, iso, read_instant
from data.intake.reading import BadField
from data.speech import english

_TEXTS = ("name", "email", "plan", "region", "channel", "owner")
_CREATED = ("createdAt", "created_at")
_FIRST_NAMES, _LAST_NAMES = ("firstName", "first_name"), ("lastName", "last_name")
_COLUMNS = frozenset((*_TEXTS, "currency", "createdat", "created_at"))
_TAKEN = ("account_id", "updated_at")  # columns that are no traits
_CURRENCY = re.compile("[A-Za-z]{3}")
_MOST, _LONGEST_NAME = 200, 128


def account_update(account_id: str, at: str, traits: dict[str, Any]) -> Fact:
    """What the traits say; with none of them, that the account was seen.

    Raises:
        BadField: the time of creation is no time, or the currency no currency code.
    """
    values: dict[str, Any] = {"account_id": account_id, "updated_at": at}
    if traits:
        values |= _columns(traits)
        values |= _others(traits)
    return Fact("account_updates", values)


def _columns(traits: dict[str, Any]) -> dict[str, Any]:
    by_name = {key.lower(): value for key, value in reversed(traits.items())}
    found = {name: text for name in _TEXTS if (text := _text(by_name.get(name)))}
    if "name" not in found and (name := _full_name(traits)):
        found["name"] = name
    if is_given(currency := by_name.get("currency")):
        found["currency"] = _currency(currency)
    for field in _CREATED:
        if is_given(created := traits.get(field)):
            return found | {"created_at": iso(read_instant(field, created))}
    return found


def _full_name(traits: dict[str, Any]) -> str:
    parts = (_first(traits, _FIRST_NAMES), _first(traits, _LAST_NAMES))
    return " ".join(part for part in parts if part)


def _first(traits: dict[str, Any], fields: tuple[str, ...]) -> str:
    return next((text for field in fields if (text := _text(traits.get(field)))), "")


def _currency(value: Any) -> str:
    if isinstance(value, str) and _CURRENCY.fullmatch(value.strip()):
        return value.strip().upper()
    raise BadField("currency", value, english("is not a currency code such as EUR"))


def _text(value: Any) -> str:
    scalar = _scalar(value)
    return "" if scalar is None else str(scalar)


def _scalar(value: Any) -> str | int | float | None:
    """Text or number; whole floats as whole numbers, truth as text, anything else as nothing."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    return value if isinstance(value, int) else None


def _others(traits: dict[str, Any]) -> dict[str, Any]:
    """All further traits; an object's own parts as `address_city`. Of names alike but for case, the first."""
    found: dict[str, Any] = {}
    known = set(_COLUMNS)
    for name, value in _flat(traits):
        if (scalar := _scalar(value)) is None or name.lower() in known or len(found) == _MOST:
            continue
        known.add(name.lower())
        found[f"trait_{name}" if name.lower() in _TAKEN else name] = scalar
    return found


def _flat(traits: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Names and values; names that begin with `$` are an SDK's own notes."""
    for key, value in traits.items():
        if not (name := key.strip()) or name.startswith("$") or len(name) > _LONGEST_NAME:
            continue
        if isinstance(value, dict):
            yield from ((f"{name}_{part}", inner) for part, inner in value.items() if part)
        else:
            yield name, value
