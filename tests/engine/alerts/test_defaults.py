"""A new home begins with rules for what managers fear; whoever removes one is rid of it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from data.settings import Settings
from engine.alerts import defaults
from engine.alerts.files import read_file
from engine.alerts.rule import rule_of
from engine.control import rule_views, rules
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
NAMES = [
    "A source is late",
    "Activation stalls",
    "Churn rises",
    "Churn risk rises",
    "Time to first value grows",
]


@pytest.fixture
def settings(either_settings: Settings) -> Settings:
    return either_settings


@pytest.fixture
def control(settings: Settings) -> Control:
    return Control.open(settings)


def ship(settings: Settings, control: Control) -> list[str]:
    """As another process would."""
    defaults._shipped.discard(control)
    defaults.ship(settings, control, NOON)
    return [view.rule.name for view in rule_views.rules(control)]


def test_a_new_home_has_them_and_they_say_what_to_do(settings: Settings, control: Control) -> None:
    assert ship(settings, control) == NAMES
    views = rule_views.rules(control)
    assert all(view.rule.about and view.created_by == "holdfast" and not view.is_paused for view in views)


def test_one_that_was_removed_or_renamed_does_not_come_back(settings: Settings, control: Control) -> None:
    ship(settings, control)
    for view in rule_views.rules(control)[:-1]:
        rules.remove(control, view.rule_id, who="ada", now=NOON)
    (last,) = rule_views.rules(control)
    other = last.rule.model_copy(update={"name": "other"})
    rules.change(control, last.rule_id, other, version=1, who="ada", now=NOON, reason="")
    assert ship(settings, control) == ["other"]


def test_a_rule_that_somebody_made_before_keeps_its_name(settings: Settings, control: Control) -> None:
    own = rule_of({"name": "Churn risk rises", "metric": "mrr", "params": {"below": 1}})
    rules.create(control, own, who="ada", now=NOON)
    assert ship(settings, control) == NAMES
    assert rule_views.named(control, "Churn risk rises").rule == own


def test_they_are_made_once_though_many_begin_at_once(settings: Settings, control: Control) -> None:
    def begin(_: int) -> None:
        rules.ship(control, lambda: read_file(defaults.FILE, settings), NOON)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(begin, range(6)))
    assert [view.rule.name for view in rule_views.rules(control)] == NAMES


def test_they_fit_a_home_without_segments(tmp_path: object) -> None:
    assert len(read_file(defaults.FILE, Settings(segments=()))) == len(NAMES)
