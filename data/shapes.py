"""The canonical shapes: which columns a fact has, what each may hold, and where the fact rests."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "instant", "date", "money", "rate", "number", "choice", "currency", "json"]


@dataclass(frozen=True)
class Column:
    """One column: `least` and `most` bound a number, `choices` are all that a choice may be."""

    name: str
    kind: Kind = "text"
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Rule:
    """A check across columns: `broken` is SQL over checked columns, true where the row is bad."""

    field: str
    broken: str
    reason: str


@dataclass(frozen=True)
class Shape:
    """A canonical shape.

    `key` names the columns that identify a fact within its source; where it is empty, or blank in a row,
    the whole row identifies it. `extras` is the column that keeps, as JSON, what the shape does not name.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    table: str = ""
    extras: str = "properties"
    rules: tuple[Rule, ...] = ()
    has_currency: bool = False  # its amounts are converted to the base currency

    @property
    def rests_in(self) -> str:
        return self.table or self.name

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def happened_at(self) -> str:
        """The column that says when: the first time or date of the shape; empty where it has none."""
        return next((column.name for column in self.columns if column.kind in ("instant", "date")), "")

    @property
    def waits(self) -> bool:
        """Whether a fact of this shape belongs to an account that may not be known yet."""
        return self.name not in MAKE_ACCOUNTS and "account_id" in self.names


def need(name: str, kind: Kind = "text", *choices: str, least: float | None = None) -> Column:
    return Column(name, kind, required=True, choices=choices, least=least)


def may(name: str, kind: Kind = "text", *choices: str) -> Column:
    return Column(name, kind, choices=choices)


MAKE_ACCOUNTS = ("accounts", "account_updates", "identities")  # shapes whose facts wait for nobody
STATUSES = ("trialing", "active", "past_due", "paused", "canceled")

# In the order of loading: rates and accounts first, so that what needs them finds them.
_SHAPES = (
    Shape(
        "fx_rates",
        (need("date", "date"), need("currency", "currency"), need("rate", "rate")),
        key=("date", "currency"),
    ),
    Shape(
        "accounts",
        (
            need("account_id"),
            need("created_at", "instant"),
            may("name"),
            may("email"),
            may("plan"),
            may("region"),
            may("channel"),
            may("currency", "currency"),
            may("owner"),
        ),
        key=("account_id",),
        extras="attributes",
    ),
    Shape(
        "identities",
        (
            need("account_id"),
            need("into_id"),
            need("linked_at", "instant"),
            need("kind", "choice", "person", "group", "billing"),
        ),
        key=("account_id", "into_id", "kind"),
    ),
    Shape(
        "account_updates",
        (
            need("account_id"),
            need("updated_at", "instant"),
            may("created_at", "instant"),
            may("name"),
            may("email"),
            may("plan"),
            may("region"),
            may("channel"),
            may("currency", "currency"),
            may("owner"),
        ),
        extras="attributes",
    ),
    Shape(
        "plan_limits",
        (need("plan"), need("meter"), need("monthly_limit", "number")),
        key=("plan", "meter"),
    ),
    Shape(
        "subscription_changes",
        (
            need("subscription_id"),
            need("account_id"),
            need("effective_at", "instant"),
            need("mrr", "money"),
            may("plan"),
            may("status", "choice", *STATUSES),
            may("currency", "currency"),
            may("renews_at", "instant"),
            may("quantity", "money"),
        ),
        has_currency=True,
    ),
    Shape(
        "subscriptions",
        (
            need("subscription_id"),
            need("account_id"),
            need("started_at", "instant"),
            may("ended_at", "instant"),
            need("mrr", "money"),
            may("plan"),
            may("status", "choice", *STATUSES),
            may("currency", "currency"),
        ),
        table="subscription_changes",
        rules=(Rule("ended_at", "ended_at < started_at", "is before started_at"),),
        has_currency=True,
    ),
    Shape(
        "invoices",
        (
            need("invoice_id"),
            need("account_id"),
            need("issued_at", "instant"),
            need("due_at", "instant"),
            need("amount", "money"),
            may("currency", "currency"),
            may("subscription_id"),
            may("paid_at", "instant"),
            may("voided_at", "instant"),
            may("disputed_at", "instant"),
            may("refunded_amount", "money"),
        ),
        key=("invoice_id",),
        has_currency=True,
    ),
    Shape(
        "invoice_updates",
        (
            need("invoice_id"),
            need("updated_at", "instant"),
            may("due_at", "instant"),
            may("amount", "money"),
            may("paid_at", "instant"),
            may("voided_at", "instant"),
            may("disputed_at", "instant"),
            may("refunded_amount", "money"),
        ),
    ),
    Shape(
        "invoice_lines",
        (
            need("line_id"),
            need("invoice_id"),
            need("kind", "choice", "recurring", "proration", "credit", "discount", "tax", "one_off"),
            need("amount", "money"),
            may("category"),
            may("description"),
            may("period_start", "instant"),
            may("period_end", "instant"),
        ),
        key=("line_id",),
    ),
    Shape(
        "payments",
        (
            need("payment_id"),
            need("invoice_id"),
            need("account_id"),
            need("attempted_at", "instant"),
            need("amount", "money"),
            need("outcome", "choice", "succeeded", "failed"),
            may("decline_code"),
            may("initiated_by", "choice", "schedule", "customer"),
        ),
        key=("payment_id",),
    ),
    Shape(
        "events",
        (
            may("event_id"),
            need("account_id"),
            need("occurred_at", "instant"),
            need("name"),
            may("user_id"),
            may("value", "number"),
            may("properties", "json"),
        ),
        key=("event_id",),
    ),
    Shape(
        "messages",
        (
            need("message_id"),
            need("account_id"),
            need("sent_at", "instant"),
            need("channel", "choice", "email", "push", "sms", "in_app"),
            may("campaign"),
            may("variant"),
            may("delivered_at", "instant"),
            may("opened_at", "instant"),
            may("clicked_at", "instant"),
            may("converted_at", "instant"),
            may("unsubscribed_at", "instant"),
        ),
        key=("message_id",),
    ),
    Shape(
        "feedback",
        (
            need("feedback_id"),
            need("account_id"),
            need("given_at", "instant"),
            may("score", "number"),
            Column("sentiment", "number", least=-1, most=1),
            may("reason"),
            may("text"),
        ),
        key=("feedback_id",),
    ),
    Shape(
        "tickets",
        (
            need("ticket_id"),
            need("account_id"),
            need("opened_at", "instant"),
            may("closed_at", "instant"),
            may("priority"),
            may("satisfaction", "number"),
            may("subject"),
        ),
        key=("ticket_id",),
    ),
    Shape(
        "redemptions",
        (
            need("redemption_id"),
            need("account_id"),
            need("redeemed_at", "instant"),
            need("points", "number"),
            may("reward"),
        ),
        key=("redemption_id",),
    ),
)

SHAPES: dict[str, Shape] = {shape.name: shape for shape in _SHAPES}
