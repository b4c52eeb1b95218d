"""Why: what of an account goes with its risk, by groups of features, its figure beside the usual one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.risk.encode import Matrix
from metrics.risk.fit import Linear

GROUPS = (
    "recency", "usage", "trend", "tenure", "price", "plan", "seats", "renewal", "onboarding", "payments",
    "support", "sentiment", "messages", "segment",
)  # fmt: skip
TOP = 3
LEAST = 0.02  # log-odds; what matters less is no reason
Usual = Mapping[str, float]


def contributions(linear: Linear, table: pl.DataFrame) -> Matrix:
    """Log-odds by group, a column each in the order of `GROUPS`: how far from the average account's."""
    terms = linear.encoding.matrix(table) * linear.weights
    place = np.array([GROUPS.index(term.group) for term in linear.encoding.terms], dtype=np.intp)
    found = np.zeros((table.height, len(GROUPS)))
    for number in np.unique(place):
        found[:, number] = terms[:, place == number].sum(axis=1)
    return found


def topmost(parts: Matrix) -> NDArray[np.intp]:
    """The groups that raise the risk most, a row an account; -1 where there is none."""
    order = np.argsort(-parts, axis=1, kind="stable")[:, :TOP]
    high = np.take_along_axis(parts, order, axis=1) > LEAST
    return np.where(high, order, -1)


def sentences(
    table: pl.DataFrame, chosen: NDArray[np.intp], usual: Usual, dimensions: tuple[str, ...]
) -> pl.DataFrame:
    """reason_1 … reason_3 as text, a row an account; null where there is none."""
    told: list[pl.Series] = []
    for nth in range(TOP):
        column = np.full(table.height, None, dtype=object)
        for number, group in enumerate(GROUPS):
            rows = np.flatnonzero(chosen[:, nth] == number)
            if rows.size:
                text = SAYINGS[group](table[rows], Said(usual, dimensions))
                column[rows] = text.to_numpy()
        told.append(pl.Series(f"reason_{nth + 1}", column.tolist(), pl.String))
    return pl.DataFrame(told)


@dataclass(frozen=True)
class Said:
    """What sentences need besides the account: the usual figures, and the names of the company's segments."""

    usual: Usual
    dimensions: tuple[str, ...]

    def beside(self, name: str, digits: int = 0, factor: float = 1.0, unit: str = "") -> str:
        """The usual figure in brackets, to stand beside an account's; nothing where none was learnt."""
        value = self.usual.get(name)
        return "" if value is None else f" (usual {value * factor:,.{digits}f}{unit})"


Saying = Callable[[pl.DataFrame, Said], pl.Series]


def number(name: str, digits: int = 0, factor: float = 1.0) -> pl.Expr:
    found = (pl.col(name) * factor).round(digits)
    return found.cast(pl.Int64).cast(pl.String) if not digits else found.cast(pl.String)


def counted(name: str, one: str, many: str) -> pl.Expr:
    """A number with what it counts."""
    noun = pl.when(number(name) == "1").then(pl.lit(f" {one}")).otherwise(pl.lit(f" {many}"))
    return pl.concat_str(number(name), noun)


def say(table: pl.DataFrame, *parts: str | pl.Expr) -> pl.Series:
    """Text put together, "associated with" before it: it goes with leaving, and may not be its cause."""
    whole = [
        pl.lit("associated with: "),
        *(pl.lit(part) if isinstance(part, str) else part for part in parts),
    ]
    return table.select(pl.concat_str(whole).alias("text"))["text"]


def recency(table: pl.DataFrame, said: Said) -> pl.Series:
    usual = said.beside("days_since_active")
    days = counted("days_since_active", "day", "days")
    ago = pl.concat_str(pl.lit("last active "), days, pl.lit(f" ago{usual}"))
    never = pl.lit(f"not active in the last 90 days{usual}")
    return say(table, pl.when(pl.col("days_since_active") > 90).then(never).otherwise(ago))


def usage(table: pl.DataFrame, said: Said) -> pl.Series:
    return say(
        table, "active on ", number("active_28"), f" of the last 28 days{said.beside('active_28')}, ",
        counted("events_28", "event", "events"), said.beside("events_28"),
    )  # fmt: skip


def trend(table: pl.DataFrame, said: Said) -> pl.Series:
    del said
    before = (pl.col("active_28") + 1) / pl.col("days_trend").exp() - 1
    return say(
        table, "active on ", number("active_28"), " of the last 28 days after ",
        before.round(0).cast(pl.Int64).cast(pl.String), " in the 28 before",
    )  # fmt: skip


def tenure(table: pl.DataFrame, said: Said) -> pl.Series:
    return say(table, "paying for ", counted("tenure_days", "day", "days"), said.beside("tenure_days"))


def price(table: pl.DataFrame, said: Said) -> pl.Series:
    return say(table, "pays ", number("price", 2), f" a month{said.beside('price', 2)}")


def plan(table: pl.DataFrame, said: Said) -> pl.Series:
    del said
    return say(table, "plan ", pl.col("plan"))


def seats(table: pl.DataFrame, said: Said) -> pl.Series:
    people, places = counted("users_28", "person", "people"), counted("seats", "seat", "seats")
    seen = f" seen in 28 days{said.beside('users_28')}, "
    return say(table, people, seen, places, said.beside("seats"))


def renewal(table: pl.DataFrame, said: Said) -> pl.Series:
    del said
    soon = pl.concat_str(pl.lit("renews in "), counted("days_to_renewal", "day", "days"))
    none = pl.lit("pays month by month")
    return say(table, pl.when(pl.col("days_to_renewal").is_null()).then(none).otherwise(soon))


def onboarding(table: pl.DataFrame, said: Said) -> pl.Series:
    took = pl.concat_str(
        pl.lit("first value after "), counted("hours_to_value", "hour", "hours"),
        pl.lit(said.beside("hours_to_value")),
    )  # fmt: skip
    return say(
        table, pl.when(pl.col("has_value") > 0).then(took).otherwise(pl.lit("first value not reached yet"))
    )


def payments(table: pl.DataFrame, said: Said) -> pl.Series:
    return say(
        table, counted("failed_90", "failed payment", "failed payments"),
        f" in 90 days{said.beside('failed_90')}, ",
        counted("overdue", "invoice overdue", "invoices overdue"), said.beside("overdue"),
    )  # fmt: skip


def support(table: pl.DataFrame, said: Said) -> pl.Series:
    return say(
        table, counted("tickets_90", "ticket", "tickets"), f" in 90 days{said.beside('tickets_90')}, ",
        number("tickets_open"), " open",
    )  # fmt: skip


def sentiment(table: pl.DataFrame, said: Said) -> pl.Series:
    given = pl.concat_str(
        pl.lit("last score "), number("last_score", 1), pl.lit(f"{said.beside('last_score', 1)}")
    )
    heard = pl.concat_str(pl.lit("feedback sounds "), number("sentiment", 2), pl.lit(" on −1 to 1"))
    nothing = pl.lit("gave no feedback")
    return say(table, pl.coalesce(given, heard, nothing))


def messages(table: pl.DataFrame, said: Said) -> pl.Series:
    share = f" %{said.beside('opened_share', 0, 100, unit=' %')}"
    return say(
        table,
        counted("messages_90", "message", "messages"),
        " in 90 days, opened about ",
        number("opened_share", 0, 100),
        share,
    )


def segment(table: pl.DataFrame, said: Said) -> pl.Series:
    names = {f"segment_{n}": name for n, name in enumerate(said.dimensions) if name != "plan"}
    known = [column for column in names if column in table.columns]
    parts = [
        part
        for nth, column in enumerate(known)
        for part in (f"{', ' if nth else ''}{names[column]} ", pl.col(column))
    ]
    return say(table, *parts) if parts else say(table, "its segment")


SAYINGS: dict[str, Saying] = {
    "recency": recency, "usage": usage, "trend": trend, "tenure": tenure, "price": price, "plan": plan,
    "seats": seats, "renewal": renewal, "onboarding": onboarding, "payments": payments, "support": support,
    "sentiment": sentiment, "messages": messages, "segment": segment,
}  # fmt: skip
