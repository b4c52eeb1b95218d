"""The trail's words: each that the engine notes has one, and is found by the reader's own."""

import ast
from collections.abc import Iterator
from pathlib import Path

from pages.locale.found import literals
from pages.parts import speech
from pages.parts.people import deeds

ENGINE = Path(__file__).parents[4] / "engine"


def noted() -> Iterator[str]:
    """What is given as the action to note(session, who, action, …)."""
    for path in ENGINE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and len(call.args) > 2:
                name = getattr(call.func, "attr", getattr(call.func, "id", ""))
                yield from literals(call.args[2]) if name in ("note", "_noted") else ()


def test_each_action_that_the_engine_notes_has_a_word() -> None:
    found = set(noted())
    assert {"signed in", "switched off", "removed the note"} <= found
    assert found <= set(deeds.ACTIONS)


def test_what_people_wrote_is_left_as_it_is() -> None:
    with speech.speaking("pl"):
        assert deeds.reason("comes with Holdfast") == "dostarczona z Holdfast"
        assert deeds.reason("too loud") == "too loud"
        assert deeds.value("name", "viewer") == "viewer"
        assert deeds.value("role", "viewer") == "obserwator"


def test_a_word_of_the_readers_language_finds_what_the_trail_has_for_it() -> None:
    with speech.speaking("pl"):
        assert deeds.kept_as("Usunięto") == ("removed",)  # which is part of the others
        assert deeds.kept_as("unieważniono") == ("revoked a key of", "revoked the token")
        assert deeds.kept_as("rola według") == ("role_claim",)
        assert deeds.kept_as("mara@example.com") == ()
    assert deeds.kept_as("removed") == ()
