"""Happenings lie on the charts over time on the periods in which they began and lasted."""

from datetime import date

import polars as pl
import pytest

from engine.desk.annotations import Annotation
from pages.parts import annotations, charts

MONTHS = [date(2026, month, 1) for month in range(6, 12)]
FRAME = pl.DataFrame({"period_start": MONTHS})


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[Annotation]:
    found = [
        Annotation("release", "4.2 <b>", date(2026, 9, 15)),
        Annotation("incident", "outage", date(2026, 10, 20), date(2026, 11, 4)),
    ]
    monkeypatch.setattr(annotations, "known", lambda *_: found)
    return found


def test_a_rule_lies_on_each_period_of_a_happening(noted: list[Annotation]) -> None:
    drawn = annotations.layer(charts.RATE_LINES["month"], FRAME)
    marks = drawn["layer"][-1]["data"]["values"]
    assert [(mark["title"], mark["period_start"]) for mark in marks] == [
        ("Release: 4.2 <b>", annotations.milliseconds(date(2026, 9, 1))),
        ("Incident: outage", annotations.milliseconds(date(2026, 10, 1))),
        ("Incident: outage", annotations.milliseconds(date(2026, 11, 1))),
    ]
    assert len(charts.RATE_LINES["month"]["layer"]) == len(drawn["layer"]) - 1


def test_a_chart_of_something_else_is_left_as_it_is(noted: list[Annotation]) -> None:
    bridge = charts.BRIDGE if hasattr(charts, "BRIDGE") else {"mark": "bar"}
    assert annotations.layer(bridge, pl.DataFrame({"step": ["a"]})) is bridge
