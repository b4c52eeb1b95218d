"""Reads that are kept once for everybody and shown to each within what they may see.

Every read of the numbers goes through here: somebody with a scope is given their own segment in the place of
any other, before it is looked up among what is kept, so that what is kept is never cut to one reader.
"""

from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import fields, is_dataclass, replace
from functools import wraps
from inspect import Signature, signature
from typing import Any, ParamSpec, TypeVar, cast

import polars as pl
import streamlit as st

from engine.desk.people import Scope
from pages.parts import person, speech
from pages.parts.segment import Segment

Asked = ParamSpec("Asked")
Found = TypeVar("Found")
WARM = 120  # editions come a second apart at the fastest: those of two minutes, or of every page's choices
_inside: ContextVar[bool] = ContextVar("inside_a_kept_read", default=False)


def kept(
    most: int = WARM,
    *,
    is_split: bool = False,
    is_whole: bool = False,
    speaks: bool = False,
    tells: Sequence[type] = (),
) -> Callable[[Callable[Asked, Found]], Callable[Asked, Found]]:
    """Keeps what a read finds, by its arguments, `most` of them; the frames are shared: never change one.

    A `Segment` among the arguments or in a dataclass of them, and a `dimension` with its `segment`, become
    the reader's own where they have a scope.

    Args:
        is_split: it finds every segment of a dimension; of somebody's with a scope, their own alone is left.
        is_whole: it is about the company as a whole: somebody with a scope is not answered.
        speaks: there are words in it, so it is kept for each language.
        tells: kinds of arguments whose `repr` says all that there is to them, as that of a `Segment` does.
    """
    told = dict.fromkeys((Segment, *tells), repr)

    def dress(read: Callable[Asked, Found]) -> Callable[Asked, Found]:
        lasting = lasting_of(read, speaks, max_entries=most, show_spinner=False, hash_funcs=told)
        asks = signature(read)

        @wraps(read)
        def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Found:
            scope = None if _inside.get() else person.scope_of_this_run()
            if scope is None:
                return _looked_up(lasting, args, kwargs)
            if is_whole:
                person.refuse_scoped()
            own = within(scope, asks, args, kwargs)
            found = _looked_up(lasting, own.args, own.kwargs)
            return cast(Found, only(scope, found)) if is_split else found

        asked.clear = lasting.clear  # type: ignore[attr-defined]
        return asked

    return dress


def lasting_of(read: Callable[..., Found], speaks: bool, **options: Any) -> Any:
    """The read with its memory, by its arguments and, where there are words in it, by the language."""
    if not speaks:
        return st.cache_resource(**options)(read)

    @wraps(read)
    def said(*args: Any, in_language: str, **kwargs: Any) -> Found:
        with speech.speaking(in_language):
            return read(*args, **kwargs)

    remembered = st.cache_resource(**options)(said)

    def looked_up(*args: Any, **kwargs: Any) -> Any:
        return remembered(*args, in_language=speech.language(), **kwargs)

    looked_up.clear = remembered.clear  # type: ignore[attr-defined]
    return looked_up


def _looked_up(lasting: Callable[..., Found], args: Any, kwargs: Any) -> Found:
    """What a read asks of other reads on the way is within what it was asked for already."""
    before = _inside.set(True)
    try:
        return lasting(*args, **kwargs)
    finally:
        _inside.reset(before)


def within(scope: Scope, asks: Signature, args: Any, kwargs: Any) -> Any:
    """The arguments with the reader's own segment in the place of any other."""
    bound = asks.bind(*args, **kwargs)
    bound.apply_defaults()
    for name, value in bound.arguments.items():
        bound.arguments[name] = own(scope, value)
    if "dimension" in bound.arguments:
        bound.arguments["dimension"] = scope.dimension
    if "segment" in bound.arguments and not isinstance(bound.arguments["segment"], Segment):
        bound.arguments["segment"] = scope.segment
    return bound


def own(scope: Scope, value: Any) -> Any:
    if isinstance(value, Segment):
        return Segment(scope.dimension, scope.segment)
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(own(scope, each) for each in value))
    if is_dataclass(value) and not isinstance(value, type):
        places = [each.name for each in fields(value) if isinstance(getattr(value, each.name), Segment)]
        return replace(value, **{name: Segment(scope.dimension, scope.segment) for name in places})
    return value


def only(scope: Scope, found: Any) -> Any:
    """Of every segment of a dimension, the reader's own."""
    if isinstance(found, pl.DataFrame):
        mine = (pl.col("dimension") == scope.dimension) & (pl.col("segment") == scope.segment)
        return found.filter(mine)
    if isinstance(found, Mapping):
        return {name: part for name, part in found.items() if name == scope.segment}
    return [one for one in found if one == scope.segment]
