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
from pages.parts.numbers import Grain
from pages.parts.segment import Segment

# The deepest cell stays light (or dark) enough for the page's own text colour: at least 4.5 to 1 in both themes.
DEEPEST = 70.0
# As many cohorts fit beside their curves; more take the whole width.
BESIDE = 12


@dataclass(frozen=True)
class Measure:
    """A share of a cohort: which column over which, and how its counts are told."""

    key: str
    title: str
    part: str
    whole: str
    money: bool
    about: str


LOGO = Measure(
    "logo",
    "Accounts retained",
    "retained",
    "size",
    False,
    "accounts with an engagement event in the period, over the cohort's accounts",
)
NET = Measure(
    "net",
    "Net revenue",
    "mrr_k",
    "mrr_0",
    True,
    "the cohort's MRR at the end of the period, over its MRR at the end of its first period",
)
GROSS = Measure(
    "gross",
    "Gross revenue",
    "gross_mrr_k",
    "mrr_0",
    True,
    "the same, with each account counted at most at what it paid in its first period",
)
MEASURES = {measure.key: measure for measure in (LOGO, NET, GROSS)}


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
    chosen = (pl.col(measure.part).alias("part"), pl.col(measure.whole).alias("whole"), "complete")
    columns = rows.select("cohort_start", "size", "period_index", *chosen)
    found: dict[date, tuple[int, list[Cell]]] = {}
    for start, size, index, part, whole, complete in columns.iter_rows():
        cells = found.setdefault(start, (size, []))[1]
        cells.append(Cell(index, Decimal(part or 0), Decimal(whole or 0), complete))
    return [Line(start, size, tuple(cells)) for start, (size, cells) in found.items()]


def triangle(
    edition: str, grain: Grain, of: Segment, measure: Measure, *, newest: int, code: str = "USD"
) -> None:
    """The newest cohorts, and as many periods of each."""
    text = html(edition, grain, of, measure.key, newest, code)
    if text:
        st.html(f'<div class="hf-scroll">{text}</div>')
    else:
        cards.note(f"No account of {of.label} has signed up in these {grain}s.")


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False)
def html(edition: str, grain: Grain, of: Segment, measure_key: str, newest: int, code: str) -> str:
    rows = numbers.cohorts(edition, grain, of.dimension, of.name, newest)
    measure = MEASURES[measure_key]
    lines = lines_of(rows, measure)
    return table(lines, means_of(rows, measure), grain, measure, code) if lines else ""


def table(lines: Sequence[Line], means: Sequence[Mean], grain: str, measure: Measure, code: str) -> str:
    width = max(len(line.cells) for line in lines)
    top = ceiling(lines, width)
    head = "".join(f"<th>{index}</th>" for index in range(width))
    body = "".join(line_row(line, grain, measure, width, top, code) for line in lines)
    first = {"day": "Day", "week": "Week of", "month": "Month"}[grain]
    return (
        f'<table class="hf-map"><thead><tr><th class="hf-left">{first}</th><th class="hf-size">Size</th>{head}</tr></thead>'
        f"<tbody>{mean_row(means, width, top)}{body}</tbody></table>"
    )


def by_segment(edition: str, grain: Grain, dimension: str, measure: Measure, newest: int) -> None:
    """The weighted mean row of every segment, one under the other."""
    parts = numbers.cohorts_by_segment(edition, grain, dimension, newest)
    rows = [(segment, means_of(rows, measure)) for segment, rows in parts.items()]
    width = max((len(means) for _, means in rows), default=0)
    if not width:
        cards.note(f"No {grain} of these cohorts is complete yet.")
        return
    top = max((mean.share or 0.0 for _, means in rows for mean in means[1:]), default=1.0) or 1.0
    head = "".join(f"<th>{index}</th>" for index in range(width))
    body = "".join(f"<tr><th>{escape(name)}</th>{mean_cells(means, width, top)}</tr>" for name, means in rows)
    first = f'<th class="hf-left">{escape(words.name_of(dimension))}</th>'
    text = f'<table class="hf-map"><thead><tr>{first}{head}</tr></thead><tbody>{body}</tbody></table>'
    st.html(f'<div class="hf-scroll">{text}</div>')


def means_of(rows: pl.DataFrame, measure: Measure) -> list[Mean]:
    return weighted_means(rows, measure.part, measure.whole)


def ceiling(lines: Sequence[Line], width: int) -> float:
    """The share that is drawn deepest: the largest after the first period, in which all are there."""
    later = [
        cell.share
        for line in lines
        for cell in line.cells[1:width]
        if cell.complete and cell.share is not None
    ]
    return max(later, default=1.0) or 1.0


def line_row(line: Line, grain: str, measure: Measure, width: int, top: float, code: str) -> str:
    cells = [cell_html(cell, line, grain, measure, top, code) for cell in line.cells[:width]]
    blank = "<td></td>" * (width - len(cells))
    name = escape(words.period_short(line.start, grain))
    return f'<tr><th>{name}</th><td class="hf-size">{line.size:,}</td>{"".join(cells)}{blank}</tr>'


def cell_html(cell: Cell, line: Line, grain: str, measure: Measure, top: float, code: str) -> str:
    hint = escape(counts(cell, line, grain, measure, code))
    if cell.share is None:
        return f'<td class="hf-young" title="{hint}">{words.NONE}</td>'
    text = f"{cell.share * 100:.0f}"
    if not cell.complete:
        return f'<td class="hf-young" title="{hint}">{text}</td>'
    return f'<td style="--v:{depth(cell.share, top):.0f}" title="{hint}">{text}</td>'


def depth(share: float, top: float) -> float:
    return max(0.0, min(1.0, share / top)) * DEEPEST


def counts(cell: Cell, line: Line, grain: str, measure: Measure, code: str) -> str:
    """The counts behind a cell, for its hover text."""
    part = words.money_exact(cell.part, code) if measure.money else f"{cell.part:,}"
    whole = words.money_exact(cell.whole, code) if measure.money else f"{cell.whole:,} accounts"
    share = f"{cell.share * 100:.2f}{words.THIN}%" if cell.share is not None else "nothing to divide by"
    state = "" if cell.complete else f", so far: this {grain} still runs"
    return f"{words.period(line.start, grain)}, {words.plural(cell.index, grain)} later: {share} ({part} of {whole}){state}"


def mean_row(means: Sequence[Mean], width: int, top: float) -> str:
    """All cohorts together; only those whose period has ended."""
    return f'<tr class="hf-mean"><th>Weighted mean</th><td></td>{mean_cells(means, width, top)}</tr>'


def mean_cells(means: Sequence[Mean], width: int, top: float) -> str:
    found = {mean.index: mean for mean in means}
    return "".join(mean_cell(found.get(index), top) for index in range(width))


def mean_cell(mean: Mean | None, top: float) -> str:
    if mean is None or mean.share is None:
        return '<td class="hf-young" title="No cohort has completed this period yet"></td>'
    hint = f"{mean.share * 100:.2f}{words.THIN}% over {words.plural(mean.cohorts, 'complete cohort')}"
    return f'<td style="--v:{depth(mean.share, top):.0f}" title="{hint}">{mean.share * 100:.0f}</td>'
