"""Keeps secrets out of what is shown and logged: every part of them, however it is written."""

import base64
import logging
import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

from pydantic import BaseModel, SecretStr

HIDDEN = "•••"
LONGEST = 300
SHORTEST = 4  # a part of an address under this says nothing, and would be found in every word


def secrets_of(params: BaseModel) -> frozenset[str]:
    """Everything in a channel's params that nobody may see."""
    return frozenset(part for value in _hidden(params) for part in _parts(value))


def _hidden(params: BaseModel) -> Iterable[str]:
    for value in dict(params).values():
        if isinstance(value, SecretStr):
            yield value.get_secret_value()
        elif isinstance(value, Mapping):
            yield from (found.get_secret_value() for found in value.values() if isinstance(found, SecretStr))


def _parts(secret: str) -> Iterable[str]:
    """The secret itself and, of an address, what stands in it beside the host."""
    yield from _written(secret)
    if "://" not in secret:
        return
    try:
        split = urlsplit(secret)
    except ValueError:
        return
    login = [unquote(word) for word in (split.username, split.password) if word]
    words = [*login, *split.path.split("/"), *(value for _, value in parse_qsl(split.query))]
    if len(login) == 2:
        words.append(base64.b64encode(":".join(login).encode()).decode())
    for word in words:
        if len(word) >= SHORTEST or word in login:
            yield from _written(word)


def _written(word: str) -> Iterable[str]:
    yield from {word, quote(word), quote(word, safe=""), quote_plus(word), unquote(word)} - {""}


def scrubbed(text: str, secrets: Iterable[str]) -> str:
    """A text as one line, short, with every secret hidden."""
    known = sorted(secrets, key=len, reverse=True)
    clean = re.sub("|".join(map(re.escape, known)), HIDDEN, text) if known else text
    line = " ".join(clean.split())
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def keep_addresses_out_of_logs() -> None:
    """The web library tells of every request, with its path, to whoever wants to hear all."""
    logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)
