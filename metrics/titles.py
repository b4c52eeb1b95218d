"""What metrics are called, in the language that is spoken."""

from data.speech import say
from metrics.catalog import Metric

STEP = "activation_step_rate."


def title(metric: Metric) -> str:
    return titled(metric.name, metric.title)


def titled(name: str, english: str) -> str:
    """By its name and its English title; the steps of onboarding are called as the company calls them."""
    if name.startswith(STEP):
        return say("Reached step {step}", step=name.removeprefix(STEP).replace("_", " "))
    return say(english)
