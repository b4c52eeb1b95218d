"""The cohort triangle as a heat map: a table, so that every number is sharp and can be read out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape

import polars as pl
import streamlit as st

from metrics.triangle import Mean, weighted_means
from pages.parts import cards, numbers, words
from pages.parts.kept import kept
from pages.parts.once import Html, once
from pages.parts.segment import Grain, View
from pages.parts.speech import later, say, several, whole, written

# Even on the deepest cell the page's own text colour has at least 4.5 to 1, in both themes.
DEEPEST = 70.0
# As many cohorts fit beside their curves; more take the whole width.
BESIDE = 12
NOBODY = {
    "day": later("No account of {segment} has signed up in these days."),
    "week": later("No account of {segment} has signed up in these weeks."),
    "month": later("No account of {segment} has signed up in these months."),
}
RUNNING = {
    "day": later("{told}, so far: this day still runs"),
    "week": later("{told}, so far: this week still runs"),
    "month": later("{told}, so far: this month still runs"),
}
FIRST = {"day": later("Day"), "week": later("Week of"), "month": later("Month")}


@dataclass(frozen=True)
class Measure:
    """A share of a cohort: which column over which, and how its counts are told."""

    key: str
    title: str
    part: str
    whole: str
    money: bool
    about: str

    @property
    def of(self) -> str:
        """A metric that is made of the same facts."""
        return "mrr" if self.money else "active_accounts"


LOGO = Measure(
    "logo",
    later("Accounts retained"),
    "retained",
    "size",
    False,
    later("accounts with an engagement event in the period, over the cohort's accounts"),
)


@dataclass(frozen=True)
class Cell:
    index: int
    part: Decimal
    whole: Decimal
    complete: bool

    @property
    def share(self) -> float | None:
        return float(self.part / self.whole) if self.whole else None


@dataclass(frozen=True)
class Line:
    start: date
    size: int
    cells: tuple[Cell, ...]


def lines_of(rows: pl.DataFrame, measure: Measure) -> list[Line]:
    """The triangle's rows, the oldest cohort first."""
    names = ("cohort_start", "size", "period_index", measure.part, measure.whole, "complete")
    columns = (rows[name].to_list() for name in names)
    found: dict[date, tuple[int, list[Cell]]] = {}
    for start, size, index, part, total, complete in zip(*columns, strict=True):
        cells = found.setdefault(start, (size, []))[1]
        cells.append(Cell(index, Decimal(part or 0), Decimal(total or 0), complete))
    return [Line(start, size, tuple(cells)) for start, (size, cells) in found.items()]


@dataclass(frozen=True)
class Look:
    """How the cells of one map are written and coloured."""

    measure: Measure
    grain: Grain
    code: str
    width: int
    top: float


def triangle(view: View) -> None:
    """The newest cohorts, and as many periods of each."""
    text = html(view)
    if not text:
        cards.note(say(NOBODY[view.grain], segment=escape(view.of.label)))
    else:
        st.html(Html(f'<div class="hf-scroll" tabindex="0">{text}</div>'))


@kept(speaks=True, tells=[View])
def html(view: View) -> str:
    return table_of(numbers.cohorts(view.edition, view.grain, view.of, view.newest), view.grain, view.code)


@once
def table_of(rows: pl.DataFrame, grain: Grain, code: str) -> str:
    lines = lines_of(rows, LOGO)
    if not lines:
        return ""
    width = max(len(line.cells) for line in lines)
    look = Look(LOGO, grain, code, width, ceiling(lines))
    return table(lines, means_of(rows, LOGO), look)


def table(lines: Sequence[Line], means: Sequence[Mean], look: Look) -> str:
    head = "".join(f"<th>{index}</th>" for index in range(look.width))
    body = "".join(line_row(line, look) for line in lines)
    first = say(FIRST[look.grain])
    fixed = f'<th class="hf-left">{first}</th><th class="hf-size">{say("Size")}</th>'
    return (
        f'<table class="hf-map"><thead><tr>{fixed}{head}</tr></thead>'
        f"<tbody>{mean_row(means, look)}{body}</tbody></table>"
    )


def means_of(rows: pl.DataFrame, measure: Measure) -> list[Mean]:
    return weighted_means(rows, measure.part, measure.whole)


def ceiling(lines: Sequence[Line]) -> float:
    """The share that is drawn deepest: the largest after the first period, in which all are there."""
    shares = (cell.share for line in lines for cell in line.cells[1:] if cell.complete)
    return max((share for share in shares if share is not None), default=1.0) or 1.0


def line_row(line: Line, look: Look) -> str:
    cells = "".join(cell_html(cell, line, look) for cell in line.cells)
    blank = "<td></td>" * (look.width - len(line.cells))
    name = escape(words.period_short(line.start, look.grain))
    return f'<tr><th>{name}</th><td class="hf-size">{whole(line.size)}</td>{cells}{blank}</tr>'


def cell_html(cell: Cell, line: Line, look: Look) -> str:
    hint = escape(counts(cell, line, look))
    if cell.share is None:
        return f'<td class="hf-young" title="{hint}">{words.NONE}</td>'
    text = f"{cell.share * 100:.0f}"
    if not cell.complete:
        return f'<td class="hf-young" title="{hint}">{text}</td>'
    return f'<td style="--v:{depth(cell.share, look.top):.0f}" title="{hint}">{text}</td>'


def depth(share: float, top: float) -> float:
    return max(0.0, min(1.0, share / top)) * DEEPEST


def counts(cell: Cell, line: Line, look: Look) -> str:
    """The counts behind a cell, for its hover text."""
    share = share_of(cell.share) if cell.share is not None else say("nothing to divide by")
    told = f"{after(line, cell.index, look.grain)}: {share} ({parts(cell, look)})"
    return told if cell.complete else say(RUNNING[look.grain], told=told)


def share_of(share: float) -> str:
    return f"{words.fixed(share * 100, 2)}{written().percent}"


def parts(cell: Cell, look: Look) -> str:
    """What was divided by what."""
    if look.measure.money:
        some, total = words.money_exact(cell.part, look.code), words.money_exact(cell.whole, look.code)
        return say("{part} of {whole}", part=some, whole=total)
    return say("{part} of {whole} accounts", part=words.number(cell.part), whole=words.number(cell.whole))


def after(line: Line, index: int, grain: Grain) -> str:
    """Which cohort, and how much later."""
    cohort = words.period(line.start, grain)
    if grain == "day":
        return several(index, "{cohort}, {count} day later", "{cohort}, {count} days later", cohort=cohort)
    if grain == "week":
        return several(index, "{cohort}, {count} week later", "{cohort}, {count} weeks later", cohort=cohort)
    return several(index, "{cohort}, {count} month later", "{cohort}, {count} months later", cohort=cohort)


def mean_row(means: Sequence[Mean], look: Look) -> str:
    """All cohorts together; only those whose period has ended."""
    return f'<tr class="hf-mean"><th>{say("Weighted mean")}</th><td></td>{mean_cells(means, look)}</tr>'


def mean_cells(means: Sequence[Mean], look: Look) -> str:
    found = {mean.index: mean for mean in means}
    return "".join(mean_cell(found.get(index), look.top) for index in range(look.width))


def mean_cell(mean: Mean | None, top: float) -> str:
    if mean is None or mean.share is None:
        return f'<td class="hf-young" title="{say("No cohort has completed this period yet")}"></td>'
    hint = several(
        mean.cohorts,
        "{share} over {count} complete cohort",
        "{share} over {count} complete cohorts",
        share=share_of(mean.share),
    )
    return f'<td style="--v:{depth(mean.share, top):.0f}" title="{hint}">{mean.share * 100:.0f}</td>'
