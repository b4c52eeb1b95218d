"""When what pended and fired: a line for each alert that did, over the last ninety days."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

import polars as pl

from engine.desk.alerts import Span
from engine.desk.rules import RuleView
from pages.parts import alarms, cards, charts, numbers, words
from pages.parts.alerts import pictures, says
from pages.parts.rules import phrases
from pages.parts.sources import standing
from pages.parts.speech import say, whole

DAYS = 90
MOST = 25  # lines


def draw(only: Collection[int] | None) -> None:
    """`only`: the alerts that the filters let through; None for all."""
    end = standing.now()
    start = end - timedelta(days=DAYS)
    spans = [span for span in alarms.timeline(start, end) if only is None or span.alert_id in only]
    lines = ordered(spans)
    with cards.panel("alerts_timeline", say("The last 90 days"), subtitle(len(lines))):
        if not lines:
            cards.note(say("Nothing pended or fired in these days."), "✓")
            return
        charts.legend((say("Firing"), say("Pending")), (charts.VERMILION, charts.ORANGE))
        shown = lines[:MOST]
        zone = numbers.settings().timezone
        places = {alert_id: place for place, alert_id in enumerate(shown)}
        frame = frame_of([span for span in spans if span.alert_id in places], places, start, end)
        edges = tuple(words.local(instant, zone).replace(tzinfo=None) for instant in (start, end))
        spec = pictures.within(pictures.TIMELINE, *edges, rows=len(shown))
        alt_text = say("When alerts pended and fired in the last 90 days")
        charts.draw(frame, spec, "alerts_timeline", alt_text, ours=("status",))


def subtitle(count: int) -> str:
    about = say("One line an alert; what fires now comes first")
    if count <= MOST:
        return about
    more = say(
        "the {most} that moved last of {count}; the filters above find the others",
        most=MOST,
        count=whole(count),
    )
    return f"{about} · {more}"


def ordered(spans: Sequence[Span]) -> list[int]:
    """The alerts by their ids: those that fire now, then those that moved last."""
    newest: dict[int, tuple[bool, datetime]] = {}
    for span in spans:
        fires = span.status == "firing" and span.left_at is None
        newest[span.alert_id] = max(
            newest.get(span.alert_id, (False, span.entered_at)), (fires, span.entered_at)
        )
    return sorted(newest, key=lambda alert_id: newest[alert_id], reverse=True)


def frame_of(spans: Sequence[Span], places: dict[int, int], start: datetime, end: datetime) -> pl.DataFrame:
    """One row a span, on the company's clock, cut to what the chart shows; by line."""
    known = alarms.all_rules()
    ordered = sorted(spans, key=lambda span: places[span.alert_id])
    return pl.DataFrame([row_of(span, start, end, known.get(span.rule_id)) for span in ordered])


def row_of(span: Span, start: datetime, end: datetime, of: RuleView | None) -> dict[str, object]:
    """`of`: its rule, unless that was removed."""
    zone = numbers.settings().timezone
    segment = "" if span.segment == "all" else span.segment
    return {
        "place": f"{span.rule} · {segment}" if segment else span.rule,
        "rule": span.rule,
        "segment": segment or say("All accounts"),
        "status": span.status,
        "entered_at": words.local(max(span.entered_at, start), zone).replace(tzinfo=None),
        "left_at": words.local(span.left_at or end, zone).replace(tzinfo=None),
        "since": words.moment(span.entered_at, zone),
        "until": words.moment(span.left_at, zone) if span.left_at else say("now"),
        "lasted": says.lasted(span.entered_at, span.left_at),
        "value": phrases.writer(of.rule.metric)(span.value) if of else words.NONE,
    }
