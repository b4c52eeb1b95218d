"""The history holds each figure once, as it was when its period was first seen complete."""

import random
from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from data.calendar import Calendar
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.alerts import history
from engine.alerts.history import Completion, History
from engine.alerts.rehearsal import Stage
from engine.alerts.rule import rule_of
from engine.refresh import refresh
from metrics import read
from metrics.catalog import catalog
from tests.metrics.facts import Facts

FIRST = datetime(2025, 1, 1, 9)
LAST = datetime(2025, 3, 20)


def company(settings: Settings) -> Facts:
    """Forty accounts over ten weeks; some pay, some leave."""
    luck, facts = random.Random(5), Facts(settings)
    for number in range(40):
        name, created = f"a{number}", FIRST + timedelta(hours=luck.randrange(24 * 70))
        facts.account(name, created, plan=luck.choice(["free", "pro"]))
        for step in range(luck.randrange(6)):
            event = luck.choice(["welcome_seen", "value_demonstrated", "first_action", "login"])
            facts.event(name, created + timedelta(hours=1 + step * luck.randrange(90)), event)
        if luck.random() < 0.5:
            facts.change(name, created + timedelta(days=2), "50")
            facts.change(name, created + timedelta(days=2 + luck.randrange(40)), luck.choice(["0", "80"]))
    return facts


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = Settings(home=tmp_path_factory.mktemp("home"), segments=("plan",), timezone="Europe/Warsaw")
    with Warehouse.open(made) as warehouse:
        company(made).store(warehouse)
    return made


def edition(settings: Settings, as_of: datetime) -> str:
    with Warehouse.open(settings) as warehouse:
        return refresh(settings, warehouse, as_of, aside=True).name


def test_what_an_edition_completes_is_recorded_once(home: Settings, tmp_path: Path) -> None:
    settings = home.model_copy(update={"home": tmp_path / "kept", "timezone": home.timezone})
    kept = History(settings)
    kept.settings = home  # the editions of one home, a history in another folder
    complete = 0
    for as_of in (LAST - timedelta(days=30), LAST - timedelta(days=29), LAST):
        name = edition(home, as_of)
        batch = kept.record(name, as_of)
        assert kept.record(name, as_of) == batch
        complete = read.complete_counts(home, name)["complete"].sum()
    rows = kept.since(0)
    assert rows.height == complete
    assert rows.select(history.KEY).is_unique().all()
    assert rows.filter(pl.col("complete_at") > pl.col("recorded_at")).is_empty()
    assert sorted(rows["batch"].unique()) == [1, 2, 3]


# Told where there is a model or enough to estimate from, which this company has not.
ESTIMATES = {"churn_risk_mean", "high_risk_accounts", "mrr_at_risk", "lifetime_value"}


def test_every_figure_is_complete_at_its_instant_and_not_a_microsecond_before(home: Settings) -> None:
    """Whatever the catalog says of when a metric completes, its SQL must say too."""
    completion, calendar = Completion(home), Calendar.of(home)
    names = [*(catalog(home).keys() - ESTIMATES), "cohort_retention.2", "cohort_net_revenue_retention.1"]
    week, month = date(2025, 2, 3), date(2025, 1, 1)
    for grain, start in (("day", week), ("week", week), ("month", month)):
        wanted = [name for name in names if grain != "day" or "." not in name or "step" in name]
        for instant in sorted({completion.of(name, grain, start) for name in wanted}):  # type: ignore[arg-type]
            due = [name for name in wanted if completion.of(name, grain, start) == instant]  # type: ignore[arg-type]
            before, after = (
                complete_at(home, instant + timedelta(microseconds=shift), grain, start) for shift in (-1, 0)
            )
            assert set(due) & before == set(), f"{grain} before {instant}"
            assert set(due) - after == set(), f"{grain} at {instant}"
    assert calendar.period(week, "week").end_at == datetime(2025, 2, 9, 23)


def complete_at(settings: Settings, as_of: datetime, grain: str, start: date) -> set[str]:
    """The metrics that an edition has complete for a period."""
    name = edition(settings, as_of)
    counts = read.complete_counts(settings, name)
    rows = read.complete_figures(settings, name, counts)
    of_period = (pl.col("grain") == grain) & (pl.col("period_start") == start) & (pl.col("segment") == "all")
    return set(rows.filter(of_period)["metric"])


def rows_of(start: date, value: float) -> pl.DataFrame:
    return pl.DataFrame(
        {"metric": "mrr", "grain": "day", "dimension": "all", "segment": "all", "period_start": start,
         "value": value, "numerator": value, "denominator": None}
    )  # fmt: skip


def test_many_batches_become_one_file_and_stay_what_they_were(tmp_path: Path) -> None:
    kept = History(Settings(home=tmp_path / "home"))
    for day in range(60):
        kept.add(rows_of(date(2025, 1, 1) + timedelta(days=day), float(day)), LAST)
    assert len(list(kept.folder.glob("*.parquet"))) <= history.MOST_FILES
    figures = kept.figures("mrr", "day", "all")
    assert figures["value"].to_list() == [float(day) for day in range(60)]
    assert figures["batch"].to_list() == list(range(1, 61))
    assert kept.since(57)["value"].sort().to_list() == [57.0, 58.0, 59.0]


def test_a_kill_while_files_are_merged_leaves_every_figure_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = History(Settings(home=tmp_path / "home"))

    def dies(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    def live() -> None:
        for day in range(60):
            kept.add(rows_of(date(2025, 1, 1) + timedelta(days=day), float(day)), LAST)

    monkeypatch.setattr(Path, "unlink", dies)
    with pytest.raises(KeyboardInterrupt):
        live()
    monkeypatch.undo()
    survivors = History(kept.settings)
    figures = survivors.figures("mrr", "day", "all")
    assert figures["batch"].to_list() == list(range(1, survivors.newest_batch + 1))
    survivors.add(rows_of(date(2026, 1, 1), 1.0), LAST)
    assert survivors.figures("mrr", "day", "all").height == figures.height + 1


def test_a_rehearsal_from_a_day_begins_quiet_and_looks_back_beyond_it(tmp_path: Path) -> None:
    stage = Stage(Settings(home=tmp_path / "home"))
    for day in range(10):
        stage.history.add(rows_of(date(2025, 1, 1) + timedelta(days=day), 10.0 if day < 5 else 4.0), LAST)
    rule = rule_of(
        {"name": "r", "metric": "mrr", "grain": "day", "kind": "limit", "params": {"below": 5, "periods": 2}}
    )
    whole = stage.rehearse(rule).rows()
    assert whole.select("state", "entered_at").rows() == [
        ("pending", datetime(2025, 1, 7)), ("firing", datetime(2025, 1, 8)),
    ]  # fmt: skip
    part = stage.rehearse(rule, start=date(2025, 1, 8), end=date(2025, 1, 9)).rows()
    assert part.select("state", "entered_at").rows() == [
        ("pending", datetime(2025, 1, 9)), ("firing", datetime(2025, 1, 10)),
    ]  # fmt: skip
