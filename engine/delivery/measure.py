"""How a watched metric is called, and in what unit its figures are."""

from dataclasses import dataclass

from data.settings import Settings
from data.speech import later, say, several
from engine.alerts import cohorts
from metrics.catalog import catalog
from metrics.titles import title

SILENCE = "source_silence"
CELLS = {
    "cohort_retention": later("Retention of sign-ups"),
    "cohort_net_revenue_retention": later("Net revenue retention of sign-ups"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric's title, in the language that is spoken, and its unit."""

    title: str
    unit: str


def measures(settings: Settings) -> dict[str, Measure]:
    """Those of the catalog by name; cells of the triangle and others are made by `measured`."""
    return {name: Measure(title(metric), metric.unit) for name, metric in catalog(settings).items()}


def measured(metric: str, known: dict[str, Measure]) -> Measure:
    """The one of a metric, also where the catalog does not have it (any more)."""
    if metric in known:
        return known[metric]
    index = cohorts.index_of(metric)
    if index is not None:
        name = metric.partition(".")[0]
        cell = say(CELLS[name])
        said = several(index, "{title}, {count} periods after", "{title}, {count} periods after", title=cell)
        return Measure(f"{said},", cohorts.UNITS[name])
    if metric == SILENCE:
        return Measure(say("Silence"), "hours")
    words = metric.replace("_", " ").replace(".", ": ")
    return Measure(words[:1].upper() + words[1:], "ratio")
