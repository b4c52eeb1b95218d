import pytest

from pages.parts.rules import units
from pages.parts.rules.units import PER_CENT, PER_CENT_POINTS, PLAIN, WHOLE, Scale, scale_of


@pytest.mark.parametrize(
    ("kind", "param", "metric", "scale"),
    [
        ("limit", "below", "activation_rate", PER_CENT),
        ("limit", "above", "net_revenue_retention", PER_CENT),
        ("limit", "above", "cohort_retention.4", PER_CENT),
        ("limit", "recover", "signups", Scale("count")),
        ("anomaly", "floor", "time_to_first_value_p50", Scale("hours", sign="h", step=0.5)),
        ("anomaly", "z", "signups", PLAIN),
        ("drift", "recover", "mrr", PER_CENT),
        ("rate", "minimum_effect", "activation_rate", PER_CENT_POINTS),
        ("limit", "periods", "activation_rate", WHOLE),
    ],
)
def test_a_param_is_edited_in_its_unit(kind: str, param: str, metric: str, scale: Scale) -> None:
    assert scale_of(kind, param, metric) == scale


def test_a_param_of_a_kind_that_nobody_told_of_is_the_number_it_is() -> None:
    assert scale_of("dropped_in", "how_much", "mrr", 0.5) == PLAIN
    assert scale_of("dropped_in", "how_many", "mrr", 3) == WHOLE


@pytest.mark.parametrize("value", [0.07, 0.35, 0.1234567, 1.0, 0.0, 12.3456])
def test_what_a_field_shows_is_read_as_what_it_was(value: float) -> None:
    assert PER_CENT.read(PER_CENT.shown(value)) == value


@pytest.mark.parametrize(
    ("scale", "value", "text"),
    [
        (PER_CENT, 0.325, "32.5\u00a0%"),
        (PER_CENT_POINTS, 0.05, "5\u00a0pp"),
        (units.of_unit("hours"), 12.5, "12.5\u00a0h"),
        (units.of_unit("money"), 12500.0, "$12,500"),
        (units.of_unit("money"), -3.0, "−$3"),
        (WHOLE, 3, "3"),
        (PLAIN, None, "—"),
    ],
)
def test_a_param_is_written_with_its_unit(scale: Scale, value: float | None, text: str) -> None:
    assert scale.written(value) == text
