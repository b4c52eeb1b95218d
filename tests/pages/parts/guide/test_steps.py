"""The guide's steps: which facts check them off, and that what people called things is text."""

from datetime import datetime

import pytest

from engine.desk.guide import Deed, Done
from pages.parts.guide import steps
from pages.parts.guide.steps import Check, Next, Step

AT = datetime(2026, 11, 9, 14, 32)
NOTHING = Done(None, None, None, None, None, None, None, shipped=5)
NEXT = Next("set_up/rules.py", "Rules", "rule", "lead", "Do it.", "Ask a lead.")


def step(*states: steps.State, is_any: bool = False) -> Step:
    return Step("Step", "", tuple(Check(str(at), state, "") for at, state in enumerate(states)), NEXT, is_any)


@pytest.mark.parametrize(
    ("of", "state"),
    [
        (step("done", "done"), "done"),
        (step("done", "open"), "open"),
        (step("done", "made up"), "made up"),
        (step("made up", "open"), "open"),
        (step("open", "done", is_any=True), "done"),
        (step("open", "open", is_any=True), "open"),
    ],
)
def test_a_step_is_done_when_its_checks_are(of: Step, state: str) -> None:
    assert of.state == state


def test_before_there_is_anything_every_step_is_open_and_says_what_is_missing() -> None:
    found = steps.steps(None, NOTHING, ("welcome_seen",), ("first_action",), "UTC")
    assert [one.state for one in found] == ["open"] * 5
    assert all(check.said for one in found for check in one.checks)
    assert "5 rules" in found[2].checks[0].said


def test_the_names_that_people_gave_are_text() -> None:
    done = Done(Deed("<b>rule</b>", "<i>mara</i>", AT), *(None,) * 6, shipped=0)
    said = steps.watch(done, "UTC").checks[0].said
    assert "&lt;b&gt;rule" in said
    assert "&lt;i&gt;mara" in said
    assert "<i>" not in said
