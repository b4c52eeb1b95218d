"""Ridge logistic regression on any table: what it learns is data, and the public data set is met."""

import json
import os
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from metrics.risk.columns import Column
from metrics.risk.fit import Linear, fit, probability
from metrics.risk.reasons import contributions

TELCO = Path(os.environ.get("HOLDFAST_REAL_DATA") or "absent") / "ibm_telco" / "Telco-Customer-Churn.csv"
COLUMNS = (
    Column("spent", "price", "log"),
    Column("age", "tenure", "steps", 0.0, (10.0, 20.0)),
    Column("plan", "plan", "category"),
    Column("score", "sentiment", "number", None),
)


def table(rows: int = 600) -> tuple[pl.DataFrame, np.ndarray]:
    random = np.random.default_rng(5)
    spent, age = random.exponential(50, rows), random.uniform(0, 40, rows)
    plan = random.choice(["a", "b", "c"], rows)
    known = random.random(rows) < 0.5
    law = -1 + 0.8 * (plan == "b") - 0.05 * age + 0.7 * np.log1p(spent) / 3
    left = (random.random(rows) < probability(law)).astype(float)
    score = [float(n % 5) if is_known else None for n, is_known in enumerate(known)]
    return pl.DataFrame({"spent": spent, "age": age, "plan": plan, "score": score}), left


def test_a_model_comes_back_from_its_file_and_says_the_same_to_the_last_bit() -> None:
    rows, left = table()
    model = fit(rows, left, COLUMNS)
    again = Linear.of(json.loads(json.dumps(model.told())))
    assert again.log_odds(rows).tobytes() == model.log_odds(rows).tobytes()
    assert fit(rows, left, COLUMNS).told() == model.told()


def test_the_parts_of_the_log_odds_add_up_to_them() -> None:
    rows, left = table()
    model = fit(rows, left, COLUMNS)
    parts = contributions(model, rows).sum(axis=1) + model.intercept
    assert parts == pytest.approx(model.log_odds(rows))
    assert abs(contributions(model, rows).mean(axis=0)).max() < 1e-6


def test_what_never_differs_and_levels_never_seen_change_nothing() -> None:
    rows, left = table()
    model = fit(rows.with_columns(plan=pl.lit("a")), left, COLUMNS)
    assert not [term for term in model.encoding.terms if term.column == "plan"]
    unknown = rows.with_columns(plan=pl.lit("<new>"), spent=pl.lit(1e12), score=pl.lit(None, pl.Float64))
    assert np.isfinite(fit(rows, left, COLUMNS).log_odds(unknown)).all()


@pytest.mark.skipif(not TELCO.is_file(), reason="HOLDFAST_REAL_DATA holds no ibm_telco")
def test_telco_churn_is_told_as_well_as_the_reference_in_five_folds() -> None:
    rows = pl.read_csv(TELCO, null_values=[" ", ""]).with_columns(pl.col("SeniorCitizen").cast(pl.String))
    left = (rows["Churn"] == "Yes").cast(pl.Float64).to_numpy()
    levels = [
        name for name in rows.columns if rows[name].dtype == pl.String and name not in ("customerID", "Churn")
    ]
    columns = [Column(name, name, "category") for name in levels] + [
        Column("tenure", "tenure", "steps", 0.0, (1, 2, 3, 6, 12, 18, 24, 36, 48, 60)),
        Column("MonthlyCharges", "price", "number"),
        Column("TotalCharges", "price", "log", None),
    ]
    aucs, told = [], np.zeros(len(left))
    for learnt, held in StratifiedKFold(5, shuffle=True, random_state=42).split(left, left):
        told[held] = probability(fit(rows[learnt], left[learnt], columns).log_odds(rows[held]))
        aucs.append(roc_auc_score(left[held], told[held]))
    place = np.minimum((told * 10).astype(int), 9)
    gaps = [
        abs(told[place == n].mean() - left[place == n].mean()) * (place == n).mean() for n in np.unique(place)
    ]
    assert np.mean(aucs) >= 0.845
    assert np.mean((told - left) ** 2) <= 0.137
    assert sum(gaps) <= 0.03


def test_what_is_told_of_an_account_does_not_hang_on_the_others() -> None:
    random = np.random.default_rng(4)
    table = pl.DataFrame(
        {
            "line": random.exponential(3, 900),
            "steps": np.where(random.random(900) < 0.2, np.nan, random.integers(0, 400, 900)),
            "plan": random.choice(["team", "solo", ""], 900),
        }
    ).with_columns(pl.col("steps").fill_nan(None))
    columns = (
        Column("line", "usage", "log"),
        Column("steps", "renewal", "steps", None, (31.0, 91.0)),
        Column("plan", "plan", "category"),
    )
    found = fit(table, (random.random(900) < 0.3).astype(float), columns)
    whole = found.log_odds(table)
    by_matrix = found.encoding.matrix(table) @ found.weights + found.intercept
    assert np.allclose(whole, by_matrix, rtol=0, atol=1e-12)
    assert (found.log_odds(table[13:14]) == whole[13]).all()
    assert (found.log_odds(table[5:]) == whole[5:]).all()
