"""Alerts as tables: grouped, folded, whatever stands in their names."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
import streamlit as st

from engine.alerts.rule import Rule
from engine.desk.alerts import AlertView, RuleAlerts, Telling
from pages.parts.alerts import listing, says
from pages.parts.alerts.choice import Filters
from pages.parts.sources import standing

NOW = datetime(2026, 11, 23, 12)
RULE = Rule(
    name="activation <b>stalls</b>",
    metric="activation_rate",
    grain="week",
    dimension="plan",
    params={"below": 0.35, "periods": 2},
    owner="Mara",
)


@pytest.fixture(autouse=True)
def at_noon(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("HOLDFAST_HOME", str(tmp_path))
    monkeypatch.setattr(standing, "now", lambda: NOW)
    st.cache_resource.clear()


def alert(number: int = 1, segment: str = "Team", **more: Any) -> AlertView:
    known: dict[str, Any] = {
        "alert_id": number,
        "rule_id": 7,
        "rule": RULE,
        "is_paused": False,
        "segment": segment,
        "status": "firing",
        "since": NOW - timedelta(days=9),
        "fired_at": NOW - timedelta(days=9),
        "breaches": 2,
        "period_start": date(2026, 11, 9),
        "value": 0.281,
        "low": 0.35,
        "high": None,
        "usual": None,
        "beyond": 0.069,
        "taken_by": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "snoozed_until": None,
        "told_at": None,
        "is_silenced": False,
    }
    return AlertView(**known | more)


def telling(reason: str, message_id: int | None = 4, **more: Any) -> Telling:
    known: dict[str, Any] = {
        "notice_id": 1,
        "at": NOW - timedelta(hours=2),
        "what": "firing",
        "reason": reason,
        "channel": "team" if message_id else None,
        "transition_id": 3,
        "message_id": message_id,
        "message_state": "sent" if message_id else None,
        "sent_at": NOW - timedelta(hours=2) if message_id else None,
        "last_error": None,
    }
    return Telling(**known | more)


def group(count: int) -> RuleAlerts:
    many = [alert(number, f"segment {number:03}", beyond=number / 1000) for number in range(count)]
    return RuleAlerts(7, RULE, False, tuple(many))


def section(of: RuleAlerts, room: int = listing.FOLDED) -> str:
    return listing.section(of, listing.ordered(of, "firing"), {}, room)


def test_a_row_says_what_since_when_how_far_beyond_and_who_has_it() -> None:
    text = listing.line(alert(taken_by="Jo"), None)
    assert "<strong>28.1\u00a0%</strong> below 35.0\u00a0%<small>week of 9\u00a0Nov</small>" in text
    assert "6.9\u00a0pp" in text
    assert "9\u00a0d ago</span><small>2 weeks</small>" in text
    assert ">Jo<" in text


def test_a_group_shows_its_worst_and_folds_the_others() -> None:
    text = section(group(186))
    shown, folded = text.split("<details>")
    assert shown.count('data-open="alert:') == listing.OPEN
    assert "segment 185" in shown
    assert "<summary>and 180 more</summary>" in folded
    assert folded.count('data-open="alert:') == 180
    assert "<em>186 segments</em>" in shown


def test_what_is_beyond_even_the_fold_is_counted() -> None:
    text = section(group(1000))
    assert text.count('data-open="alert:') == listing.OPEN + listing.FOLDED
    assert "and 994 more</summary>" in text
    assert "and 794 more: choose a segment above to see it." in text


def test_where_many_rules_fire_each_folds_less() -> None:
    text = section(group(100), room=30)
    assert text.count('data-open="alert:') == listing.OPEN + 30
    assert "and 94 more</summary>" in text
    assert "and 64 more: choose a segment above to see it." in text


def test_names_are_text_and_never_markup() -> None:
    hostile = "<img src=x onerror=alert(1)>"
    text = section(RuleAlerts(7, RULE, False, (alert(segment=hostile, taken_by=hostile),)))
    assert hostile not in text
    assert "<b>stalls" not in text
    assert "&lt;img" in text


@pytest.mark.parametrize(
    ("last", "told"),
    [
        (None, "—"),
        (telling("first"), "began to fire, 2\u00a0h ago</span><small>sent 2\u00a0h ago to team</small>"),
        (telling("no channel", None), "not told, 2\u00a0h ago</span><small>no channel is named"),
        (telling("anything new", None), "<small>anything new</small>"),
        (telling("first", message_state="dead", sent_at=None), "<small>given up to team</small>"),
    ],
)
def test_a_row_says_what_was_told_last_or_why_not(last: Telling | None, told: str) -> None:
    assert told in listing.told(alert(), last)


def test_what_holds_it_back_is_said_in_place_of_what_was_told() -> None:
    snoozed = alert(snoozed_until=NOW + timedelta(hours=5))
    assert "snoozed, in 5\u00a0h" in listing.told(snoozed, telling("first"))
    assert "<b>silenced</b>" in listing.told(alert(is_silenced=True), telling("first"))
    assert "snoozed" not in listing.told(alert(snoozed_until=NOW - timedelta(hours=1)), telling("first"))


@pytest.mark.parametrize(
    ("figures", "told"),
    [
        ({"low": 0.35}, "below 35.0\u00a0%"),
        ({"low": 0.35, "value": 0.4}, "not below 35.0\u00a0%"),
        ({"low": None, "high": 0.2}, "above 20.0\u00a0%"),
        ({"low": None, "high": 0.2, "value": 0.1}, "not above 20.0\u00a0%"),
        ({"low": 0.2, "high": 0.3, "value": 0.25}, "within 20.0\u00a0% to 30.0\u00a0%"),
        ({"low": 0.2, "high": 0.3, "value": 0.1}, "below 20.0\u00a0%"),
        ({"low": 0.2, "high": 0.3, "value": 0.9}, "above 30.0\u00a0%"),
        ({"low": None, "high": None}, ""),
    ],
)
def test_the_bound_is_the_one_that_it_is_beyond(figures: dict[str, float | None], told: str) -> None:
    assert says.bound(alert(**figures), "activation_rate") == told


def test_how_far_beyond_is_written_in_the_unit_of_the_figure() -> None:
    assert says.beyond(alert()) == "6.9\u00a0pp"
    hours = RULE.model_copy(update={"metric": "time_to_first_value_p50"})
    assert says.beyond(alert(rule=hours, beyond=6.5)) == "6.5\u00a0h"
    money = RULE.model_copy(update={"metric": "mrr"})
    assert says.beyond(alert(rule=money, beyond=1234.0)) == "$1.23k"
    assert says.beyond(alert(beyond=None)) == "—"


def test_filters_let_through_what_matches_all_of_them() -> None:
    groups = [group(3)]
    assert Filters().of(groups) == groups
    assert [of.segment for of in Filters(segment="plan:segment 001").of(groups)[0].alerts] == ["segment 001"]
    assert Filters(severity="critical").of(groups) == []
    assert Filters(rule="8").of(groups) == []
    assert Filters(mine="Mara").of(groups) == groups
    assert Filters(mine="Jo").of(groups) == []
