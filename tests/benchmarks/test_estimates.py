"""What estimates are held against: companies whose law is known, at sizes at which nothing is measured."""

import pytest

from benchmarks import bands, known_hazard, risk_facts
from benchmarks.bands import World


def test_of_a_simulated_company_every_kind_of_band_is_held_against_what_came() -> None:
    kinds = {kind for kind, _, _ in bands.held(World(months=18, new=20), frozenset(bands.KINDS), 1)}
    assert {"value 3", "value 12", "cohorts 6", "MRR 12"} <= kinds


def test_months_in_which_no_risk_is_told_are_counted_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(known_hazard, "DAYS", (100,))
    monkeypatch.setitem(known_hazard.COMPANIES, "tiny", {"accounts": 40, "days": 140})
    [month] = known_hazard.months(1, "tiny")
    assert not month.is_told
    known_hazard.show("tiny", [month])
    assert "| tiny | 0 | 1 |" in capsys.readouterr().out


def test_a_model_of_the_usual_size_reads_every_feature() -> None:
    model = risk_facts.regression()
    assert {term.column for term in model.linears[0].encoding.terms} == {
        column.name for column in risk_facts.FEATURES
    }
