"""One connector a file: where facts are fetched from. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import Field

from data import params, plugins
from data.errors import BadInput
from data.intake.delivery import Fact, Item
from data.speech import english

NEEDED = ("TITLE", "ABOUT", "Params", "check")


class Params(params.Params):
    """What every connector asks for; its own `Params` adds to these."""

    every: int = Field(60, ge=1, le=7 * 86_400, description="Seconds between two looks for something new")


@dataclass(frozen=True)
class Page:
    """Facts that belong together, and how far the source is read once they are kept.

    `set_aside` are items that could not be read: they go to the quarantine.
    """

    facts: list[Fact]
    cursor: str
    set_aside: tuple[Item, ...] = ()


@dataclass(frozen=True)
class Due:
    """Files that are to be imported together.

    Args:
        name: what their owner calls them.
        files: the names they are imported by, and where each lies.
        stamp: what tells this content from what the files held before.
        size: of all of them, in bytes.
    """

    name: str
    files: Mapping[str, Path]
    stamp: str
    size: int


@dataclass(frozen=True)
class Found:
    """What a look into a folder found: what is to be imported, the cursor as it was then, what is wrong."""

    due: tuple[Due, ...]
    cursor: str
    problems: tuple[str, ...] = ()


Pull = Callable[[Any, str | None, datetime], Iterator[Page]]
Find = Callable[[Any, str | None, datetime], Found]


@dataclass(frozen=True)
class Connector:
    """A way to fetch facts: it has `pull`, which gives pages of them, or `find`, which gives files."""

    name: str
    title: str
    about: str
    params: type[Params]
    check: Callable[[Any], str]
    pull: Pull | None
    find: Find | None

    def read(self, given: Mapping[str, Any]) -> Params:
        """The params of a source, from a form or as they were stored.

        Raises:
            BadInput: one sentence naming the param, its value and what is allowed.
        """
        return params.read(self.params, given, self.title)


@cache
def connectors() -> dict[str, Connector]:
    """All connectors by name; a package beside them holds what one of them is made of.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    return plugins.entries(__name__, defined)


def defined(module: ModuleType) -> Connector:
    """The connector that a module defines.

    Raises:
        BadDefinition: the module lacks a part.
    """
    pull, find = getattr(module, "pull", None), getattr(module, "find", None)
    plugins.refuse(module, plugins.lacking(module, NEEDED) + ([] if pull or find else ["pull"]))
    plugins.refuse_other_params(module, Params)
    words = (plugins.name_of(module), module.TITLE, module.ABOUT)
    return Connector(*words, module.Params, module.check, pull, find)


def connector(name: str) -> Connector:
    """The connector of that name.

    Raises:
        BadInput: there is none.
    """
    if name not in connectors():
        raise BadInput(
            english(
                "There is no connector {name}; there is: {known}.",
                name=repr(name),
                known=", ".join(connectors()),
            )
        )
    return connectors()[name]
