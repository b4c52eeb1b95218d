"""The cohort triangle as a heat map whose cells open: a table, so that every number is sharp and read out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import polars as pl

from metrics.explore.means import Mean, means
from metrics.explore.question import Question
from pages.parts import words
from pages.parts.cohorts import wording
from pages.parts.heat import depth
from pages.parts.once import once
from pages.parts.speech import later, say, several, whole, written

NOT_YET = later("{counts}, not every account of the cohort has had this period yet")
SO_FAR = later("{counts}, so far")
FIRST = {"week": later("Week of"), "month": later("Month")}


@dataclass(frozen=True)
class Look:
    """How cells are written. `opens`: what a click in a cell names before the cohort and period."""

    question: Question
    smallest: int
    code: str
    width: int
    top: float
    opens: str = ""

    def share(self, part: Any, whole: Any) -> float | None:
        return float(part) / float(whole) if whole else None

    def text(self, share: float) -> str:
        return words.fixed(share, 1) if self.question.measure == "events" else f"{share * 100:.0f}"

    def exact(self, share: float) -> str:
        if self.question.measure == "events":
            return say("{figure} events per account", figure=words.fixed(share, 2))
        return f"{words.fixed(share * 100, 2)}{written().percent}"

    def amount(self, number: Any) -> str:
        return words.money_exact(number, self.code) if self.question.is_money else whole(int(number))


@once
def look_of(cells: pl.DataFrame, question: Question, smallest: int, code: str, opens: str = "") -> Look:
    width = int(cells["period_index"].max() or 0) + 1 if len(cells) else 0  # type: ignore[arg-type]
    older = cells.filter(
        pl.col("complete")
        & (pl.col("period_index") > 0)
        & (pl.col("size") >= smallest)
        & (pl.col("whole") > 0)
    )
    shares = older["part"].cast(pl.Float64) / older["whole"].cast(pl.Float64)
    top = float(shares.max() or 1.0) if len(shares) else 1.0  # type: ignore[arg-type]
    return Look(question, smallest, code, width, top, opens)


@once
def triangle(cells: pl.DataFrame, look: Look) -> str:
    """The mean row, then every cohort, the oldest first."""
    first = say(FIRST[look.question.grain])
    fixed = f'<th class="hf-left">{first}</th><th class="hf-size">{say("Size")}</th>'
    cohorts: dict[date, list[dict[str, Any]]] = {}
    for row in cells.iter_rows(named=True):
        cohorts.setdefault(row["cohort_start"], []).append(row)
    body = "".join(line(start, rows, look) for start, rows in cohorts.items())
    return table(fixed, look.width, mean_row(say("Weighted mean"), cells, look, "<td></td>") + body)


def table(fixed: str, width: int, body: str) -> str:
    head = "".join(f"<th>{index}</th>" for index in range(width))
    return f'<table class="hf-map"><thead><tr>{fixed}{head}</tr></thead><tbody>{body}</tbody></table>'


def line(start: date, cells: Sequence[dict[str, Any]], look: Look) -> str:
    size = int(cells[0]["size"])
    found = {row["period_index"]: row for row in cells}
    small = size < look.smallest
    texts = "".join(
        cell(start, found[index], look, small) if index in found else "<td></td>"
        for index in range(look.width)
    )
    name = escape(wording.start(start, look.question))
    return f'<tr><th>{name}</th><td class="hf-size">{whole(size)}</td>{texts}</tr>'


def cell(start: date, row: dict[str, Any], look: Look, small: bool) -> str:
    share, index = look.share(row["part"], row["whole"]), row["period_index"]
    where = f"{words.period(start, look.question.grain)}, {wording.after(index, look.question)}"
    if small:
        hint = several(
            look.smallest,
            "{where}: masked, fewer than {count} account",
            "{where}: masked, fewer than {count} accounts",
            where=where,
        )
        return f'<td class="hf-masked" title="{escape(hint)}">·</td>'
    hint = escape(f"{where}: {counts(row, share, look)}")
    shown = words.NONE if share is None else look.text(share)
    if not row["complete"]:
        shown = "" if look.question.clock == "own" else shown
        return f'<td class="hf-young" title="{hint}">{button(start, index, look, shown or words.THIN)}</td>'
    if share is None:
        return f'<td class="hf-young" title="{hint}">{shown}</td>'
    style = f"--v:{depth(share, look.top):.0f}"
    return f'<td style="{style}" title="{hint}">{button(start, index, look, shown)}</td>'


def button(start: date, index: int, look: Look, text: str) -> str:
    if not look.opens:
        return text
    return f'<button type="button" data-open="{escape(look.opens)}:{start}:{index}">{text}</button>'


def counts(row: dict[str, Any], share: float | None, look: Look) -> str:
    of = say("{part} of {whole}", part=look.amount(row["part"]), whole=look.amount(row["whole"]))
    if look.question.measure == "events":
        of = several(
            int(row["whole"]),
            "{events} events of {count} account",
            "{events} events of {count} accounts",
            events=look.amount(row["part"]),
        )
    if not row["complete"]:
        return say(NOT_YET if look.question.clock == "own" else SO_FAR, counts=of)
    return f"{look.exact(share)} ({of})" if share is not None else say("nothing to divide by")


def mean_row(name: str, cells: pl.DataFrame, look: Look, size: str, *, is_group: bool = False) -> str:
    found = {one.index: one for one in means_of(cells, look)}
    texts = "".join(mean_cell(found.get(index), look) for index in range(look.width))
    kind = "" if is_group else ' class="hf-mean"'
    return f"<tr{kind}><th>{escape(name)}</th>{size}{texts}</tr>"


@once
def means_of(cells: pl.DataFrame, look: Look) -> list[Mean]:
    return means(cells, of_accounts=look.question.is_share, smallest=look.smallest)


def mean_cell(mean: Mean | None, look: Look) -> str:
    if mean is None or mean.share is None:
        return f'<td class="hf-young" title="{say("No cohort has completed this period yet")}"></td>'
    hint = pooled(mean, look.exact(mean.share))
    style = f"--v:{depth(mean.share, look.top):.0f}"
    return f'<td style="{style}" title="{escape(hint)}">{look.text(mean.share)}</td>'


def pooled(mean: Mean, share: str) -> str:
    """A mean with its interval, where it has one, and of how many cohorts it is."""
    if mean.lower is None or mean.upper is None:
        return several(
            mean.cohorts,
            "{share}, {count} complete cohort pooled",
            "{share}, {count} complete cohorts pooled",
            share=share,
        )
    return several(
        mean.cohorts,
        "{share}, 95\u00a0% interval {lower}–{upper}, {count} complete cohort pooled",
        "{share}, 95\u00a0% interval {lower}–{upper}, {count} complete cohorts pooled",
        share=share,
        lower=words.fixed(mean.lower * 100, 1),
        upper=f"{words.fixed(mean.upper * 100, 1)}{written().percent}",
    )


@once
def groups(parts: Sequence[tuple[str, pl.DataFrame]], look: Look) -> str:
    """The mean row of every group, one under the other."""
    fixed = f'<th class="hf-left">{say("Group")}</th><th class="hf-size">{say("Size")}</th>'
    rows = "".join(
        mean_row(name, cells, look, f'<td class="hf-size">{whole(size_of(cells))}</td>', is_group=True)
        for name, cells in parts
    )
    return table(fixed, look.width, rows)


def size_of(cells: pl.DataFrame) -> int:
    return int(cells.filter(pl.col("period_index") == 0)["size"].sum())
