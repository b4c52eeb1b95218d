"""The catalog: every metric says what it means, and a bad file says what it lacks."""

from pathlib import Path

import pytest

from data.errors import BadDefinition
from data.settings import Settings
from metrics.catalog import catalog, load

HEADER = (
    "-- title: One\n-- unit: count\n-- better: up\n-- about: It counts\n--   and counts.\n-- caveat: None.\n"
)
SELECT = "select grain, period_start, signups as value, is_complete as complete from onboarding_period"
NAMES = {
    "signups", "activation_rate", "activations", "time_to_first_value_p50", "time_to_first_value_p75",
    "time_to_first_value_p90", "active_accounts", "stickiness", "mrr", "new_mrr", "reactivation_mrr",
    "expansion_mrr", "contraction_mrr", "churned_mrr", "paying_accounts", "arpa", "net_revenue_retention",
    "gross_revenue_retention", "logo_churn_rate", "quick_ratio", "lifetime_value",
    "churn_risk_mean", "high_risk_accounts", "mrr_at_risk",
}  # fmt: skip


def write(folder: Path, name: str, text: str) -> Path:
    room = folder / "metrics" / "room"
    room.mkdir(parents=True, exist_ok=True)
    (room / f"{name}.sql").write_text(text)
    return folder / "metrics"


def test_the_catalog_holds_every_metric_of_the_definitions() -> None:
    steps = {"activation_step_rate.opened", "activation_step_rate.paid"}
    found = catalog(Settings(activation={"steps": ("opened", "paid")}))
    assert set(found) == NAMES | steps
    assert found["activation_step_rate.paid"].title == "Reached step paid"


def test_every_metric_describes_itself() -> None:
    for metric in load().values():
        assert min(len(metric.title), len(metric.about), len(metric.caveat)) > 2, metric.name
        assert metric.about.endswith("."), metric.name
        assert metric.caveat.endswith("."), metric.name
        assert metric.spark.startswith("SELECT"), metric.name


def test_a_metric_knows_the_shapes_it_is_made_of() -> None:
    found = load()
    assert found["active_accounts"].depends == ("accounts", "events")
    assert found["mrr"].depends == ("accounts", "fx_rates", "subscription_changes")


def test_rates_of_people_carry_an_interval() -> None:
    assert {metric.name for metric in load().values() if metric.interval} == {
        "activation_rate", "activation_step_rate.<step>", "logo_churn_rate",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["title", "unit", "better", "about", "caveat"])
def test_a_file_without_a_part_of_its_header_says_which(tmp_path: Path, key: str) -> None:
    lines = HEADER.replace("\n--   ", " ").splitlines()
    header = "\n".join(line for line in lines if not line.startswith(f"-- {key}:"))
    with pytest.raises(BadDefinition, match=f"metrics/room/one.sql must say `{key}`"):
        load(folder=write(tmp_path, "one", f"{header}\n{SELECT}"))


def test_a_unit_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadDefinition, match="it must be one of rate, count, money, hours, ratio"):
        load(folder=write(tmp_path, "one", HEADER.replace("count\n", "percent\n") + SELECT))


def test_a_name_is_given_once(tmp_path: Path) -> None:
    write(tmp_path, "one", HEADER + SELECT)
    family = HEADER.replace("-- title: One", "-- metric one: One")
    with pytest.raises(BadDefinition, match="both define one"):
        load(folder=write(tmp_path, "two", family + SELECT))


def test_a_text_goes_on_over_the_next_line(tmp_path: Path) -> None:
    assert load(folder=write(tmp_path, "one", HEADER + SELECT))["one"].about == "It counts and counts."
