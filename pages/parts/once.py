"""What is made of things that are kept is kept as well: the words and charts of an edition, for all."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from threading import Lock
from time import monotonic
from typing import Any, Generic, ParamSpec, TypeVar

import streamlit as st

from pages.parts import person, speech
from pages.parts.lateness import MARKS

Asked = ParamSpec("Asked")
Made = TypeVar("Made")
MOST = 100  # of one kind: the choices of so many readers
HELD = 30.0  # seconds after it was asked for last: editions follow each other, and each holds its frames
_made: list[OrderedDict[Any, Any]] = []


@dataclass
class Kept(Generic[Made]):
    """Something made, what it was made of, and when it was asked for last."""

    made_of: Any
    made: Made
    asked_at: float


class Html(str):
    """Goes to the browser as it is; any other text is looked at, whether it is indented or names a file."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        return self


def once(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """Makes the same of the same things once, for each language and for each segment that readers may see.

    A frame is the same only if it is the very one, which what is kept by an edition is; it is held on to, so
    that none comes to stand in its place. Whatever else is given is the same if it is equal. What is made is
    shared: never change it, and never ask in it who reads it or at what time.
    """
    return remembered(make, nothing)


def once_marked(make: Callable[Asked, Made]) -> Callable[Asked, Made]:
    """The same of what shows which figures lack a late source."""
    return remembered(make, marks)


def remembered(make: Callable[Asked, Made], also: Callable[[], Hashable]) -> Callable[Asked, Made]:
    known: OrderedDict[Any, Kept[Made]] = OrderedDict()
    lock = Lock()
    _made.append(known)

    @wraps(make)
    def made(*args: Asked.args, **kwargs: Asked.kwargs) -> Made:
        key = (
            speech.language(),
            person.scope_of_this_run(),
            also(),
            *map(named, args),
            *((name, named(kwargs[name])) for name in kwargs),
        )
        with lock:
            if found := known.get(key):
                found.asked_at = monotonic()
                known.move_to_end(key)
                return found.made
        fresh = make(*args, **kwargs)
        with lock:
            known[key] = Kept((args, kwargs), fresh, monotonic())
            let_go(known)
        return fresh

    return made


def let_go(known: OrderedDict[Any, "Kept[Made]"]) -> None:
    """What nobody asked for lately, and what is too much."""
    now = monotonic()
    while len(known) > MOST or now - next(iter(known.values())).asked_at > HELD:
        known.popitem(last=False)


def forget() -> None:
    """Everything that was made."""
    for known in _made:
        known.clear()


def nothing() -> Hashable:
    return None


def marks() -> Hashable:
    return tuple(st.session_state.get(MARKS, {}).items())


def named(thing: Any) -> Hashable:
    """What tells a thing from others: its value, or for what can be changed which one it is."""
    if isinstance(thing, tuple):
        return tuple(map(named, thing))
    try:
        hash(thing)
    except TypeError:
        return (id(thing),)
    return (type(thing), thing)
