"""The published tables of lifetime value: what each holds, and its rows."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl

from metrics.lifetime import cohorts, fan, hazard, value, walk
from metrics.lifetime.outlook import ALL, HORIZON, Key
from metrics.lifetime.panel import Panel
from metrics.lifetime.value import Terms
from metrics.lifetime.walk import CHECKED, HORIZONS, SEED, Forecast

Tables = dict[str, pl.DataFrame]
Rows = Iterator[dict[str, Any]]
PLACE = {"dimension": "varchar", "segment": "varchar"}
BAND = {"lower": "double", "upper": "double"}
# By name: the columns of each and their kinds.
TABLES: dict[str, dict[str, str]] = {
    "made_lifetime": PLACE
    | {"period_start": "date", "basis": "varchar", "horizon_months": "integer", "value": "double"}
    | BAND
    | {
        "accounts": "bigint",
        "arpa": "double",
        "left_accounts": "bigint",
        "monthly_churn": "double",
        "naive_value": "double",
        "gross_margin": "double",
        "discount_rate": "double",
        "complete": "boolean",
        "reason": "varchar",
    },
    "made_lifetime_backtest": PLACE
    | {"period_start": "date", "basis": "varchar", "horizon_months": "integer", "forecast": "double"}
    | BAND
    | {"actual": "double", "naive": "double", "is_covered": "boolean"},
    "made_survival": PLACE
    | {"months": "integer", "at_risk": "bigint", "lost": "bigint", "observed": "double", "survival": "double"}
    | BAND,
    "made_projection": PLACE
    | {
        "cohort_start": "date",
        "months": "integer",
        "size": "bigint",
        "survivors": "bigint",
        "share": "double",
    }
    | BAND
    | {"is_projected": "boolean"},
    "made_mrr_projection": PLACE
    | {"churn_change": "integer", "period_start": "date", "months": "integer", "mrr": "double"}
    | BAND
    | {"of_customers": "double", "of_new": "double"},
}
KINDS = {
    "varchar": pl.String,
    "date": pl.Date,
    "integer": pl.Int32,
    "bigint": pl.Int64,
    "double": pl.Float64,
    "boolean": pl.Boolean,
}
NOBODY = "Nobody has paid a subscription yet."
NOT_AMONG_FIRST = "Only the segments with the most paying accounts are estimated."


def tabled(panels: Mapping[Key, Panel], known: list[Key], terms: Terms, month: date) -> Tables:
    """Every table; `known`: the segments that there are, paying or not."""
    if ALL not in panels:
        rows = {"made_lifetime": list(without(known, terms, month, NOBODY))}
        return {name: framed(name, rows.get(name, [])) for name in TABLES}
    walked = walk.honest(walk.walk(panels, terms))
    rows = {
        "made_lifetime": [*lifetimes(panels, walked, terms), *missing(panels, known, terms, month)],
        "made_lifetime_backtest": list(backtests(panels, walked)),
    } | ahead(panels, terms)
    return {name: framed(name, rows.get(name, [])) for name in TABLES}


def framed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema = {column: KINDS[kind] for column, kind in TABLES[name].items()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def ahead(panels: Mapping[Key, Panel], terms: Terms) -> dict[str, list[dict[str, Any]]]:
    """What is drawn from the end of the last complete month on."""
    whole = panels[ALL]
    until = whole.last - 1
    if until < 1 or hazard.reason_against(whole, until, max(CHECKED)):
        return {}
    found = walk.look(panels, until, walk.digests(panels, terms))
    some = {key: panel for key, panel in panels.items() if panel.accounts[:, :, : until + 1].any()}
    return {
        "made_survival": list(cohorts.survival(some, found, until)),
        "made_projection": list(cohorts.projections(some, found, until, SEED)),
        "made_mrr_projection": list(fan.fans(some, found, until, SEED)),
    }


def lifetimes(panels: Mapping[Key, Panel], walked: list[Forecast], terms: Terms) -> Rows:
    for one in walked:
        panel = panels[one.key]
        paying = panel.paying(one.place)
        naive, churn = value.naive(panel, one.place, terms) if paying > 0 else (None, None)
        for months in HORIZONS:
            found = one.estimates.get(months)
            yield {
                "dimension": one.key[0],
                "segment": one.key[1],
                "period_start": panel.month(one.place),
                "basis": "contract",
                "horizon_months": months,
                "value": found.value if found else None,
                "lower": found.lower if found else None,
                "upper": found.upper if found else None,
                "accounts": int(paying),
                "arpa": float(panel.mrr[:, :, one.place].sum() / paying) if paying > 0 else None,
                "left_accounts": int(panel.lost[:, :, : one.place].sum()),
                "monthly_churn": churn,
                "naive_value": naive,
                "gross_margin": terms.gross_margin,
                "discount_rate": terms.discount_rate,
                "complete": one.place < panel.last,
                "reason": one.reasons.get(months),
            }


def missing(panels: Mapping[Key, Panel], known: list[Key], terms: Terms, month: date) -> Rows:
    """Segments of which nobody ever paid, or that are too many."""
    return without([key for key in known if key not in panels], terms, month, NOT_AMONG_FIRST)


def without(known: list[Key], terms: Terms, month: date, reason: str) -> Rows:
    for dimension, segment in known:
        for months in HORIZONS:
            yield {
                "dimension": dimension,
                "segment": segment,
                "period_start": month,
                "basis": "contract",
                "horizon_months": months,
                "accounts": 0,
                "left_accounts": 0,
                "gross_margin": terms.gross_margin,
                "discount_rate": terms.discount_rate,
                "complete": False,
                "reason": reason,
            }


def backtests(panels: Mapping[Key, Panel], walked: list[Forecast]) -> Rows:
    """Forecasts that have come due, with the interval that they had then."""
    for one in walked:
        for months in CHECKED:
            found, came = one.estimates.get(months), one.came.get(months)
            if found is None or came is None:
                continue
            yield {
                "dimension": one.key[0],
                "segment": one.key[1],
                "period_start": panels[one.key].month(one.place),
                "basis": "contract",
                "horizon_months": months,
                "forecast": found.value,
                "lower": found.lower,
                "upper": found.upper,
                "actual": came,
                "naive": one.naive.get(months),
                "is_covered": found.lower <= came <= found.upper,
            }


assert max(HORIZONS) <= HORIZON
