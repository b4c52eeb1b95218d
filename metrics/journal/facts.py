"""The facts that a journal holds: of every shape but events one row each, told as JSON."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["fact", "usage", "key"]
KINDS: tuple[Kind, ...] = ("fact", "usage", "key")
USAGE_DAYS = 90  # of which usage is held by day and name, up to the day of the edition


@dataclass(frozen=True)
class Shape:
    """A shape: the table of its facts, which column says when, which names it, and what is told of it."""

    name: str
    at: str
    named: str
    told: tuple[str, ...]

    @property
    def table(self) -> str:
        return self.name


SHAPES = (
    Shape(
        "subscription_changes",
        "effective_at",
        "subscription_id",
        ("mrr", "plan", "status", "currency", "renews_at", "quantity"),
    ),
    Shape(
        "invoices",
        "issued_at",
        "invoice_id",
        ("due_at", "amount", "currency", "subscription_id", "paid_at", "voided_at", "disputed_at",
         "refunded_amount"),
    ),
    Shape(
        "payments",
        "attempted_at",
        "payment_id",
        ("invoice_id", "amount", "outcome", "decline_code", "initiated_by"),
    ),
    Shape(
        "messages",
        "sent_at",
        "message_id",
        ("channel", "campaign", "variant", "delivered_at", "opened_at", "clicked_at", "converted_at",
         "unsubscribed_at"),
    ),
    Shape("tickets", "opened_at", "ticket_id", ("closed_at", "priority", "satisfaction", "subject")),
    Shape("feedback", "given_at", "feedback_id", ("score", "sentiment", "reason", "text")),
    Shape("redemptions", "redeemed_at", "redemption_id", ("points", "reward")),
)  # fmt: skip
UPDATED = ("due_at", "amount", "paid_at", "voided_at", "disputed_at", "refunded_amount")
COLUMNS: dict[Kind, dict[str, str]] = {
    "fact": {
        "actor_key": "integer", "happened_at": "timestamp", "shape": "varchar", "id": "varchar",
        "seq": "bigint", "told": "varchar",
    },
    "usage": {
        "actor_key": "integer", "day": "date", "name_key": "integer", "events": "bigint",
        "last_at": "timestamp",
    },
    "key": {"account_id": "varchar", "account_key": "integer"},
}  # fmt: skip
# By what the rows of a file lie in order, so that those of one account lie together.
ORDER: dict[Kind, str] = {"fact": "actor_key, happened_at", "usage": "actor_key, day", "key": "account_id"}


def told_of(columns: tuple[str, ...], table: str) -> str:
    """SQL for the columns of a row as a JSON object."""
    return "to_json(struct_pack({}))".format(", ".join(f"{name} := {table}.{name}" for name in columns))


def facts_since(since: int) -> str:
    """SQL for the facts that were loaded after an import."""
    parts = [
        f"select account_key as actor_key, {shape.at} as happened_at, {name_of(shape)} as shape, "
        f"{shape.named} as id, seq, {told_of(shape.told, shape.table)} as told "
        f"from {shape.table} where import_id > {since}"
        for shape in SHAPES
    ]
    return " union all ".join([*parts, updates_since(since)])


def name_of(shape: Shape) -> str:
    return f"'{shape.name}'"


def updates_since(since: int) -> str:
    """What was said later about invoices: new of the two is the update, or the invoice that it waited for."""
    told = told_of(UPDATED, "said")
    columns = (
        "select invoice.account_key as actor_key, said.updated_at as happened_at, "
        f"'invoice_updates' as shape, said.invoice_id as id, said.seq, {told} as told "
    )
    same = "said.invoice_id = invoice.invoice_id and said.source_key = invoice.source_key"
    return (
        f"{columns} from (from invoice_updates where import_id > {since}) as said "
        f"join invoices as invoice on {same} "
        f"union all {columns} from (from invoices where import_id > {since}) as invoice "
        f"join (from invoice_updates where import_id <= {since}) as said on {same}"
    )


USAGE = (
    "select actor_key, day, name_key, count(*) as events, max(occurred_at) as last_at from {source} "
    "where day > {first} group by actor_key, day, name_key"
)
EVERY_EVENT = (
    "(select account_key as actor_key, day, name_key, occurred_at from events "
    "where occurred_at <= timestamp '{as_of}')"
)
