from datetime import date, datetime
from pathlib import Path

from data.settings import Settings
from engine.alerts.rule import rule_of
from engine.delivery import Details, Happening
from engine.delivery.looking import looker

NOON = datetime(2025, 2, 15, 12)


def happening() -> Happening:
    rule = rule_of({"name": "few", "metric": "signups", "grain": "week", "params": {"below": 3}})
    start = date(2025, 1, 6)
    return Happening(1, None, "repeat", 1, rule, "all", NOON, NOON, start, 2.0, 3.0, None, None, 1.0)


def test_before_anything_was_published_there_is_nothing_to_look_at(settings: Settings) -> None:
    assert looker(settings)(happening()) == Details()


def test_the_accounts_behind_an_alert_are_those_of_the_newest_edition(
    settings: Settings, published: Path
) -> None:
    behind = looker(settings)(happening()).behind
    assert behind is not None
    assert (behind.count, {name for _, name in behind.names}) == (2, {"Ada", "Bob"})
