"""Companies whose hazard is known: ranked nearly as well as by it, as many leave as was told."""

import os

import numpy as np
import pytest

from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics import read
from metrics.risk.card import auc
from metrics.risk.train import train
from tests.metrics.risk.conftest import quiet, take_in
from tests.metrics.risk.simulate import Simulated, at, name_of, simulate

LONG = bool(os.environ.get("HOLDFAST_LONG_TESTS"))
SEEDS = range(1, 9) if LONG else range(1, 2)
DAYS = (300, 330, 360, 390, 420, 449) if LONG else (330,)


def told(settings: Settings, company: Simulated, day: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Risk, hazard and outcome of everybody who pays as a day begins; risk NaN where none is shown."""
    with Warehouse.open(settings) as warehouse:
        train(warehouse, settings, as_of=at(day), show=quiet)
        name = refresh(settings, warehouse, at(day), aside=True).name
    risk = dict(read.table(settings, name, "account_risk").select("account_id", "risk").iter_rows())
    paying, hazard, outcome = company.outcome(day)
    assert len(risk) == len(paying)
    return np.array([risk[name_of(n)] for n in paying], dtype=float), hazard, outcome


def test_risk_ranks_as_the_true_hazard_does_and_as_many_leave_as_told(settings: Settings) -> None:
    gaps, inside = [], []
    for seed in SEEDS:
        company = simulate(seed) if LONG else simulate(seed, accounts=800, days=362)
        own = settings.model_copy(update={"home": settings.home / str(seed)})
        take_in(own, company.write(settings.home / f"files-{seed}"))
        for day in DAYS:
            risk, hazard, outcome = told(own, company, day)
            assert not np.isnan(risk).any()
            gaps.append(auc(hazard, outcome) - auc(risk, outcome))
            wide = 1.96 * np.sqrt((risk * (1 - risk)).sum())
            inside.append(abs(outcome.sum() - risk.sum()) <= wide)
    assert np.mean(gaps) <= 0.03
    assert np.mean(inside) >= 0.9


@pytest.mark.skipif(not LONG, reason="the walk through noise is tested without a company too")
@pytest.mark.parametrize("seed", range(11, 17))
def test_a_company_without_a_signal_is_told_that_there_is_not_enough_evidence(
    settings: Settings, seed: int
) -> None:
    company = simulate(seed, signal=0.0, rate=0.002, accounts=700, days=400)
    take_in(settings, company.write(settings.home / "files"))
    risk, _, _ = told(settings, company, 380)
    assert np.isnan(risk).all()
