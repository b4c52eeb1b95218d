"""One kind of rule a file. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from data import params, plugins
from data.errors import BadInput
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
        return params.read(self.params, given, english("The {kind} kind of rule", kind=repr(self.name)))


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    return plugins.entries(__name__, defined)


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
    plugins.refuse(module, plugins.lacking(module, NEEDED))
    words = (plugins.name_of(module), module.TITLE, module.ABOUT)
    return Kind(*words, module.Params, module.judge, module.lookback, module.says)
