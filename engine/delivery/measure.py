"""How a watched metric is called, and in what unit its figures are."""

from dataclasses import dataclass

from data.settings import Settings
from engine.alerts import cohorts
from metrics.catalog import catalog

SILENCE = "source_silence"


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric's title and unit."""

    title: str
    unit: str


def measures(settings: Settings) -> dict[str, Measure]:
    """Those of the catalog by name; cells of the triangle and others are made by `measured`."""
    return {name: Measure(metric.title, metric.unit) for name, metric in catalog(settings).items()}


def measured(metric: str, known: dict[str, Measure]) -> Measure:
    """The one of a metric, also where the catalog does not have it (any more)."""
    if metric in known:
        return known[metric]
    index = cohorts.index_of(metric)
    if index is not None:
        name = metric.partition(".")[0]
        return Measure(f"{cohorts.NAMES[name]}, {index} periods after,", cohorts.UNITS[name])
    if metric == SILENCE:
        return Measure("Silence", "hours")
    words = metric.replace("_", " ").replace(".", ": ")
    return Measure(words[:1].upper() + words[1:], "ratio")
