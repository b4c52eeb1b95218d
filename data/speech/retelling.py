"""Sentences that were told in English, and kept or raised as such, said again in the language that is spoken.

What goes wrong is told in English: logs, the API and the command line read it, and the control store keeps it
for whoever looks later, in whichever language. The catalogue has its patterns; a sentence is looked up by the
one that it was made by.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from string import Formatter

from data.speech import ENGLISH, catalogue, entries, filled, language, written

MEANING = "told"  # of a pattern, in the catalogue
LONGEST = 4000
QUOTES = ("'", '"')
GROUPED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")


def retold(text: str) -> str:
    """The sentence in the language that is spoken; one that no pattern makes stands as it is."""
    spoken = language()
    return text if spoken == ENGLISH or len(text) > LONGEST else _retold(text, spoken)


@lru_cache(maxsize=512)
def _retold(text: str, spoken: str) -> str:
    for pattern in patterns(spoken):
        for ending in ("", "."):  # where it is quoted, a sentence may have lost its point
            if (found := pattern.values_in(text + ending)) is not None:
                values = {
                    name: each if name in pattern.quoted else _value(each, spoken)
                    for name, each in found.items()
                }
                return filled(pattern.said, values).removesuffix(ending)
    return text


def _value(text: str, spoken: str) -> str:
    """A number as the language writes it; a sentence within a sentence said again; a name as it is."""
    if text[:1] in QUOTES:
        return text
    if GROUPED.fullmatch(text):
        return text.translate(written().swaps)
    if " " not in text:
        return text
    said = catalogue(spoken).gettext(text)  # a text of the pages, such as what a field is about
    return said if said != text else _retold(text, spoken)


class Pattern:
    """A sentence with {names}, and how a language says it; what it quotes stands as it came."""

    def __init__(self, text: str, said: str) -> None:
        parsed = list(Formatter().parse(text))
        self.said = said
        self.names = [name for _, name, _, _ in parsed if name is not None]
        self.literals = [literal for literal, *_ in parsed]
        if len(self.literals) == len(self.names):
            self.literals.append("")
        around = zip(self.names, self.literals, self.literals[1:], strict=False)
        self.quoted = {name for name, before, after in around if before[-1:] == after[:1] == "'"}

    @property
    def weight(self) -> int:
        return sum(map(len, self.literals))

    def values_in(self, text: str) -> Mapping[str, str] | None:
        """What the names stand for in a sentence of this pattern, each as short as can be; else None."""
        first, *between, last = self.literals if self.names else (*self.literals, "")
        if not self.names:
            return {} if text == first else None
        at, end = len(first), len(text) - len(last)
        if at > end or not (text.startswith(first) and text.endswith(last)):
            return None
        found = {}
        for name, literal in zip(self.names, between, strict=False):
            until = text.find(literal, at, end)
            if until < 0:
                return None
            found[name], at = text[at:until], until + len(literal)
        return found | {self.names[-1]: text[at:end]}


@cache
def patterns(spoken: str) -> tuple[Pattern, ...]:
    """Those of the catalogue, the ones that say most first."""
    made = [Pattern(text, said) for text, said in entries(spoken, MEANING)]
    return tuple(sorted(made, key=lambda pattern: -pattern.weight))
