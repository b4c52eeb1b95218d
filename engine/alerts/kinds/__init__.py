"""One kind of rule a file. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any

from pydantic import ValidationError

from data.errors import BadDefinition, BadInput
from data.speech import english
from engine.alerts.panel import Judgement, Panel
from engine.alerts.params import Params

NEEDED = ("TITLE", "ABOUT", "Params", "judge", "lookback", "says")
Write = Callable[[float], str]


@dataclass(frozen=True)
class Kind:
    """A kind of rule.

    `judge(params, panel)`: a judgement of every cell; a column's depends on the `lookback(params)` columns
    before it and on nothing else. `says(params, write)`: the condition as the end of the sentence "When the
    metric …", where `write` writes a value in the metric's unit.
    """

    name: str
    title: str
    about: str
    params: type[Params]
    judge: Callable[[Any, Panel], Judgement]
    lookback: Callable[[Any], int]
    says: Callable[[Any, Write], str]

    def read(self, given: Mapping[str, Any]) -> Params:
        """The params of a rule, from a form, a file or as they were stored.

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
                "A rule of kind {kind} has no {key}; it has: {fields}.",
                kind=repr(self.name),
                key=repr(key),
                fields=fields,
            )
        if first["type"] == "missing":
            about = self.params.model_fields[key].description
            return english(
                "A rule of kind {kind} needs {key}: {about}.",
                kind=repr(self.name),
                key=repr(key),
                about=about,
            )
        if not key:
            return english("A rule of kind {kind}: {reason}.", kind=repr(self.name), reason=reason)
        given = repr(first["input"])
        return english("{key} = {given} is not allowed: {reason}.", key=key, given=given, reason=reason)


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    names = sorted(found.name for found in iter_modules(__path__))
    return {name: defined(import_module(f"{__name__}.{name}")) for name in names}


def kind(name: str) -> Kind:
    """The kind of this name.

    Raises:
        BadInput: there is none.
    """
    if name not in kinds():
        raise BadInput(
            english(
                "There is no kind of rule {name}; there are {known}.",
                name=repr(name),
                known=", ".join(kinds()),
            )
        )
    return kinds()[name]


def defined(module: ModuleType) -> Kind:
    """The kind that a module defines.

    Raises:
        BadDefinition: the module lacks a part.
    """
    if missing := [part for part in NEEDED if not hasattr(module, part)]:
        raise BadDefinition(f"{module.__name__} must define {', '.join(missing)}.")
    name = module.__name__.rpartition(".")[2]
    return Kind(name, module.TITLE, module.ABOUT, module.Params, module.judge, module.lookback, module.says)
