"""The papers of the subscriptions: changes, invoices with their lines, and the attempts to be paid."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from data.samples import market
from data.samples.clock import DAY, HOUR, NEVER, Bools, Ints, column, money, numbered, text
from data.samples.market import CURRENCIES, EUROPE, PLANS
from data.samples.scenario import Scenario
from data.samples.stories import during, outage
from data.samples.subscriptions import RETRY_DAYS, STATUSES, TRIALING, Lives
from data.samples.world import World

VAT = 20  # per cent, for accounts in Europe
DUE_DAYS = 7
ATTEMPT_DAYS = np.concatenate([[0], RETRY_DAYS[:3]])
DECLINES = ("card_declined", "insufficient_funds", "expired_card", "issuer_unavailable")


def subscription_ids(lives: Lives, index: Ints) -> pl.Series:
    return numbered("sub", len(lives.account), 5).gather(index)


def changes(world: World) -> pl.DataFrame:
    """The shape `subscription_changes`, those to come as well."""
    scenario, signups, lives = world.scenario, world.signups, world.lives
    rows = lives.changes
    renews = (scenario.first_day + rows["due"]) * DAY + rows["at"] % DAY
    renews = np.where(rows["status"] == TRIALING, rows["at"] + 14 * DAY, renews)
    renews = np.where((rows["status"] <= 2) & (renews < NEVER), renews, NEVER)
    return pl.DataFrame(
        {
            "subscription_id": subscription_ids(lives, rows["subscription"]),
            "account_id": signups.ids.gather(lives.account[rows["subscription"]]),
            "effective_at": column(rows["at"]),
            "mrr": money(rows["mrr"]),
            "plan": text(PLANS, rows["plan"]),
            "status": text(STATUSES, rows["status"]),
            "currency": text(CURRENCIES, signups.currency[lives.account[rows["subscription"]]]),
            "renews_at": column(renews),
            "quantity": rows["seats"],
        }
    )


def plan_now(world: World) -> Ints:
    """Each account's plan after its last change, as its own system knows it."""
    plan, rows = world.signups.plan.copy(), world.lives.changes
    own = (rows["subscription"] < len(plan)) & (rows["at"] < world.scenario.end)
    plan[rows["subscription"][own]] = rows["plan"][own]
    return plan


@dataclass(frozen=True)
class Invoices:
    """The invoices, one position each; amounts in ten-thousandths."""

    account: Ints
    subscription: Ints
    at: Ints
    recurring: Ints
    rest: Ints
    discount: Ints
    tax: Ints
    failures: Ints
    annual: Ints
    plan: Ints

    @property
    def ids(self) -> pl.Series:
        return numbered("inv", len(self.at), 6)

    @property
    def amount(self) -> Ints:
        return self.recurring + self.rest + self.discount + self.tax

    @property
    def paid(self) -> Ints:
        last = np.minimum(self.failures, len(ATTEMPT_DAYS) - 1)
        paid = self.at + HOUR + ATTEMPT_DAYS[last] * DAY
        return np.where(self.failures < len(ATTEMPT_DAYS), paid, NEVER)


def invoices_of(world: World) -> Invoices:
    """Every invoice of the subscriptions, those to come as well."""
    signups, lives = world.signups, world.lives
    chance = world.scenario.random("billing")
    bills = lives.bills
    account = lives.account[bills["subscription"]]
    rest = np.maximum(bills["owed"], -bills["recurring"])
    valued = (signups.plan[account] == market.BUSINESS) & (chance.random(len(signups)) < 0.15)[account]
    discount = np.where(valued, -(bills["recurring"] // 1_000 * 100), 0)
    net = bills["recurring"] + rest + discount
    tax = np.where(signups.region[account] == EUROPE, net * VAT // 10_000 * 100, 0)
    return Invoices(
        account=account,
        subscription=bills["subscription"],
        at=bills["at"],
        recurring=bills["recurring"],
        rest=rest,
        discount=discount,
        tax=tax,
        failures=bills["failures"],
        annual=bills["annual"],
        plan=bills["plan"],
    )


def invoices(world: World, issued: Invoices) -> pl.DataFrame:
    """The shape `invoices`; two months after the last failed attempt the money is given up."""
    scenario, signups, lives = world.scenario, world.signups, world.lives
    given_up = np.where(issued.paid == NEVER, issued.at + 60 * DAY, NEVER)
    chance = scenario.random("refunds")
    refunded = (chance.random(len(issued.at)) < 0.006) & (issued.paid < scenario.end)
    disputed = np.where(chance.random(len(issued.at)) < 0.002, issued.paid + 9 * DAY, NEVER)
    return pl.DataFrame(
        {
            "invoice_id": issued.ids,
            "account_id": signups.ids.gather(issued.account),
            "issued_at": column(issued.at),
            "due_at": column(issued.at + DUE_DAYS * DAY),
            "amount": money(issued.amount),
            "currency": text(CURRENCIES, signups.currency[issued.account]),
            "subscription_id": subscription_ids(lives, issued.subscription),
            "paid_at": column(issued.paid, until=scenario.end),
            "voided_at": column(given_up, until=scenario.end),
            "disputed_at": column(disputed, until=scenario.end),
            "refunded_amount": money(np.where(refunded, issued.amount, 0)),
        }
    )


def lines(issued: Invoices) -> pl.DataFrame:
    """The shape `invoice_lines`."""
    plans = tuple(f"{plan}, a month" for plan in PLANS) + tuple(f"{plan}, a year" for plan in PLANS)
    months = np.where(issued.annual == 1, 365 * DAY, 30 * DAY)
    recurring = _line(
        issued, "recurring", issued.recurring, text(plans, issued.plan + 3 * issued.annual), months
    )
    return pl.concat(
        [
            recurring,
            _line(issued, "proration", issued.rest, pl.lit("Change of plan or seats")),
            _line(issued, "discount", issued.discount, pl.lit("Agreed discount, 10 %")),
            _line(issued, "tax", issued.tax, pl.lit(f"VAT {VAT} %")),
        ]
    ).sort("invoice_id", "line_id")


def _line(
    issued: Invoices, kind: str, amount: Ints, description: pl.Series | pl.Expr, length: Ints | None = None
) -> pl.DataFrame:
    frame = pl.DataFrame({"invoice_id": issued.ids}).select(
        (pl.col("invoice_id") + f"-{kind}").alias("line_id"),
        "invoice_id",
        pl.lit(kind).alias("kind"),
        money(amount).alias("amount"),
        pl.lit("subscription" if kind in ("recurring", "proration") else kind).alias("category"),
        description.alias("description"),
        column(issued.at if length is not None else np.full_like(issued.at, NEVER)).alias("period_start"),
        column(issued.at + length if length is not None else np.full_like(issued.at, NEVER)).alias(
            "period_end"
        ),
    )
    return frame.filter(pl.Series(amount != 0))


def payments(world: World, issued: Invoices) -> pl.DataFrame:
    """The shape `payments`: every attempt up to the one that succeeds, those to come as well."""
    scenario, signups = world.scenario, world.signups
    chance = scenario.random("payments")
    attempts = np.where(issued.amount > 0, np.minimum(issued.failures + 1, len(ATTEMPT_DAYS)), 0)
    invoice = np.repeat(np.arange(len(attempts)), attempts)
    number = np.arange(len(invoice)) - np.repeat(np.cumsum(attempts) - attempts, attempts)
    at = issued.at[invoice] + HOUR + ATTEMPT_DAYS[number] * DAY
    failed = number < issued.failures[invoice]
    decline = _declines(scenario, chance.random(len(at)), at, failed)
    by_customer = (number > 0) & ~failed & (chance.random(len(at)) < 0.35)
    frame = pl.DataFrame({"invoice_id": issued.ids.gather(invoice)}).select(
        (
            pl.lit("pay-") + pl.col("invoice_id").str.slice(4) + "-" + pl.Series(number + 1).cast(pl.String)
        ).alias("payment_id"),
        "invoice_id",
        signups.ids.gather(issued.account[invoice]).alias("account_id"),
        column(at).alias("attempted_at"),
        money(issued.amount[invoice]).alias("amount"),
        text(("succeeded", "failed"), failed.astype(np.int64)).alias("outcome"),
        decline.alias("decline_code"),
        text(("schedule", "customer"), by_customer.astype(np.int64)).alias("initiated_by"),
    )
    return frame.sort("attempted_at", "payment_id")


def _declines(scenario: Scenario, uniform: np.ndarray, at: Ints, failed: Bools) -> pl.Series:
    usual = np.searchsorted([0.5, 0.8, 0.96], uniform)
    down = during(at, outage(scenario.now)) & (uniform < 0.75)
    return text(DECLINES, np.where(failed, np.where(down, 3, usual), -1))


def fx_rates(scenario: Scenario) -> pl.DataFrame:
    """The shape `fx_rates`: dollars for one euro or pound, each day, some days to come as well."""
    days = scenario.days
    date = pl.Series(np.arange(days) + scenario.first_day).cast(pl.Int32).cast(pl.Date)
    frames = []
    for code, start in (("EUR", 1.09), ("GBP", 1.28)):
        steps = scenario.random(f"rates {code}").normal(0.0, 0.002, days)
        walk = start * np.exp(np.cumsum(steps))
        rate = pl.Series(np.round(walk * 1e6).astype(np.int64))
        frames.append(pl.DataFrame({"date": date, "currency": code, "rate": _six_places(rate)}))
    return pl.concat(frames).sort("date", "currency")


def _six_places(millionths: pl.Series) -> pl.Series:
    whole, part = millionths // 1_000_000, millionths % 1_000_000
    return whole.cast(pl.String) + "." + part.cast(pl.String).str.zfill(6)


def plan_limits() -> pl.DataFrame:
    """The shape `plan_limits`."""
    rows = [(plan, meter, limit[k]) for meter, limit in market.LIMITS.items() for k, plan in enumerate(PLANS)]
    return pl.DataFrame(rows, schema=["plan", "meter", "monthly_limit"], orient="row")
