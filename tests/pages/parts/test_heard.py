from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.parts import filters, speech
from pages.parts.heard import every, translated
from pages.parts.speech import say
from tests.pages.test_pages import go


def test_a_choice_is_known_in_each_language() -> None:
    assert every("History") == {"History", "Historia"}


def test_what_is_said_in_another_language_is_translated_and_what_nobody_says_is_left() -> None:
    months = list(filters.RANGES["month"])
    with speech.speaking("pl"):
        polish = filters.last(months[1], "month")
    assert polish != filters.last(months[1], "month")
    given = [polish, "forged", filters.last(months[0], "month")]
    english = [filters.last(months[1], "month"), "forged", filters.last(months[0], "month")]
    assert translated(given, tuple(months), lambda count: filters.last(count, "month")) == english
    with speech.speaking("pl"):
        assert translated(english[:1], tuple(months), lambda count: filters.last(count, "month")) == [polish]


@pytest.mark.parametrize("grain", ["day", "month"])
def test_a_link_that_was_made_in_polish_shows_the_same_view_in_english(
    open_menu: Callable[[Path], AppTest], company: Path, grain: str
) -> None:
    app = open_menu(company)
    with speech.speaking("pl"):
        app.query_params["activation_grain"] = say(filters.GRAINS[grain])
        app.query_params[f"activation_last_{grain}s"] = filters.last(filters.RANGES[grain][1], grain)
    go(app, "watch/activation.py")
    assert not app.exception
    assert app.selectbox(key=f"activation_last_{grain}s").value == filters.RANGES[grain][1]
