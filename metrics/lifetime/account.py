"""What one account that pays may bring: the survival of all by age, its next month as its own risk says."""

from datetime import date
from typing import Any

import numpy as np

from data.settings import Settings
from metrics.accounts import holds
from metrics.lifetime import reading
from metrics.lifetime.value import Floats, Terms, odds_ratios, tilted
from metrics.read import fetch

MONTHS = 12


def worth(
    settings: Settings, name: str, row: dict[str, Any], *, within: tuple[str, str] | None = None
) -> float | None:
    """Expected over the next 12 months, in the base currency; None where nothing can be said.

    `row`: of `account_state`. `within`: the segment whose survival it is told by, instead of everybody's.
    """
    if not all(holds(settings, name, table) for table in ("lifetime", "survival", "account_risk")):
        return None  # an edition of before
    dimension, segment = within or ("all", "all")
    curve = reading.survival(settings, name, dimension=dimension, segment=segment)
    terms = fetch(
        settings, name, "select any_value(gross_margin), any_value(discount_rate) from lifetime"
    ).row(0)
    if curve.is_empty() or None in terms or row["mrr"] <= 0 or row["paying_since"] is None:
        return None
    given = {"account_id": row["account_id"], "dimension": dimension, "segment": segment}
    told = fetch(settings, name, RISKS, given).row(0)
    age = months_between(row["paying_since"], told[2])
    chance = stays(curve["survival"].to_numpy(), age, told[0], told[1])
    return float(float(row["mrr"]) * (chance @ Terms(*terms).weights(MONTHS)))


# The usual risk is that of those whose survival it is told by: what sets a segment apart is in that already.
RISKS = """
select
    (select risk from account_risk where account_id = $account_id),
    coalesce(
        (
            select arg_max(value, period_start)
            from metrics
            where metric = 'churn_risk_mean' and grain = 'day'
                and dimension = $dimension and segment = $segment
        ),
        (select avg(risk) from account_risk)
    ),
    (select cast(as_of as date) from edition)
"""


def months_between(first: date, last: date) -> int:
    return max((last.year - first.year) * 12 + last.month - first.month, 0)


def stays(survival: Floats, age: int, risk: float | None, usual: float | None) -> Floats:
    """The chance to be there at the end of each of the next months, for one who has been for `age` months.

    Beyond the end of the curve its last hazard stays. `risk`, `usual`: to leave within 30 days, its own and
    the mean; without them the next month is as any of that age.
    """
    hazard = 1 - survival[1:] / np.maximum(survival[:-1], 1e-12)
    ahead = hazard[np.minimum(np.arange(age, age + MONTHS), len(hazard) - 1)]
    if risk is not None and usual:
        ahead[:1] = tilted(ahead[:1], odds_ratios(np.array([risk]), usual))
    return np.asarray(np.cumprod(1 - ahead))
