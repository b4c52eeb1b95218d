"""What metrics are called, in the language that is spoken, and the unit in which people read them."""

from data.speech import say
from metrics.catalog import Metric

STEP = "activation_step_rate."
PERCENT = frozenset({"net_revenue_retention", "gross_revenue_retention", "stickiness"})


def title(metric: Metric) -> str:
    return titled(metric.name, metric.title)


def titled(name: str, english: str) -> str:
    """By its name and its English title; the steps of onboarding are called as the company calls them."""
    if name.startswith(STEP):
        return say("Reached step {step}", step=name.removeprefix(STEP).replace("_", " "))
    return say(english)


def shown_unit(metric: Metric) -> str:
    """The unit in which a metric is written: shares of money in per cent."""
    return "rate" if metric.name in PERCENT else metric.unit
