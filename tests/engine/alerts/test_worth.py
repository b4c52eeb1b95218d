"""Whether firings were right is worked out from churn in the days after, against what was usual before."""

from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.settings import Settings
from engine.alerts.rehearsal import Stage
from engine.alerts.rule import rule_of
from engine.alerts.suggest import suggest
from engine.alerts.worth import share_after, usual_before, worth

DAYS = 200
FIRST = date(2025, 1, 1)


def figures(metric: str, values: list[float], n: float) -> pl.DataFrame:
    starts = [FIRST + timedelta(days=day) for day in range(len(values))]
    return pl.DataFrame(
        {
            "metric": metric, "grain": "day", "dimension": "all", "segment": "all", "period_start": starts,
            "value": [value / n for value in values], "numerator": values, "denominator": n,
        },
        schema_overrides={"numerator": pl.Float64, "denominator": pl.Float64},
    )  # fmt: skip


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """One account of a hundred leaves every tenth day, but five a day leave from day 150 to 154."""
    made = Stage(Settings(home=tmp_path / "home"))
    lost = [5.0 if 150 <= day < 155 else float(day % 10 == 0) for day in range(DAYS)]
    active = [40.0 if day in (60, 140) else 80.0 for day in range(DAYS)]
    rows = pl.concat([figures("logo_churn_rate", lost, 100), figures("stickiness", active, 100)])
    made.history.add(rows, datetime(2026, 1, 1))
    return made


def test_firings_followed_by_churn_above_usual_are_right(stage: Stage) -> None:
    rule = rule_of({"name": "r", "metric": "stickiness", "grain": "day", "params": {"below": 0.5}})
    rehearsed = stage.rehearse(rule)
    assert [span.entered_at for span in rehearsed.firings] == [datetime(2025, 3, 3), datetime(2025, 5, 22)]
    found = worth(stage, rehearsed)
    # Three leave in any thirty days. After day 140: one on day 150 and five that day make it pass the 3 %.
    assert (found.judged, found.followed, found.warning_days) == (2, 1, 10.0)
    assert found.chance is not None
    assert 0.1 < found.chance < 0.5


def test_a_window_that_has_not_passed_judges_nothing(stage: Stage) -> None:
    after = share_after(np.ones((1, 40)), np.full((1, 40), 100.0))
    assert np.isnan(after[0, 10:]).all()
    assert after[0, :10].tolist() == pytest.approx([0.3] * 10)


def test_what_is_usual_is_known_after_thirty_windows_and_by_the_past_alone() -> None:
    after = [0.1] * 100 + [0.9] * 30
    usual = usual_before(after)
    assert all(np.isnan(usual[:59]))
    assert usual[59:130] == [0.1] * 71


def test_a_threshold_is_proposed_that_sends_no_more_than_asked(stage: Stage) -> None:
    rule = rule_of(
        {"name": "r", "metric": "stickiness", "grain": "day", "params": {"below": 0.9, "recover": 0.95}}
    )
    found = suggest(stage, rule, 1.0)
    assert found is not None
    assert (found.param, found.value) == ("below", 0.8)
    assert found.rule.params == {"below": 0.8, "recover": 0.85}
    assert found.messages_a_month <= 1.0


def test_nothing_is_proposed_without_a_month_of_history(tmp_path: Path) -> None:
    made = Stage(Settings(home=tmp_path / "home"))
    made.history.add(figures("stickiness", [80.0] * 20, 100), datetime(2026, 1, 1))
    rule = rule_of({"name": "r", "metric": "stickiness", "grain": "day", "params": {"below": 0.9}})
    assert suggest(made, rule, 1.0) is None
