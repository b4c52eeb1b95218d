"""Lifetime value without a contract: who buys again, how often and for how much (BG/NBD, Gamma–Gamma)."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from data.calendar import Calendar
from metrics.lifetime import bgnbd, gamma_gamma, value
from metrics.lifetime.memory import Memory
from metrics.lifetime.outlook import ALL, Key
from metrics.lifetime.value import Estimate, Terms

Floats = npt.NDArray[np.float64]
MIN_CUSTOMERS, MIN_RETURNED, MIN_DAYS = 50, 20, 180
Places = npt.NDArray[np.int64]
Groups = Mapping[Key, Places]
FITTED = 3000  # customers that parameters are fitted to, spread evenly over all
DRAWS = 40
SAMPLE = 400  # customers whose expectation is computed anew for each draw of the parameters
BACK = 18  # months that are walked through
CHECKED = 12
STEPS = (3, 6, 9, 12, 18, 24, 30, 36)  # months ahead at which purchases are counted up and discounted
MONTH = 30.4375
REMEMBERED = 100  # month-ends: of those past nothing changes but by late facts
_told: Memory[dict[Key, dict[int, Estimate]]] = Memory(REMEMBERED)


@dataclass(frozen=True)
class Bought:
    """A row a customer: purchases after the first, days from the first to the last, days since the first,
    what was spent at a time on average (after the first, where there is more than one)."""

    repeats: Floats
    recency: Floats
    age: Floats
    spend: Floats
    member: Places  # the customer's place among all

    @property
    def count(self) -> int:
        return len(self.repeats)


def bought(days: pl.DataFrame, until: date) -> Bought:
    """As known at the end of a day; `days`: member, day, amount, one row a customer and day."""
    known = days.filter(pl.col("day") <= until)
    first = pl.col("day").min()
    summed = known.sort("member", "day").group_by("member", maintain_order=True).agg(
        (pl.len() - 1).alias("repeats"),
        (pl.col("day").max() - first).dt.total_days().alias("recency"),
        (pl.lit(until) - first).dt.total_days().alias("age"),
        pl.col("amount").slice(1).mean().fill_null(pl.col("amount").first()).alias("spend"),
    )  # fmt: skip
    repeats, recency, age, spend = (
        summed[name].cast(pl.Float64).to_numpy() for name in ("repeats", "recency", "age", "spend")
    )
    return Bought(repeats, recency, age, spend, summed["member"].to_numpy())


def reason_against(known: Bought, horizon: int) -> str | None:
    returned = int((known.repeats > 0).sum())
    oldest = float(known.age.max()) if known.count else 0.0
    if known.count < MIN_CUSTOMERS:
        return f"Too few have bought: {known.count}, {MIN_CUSTOMERS} are needed."
    if returned < MIN_RETURNED:
        return f"Too few have bought again: {returned}, {MIN_RETURNED} are needed."
    if oldest < MIN_DAYS or oldest * 3 < horizon * MONTH:
        return (
            f"Too short a history: {oldest:.0f} days, {max(MIN_DAYS, int(horizon * MONTH / 3))} are needed."
        )
    return None


def estimates(
    known: Bought, groups: Groups, terms: Terms, horizons: tuple[int, ...], *, seed: int
) -> dict[Key, dict[int, Estimate]]:
    """Of a mean customer of each group, by horizon: purchases to come × spend at a time × margin, discounted.

    groups: which customers, by their place among all. The same is counted once.
    """
    place = {int(member): number for number, member in enumerate(known.member)}
    found = {key: [place[one] for one in members.tolist() if one in place] for key, members in groups.items()}
    rows = {key: np.array(those, dtype=int) for key, those in found.items() if those}
    told = hashlib.sha256(repr((terms, horizons, seed, list(rows))).encode())
    for part in (known.repeats, known.recency, known.age, known.spend, *rows.values()):
        told.update(part.tobytes() + b"|")
    return _told.of(told.digest(), lambda: counted(known, rows, terms, horizons, seed=seed))


def counted(
    known: Bought, rows: Groups, terms: Terms, horizons: tuple[int, ...], *, seed: int
) -> dict[Key, dict[int, Estimate]]:
    """rows: which customers of each group, by their place among those known."""
    model, spend = fitted(known)
    drawn = bgnbd.draw(model, np.random.default_rng(seed), DRAWS)
    looked = np.unique(np.concatenate([spread(those, SAMPLE) for those in rows.values()]))
    told = discounted(known, np.arange(known.count), model.parameters, terms, horizons)
    strays = discounted(known, looked, drawn.T[:, :, None], terms, horizons)
    return {
        key: {
            months: of_group(known, those, told[months] * spend, spend, model=model,
                             drawn=(looked, strays[months] * spend[looked]))
            for months in horizons
        }
        for key, those in rows.items()
    }  # fmt: skip


def fitted(known: Bought) -> tuple[bgnbd.Bgnbd, Floats]:
    """How often customers come back, and what each is expected to spend at a time."""
    chosen = spread(np.arange(known.count), FITTED)
    model = bgnbd.fit(known.repeats[chosen], known.recency[chosen], known.age[chosen])
    again = chosen[known.repeats[chosen] > 0]
    spends = gamma_gamma.fit(known.repeats[again], np.maximum(known.spend[again], 1e-6))
    spend = gamma_gamma.expected_spend(spends, known.repeats, known.spend)
    return model, np.where(np.isfinite(spend), spend, np.nanmean(spend))


def spread(rows: Places, most: int) -> Places:
    """As many of them, spread evenly."""
    chosen: Places = rows[np.linspace(0, len(rows) - 1, min(len(rows), most)).astype(int)]
    return chosen


def of_group(
    known: Bought, rows: Places, worth: Floats, spend: Floats,
    *, model: bgnbd.Bgnbd, drawn: tuple[Places, Floats],
) -> Estimate:  # fmt: skip
    """worth: of every customer; drawn: of some, a row a draw of the parameters."""
    looked, draws = drawn
    sample = spread(rows, SAMPLE)
    ratios = draws[:, np.searchsorted(looked, sample)].sum(axis=1) / max(worth[sample].sum(), 1e-12)
    each = worth[rows]
    mean, ratio = float(each.mean()), float(np.std(np.clip(ratios, 0, 10)))
    # A customer's purchases stray about their expectation as a mixture of Poisson counts does.
    stray = each * spend[rows] + each**2 * (1 + 2 / (model.r + known.repeats[rows]))
    noise = float(np.sqrt(stray.sum())) / len(rows)
    return value.estimate(mean * np.array([1 - ratio, 1 + ratio]), noise)


def discounted(
    known: Bought, rows: Places, parameters: Floats, terms: Terms, horizons: tuple[int, ...]
) -> dict[int, Floats]:
    """Purchases to come of each customer by horizon, worth less the later they come, times the margin.

    parameters: of the model, or a column a draw of them (shape 4 × draws × 1); then a row a draw.
    """
    state = known.repeats[rows], known.recency[rows], known.age[rows]
    found: dict[int, Floats] = {}
    total, before, start = np.zeros(1), np.zeros(1), 0
    for step in (step for step in STEPS if step <= max(horizons)):
        until = bgnbd.expected_purchases(parameters, *state, step * MONTH)
        worth = (1 + terms.discount_rate) ** (-(start + step) / 24)
        total = total + np.maximum(until - before, 0.0) * worth
        before, start = until, step
        if step in horizons:
            found[step] = total * terms.gross_margin
    return found


def came(days: pl.DataFrame, until: date, known: Bought, terms: Terms, months: int) -> dict[int, float]:
    """What each customer spent within the months after a day, discounted in the same way."""
    ahead = (pl.col("day") - pl.lit(until)).dt.total_days()
    after = days.filter(
        (ahead > 0) & (ahead <= months * MONTH) & pl.col("member").is_in(known.member.tolist())
    )
    year = (ahead / 365.25).cast(pl.Float64)
    worth = pl.col("amount") * pl.lit(1 + terms.discount_rate).pow(-year) * terms.gross_margin
    summed = after.with_columns(worth.alias("worth")).group_by("member").agg(pl.col("worth").sum())
    return {int(member): float(amount) for member, amount in summed.iter_rows()}


def month_ends(calendar: Calendar, first: date, today: date) -> Iterator[tuple[date, date]]:
    """The first and the last day of every month since the first purchase; the running one ends today."""
    for period in calendar.periods(first, today, "month"):
        yield period.start, min(date.fromordinal(period.end.toordinal() - 1), today)


def rows_of(
    days: pl.DataFrame, groups: Groups, *, terms: Terms, today: date, calendar: Calendar
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of `lifetime` and of `lifetime_backtest`."""
    first: date = days["day"].min()  # type: ignore[assignment]
    ends = list(month_ends(calendar, first, today))[-BACK - 1 :]
    values: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    for start, end in ends:
        known = bought(days, end)
        reasons = {months: reason_against(known, months) for months in (12, 36)}
        wanted = tuple(months for months, reason in reasons.items() if not reason)
        found = estimates(known, groups, terms, wanted, seed=start.toordinal()) if wanted else {}
        values += valued(known, groups, found, reasons, terms=terms, start=start, is_complete=end < today)
        if (today - end).days > CHECKED * MONTH and 12 in wanted:
            checks += checked(came(days, end, known, terms, CHECKED), known, groups, found, start)
    return widened(values, checks), checks


def valued(
    known: Bought, groups: Groups, found: Mapping[Key, dict[int, Estimate]],
    reasons: Mapping[int, str | None], *, terms: Terms, start: date, is_complete: bool,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    there = set(known.member.tolist())
    for key, members in groups.items():
        count = sum(int(member) in there for member in members)
        for months, reason in reasons.items():
            one = found.get(key, {}).get(months)
            yield {
                "dimension": key[0],
                "segment": key[1],
                "period_start": start,
                "basis": "no contract",
                "horizon_months": months,
                "value": one.value if one else None,
                "lower": one.lower if one else None,
                "upper": one.upper if one else None,
                "accounts": count,
                "gross_margin": terms.gross_margin,
                "discount_rate": terms.discount_rate,
                "complete": is_complete,
                "reason": None if one else reason or "Nobody in this segment has bought yet.",
            }


def checked(
    spent: Mapping[int, float], known: Bought, groups: Groups,
    found: Mapping[Key, dict[int, Estimate]], start: date,
) -> Iterator[dict[str, Any]]:  # fmt: skip
    there = set(known.member.tolist())
    for key, members in groups.items():
        those = [int(member) for member in members if int(member) in there]
        one = found.get(key, {}).get(CHECKED)
        if not those or one is None:
            continue
        actual = sum(spent.get(member, 0.0) for member in those) / len(those)
        yield {
            "dimension": key[0],
            "segment": key[1],
            "period_start": start,
            "basis": "no contract",
            "horizon_months": CHECKED,
            "forecast": one.value,
            "lower": one.lower,
            "upper": one.upper,
            "actual": actual,
            "naive": None,
            "is_covered": one.lower <= actual <= one.upper,
        }


def widened(values: list[dict[str, Any]], checks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Intervals no narrower than the forecasts that had come due a year before were wrong."""
    for row in values:
        same = [c for c in checks if (c["dimension"], c["segment"]) == (row["dimension"], row["segment"])]
        due = [c for c in same if (row["period_start"] - c["period_start"]).days >= 365]
        off = [
            np.log(max(c["actual"], c["forecast"] * 0.05) / c["forecast"]) for c in due if c["forecast"] > 0
        ]
        if row["value"] and len(off) >= 3:
            low, high = value.around(row["value"], float(np.sqrt(np.mean(np.square(off)))))
            row["lower"], row["upper"] = min(row["lower"], low), max(row["upper"], high)
    return values


def everyone(members: int, named: Mapping[Key, list[int]]) -> dict[Key, Places]:
    return {ALL: np.arange(members)} | {key: np.array(rows) for key, rows in sorted(named.items())}
