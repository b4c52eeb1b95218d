"""A source that is silent for longer than it ever is; judged by the clock, not over the metrics' history."""

from data.speech import say
from engine.alerts import params
from engine.alerts.kinds import Write
from engine.alerts.panel import Judgement, Panel, unjudged

TITLE = "Late source"
ABOUT = "Fires when a source is late, and holds back the alerts of all that is made of what it brings."


class Params(params.Params):
    pass


def lookback(params: Params) -> int:  # noqa: ARG001 (other kinds ask)
    return 0


def says(params: Params, write: Write) -> str:  # noqa: ARG001
    return say("is silent for longer than it usually is")


def judge(params: Params, panel: Panel) -> Judgement:  # noqa: ARG001
    """Nothing: when a source was late is known when it happens, and not afterwards."""
    return unjudged(panel)
