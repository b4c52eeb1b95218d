"""The kinds of delivery: every file of `kinds/`, with the doors it opens and how it reads what comes in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any, Literal

from data import plugins
from data.errors import BadDefinition
from data.intake.delivery import Delivery, Item
from data.intake.trial import Trial

ROOM = "data.intake.kinds"
NEEDED = ("TITLE", "ABOUT", "PATHS", "HEADERS", "SNIPPET", "translate")
NEEDED_BY = {"key": ("credentials",), "secret": ("is_authentic",)}


@dataclass(frozen=True)
class Kind:
    """A kind of delivery. With `auth` key a write key opens its doors, with secret a signature does."""

    name: str
    title: str
    about: str
    paths: tuple[str, ...]
    headers: tuple[str, ...]
    snippet: str
    auth: Literal["key", "secret"] | None
    translate: Callable[[Delivery], list[Item]]
    credentials: Callable[[Mapping[str, str], bytes, str], str | None]
    is_authentic: Callable[..., str | None]
    answer: Callable[[list[Item]], tuple[int, Any]] | None
    trial: Callable[[str, datetime], Trial] | None = None  # a harmless request, opened by this key or secret


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    return plugins.entries(ROOM, defined)


def defined(module: ModuleType) -> Kind:
    """The kind that a module defines.

    Raises:
        BadDefinition: the module lacks a part.
    """
    auth = getattr(module, "AUTH", None)
    missing = plugins.lacking(module, NEEDED)
    if not missing and module.PATHS:
        if auth not in NEEDED_BY:
            raise BadDefinition(f'{module.__name__} must define AUTH as "key" or "secret".')
        missing = plugins.lacking(module, NEEDED_BY[auth])
    plugins.refuse(module, missing)
    return Kind(
        name=plugins.name_of(module),
        title=module.TITLE,
        about=module.ABOUT,
        paths=tuple(module.PATHS),
        headers=tuple(module.HEADERS),
        snippet=module.SNIPPET,
        auth=auth,
        translate=module.translate,
        credentials=getattr(module, "credentials", _no_key),
        is_authentic=getattr(module, "is_authentic", _no_signature),
        answer=getattr(module, "answer", None),
        trial=getattr(module, "trial", None),
    )


def _no_key(_headers: Mapping[str, str], _body: bytes, _path: str) -> None:
    return None


def _no_signature(*_given: Any) -> str:
    return "This kind of delivery has no signature."
