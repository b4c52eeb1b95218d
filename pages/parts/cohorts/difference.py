"""Two groups, or two cohorts, held against each other cell by cell."""

from collections.abc import Sequence
from html import escape

import polars as pl
import streamlit as st

from metrics.explore.answer import Answer
from metrics.explore.compare import Contrast, contrasts
from pages.parts import cards, words
from pages.parts.cohorts import address, grid, wording
from pages.parts.cohorts.asking import Asked, group_key
from pages.parts.cohorts.grid import Look
from pages.parts.once import once
from pages.parts.speech import say, several, written

Parts = dict[str, tuple[str, pl.DataFrame]]  # name and cells, by key
DEEPEST = 0.3  # a difference of so many points, or more, is drawn deepest


def draw(answer: Answer, cells: pl.DataFrame, asked: Asked, look: Look) -> None:
    """Both pickers, what was found in a sentence, and the map of differences."""
    is_grouped = asked.question.by != "all"
    parts = of_groups(answer, asked) if is_grouped else of_cohorts(cells, asked)
    if len(parts) < 2:
        cards.note(say("There is only one here: nothing to compare it with."))
        return
    one, other = choose(parts, "groups" if is_grouped else "cohorts")
    if one == other:
        cards.note(say("Choose two that differ."))
        return
    (name, left), (against, right) = parts[one], parts[other]
    found = compared(left, right, asked)
    if not found:
        cards.note(say("They have no complete period in common that is large enough."))
        return
    st.html(f'<p class="hf-sub">{said(found, name, against, asked)}</p>')
    st.html(f'<div class="hf-scroll" tabindex="0">{table(found, look, asked)}</div>')


@once
def of_groups(answer: Answer, asked: Asked) -> Parts:
    return {
        group_key(segment): (wording.group(asked.question, segment), answer.of(segment))
        for segment in answer.segments
    }


@once
def of_cohorts(cells: pl.DataFrame, asked: Asked) -> Parts:
    """The newest first, of those with more than one complete period where there are such."""
    old_enough = cells.filter(pl.col("complete") & (pl.col("period_index") > 0))
    starts = old_enough["cohort_start"].unique().sort(descending=True)
    return {
        str(start): (wording.start(start, asked.question), cells.filter(pl.col("cohort_start") == start))
        for start in starts
    }


@once
def compared(left: pl.DataFrame, right: pl.DataFrame, asked: Asked) -> list[Contrast]:
    return contrasts(
        left,
        right,
        of_accounts=asked.question.is_share,
        smallest=asked.smallest,
        by_cohort=asked.question.by != "all",
    )


def choose(parts: Parts, kind: str) -> tuple[str, str]:
    """Their keys. At first: the two largest groups, or a cohort of some age and the oldest."""
    keys = list(parts)
    at_first = (keys[0], keys[1]) if kind == "groups" else (keys[len(keys) // 3], keys[-1])

    def shown(key: str) -> str:
        return parts[key][0]

    look = {"label_visibility": "collapsed", "width": 220}
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        one = address.pick(say("This"), f"one_{kind}", keys, shown, at_first[0], **look)
        st.html(f'<p class="hf-sub">{say("less")}</p>', width="content")
        other = address.pick(say("That"), f"other_{kind}", keys, shown, at_first[1], **look)
    return one, other


@once
def said(found: Sequence[Contrast], one: str, other: str, asked: Asked) -> str:
    """What the tests come to, as HTML."""
    if not asked.question.is_share:
        return say("Differences only: an amount is no share of accounts, so there is no test of it here.")
    tested = [cell for cell in found if cell.p is not None]
    real = [cell for cell in tested if cell.is_real]
    up = sum((cell.difference or 0) > 0 for cell in real)
    if not real:
        return f"{say('No difference that chance would not make as well.')} {method(len(tested))}"
    beyond = several(
        len(tested),
        "<b>{this}</b> is above <b>{other}</b> in {up} and below in {down} of {count} cell, "
        "more than chance would make; they are framed.",
        "<b>{this}</b> is above <b>{other}</b> in {up} and below in {down} of {count} cells, "
        "more than chance would make; they are framed.",
        this=escape(one),
        other=escape(other),
        up=up,
        down=len(real) - up,
    )
    return f"{beyond} {method(len(tested))}"


def method(tested: int) -> str:
    """How it was tested, and what the tests do not know."""
    return several(
        tested,
        "{count} cell tested together at 5\u00a0% (two proportions, Fisher's exact test where counts are "
        "small; Holm's correction). Cells of one cohort are not independent: the same accounts are counted "
        "again in each period.",
        "{count} cells tested together at 5\u00a0% (two proportions, Fisher's exact test where counts are "
        "small; Holm's correction). Cells of one cohort are not independent: the same accounts are counted "
        "again in each period.",
    )


@once
def table(found: Sequence[Contrast], look: Look, asked: Asked) -> str:
    rows: dict[str, dict[int, Contrast]] = {}
    for cell in found:
        start = cell.cohort_start
        name = wording.start(start, asked.question) if start else say("Difference")
        rows.setdefault(name, {})[cell.index] = cell
    width = max(cell.index for cell in found) + 1
    body = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(shown(cells.get(index), look) for index in range(width))
        + "</tr>"
        for name, cells in rows.items()
    )
    return grid.table(f'<th class="hf-left">{say("Points")}</th>', width, body)


def shown(cell: Contrast | None, look: Look) -> str:
    if cell is None or cell.difference is None:
        return "<td></td>"
    difference, is_events = cell.difference, look.question.measure == "events"
    scale = look.top if is_events else DEEPEST
    depth = min(1.0, abs(difference) / (scale or 1.0)) * 70
    name = "hf-above" if difference > 0 else "hf-below"
    text = f"{difference:+.1f}" if is_events else f"{difference * 100:+.0f}"
    text = "0" if float(text) == 0 else text
    frame = " hf-real" if cell.is_real else ""
    return (
        f'<td class="{name}{frame}" style="--v:{depth:.0f}" title="{escape(hint(cell, look))}">'
        f"{changed(text)}</td>"
    )


def hint(cell: Contrast, look: Look) -> str:
    (a, m), (b, n) = cell.one, cell.other
    counts = say(
        "{share} of {size} against {other_share} of {other_size}",
        share=look.exact(a / m),
        size=look.amount(m),
        other_share=look.exact(b / n),
        other_size=look.amount(n),
    )
    if cell.lower is None or cell.upper is None:
        return counts
    between = say(
        "{counts}; difference {lower} to {upper} points (Newcombe, 95\u00a0%)",
        counts=counts,
        lower=f"{cell.lower * 100:+.1f}".translate(written().swaps),
        upper=f"{cell.upper * 100:+.1f}".translate(written().swaps),
    )
    if cell.p is None or cell.adjusted is None:
        return between
    return say(
        "{difference}; p {p}, {adjusted} among all cells",
        difference=between,
        p=f"{cell.p:.3g}".translate(written().swaps),
        adjusted=f"{cell.adjusted:.3g}".translate(written().swaps),
    )


def changed(text: str) -> str:
    """+1.2 as the language writes it, with a true minus."""
    return text.replace("-", words.MINUS).translate(written().swaps)
