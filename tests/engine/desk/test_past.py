from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl

from data.settings import Settings
from engine.alerts.history import History
from engine.desk import past

WEEK = date(2026, 11, 2)
OVER = datetime(2026, 11, 9)


def figures(segment: str, value: float) -> pl.DataFrame:
    row = {"metric": "mrr", "grain": "week", "dimension": "all" if segment == "all" else "plan"}
    numbers = {"value": value, "numerator": None, "denominator": None}
    return pl.DataFrame([row | {"segment": segment, "period_start": WEEK} | numbers])


def test_a_figure_is_known_then_as_it_was_when_its_period_was_over(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    History(home).add(figures("all", 100.0), OVER + timedelta(minutes=1))
    assert past.known_then(home, "week", [WEEK])["value"].to_list() == [100.0]
    assert past.known_then(home, "week", [WEEK - timedelta(weeks=1)]).is_empty()
    assert past.known_then(home, "month", [WEEK]).is_empty()


def test_what_was_imported_long_after_its_time_was_not_known_then(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    History(home).add(figures("all", 100.0), OVER + timedelta(weeks=1, minutes=1))
    assert past.known_then(home, "week", [WEEK]).is_empty()


def test_segments_are_known_then_by_dimension(tmp_path: Path) -> None:
    home = Settings(home=tmp_path)
    History(home).add(pl.concat([figures("all", 100.0), figures("pro", 60.0)]), OVER)
    assert past.known_then(home, "week", [WEEK], "plan", None)["segment"].to_list() == ["pro"]


def test_without_a_history_nothing_is_known(tmp_path: Path) -> None:
    assert past.known_then(Settings(home=tmp_path), "week", [WEEK]).is_empty()
    assert past.batch(Settings(home=tmp_path)) == 0
