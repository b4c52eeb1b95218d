"""What holds of every kind of rule in the registry, and of those that are yet to come."""

from dataclasses import replace
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.calendar import GRAINS, Grain
from engine.alerts.kinds import Kind, kind, kinds
from engine.alerts.lifecycle import Verdict
from engine.alerts.panel import Panel
from tests.engine.alerts import made

pytestmark = pytest.mark.filterwarnings("error::RuntimeWarning")
UNITS = ("", "count", "rate", "money", "hours", "ratio")
SHARED: list[dict[str, Any]] = [{}, {"minimum_n": 30}]
TOLD: dict[str, list[dict[str, Any]]] = {
    "limit": [{"below": 0.4, "recover": 0.5}, {"above": 5}],
    "change": [{"against": "previous", "direction": "up"}, {"by": 0.2, "floor": 2, "chance": 3}],
    "anomaly": [{"weeks": 4, "minimum_points": 3}, {"direction": "down", "floor": 1, "z": 2}],
    "drift": [{"short": 3, "long": 10}, {"short": 1, "long": 3, "z": 0}, {"by": 0.01, "direction": "up"}],
    "rate": [{"window": 3, "minimum_n": 5, "confidence": 0.8}, {"direction": "down", "minimum_effect": 0}],
    "missing": [{"at_least": 2}],
}
BOUND = ("limit", "change", "anomaly")  # kinds whose bounds do not move with the figure that is judged


def variants(name: str) -> list[dict[str, Any]]:
    shared = [] if name == "limit" else SHARED
    return [*shared, *TOLD.get(name, [])]


RULES = [
    pytest.param(kind(name), told, id=f"{name}-{place}")
    for name in kinds()
    for place, told in enumerate(variants(name))
]


@st.composite
def panels(draw: st.DrawFn, segments: int = 4) -> Panel:
    grain: Grain = draw(st.sampled_from(GRAINS))
    rows, columns = draw(st.integers(1, segments)), draw(st.integers(1, 90))
    return made.at_random(draw(st.integers(0, 2**32)), rows, columns, grain, draw(st.sampled_from(UNITS)))


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels(), data=st.data())
def test_a_panel_is_judged_as_each_of_its_windows_alone(
    of_kind: Kind, told: dict[str, Any], panel: Panel, data: st.DataObject
) -> None:
    params = of_kind.read(told)
    whole = of_kind.judge(params, panel)
    last = panel.value.shape[1] - 1
    for column in {last, data.draw(st.integers(0, last)), data.draw(st.integers(0, last))}:
        window = panel[max(0, column - of_kind.lookback(params)) : column + 1]
        alone = of_kind.judge(params, window)
        assert made.same(made.part(alone, slice(None), -1), made.part(whole, slice(None), column))


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels(), data=st.data())
def test_columns_that_are_only_looked_back_on_change_nothing(
    of_kind: Kind, told: dict[str, Any], panel: Panel, data: st.DataObject
) -> None:
    params = of_kind.read(told)
    first = data.draw(st.integers(0, panel.value.shape[1] - 1))
    some = of_kind.judge(params, replace(panel, first=first))
    whole = of_kind.judge(params, panel)
    assert some.verdict.shape == panel.value.shape
    judged = slice(first, None)
    assert made.same(made.part(some, slice(None), judged), made.part(whole, slice(None), judged))


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels(), data=st.data())
def test_other_segments_change_nothing(
    of_kind: Kind, told: dict[str, Any], panel: Panel, data: st.DataObject
) -> None:
    params = of_kind.read(told)
    row = data.draw(st.integers(0, len(panel.segments) - 1))
    numbers = {
        name: getattr(panel, name)[[row]]
        for name in ("value", "numerator", "denominator", "is_known", "is_stale")
    }
    alone = of_kind.judge(params, replace(panel, segments=(panel.segments[row],), **numbers))
    whole = of_kind.judge(params, panel)
    assert made.same(made.part(alone, 0, slice(None)), made.part(whole, row, slice(None)))


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels())
def test_figures_that_do_not_count_change_nothing_later(
    of_kind: Kind, told: dict[str, Any], panel: Panel
) -> None:
    params = of_kind.read(told)
    doubtful = ~panel.is_known | (panel.is_stale & (panel.value > 0))
    numbers = {
        name: np.where(
            doubtful & ~np.isnan(getattr(panel, name)), 3 * getattr(panel, name), getattr(panel, name)
        )
        for name in ("value", "numerator")
    }
    before, after = of_kind.judge(params, panel), of_kind.judge(params, replace(panel, **numbers))
    counting = np.nonzero(~doubtful)
    assert made.same(made.part(before, *counting), made.part(after, *counting))


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels())
def test_nothing_is_said_of_what_was_never_recorded(
    of_kind: Kind, told: dict[str, Any], panel: Panel
) -> None:
    said = of_kind.judge(of_kind.read(told), panel)
    assert (said.verdict[~panel.is_known] == Verdict.INCONCLUSIVE).all()
    if of_kind.name != "missing":  # it looks for just that
        assert (said.verdict[panel.is_stale | np.isnan(panel.value)] == Verdict.INCONCLUSIVE).all()


@pytest.mark.parametrize(("of_kind", "told"), RULES)
@given(panel=panels())
def test_verdicts_are_of_the_four_and_what_is_beyond_is_never_negative(
    of_kind: Kind, told: dict[str, Any], panel: Panel
) -> None:
    said = of_kind.judge(of_kind.read(told), panel)
    assert said.verdict.dtype == np.int8
    assert set(np.unique(said.verdict)) <= set(Verdict)
    assert (said.beyond >= 0).all()
    assert (said.beyond[said.verdict != Verdict.BREACH] == 0).all()


@pytest.mark.parametrize(
    ("of_kind", "told"), [each for each in RULES if cast(Kind, each.values[0]).name in BOUND]
)
@given(panel=panels(), data=st.data())
def test_a_figure_at_a_bound_does_not_breach(
    of_kind: Kind, told: dict[str, Any], panel: Panel, data: st.DataObject
) -> None:
    params, panel = of_kind.read(told), replace(panel, unit="money")
    column = data.draw(st.integers(0, panel.value.shape[1] - 1))
    for name in ("low", "high"):
        bound = getattr(of_kind.judge(params, panel), name)[:, column]
        value = panel.value.copy()
        value[:, column] = np.where(np.isnan(bound), value[:, column], bound)
        again = of_kind.judge(params, replace(panel, value=value))
        judged = ~np.isnan(bound)
        assert (again.verdict[judged, column] != Verdict.BREACH).all()


@pytest.mark.parametrize("name", kinds())
def test_every_kind_explains_itself(name: str) -> None:
    known = kind(name)
    assert known.title
    assert known.about.endswith(".")
    for field in known.params.model_fields.values():
        assert field.description
        assert not field.description.endswith(".")
        assert field.description[0].isupper()


@pytest.mark.parametrize(("of_kind", "told"), RULES)
def test_every_rule_can_be_said_as_the_end_of_a_sentence(of_kind: Kind, told: dict[str, Any]) -> None:
    said = of_kind.says(of_kind.read(told), lambda value: f"{value:g}")
    assert said[0].islower()
    assert not said.endswith(".")
    assert "None" not in said
