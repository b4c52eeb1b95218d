"""The published figures over HTTP: the metrics table and the cohort triangle, page by page."""

from functools import partial
from typing import Any

from data.errors import NoEdition
from data.settings import Settings
from engine.api.cursors import Cursor
from engine.api.parameters import Parameter, choice, day, flag, text
from engine.api.problems import Problem, quoted
from engine.api.resource import Asked, Column, Page, Resource
from metrics import paged, read
from metrics.paged import Table, Wanted

SEGMENT_COLUMNS = (
    Column("dimension", "text", "`all`, or the attribute of the account that it is split by"),
    Column("segment", "text", "The value of that attribute; `all` where the dimension is"),
)
METRIC_COLUMNS = (
    Column("metric", "text", "Its name"),
    Column("grain", "text", "`day`, `week` or `month`"),
    Column("period_start", "day", "The local day on which the period begins"),
    *SEGMENT_COLUMNS,
    Column("value", "number", "The figure; null where it cannot be told"),
    Column("numerator", "number", "Of a rate, what was counted"),
    Column("denominator", "number", "Of a rate, out of how many"),
    Column("lower", "number", "Where its 95 % interval begins"),
    Column("upper", "number", "Where its 95 % interval ends"),
    Column("complete", "flag", "Whether the period, or what it waits for, is over"),
    Column("as_of", "instant", "The instant that the figure is of, UTC"),
)
COHORT_COLUMNS = (
    Column("grain", "text", "`week` or `month`"),
    Column("cohort_start", "day", "The local day on which the period of the sign-ups begins"),
    *SEGMENT_COLUMNS,
    Column("period_index", "whole", "How many periods after the sign-up"),
    Column("size", "whole", "Accounts that signed up"),
    Column("retained", "whole", "Those of them that were active in the period"),
    Column("complete", "flag", "Whether the period is over"),
    Column("mrr_0", "money", "What they paid a month at the end of the period of the sign-up"),
    Column("mrr_k", "money", "What they pay a month at the end of the period"),
    Column("gross_mrr_k", "money", "The same, expansion left out"),
)
BESIDE: dict[str, dict[str, Any]] = {
    "edition": {"type": "string", "description": "The edition that the rows are of"},
    "as_of": {"type": "string", "format": "date-time", "description": "The instant it is of, UTC"},
    "next": {"type": ["string", "null"], "description": "Where the next page is, if there is one"},
}
METRIC = Parameter(
    "metric", "Its name; more than once for several", text(), many=True, example=["activation_rate"]
)


def shared(grains: tuple[str, ...], period: str) -> tuple[Parameter, ...]:
    return (
        Parameter("grain", "How long the periods are", choice(grains), example=grains[0]),
        Parameter("dimension", "`all`, or an attribute of the account that is configured", text()),
        Parameter("segment", "One segment of the dimension", text()),
        Parameter("from", f"Only rows whose {period} is this local day or later", day),
        Parameter("to", f"Only rows whose {period} is before this local day", day),
        Parameter("complete", "Only rows that are complete, or only those that are not", flag),
        Parameter("edition", "An edition by its name; unless given, the newest", text()),
    )


def edition_of(asked: Asked) -> str:
    """The edition to read: that of the cursor, the one asked for, or the newest.

    Raises:
        Problem: 404 where there is no such edition, 410 where it was removed since.
    """
    cursor = asked.cursor
    name = cursor.edition if cursor else asked.query["edition"] or newest(asked.settings)
    standing = paged.standing(asked.settings, name)
    if standing == "gone":
        raise gone(name)
    if standing == "unknown":
        raise Problem(404, "no_edition", f"There is no edition {quoted(name)}.", parameter="edition")
    return str(name)


def newest(settings: Settings) -> str:
    name = read.current(settings)
    if name is None:
        raise Problem(503, "no_edition", "Nothing has been published yet.", headers={"retry-after": "30"})
    return name


def gone(name: str) -> Problem:
    sentence = f"Edition {name} is no longer kept; begin again without cursor and edition, with the newest."
    return Problem(410, "edition_gone", sentence)


def page(table: Table, asked: Asked) -> Page:
    name = edition_of(asked)
    try:
        return read_page(table, asked, name)
    except NoEdition:
        if paged.standing(asked.settings, name) != "kept":
            raise gone(name) from None
        raise


def read_page(table: Table, asked: Asked, name: str) -> Page:
    info = read.edition(asked.settings, name)
    wanted = wanted_of(asked, name, info.segments)
    offset = asked.cursor.place if asked.cursor else 0
    found = paged.page(asked.settings, name, table, wanted, offset=offset, limit=asked.limit + 1)
    more = found.height > asked.limit
    following = Cursor(offset + asked.limit, asked.digest, name) if more else None
    as_of = f"{info.as_of.isoformat(timespec='microseconds')}Z"
    headers = {"holdfast-edition": name, "holdfast-as-of": as_of}
    return Page(found.head(asked.limit), following, {"edition": name, "as_of": as_of}, headers)


def wanted_of(asked: Asked, name: str, dimensions: tuple[str, ...]) -> Wanted:
    query = asked.query
    dimension, segment = asked.caller.place(query["dimension"], query["segment"])
    known(dimension, ("all", *dimensions), "dimension")
    metrics = query.values.get("metric", ())
    if metrics:
        there_are = tuple(paged.names(asked.settings, name))
        for metric in metrics:
            known(metric, there_are, "metric")
    return Wanted(metrics, query["grain"], dimension, segment, query["from"], query["to"], query["complete"])


def known(given: str | None, allowed: tuple[str, ...], parameter: str) -> None:
    if given is not None and given not in allowed:
        sentence = f"There is no {parameter} {quoted(given)}; there are {', '.join(allowed)}."
        raise Problem(422, "bad_value", sentence, parameter=parameter)


def resource(name: Table, title: str, about: str, **given: Any) -> Resource:
    return Resource(name, title, about, page=partial(page, name), stamp=edition_of, beside=BESIDE, **given)


METRICS = resource(
    "metrics",
    "The metrics table",
    "Every figure of an edition, in the order of `python -m engine export metrics`. All pages of a query "
    "are of one edition.",
    parameters=(METRIC, *shared(("day", "week", "month"), "period_start")),
    columns=METRIC_COLUMNS,
)
COHORTS = resource(
    "cohorts",
    "The cohort triangle",
    "Every cell of the triangle of an edition, in the order of `python -m engine export cohorts`. All pages "
    "of a query are of one edition.",
    parameters=shared(("week", "month"), "cohort_start"),
    columns=COHORT_COLUMNS,
)
