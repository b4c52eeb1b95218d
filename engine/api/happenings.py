"""What is decided and noted over HTTP: alerts as they stand, and annotations."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, get_args

import polars as pl

from engine.alerts.lifecycle import Status
from engine.api.cursors import Cursor
from engine.api.figures import SEGMENT_COLUMNS
from engine.api.parameters import Parameter, choice, day, text
from engine.api.resource import Asked, Column, Kind, Page, Resource
from engine.desk import alerts as standing
from engine.desk import annotations as noted
from engine.desk.alerts import AlertView

STATUSES = get_args(Status)
TYPES: dict[Kind, Any] = {
    "text": pl.String,
    "day": pl.Date,
    "instant": pl.Datetime("us"),
    "number": pl.Float64,
    "whole": pl.Int64,
    "flag": pl.Boolean,
}
BESIDE: dict[str, dict[str, Any]] = {
    "next": {"type": ["string", "null"], "description": "Where the next page is, if there is one"}
}
ALERT_COLUMNS = (
    Column("alert_id", "whole", "Its number"),
    Column("rule_id", "whole", "The number of its rule"),
    Column("rule", "text", "What the rule is called"),
    Column("severity", "text", "`info`, `warning` or `critical`"),
    Column("metric", "text", "What the rule watches"),
    Column("grain", "text", "By which periods"),
    *SEGMENT_COLUMNS,
    Column("status", "text", ", ".join(f"`{status}`" for status in STATUSES)),
    Column("since", "instant", "Since when it is in this status, UTC"),
    Column("fired_at", "instant", "When it fired last, UTC"),
    Column("period_start", "day", "The period that moved or worsened it last"),
    Column("value", "number", "The figure of that period"),
    Column("low", "number", "The bound below which it is too low"),
    Column("high", "number", "The bound above which it is too high"),
    Column("usual", "number", "What would have been usual"),
    Column("beyond", "number", "How far beyond its bound it is"),
    Column("taken_by", "text", "Who looks after it"),
    Column("acknowledged_at", "instant", "When somebody said that it was seen, UTC"),
    Column("snoozed_until", "instant", "Until when it is not told, UTC"),
    Column("is_silenced", "flag", "Whether a silence in force matches it"),
    Column("is_paused", "flag", "Whether its rule is paused"),
)
ANNOTATION_COLUMNS = (
    Column("annotation_id", "whole", "Its number"),
    Column("kind", "text", "`release`, `incident` or `other`"),
    Column("title", "text", "What happened"),
    Column("link", "text", "Where more is said of it"),
    Column("starts_on", "day", "The local day on which it happened, or began"),
    Column("ends_on", "day", "The last local day of it, where it took several"),
    Column("dimension", "text", "With `segment`: whom it concerns, where not everybody"),
    Column("segment", "text", "With `dimension`: whom it concerns, where not everybody"),
    Column("author", "text", "Who noted it"),
    Column("created_at", "instant", "When it was noted, UTC"),
)


def alerts(asked: Asked) -> Page:
    query = asked.query
    dimension, segment = asked.caller.place(query["dimension"], query["segment"])
    found = standing.alerts(asked.settings, statuses=query["status"] or standing.ACTIVE)
    wanted = (("dimension", dimension), ("segment", segment), *plain(query.values, "metric", "severity"))
    rows = [row for group in found for row in map(alert_row, group.alerts) if fits(row, wanted)]
    return listed(asked, rows, ALERT_COLUMNS)


def plain(values: dict[str, Any], *names: str) -> tuple[tuple[str, Any], ...]:
    return tuple((name, values[name]) for name in names)


def alert_row(alert: AlertView) -> dict[str, Any]:
    rule = alert.rule
    told = {"rule": rule.name, "severity": rule.severity, "metric": rule.metric}
    told |= {"grain": rule.grain, "dimension": rule.dimension}
    own = [column.name for column in ALERT_COLUMNS if column.name not in told]
    return told | {name: getattr(alert, name) for name in own}


def annotations(asked: Asked) -> Page:
    query = asked.query
    place = asked.caller.place(query["dimension"], query["segment"])
    found = noted.annotations(asked.settings, start=query["from"], end=query["to"], scope=asked.caller.scope)
    wanted = () if asked.caller.scope else (("dimension", place[0]), ("segment", place[1]))
    wanted = (*wanted, *plain(query.values, "kind"))
    rows = [row for row in map(annotation_row, found) if fits(row, wanted)]
    return listed(asked, rows, ANNOTATION_COLUMNS)


def annotation_row(annotation: noted.Annotation) -> dict[str, Any]:
    return {column.name: getattr(annotation, column.name) for column in ANNOTATION_COLUMNS}


def fits(row: dict[str, Any], wanted: Iterable[tuple[str, Any]]) -> bool:
    return all(value is None or row[name] == value for name, value in wanted)


def listed(asked: Asked, rows: list[dict[str, Any]], columns: tuple[Column, ...]) -> Page:
    """A page of rows by their number, which is the first column; one that appears later comes at the end."""
    number = columns[0].name
    after = asked.cursor.place if asked.cursor else 0
    ahead = sorted((row for row in rows if row[number] > after), key=lambda row: row[number])
    kept = ahead[: asked.limit]
    following = Cursor(kept[-1][number], asked.digest) if len(ahead) > len(kept) else None
    schema = {column.name: TYPES[column.kind] for column in columns}
    return Page(pl.DataFrame(kept, schema=schema, orient="row"), following)


def in_json(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON has it."""
    return {name: written(value) for name, value in row.items()}


def written(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value.isoformat(timespec='microseconds')}Z"
    return value.isoformat() if isinstance(value, date) else value


def unstamped(_: Asked) -> None:
    """What people do changes at any time: only reading tells."""


PLACE = (
    Parameter("dimension", "An attribute of the account that is configured", text()),
    Parameter("segment", "One segment of the dimension", text()),
)
ALERTS = Resource(
    "alerts",
    "Alerts",
    "Alerts of rules in use as they stand now, by number; those that fire or pend, unless told otherwise.",
    parameters=(
        Parameter("status", "Where they stand; more than once for several", choice(STATUSES), many=True),
        Parameter("severity", "How grave their rule is", choice(("info", "warning", "critical"))),
        Parameter("metric", "What their rule watches", text()),
        *PLACE,
    ),
    columns=ALERT_COLUMNS,
    page=alerts,
    stamp=unstamped,
    beside=BESIDE,
)
ANNOTATIONS = Resource(
    "annotations",
    "Annotations",
    "Releases, incidents and what else happened, for charts to show, by number. A token of one segment sees "
    "what concerns it, and what concerns everybody.",
    parameters=(
        Parameter("kind", "What kind of happening", choice(noted.KINDS)),
        Parameter("from", "Only what lasted until this local day or later", day),
        Parameter("to", "Only what began before this local day", day),
        *PLACE,
    ),
    columns=ANNOTATION_COLUMNS,
    page=annotations,
    stamp=unstamped,
    beside=BESIDE,
)
