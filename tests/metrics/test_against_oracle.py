"""The product against the oracle on random companies: every cell of what is published."""

import os

import pytest

from tests.metrics.companies import make_company
from tests.metrics.companies_trial import described, smallest, trouble_with

LONG = os.environ.get("HOLDFAST_LONG_TESTS") == "1"
FIRST = int(os.environ.get("HOLDFAST_FIRST_SEED", "0"))
SEEDS = range(FIRST, FIRST + (400 if LONG else 12))


@pytest.mark.parametrize("seed", SEEDS)
def test_every_published_cell_is_what_metrics_md_says(seed: int) -> None:
    company = make_company(seed)
    if trouble_with(company) is None:
        return
    company = smallest(company, attempts=200 if LONG else 25)
    pytest.fail(f"{trouble_with(company)}\n{described(company)}", pytrace=False)
