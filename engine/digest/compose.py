"""Writes a weekly letter from one edition, the targets, and what fires."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import polars as pl

from data.calendar import Grain
from data.settings import Settings
from data.speech import language, say
from data.speech.figures import value
from engine import wording
from engine.control.alerts import AlertView, RuleAlerts
from engine.control.targets import Place, Target
from engine.delivery.measure import SILENCE, measured, measures
from engine.delivery.outside import tame
from engine.digest.letter import Bar, Card, Letter
from engine.digest.sentences import told
from metrics import read
from metrics.catalog import Metric, catalog
from metrics.movers import DRIVER_GRAINS, DRIVERS, DRIVERS_SHOWN, moves
from metrics.titles import shown_unit, title

WATCHED = (*DRIVERS, "signups", "active_accounts", "churned_mrr", "high_risk_accounts")
MOVED, FIRES, TREND, MONTHS = 3, 5, 12, 12
MOVEMENTS = ("new", "expansion", "reactivation", "contraction", "churned")


def compose(
    settings: Settings,
    edition: str,
    place: tuple[str, str],
    goals: Mapping[Place, Target],
    alerts: Sequence[RuleAlerts],
    *,
    digest_id: int,
    week: date,
    now: datetime,
) -> Letter:
    """The letter about one place, a dimension and its segment, in the language that is spoken.

    Raises:
        NoEdition: the edition is gone.
    """
    info, known = read.edition(settings, edition), catalog(settings)
    found = firing(alerts, place)
    return Letter(
        digest_id=digest_id,
        language=language(),
        week=week,
        about=wording.segment(place[0], tame(place[1])),
        currency=info.base_currency,
        zone=info.timezone,
        edition=edition,
        as_of=info.as_of,
        written_at=now,
        cards=tuple(cards(settings, edition, place, goals, known))[:DRIVERS_SHOWN],
        moved=tuple(moved(settings, edition, place, known)),
        firing=len(found),
        fires=tuple(fires(one, settings) for one in found[:FIRES]),
        bars=tuple(bars(settings, edition, place)),
    )


def firing(alerts: Sequence[RuleAlerts], place: tuple[str, str]) -> list[AlertView]:
    """What fires; of a segment's letter, only what is of that segment."""
    found = [one for group in alerts for one in group.alerts if one.status == "firing"]
    return [one for one in found if place[0] == "all" or (one.rule.dimension, one.segment) == place]


def fires(one: AlertView, settings: Settings) -> str:
    """time to value, channel Partner: 11.7 h, since 16 Nov 2026, 08:00."""
    measure = measured(one.rule.metric, measures(settings))
    place = one.segment if one.rule.metric == SILENCE else wording.segment(one.rule.dimension, one.segment)
    figure = value(one.value, measure.unit, settings.base_currency)
    named = {"rule": one.rule.name, "place": tame(place), "title": measure.title, "figure": figure}
    since = one.fired_at or one.since
    if since is None:
        return say("{rule}, {place}: {title} {figure}.", **named)
    when = wording.moment(since, settings.timezone)
    return say("{rule}, {place}: {title} {figure}, since {when}.", **named, when=when)


def cards(
    settings: Settings,
    edition: str,
    place: tuple[str, str],
    goals: Mapping[Place, Target],
    known: Mapping[str, Metric],
) -> list[Card]:
    made: dict[str, Card] = {}
    for grain in DRIVER_GRAINS:
        wanted = [metric for metric in DRIVERS if metric in known and metric not in made]
        rows = series(settings, edition, wanted, grain, place).filter("complete")
        for (metric,), part in rows.partition_by("metric", as_dict=True).items():
            goal = goals.get(Place(metric, grain, *place))
            made[metric] = card(known[metric], grain, part, goal.value if goal else None)
    return [made[metric] for metric in DRIVERS if metric in made]


def series(
    settings: Settings, edition: str, metrics: Sequence[str], grain: Grain, place: tuple[str, str]
) -> pl.DataFrame:
    return read.series(settings, edition, metrics, grain=grain, dimension=place[0], segment=place[1])


def card(metric: Metric, grain: Grain, rows: pl.DataFrame, target: float | None) -> Card:
    trend = list(rows.sort("period_start").tail(TREND).select("period_start", "value").iter_rows())
    return Card(
        metric=metric.name,
        title=title(metric),
        unit=shown_unit(metric),
        better=metric.better,
        grain=grain,
        start=trend[-1][0],
        value=trend[-1][1],
        before=trend[-2][1] if len(trend) > 1 else None,
        target=target,
        trend=tuple(trend),
    )


def moved(settings: Settings, edition: str, place: tuple[str, str], known: Mapping[str, Metric]) -> list[str]:
    """The largest moves of the last complete week, those outside their usual range first."""
    wanted = [metric for metric in WATCHED if metric in known]
    whole = series(settings, edition, wanted, "week", place)
    dimensions = read.edition(settings, edition).segments if place[0] == "all" else ()
    parts = [
        read.series(settings, edition, wanted, grain="week", dimension=name, segment=None)
        for name in dimensions
    ]
    split = pl.concat([whole.clear(), *parts])
    alike = whole.with_columns(dimension=pl.lit("all"), segment=pl.lit("all"))
    found = moves(alike, split, {metric: known[metric].unit for metric in wanted}, most=MOVED)[:MOVED]
    return [told(move, known[move.metric], "week", settings.base_currency) for move in found]


def bars(settings: Settings, edition: str, place: tuple[str, str]) -> list[Bar]:
    rows = read.movements(settings, edition, grain="month", dimension=place[0], segment=place[1])
    recent = rows.sort("period_start").tail(MONTHS)
    return [
        Bar(start=row["period_start"], movement=name, amount=float(row[name]), is_over=row["complete"])
        for row in recent.iter_rows(named=True)
        for name in MOVEMENTS
        if row[name]
    ]
