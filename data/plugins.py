"""A folder that is a registry: every file in it is an entry, named after the file."""

from collections.abc import Callable, Iterable
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import TypeVar

from data.errors import BadDefinition

Entry = TypeVar("Entry")


def entries(package: str, defined: Callable[[ModuleType], Entry]) -> dict[str, Entry]:
    """What the files of a package define, by name; a package beside them holds what one of them is made of.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    folder = import_module(package)
    names = sorted(found.name for found in iter_modules(folder.__path__) if not found.ispkg)
    return {name: defined(import_module(f"{package}.{name}")) for name in names}


def name_of(module: ModuleType) -> str:
    return module.__name__.rpartition(".")[2]


def lacking(module: ModuleType, needed: Iterable[str]) -> list[str]:
    """The parts that a file does not define."""
    return [part for part in needed if not hasattr(module, part)]


def refuse(module: ModuleType, missing: Iterable[str]) -> None:
    """Nothing where nothing is missing.

    Raises:
        BadDefinition: the file must define it.
    """
    if listed := ", ".join(missing):
        raise BadDefinition(f"{module.__name__} must define {listed}.")


def refuse_other_params(module: ModuleType, needed: type) -> None:
    """Raises BadDefinition where the `Params` of a file are not made from those of its folder."""
    if not issubclass(module.Params, needed):
        wanted = f"{needed.__module__}.{needed.__qualname__}"
        raise BadDefinition(f"{module.__name__}.Params must be made from {wanted}.")
