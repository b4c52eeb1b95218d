"""One connector a file: where facts are fetched from. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from data.errors import BadDefinition, BadInput
from data.intake.delivery import Fact, Item
from data.speech import english

NEEDED = ("TITLE", "ABOUT", "Params", "check")


class Params(BaseModel):
    """What every connector asks for; its own `Params` adds to these."""

    model_config = ConfigDict(extra="forbid", frozen=True)

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
        try:
            return self.params(**given)
        except ValidationError as bad:
            raise BadInput(self._sentence(bad)) from None

    def _sentence(self, bad: ValidationError) -> str:
        first = bad.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            fields = ", ".join(self.params.model_fields)
            return english(
                "{title} has no {key}; it has: {fields}.", title=self.title, key=repr(key), fields=fields
            )
        if first["type"] == "missing":
            about = self.params.model_fields[key].description
            return english("{title} needs {key}: {about}.", title=self.title, key=repr(key), about=about)
        if not key:
            return english("{title}: {reason}.", title=self.title, reason=reason)
        if self._is_secret(key):
            return english("{key} is not allowed: {reason}.", key=key, reason=reason)
        given = repr(first["input"])
        return english("{key} = {given} is not allowed: {reason}.", key=key, given=given, reason=reason)

    def _is_secret(self, key: str) -> bool:
        field = self.params.model_fields.get(key)
        return field is not None and "SecretStr" in str(field.annotation)


def stored(params: Params) -> dict[str, Any]:
    """The params as the registry keeps them, secrets included."""
    told = params.model_dump(mode="json")
    values = {name: getattr(params, name) for name in told}
    return told | {
        name: value.get_secret_value() for name, value in values.items() if isinstance(value, SecretStr)
    }


@cache
def connectors() -> dict[str, Connector]:
    """All connectors by name; a package beside them holds what one of them is made of.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    names = sorted(found.name for found in iter_modules(__path__) if not found.ispkg)
    return {name: defined(import_module(f"{__name__}.{name}")) for name in names}


def defined(module: ModuleType) -> Connector:
    """The connector that a module defines.

    Raises:
        BadDefinition: the module lacks a part.
    """
    pull, find = getattr(module, "pull", None), getattr(module, "find", None)
    missing = [part for part in NEEDED if not hasattr(module, part)]
    missing += [] if pull or find else ["pull"]
    if missing:
        raise BadDefinition(f"{module.__name__} must define {', '.join(missing)}.")
    if not issubclass(module.Params, Params):
        raise BadDefinition(f"{module.__name__}.Params must be made from data.sources.Params.")
    name = module.__name__.rpartition(".")[2]
    return Connector(name, module.TITLE, module.ABOUT, module.Params, module.check, pull, find)


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
