"""What a page says where its edition lacks what it asks for; and that it is being drawn."""

from collections.abc import Callable
from functools import wraps
from html import escape

from data.errors import NoEdition
from pages import turns
from pages.parts import cards
from pages.parts.speech import retold


def told(page: Callable[[], None]) -> Callable[[], None]:
    """The page, ending in a sentence where it would break off; what it drew before stands."""

    @wraps(page)
    def drawn() -> None:
        try:
            with turns.drawing:
                page()
        except NoEdition as lacking:
            cards.note(escape(retold(str(lacking))))

    return drawn
