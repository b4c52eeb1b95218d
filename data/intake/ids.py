"""Who is meant: the ids of people, groups and items, as clients send them."""

import math
from typing import Any

from data.intake.reading import BadField
from data.speech import english

LONGEST = 512
# What programs send when nobody is signed in. Taken as ids, they would make one person of all strangers.
NOBODY = frozenset(
    (
        "null", "(null)", "<null>", "nil", "none", "undefined", "nan", "[object object]",
        "true", "false", "0", "anonymous", "guest", "00000000-0000-0000-0000-000000000000",
    )
)  # fmt: skip


def read_id(field: str, value: Any) -> str | None:
    """The id of a person or group as text, 7 and 7.0 being "7"; None where nobody is named.

    Raises:
        BadField: there is something that cannot be an id.
    """
    if value is None:
        return None
    text = read_name(field, value)
    if text is None or text.lower() in NOBODY:
        return None
    if not text.isascii() and "�" in text:
        raise BadField(field, text, english("has characters that cannot be read"))
    return text


def read_name(field: str, value: Any) -> str | None:
    """A name as text, without blanks around it; None where there is none.

    Raises:
        BadField: it is neither text nor number, or too long.
    """
    if value is None:
        return None
    text = value.strip() if isinstance(value, str) else _from_number(field, value)
    if len(text) > LONGEST:
        raise BadField(field, text, english("is longer than {longest} characters", longest=LONGEST))
    return text or None


def _from_number(field: str, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadField(field, value, english("is neither text nor a number"))
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value) or abs(value) >= 2**53:
        raise BadField(field, value, english("is a number that cannot be told exactly; send it as text"))
    return str(int(value)) if value.is_integer() else repr(value)
