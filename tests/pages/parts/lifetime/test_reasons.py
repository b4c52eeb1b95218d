"""Why nothing is estimated is said in the language of the run."""

import pytest

from pages.parts import speech
from pages.parts.lifetime.reasons import reason

TEXTS = [
    "Too short a history: 2 months of paying customers, 6 are needed.",
    "Too short a history: customers were seen for 3 months, and 36 months ahead need 12.",
    "Too short a history: 20 days, 90 are needed.",
    "Too few have left: 4, 30 are needed.",
    "Too few have bought: 4, 30 are needed.",
    "Too few have bought again: 4, 30 are needed.",
    "Nobody paid a subscription then.",
    "Nobody has paid a subscription yet.",
    "Nobody in this segment has bought yet.",
    "Only the segments with the most paying accounts are estimated.",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_reason_is_the_same_in_english_and_another_in_polish(text: str) -> None:
    assert reason(text) == text
    with speech.speaking("pl"):
        assert reason(text) != text
        assert reason("Something else.") == "Something else."
