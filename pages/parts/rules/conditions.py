"""When a rule fires, as each kind says it; what the engine says in English, in the language of the run."""

from collections.abc import Callable, Mapping
from typing import Any

from engine.desk.rules import Rule
from pages.parts.speech import later, say, written

Write = Callable[[float | None], str]
UNUSUAL = {
    "up": later("is unusually high (more than {z} times its noise from the {weeks} weeks before)"),
    "down": later("is unusually low (more than {z} times its noise from the {weeks} weeks before)"),
    "both": later("is unusual (more than {z} times its noise from the {weeks} weeks before)"),
}
UNUSUAL_BY = {
    "up": later(
        "is unusually high (more than {z} times its noise and by more than {floor} "
        "from the {weeks} weeks before)"
    ),
    "down": later(
        "is unusually low (more than {z} times its noise and by more than {floor} "
        "from the {weeks} weeks before)"
    ),
    "both": later(
        "is unusual (more than {z} times its noise and by more than {floor} from the {weeks} weeks before)"
    ),
}
MOVES = {
    ("up", "same_weekday"): later("rises by more than {share} % from the like period before"),
    ("down", "same_weekday"): later("falls by more than {share} % from the like period before"),
    ("both", "same_weekday"): later("moves by more than {share} % from the like period before"),
    ("up", "previous"): later("rises by more than {share} % from the period before"),
    ("down", "previous"): later("falls by more than {share} % from the period before"),
    ("both", "previous"): later("moves by more than {share} % from the period before"),
}
DRIFTS = {
    "up": later("drifts up by more than {share} % from what it was in the weeks before"),
    "down": later("drifts down by more than {share} % from what it was in the weeks before"),
    "both": later("drifts by more than {share} % from what it was in the weeks before"),
}
LEAVES = {
    "up": later("rises above its own past by more than chance explains"),
    "down": later("falls below its own past by more than chance explains"),
    "both": later("leaves its own past by more than chance explains"),
}
LEAVES_BY = {
    "up": later("rises above its own past by more than {effect} and by more than chance explains"),
    "down": later("falls below its own past by more than {effect} and by more than chance explains"),
    "both": later("leaves its own past by more than {effect} and by more than chance explains"),
}


def said(rule: Rule, write: Write) -> str:
    """falls below 35 %; of a kind that nobody told of here, what it says itself."""
    known = SAID.get(rule.kind)
    return known(rule.read_params, write) if known else rule.of_kind.says(rule.read_params, write)


def limit(params: Any, write: Write) -> str:
    if params.below is not None:
        return say("falls below {bound}", bound=write(params.below))
    return say("rises above {bound}", bound=write(params.above or 0.0))


def anomaly(params: Any, write: Write) -> str:
    z, weeks = plain(params.z), str(params.weeks)
    if not params.floor:
        return say(UNUSUAL[params.direction], z=z, weeks=weeks)
    return say(UNUSUAL_BY[params.direction], z=z, weeks=weeks, floor=write(params.floor))


def change(params: Any, write: Write) -> str:
    moves = say(MOVES[params.direction, params.against], share=share(params.by))
    if not params.floor:
        return moves
    return say("{moves}, and by more than {floor} in itself", moves=moves, floor=write(params.floor))


def drift(params: Any, write: Write) -> str:  # noqa: ARG001 (other kinds write values)
    return say(DRIFTS[params.direction], share=share(params.by))


def rate(params: Any, write: Write) -> str:
    if not params.minimum_effect:
        return say(LEAVES[params.direction])
    return say(LEAVES_BY[params.direction], effect=write(params.minimum_effect))


def missing(params: Any, write: Write) -> str:
    if params.at_least is None:
        return say("has no value or counts 0")
    return say("has no value or is under {bound}", bound=write(params.at_least))


def late(params: Any, write: Write) -> str:  # noqa: ARG001
    return say("is silent for longer than it usually is")


def plain(number: float) -> str:
    """3.5, in four digits at most."""
    return f"{number:.4g}".translate(written().swaps)


def share(part: float) -> str:
    return plain(100 * part)


SAID: Mapping[str, Callable[[Any, Write], str]] = {
    "limit": limit,
    "anomaly": anomaly,
    "change": change,
    "drift": drift,
    "rate": rate,
    "missing": missing,
    "late": late,
}
