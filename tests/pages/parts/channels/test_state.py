from datetime import datetime, timedelta
from typing import Any

from engine.desk.channels import Channel, Hours
from pages.parts import speech
from pages.parts.channels import outbox, state

NOW = datetime(2026, 11, 9, 12)


def channel(**values: Any) -> Channel:
    given: dict[str, Any] = dict.fromkeys(Channel.__dataclass_fields__)
    known = {"hours": Hours("UTC"), "is_paused": False, "failures": 1, "language": "en"}
    return Channel(**given | known | values)


def test_what_a_channel_answered_is_said_in_the_language_of_the_reader() -> None:
    failing = channel(last_error="It answered 503: try later.", rests_until=NOW + timedelta(minutes=5))
    with speech.speaking("pl"):
        said = state.state_of(failing, NOW).sentence
    assert said.startswith("Odpowiedź 503: try later. ")
    assert state.state_of(failing, NOW).sentence.startswith("It answered 503: try later. ")


def test_an_outcome_is_our_own_words_or_what_the_other_side_said() -> None:
    with speech.speaking("pl"):
        assert outbox.said("It did not answer within 15 s.") == "Brak odpowiedzi w ciągu 15 s."
        assert outbox.said("250 queued as 4AF") == "250 queued as 4AF"
