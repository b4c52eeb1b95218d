"""What else stands on the People page: the tokens of programs."""

from importlib import import_module
from importlib.util import find_spec


def draw() -> None:
    if find_spec("pages.parts.people.tokens") is not None:
        import_module("pages.parts.people.tokens").draw()
