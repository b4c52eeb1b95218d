"""What is lived through, edition by edition and across restarts, is what a rehearsal of the history says."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from data.settings import Settings
from engine.alerts import rehearsal
from engine.alerts.history import History
from engine.alerts.rule import Rule, rule_of
from engine.alerts.watch import Moment, Watch
from engine.control import alerts, rule_views, rules
from engine.control.store import Control

NOW = datetime(2025, 6, 1)
MONDAY = date(2025, 1, 6)
SEGMENTS = ("free", "pro", "team")
FIGURES = {
    "metric": pl.String,
    "grain": pl.String,
    "dimension": pl.String,
    "segment": pl.String,
    "period_start": pl.Date,
    "value": pl.Float64,
    "numerator": pl.Float64,
    "denominator": pl.Float64,
}


def figures(metric: str, grain: str, start: date, values: dict[str, tuple[float, float] | None]) -> list[Any]:
    """A period's rows: numerator and denominator by segment, or nothing where there is no figure."""
    return [
        (metric, grain, "plan", segment, start, None if of is None or not of[1] else of[0] / of[1],
         of and of[0], of and of[1])
        for segment, of in values.items()
    ]  # fmt: skip


def frame(rows: list[Any]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=FIGURES, orient="row")


RULES = [
    {"name": "low", "kind": "limit", "params": {"below": 0.4, "recover": 0.6, "periods": 2, "minimum_n": 5}},
    {"name": "high", "kind": "limit", "params": {"above": 0.7, "keep_firing": 1}},
    {"name": "moves", "kind": "change", "params": {"by": 0.5}},
    {"name": "odd", "kind": "anomaly", "params": {"z": 2.0, "minimum_points": 3}},
    {"name": "drifts", "kind": "drift", "params": {"short": 2, "long": 4, "z": 1.0}},
    {"name": "fewer", "kind": "rate", "params": {"window": 4, "minimum_n": 5}},
    {"name": "none", "kind": "missing", "params": {"at_least": 0.1}},
    {"name": "one", "kind": "limit", "segment": "pro", "params": {"below": 0.5}},
]


def made(given: dict[str, Any]) -> Rule:
    return rule_of({"metric": "activation_rate", "grain": "week", "dimension": "plan"} | given)


def lived(control: Control) -> pl.DataFrame:
    return alerts.happened(control).sort("rule", "segment", "entered_at", "state")


def rehearsed(settings: Settings, control: Control) -> pl.DataFrame:
    stage = rehearsal.Stage(settings)
    frames = [stage.rehearse(view.rule).rows() for view in rule_views.rules(control)]
    return pl.concat(frames).sort("rule", "segment", "entered_at", "state")


CELL = st.one_of(
    st.none(), st.tuples(st.integers(0, 12), st.integers(0, 12)).map(lambda of: (min(of), of[1]))
)
WEEK = st.fixed_dictionaries(dict.fromkeys(SEGMENTS, CELL))
LIFE = st.lists(st.tuples(st.lists(WEEK, max_size=4), st.booleans(), st.booleans()), min_size=1, max_size=8)


@given(life=LIFE)
def test_replaying_the_history_is_having_lived_through_it(
    life: list[tuple[list[dict[str, Any]], bool, bool]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Each step of the life completes some weeks at once; some after a restart, some with a source late."""
    settings = Settings(home=tmp_path_factory.mktemp("home"))
    control = Control.open(settings)
    for one in RULES:
        rules.create(control, made(one), who="ada", now=NOW)
    start = MONDAY
    watch = Watch(settings, control)
    for weeks, is_restarted, is_stale in life:
        if is_restarted:
            rehearsal._stages.clear()
            watch = Watch(settings, Control.open(settings))
        rows: list[Any] = []
        for week in weeks:
            rows += figures("activation_rate", "week", start, week)
            start += timedelta(weeks=1)
        if rows:
            stale = ["activation_rate"] if is_stale else []
            watch.stage.history.add(frame(rows), datetime.combine(start, datetime.min.time()), stale)
        watch.judge(Moment("e", NOW, NOW), {})
    assert_frame_equal(lived(control), rehearsed(settings, control))


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


def test_to_judge_an_edition_again_changes_nothing(home: Settings) -> None:
    control = Control.open(home)
    rules.create(control, made(RULES[1]), who="ada", now=NOW)
    watch = Watch(home, control)
    watch.stage.history.add(frame(figures("activation_rate", "week", MONDAY, {"pro": (9, 10)})), NOW)
    assert watch.judge(Moment("e", NOW, NOW), {}).moves == 1
    assert watch.judge(Moment("e", NOW, NOW), {}).moves == 0
    assert alerts.happened(control).height == 1


def test_a_figure_is_judged_by_what_was_known_first(home: Settings) -> None:
    """What came late moves the figure of the past; the verdict on it stays."""
    history = History(home)
    first = frame(figures("activation_rate", "week", MONDAY, {"pro": (9, 10)}))
    history.add(first, NOW)
    assert history.figures("activation_rate", "week", "plan")["value"].to_list() == [0.9]
    assert history.newest_batch == 1


def test_the_alerts_of_a_changed_rule_go_where_the_history_puts_them(home: Settings) -> None:
    control = Control.open(home)
    rule_id = rules.create(control, made(RULES[1]), who="ada", now=NOW)
    watch = Watch(home, control)
    values = {"pro": (9, 10), "free": (5, 10)}
    watch.stage.history.add(frame(figures("activation_rate", "week", MONDAY, values)), NOW)
    watch.judge(Moment("e", NOW, NOW), {})
    looser = made({"name": "high", "params": {"above": 0.95}})
    rules.change(control, rule_id, looser, version=1, who="bo", now=NOW, reason="too loud")
    later = NOW + timedelta(hours=1)
    watch.judge(Moment("e", later, later), {})
    rows = alerts.happened(control).select("segment", "state", "entered_at", "reason").rows()
    ends_at = datetime(2025, 1, 20)  # seven days after the week, when its last accounts have had their time
    assert rows == [("pro", "firing", ends_at, "breached"), ("pro", "resolved", later, "rule_changed")]
    stricter = made({"name": "high", "params": {"above": 0.45}})
    rules.change(control, rule_id, stricter, version=2, who="bo", now=NOW, reason="too quiet")
    watch.judge(Moment("e", later, later), {})
    assert lived(control).filter(state="firing", reason="rule_changed")["segment"].to_list() == [
        "free",
        "pro",
    ]


def test_a_past_that_is_filled_in_moves_alerts_to_where_it_puts_them(home: Settings) -> None:
    control = Control.open(home)
    rules.create(control, made({"name": "low", "params": {"below": 0.4, "periods": 2}}), who="ada", now=NOW)
    watch = Watch(home, control)
    week = timedelta(weeks=1)
    watch.stage.history.add(frame(figures("activation_rate", "week", MONDAY + week, {"pro": (1, 10)})), NOW)
    watch.judge(Moment("e", NOW, NOW), {})
    assert lived(control)["state"].to_list() == ["pending"]
    watch.stage.history.add(frame(figures("activation_rate", "week", MONDAY, {"pro": (2, 10)})), NOW)
    watch.judge(Moment("e", NOW, NOW), {})
    assert lived(control).select("state", "reason").rows() == [
        ("pending", "breached"), ("firing", "history_filled"),
    ]  # fmt: skip


def test_a_paused_rule_is_judged_again_when_it_goes_on(home: Settings) -> None:
    control = Control.open(home)
    rule_id = rules.create(control, made(RULES[1]), who="ada", now=NOW)
    watch = Watch(home, control)
    watch.judge(Moment("e", NOW, NOW), {})
    rules.pause(control, rule_id, is_paused=True, who="ada", now=NOW)
    watch.stage.history.add(frame(figures("activation_rate", "week", MONDAY, {"pro": (9, 10)})), NOW)
    watch.judge(Moment("e", NOW, NOW), {})
    assert lived(control).is_empty()
    rules.pause(control, rule_id, is_paused=False, who="ada", now=NOW)
    watch.judge(Moment("e", NOW, NOW), {})
    assert lived(control)["state"].to_list() == ["firing"]


def test_a_late_source_raises_an_alert_of_its_own(home: Settings) -> None:
    control = Control.open(home)
    rule = rule_of({"name": "late", "metric": "source_silence", "grain": "day", "kind": "late"})
    rules.create(control, rule, who="ada", now=NOW)
    watch = Watch(home, control)
    for hour, silent in enumerate([{}, {"app": NOW}, {"app": NOW}, {}]):
        watch.judge(Moment("e", NOW + timedelta(hours=hour), NOW), silent)
    assert lived(control).select("segment", "state", "entered_at", "value").rows() == [
        ("app", "firing", NOW + timedelta(hours=1), 1.0),
        ("app", "resolved", NOW + timedelta(hours=3), None),
    ]
