"""Reads of what people and the engine decide, which every page needs: made anew twice a second.

A change made by this process is seen at once, one by another within half a second. Who may see what is never
kept here: it is asked at each run.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from data.settings import Settings
from engine import clock, desk
from pages.parts.configured import settings

Asked = ParamSpec("Asked")
Found = TypeVar("Found")
LASTS = timedelta(seconds=0.5)
MOST = 1_000  # answers, of all that was asked in different words


def lately(read: Callable[Asked, Found]) -> Callable[Asked, Found]:
    """Gives all who ask within a moment the same answer; never change it."""
    answers: dict[Any, tuple[datetime, int, Settings, Found]] = {}

    @wraps(read)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Found:
        key = (args, tuple(sorted(kwargs.items())))
        now, changes, of = clock.steady(), desk.changes(), settings()
        kept = answers.get(key)
        if kept and kept[1] == changes and kept[2] is of and now - kept[0] < LASTS:
            return kept[3]
        found = read(*args, **kwargs)
        if len(answers) >= MOST:
            answers.clear()
        answers[key] = (now, changes, of, found)
        return found

    return asked
