"""Sentences with figures that an edition holds in English, said in the language of the run."""

import re
from collections.abc import Callable, Mapping, Sequence

from pages.parts.speech import written

Found = Mapping[str, str]
Saying = tuple[re.Pattern[str], Callable[[Found], str]]


def retold(text: str, known: Sequence[Saying]) -> str:
    """The first saying that the whole text is; a text of another kind as it stands."""
    for pattern, said in known:
        if found := pattern.fullmatch(text):
            return said({name: value or "" for name, value in found.groupdict().items()})
    return text


def saying(pattern: str, said: Callable[[Found], str]) -> Saying:
    return re.compile(pattern), said


def counted(text: str) -> int:
    """1,204 as a number."""
    return int(text.replace(",", ""))


def numeral(text: str) -> str:
    """1,204.5 as the language writes it."""
    return text.translate(written().swaps)
