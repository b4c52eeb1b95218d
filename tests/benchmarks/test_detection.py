"""The benchmark of detection plants what it says, scores by hand-checked rules, and reads labelled sets."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from benchmarks import detection, judging
from benchmarks.series import labelled
from benchmarks.series.detectors import DETECTORS, rule, static, together
from benchmarks.series.planted import APART, WARM_UP, WHATS, Happening, course, gone, happenings
from benchmarks.series.score import Score, firings, scored
from benchmarks.series.simulated import FAMILIES, Sample, sample
from engine.alerts.lifecycle import Policy, Verdict
from tests.engine.alerts.made import panel

COUNTS, WEEKLY = FAMILIES[1], FAMILIES[5]
SPIKE = Happening("spike", 10, 11, 12, 2.0)
SHIFT = Happening("level shift", 20, 21, 34, 0.5)


def test_the_same_seed_plants_the_same_and_another_does_not() -> None:
    one, again, other = (sample(COUNTS, seed, 3, 300) for seed in (1, 1, 2))
    assert np.array_equal(one.panel.value, again.panel.value)
    assert one.planted == again.planted
    assert one.planted != other.planted


def test_happenings_keep_apart_and_leave_the_first_weeks_alone() -> None:
    found = happenings(np.random.default_rng(1), 3_000, strength=1)
    assert {each.what for each in found} == set(WHATS)
    assert found[0].start >= WARM_UP
    assert all(later.start - before.until >= APART for before, later in pairwise(found))


def test_what_lasts_stays_and_what_passes_does_not() -> None:
    factor = course([SPIKE, SHIFT], 40)
    assert factor[[9, 10, 11, 19, 20, 39]].tolist() == [1, 2, 1, 1, 0.5, 0.5]
    drift = course([Happening("slow drift", 0, 28, 42, 0.5)], 40)
    assert 1 > drift[0] > drift[13] > drift[27] == drift[39] == 0.5
    assert gone([Happening("missing days", 3, 5, 6, 0)], 6).tolist() == [
        False,
        False,
        False,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.title)
def test_every_family_draws_figures_of_its_unit(family: object) -> None:
    made: Sample = sample(family, 1, 4, 400)  # type: ignore[arg-type]
    value, denominator = made.panel.value, made.panel.denominator
    assert made.panel.unit == made.family.unit
    assert made.panel.grain == made.family.grain
    if made.family.unit == "rate":
        known = denominator > 0
        assert np.allclose(value[known], (made.panel.numerator / np.where(known, denominator, 1))[known])
        assert np.isnan(value[~known]).all()
    else:
        assert np.isnan(denominator).all()
        assert (value >= 0).all()


def test_weeks_hold_the_same_facts_as_their_days() -> None:
    made = sample(WEEKLY, 1, 2, 400)
    assert made.panel.value.shape == (2, 57)
    assert "missing days" not in {each.what for row in made.planted for each in row}
    assert all(0 <= each.start < each.end <= each.until for row in made.planted for each in row)


def test_firings_begin_where_the_life_cycle_says() -> None:
    breach, recovered = Verdict.BREACH, Verdict.RECOVERED
    codes = np.array([[recovered, breach, breach, recovered, breach, breach]], dtype=np.int8)
    given = panel([0.0] * 6)
    assert firings(given, codes, Policy()) == [[1, 4]]
    assert firings(given, codes, Policy(periods=2)) == [[2, 5]]


def test_a_firing_is_right_if_it_begins_while_it_answers_something() -> None:
    found = scored(panel([0.0] * 40), [[3, 11, 12, 25, 33]], [[SPIKE, SHIFT]])
    assert (found.fired, found.right) == (5, 3)  # 3 and 12 answer nothing
    assert found.precision == pytest.approx(0.6)
    assert (found.recall(), found.recall("spike")) == (1.0, 1.0)
    assert found.delays == (1, 5)
    assert found.false_per_week == pytest.approx(2 / (40 / 7))


def test_what_was_firing_already_has_found_nothing() -> None:
    found = scored(panel([0.0] * 40), [[9]], [[SPIKE]])
    assert (found.right, found.recall()) == (0, 0.0)


def test_scores_add_up() -> None:
    one = scored(panel([0.0] * 40), [[11]], [[SPIKE]])
    both = one + scored(panel([0.0] * 40), [[]], [[SPIKE, SHIFT]])
    assert (both.fired, both.right, both.recall("spike"), both.recall()) == (1, 1, 0.5, pytest.approx(1 / 3))
    assert Score().precision is None


def test_a_static_threshold_is_three_standard_deviations_off_the_first_weeks() -> None:
    days = [90.0, 110.0] * 28
    assert static(panel([*days, 129, 131, 100, 69])) == [[57, 59]]


def test_rules_together_fire_whatever_one_of_them_fires() -> None:
    given = panel([*[50.0] * 56, 500.0, 50.0, 0.0], unit="count")
    anomaly, missing = rule("anomaly"), rule("missing")
    assert anomaly.begins(given) == [[56, 58]]
    assert missing.begins(given) == [[58]]
    assert together("both", anomaly, missing).begins(given) == [[56, 58]]


def test_the_report_has_a_row_for_every_rule_and_every_family(capsys: pytest.CaptureFixture[str]) -> None:
    lines = list(detection.report(1, 2, 200, None))
    for detector in DETECTORS:
        assert any(line.startswith(f"| {detection.named(detector)} |") for line in lines)
    for family in FAMILIES:
        assert any(line.startswith(f"| {family.title} |") for line in lines)
    assert lines[-1] == "No public labelled set was given (--nab FOLDER), so none was measured."


def test_the_kinds_as_shipped_are_right_more_often_than_naive_rules() -> None:
    scores = detection.measure([sample(family, 1, 4, 500) for family in FAMILIES[1:3]])
    total = {title: sum(of_family.values(), Score()) for title, of_family in scores.items()}
    naive = [total[detector.title].precision or 0.0 for detector in DETECTORS if detector.is_naive]
    for title in ("anomaly", "drift", "missing", "anomaly, drift and missing"):
        assert (total[title].precision or 0.0) > 2 * max(naive)


FIRST = datetime(2024, 1, 1)


def hours(days: int) -> Iterator[str]:
    yield "timestamp,value"
    for hour in range(days * 24):
        at = FIRST + timedelta(hours=hour)
        yield f"{at},{200 if at.date() == datetime(2024, 3, 25).date() else 50 + hour % 24}"


@pytest.fixture
def nab(tmp_path: Path) -> Path:
    """A labelled set as it is laid out: 90 days of hours, a series that is too short, one without a file."""
    (tmp_path / "labels").mkdir()
    (tmp_path / "data" / "real").mkdir(parents=True)
    (tmp_path / "data" / "real" / "long.csv").write_text("\n".join(hours(90)))
    (tmp_path / "data" / "real" / "short.csv").write_text("\n".join(hours(20)))
    spans = [["2024-03-25 06:00:00.000000", "2024-03-26 02:00:00.000000"]]
    labels = {"real/long.csv": spans, "real/short.csv": [], "real/absent.csv": []}
    (tmp_path / "labels" / labelled.LABELS).write_text(json.dumps(labels))
    return tmp_path


def test_a_labelled_set_is_read_by_day(nab: Path) -> None:
    found, left_out = labelled.read(nab)
    assert [each.name for each in found] == ["real/long.csv"]
    assert left_out == ["real/short.csv", "real/absent.csv"]
    assert found[0].panel.value[0, :3].tolist() == [61.5] * 3
    assert found[0].panel.value[0, 84] == 200
    assert [(each.start, each.end, each.until) for each in found[0].planted] == [(84, 86, 86)]


def test_the_labelled_day_is_found(nab: Path) -> None:
    lines = list(detection.over_labels(nab))
    assert lines[0] == "1 series by day; 2 are shorter than twelve weeks or have no file.\n"
    assert "| anomaly | 100 % | 100 % | 0.0 |" in lines


def test_a_folder_without_labels_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no combined_windows\.json"):
        labelled.read(tmp_path)
    assert len(list(detection.over_labels(tmp_path / "absent"))) == 1


def test_the_speed_of_every_kind_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    judging.refresh(rules=18, segments=2, rounds=1)
    judging.by_kind(segments=2, rounds=1)
    said = capsys.readouterr().out
    assert "18 rules × 2 segments" in said
    assert all(f"| {name} |" in said for name, _ in judging.TOLD)
