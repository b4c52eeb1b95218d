"""What people decided. Where it cannot be read, a page shows its figures all the same and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import TypeVar

from data.errors import HoldfastError
from pages.parts import cards
from pages.parts.speech import later, retold, say

T = TypeVar("T")
UNREAD = later("Targets, alerts and letters cannot be read now, the figures can. {why}")


@dataclass
class Decided:
    """`trouble`: why something could not be read, if anything."""

    trouble: str = ""

    def read(self, ask: Callable[[], T], otherwise: T) -> T:
        try:
            return ask()
        except HoldfastError as unreadable:
            self.trouble = retold(str(unreadable))
            return otherwise

    def tell(self, sentence: str = UNREAD) -> None:
        if self.trouble:
            cards.note(say(sentence, why=escape(retold(self.trouble))), "◆")
