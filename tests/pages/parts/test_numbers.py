from datetime import timedelta

import pytest
import streamlit as st

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics.patience import Patience
from pages.parts import numbers
from pages.parts.segment import Segment
from tests.metrics.facts import Facts, at

LANES_STAND = Patience(timedelta(hours=1), timedelta(hours=1), timedelta(hours=1))


def test_the_triangle_goes_on_when_a_day_turns_though_nothing_was_told_anew(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    st.cache_resource.clear()
    monkeypatch.setattr(numbers, "settings", lambda: settings)
    facts = Facts(settings).account("a", "2024-01-01T00:00:00").event("a", "2024-01-02T00:00:00")
    with Warehouse.open(settings) as warehouse:
        facts.store(warehouse)
        sunday, later, monday = (
            refresh(settings, warehouse, at(moment), patience=LANES_STAND).name
            for moment in ("2024-01-07T23:59:50", "2024-01-07T23:59:55", "2024-01-08T00:00:05")
        )
    told = {numbers.edition(name).cohorts_as_of for name in (sunday, later, monday)}
    assert told == {at("2024-01-07T23:59:50")}
    shown = [numbers.cohorts(name, "week", Segment("all", "all"), 12) for name in (sunday, later, monday)]
    assert [rows["complete"].to_list() for rows in shown] == [[False], [False], [True, False]]
    assert shown[1] is shown[0]
