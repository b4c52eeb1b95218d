"""What stands beside the triangle: the curves of chosen cohorts and the download."""

from collections.abc import Sequence
from datetime import date

import polars as pl
import streamlit as st

from pages.parts import heat, numbers, words
from pages.parts.heat import Measure
from pages.parts.segment import View

MEAN = "Weighted mean"
MOST_CURVES = 6
AT_FIRST = 3


def starts(view: View) -> list[date]:
    """The cohorts that have more than one complete period, the newest first."""
    rows = numbers.cohorts(view.edition, view.grain, view.of, view.newest)
    old_enough = rows.filter(pl.col("complete") & (pl.col("period_index") == 1))
    return old_enough["cohort_start"].unique().sort(descending=True).to_list()


def choose(view: View) -> Sequence[str]:
    names = [MEAN, *(words.period_short(start, view.grain) for start in starts(view))]
    chosen = st.multiselect(
        "Cohorts",
        names,
        default=[MEAN, *names[2 : 2 + 2 * AT_FIRST : 2]],
        max_selections=MOST_CURVES,
        key=f"cohorts_chosen_{view.grain}s",
        bind="query-params",
        label_visibility="collapsed",
        placeholder="Choose cohorts",
    )
    return chosen or [MEAN]


def curves(view: View, measure: Measure, chosen: Sequence[str]) -> pl.DataFrame:
    rows = all_curves(view, measure.key)
    order = {name: place for place, name in enumerate(chosen)}
    found = rows.filter(pl.col("cohort").is_in(list(chosen)))
    return found.sort(pl.col("cohort").replace_strict(order, return_dtype=pl.Int64), "period_index")


@st.cache_resource(max_entries=numbers.WARM, show_spinner=False)
def all_curves(view: View, measure_key: str) -> pl.DataFrame:
    """The complete cells of every cohort, and the weighted mean."""
    measure = heat.MEASURES[measure_key]
    rows = numbers.cohorts(view.edition, view.grain, view.of, view.newest)
    look = heat.Look(measure, view.grain, view.code, 0, 1.0)
    found = [
        (words.period_short(line.start, view.grain), cell.index, cell.share, heat.counts(cell, line, look))
        for line in heat.lines_of(rows, measure)
        for cell in line.cells
        if cell.complete
    ]
    found += [
        (MEAN, mean.index, mean.share, words.plural(mean.cohorts, "cohort"))
        for mean in heat.means_of(rows, measure)
    ]
    columns = {"cohort": pl.String, "period_index": pl.Int64, "share": pl.Float64, "counts": pl.String}
    return pl.DataFrame(found, schema=columns, orient="row")


def download(view: View) -> None:
    st.download_button(
        "Download CSV",
        data=lambda: csv(view),
        file_name=f"cohorts-{view.grain}-{view.of.dimension}-{view.of.name}.csv".replace(" ", "-"),
        mime="text/csv",
        icon=":material/download:",
        key="cohorts_download",
        on_click="ignore",
        help="Every cohort of this period length and segment, exact, with its revenue columns",
    )


def csv(view: View) -> bytes:
    return numbers.cohorts(view.edition, view.grain, view.of, numbers.EVERY).write_csv().encode()
