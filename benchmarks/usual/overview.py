"""The overview as tutorials write such a page: charts built in each run, data cached for a few seconds."""

import os
from pathlib import Path

import altair as alt
import duckdb
import pandas as pd
import streamlit as st

HOME = Path(os.environ["HOLDFAST_HOME"])
CARDS = {
    "mrr": "MRR",
    "activation_rate": "Activation rate",
    "time_to_first_value_p50": "Time to first value",
    "expansion_mrr": "Expansion MRR",
    "net_revenue_retention": "Net revenue retention",
    "logo_churn_rate": "Logo churn",
}
MOVEMENTS = ("new_mrr", "reactivation_mrr", "expansion_mrr", "contraction_mrr", "churned_mrr")


def asked(sql: str) -> pd.DataFrame:
    edition = (HOME / "published" / "current").read_text().strip()
    with duckdb.connect(str(HOME / "published" / edition), read_only=True) as connection:
        return connection.execute(sql).df()


@st.cache_data(ttl=5)
def series(grain: str) -> pd.DataFrame:
    return asked(f"from metrics where grain = '{grain}' and dimension = 'all' order by metric, period_start")


@st.cache_data(ttl=5)
def cohorts() -> pd.DataFrame:
    return asked("from cohorts where grain = 'month' and dimension = 'all' and size > 0")


@st.cache_data(ttl=5)
def feed() -> pd.DataFrame:
    return asked("from feed order by all desc limit 8")


st.set_page_config(page_title="Overview", layout="wide")


@st.fragment(run_every=5)
def overview() -> None:
    st.title("Overview")
    grain = st.segmented_control("Period", ["day", "week", "month"], default="week")
    rows = series(grain or "week")
    for place, (metric, title) in zip(st.columns(6), CARDS.items(), strict=True):
        known = rows[(rows.metric == metric) & rows.complete].tail(12)
        value, before = (known.value.iloc[-1], known.value.iloc[-2]) if len(known) > 1 else (0.0, 0.0)
        place.metric(title, f"{value:,.3g}", f"{value - before:,.3g}")
        spark = alt.Chart(known).mark_line().encode(x="period_start:T", y="value:Q").properties(height=60)
        place.altair_chart(spark)
    left, right = st.columns([3, 2])
    moved = rows[rows.complete].groupby("metric").tail(2)
    left.dataframe(moved)
    right.dataframe(feed())
    left, right = st.columns(2)
    months = series("month")
    bars = months[months.metric.isin(MOVEMENTS)].groupby("metric").tail(12)
    left.altair_chart(
        alt.Chart(bars)
        .mark_bar()
        .encode(x="yearmonth(period_start):O", y="value:Q", color="metric:N", tooltip=["metric", "value"])
    )
    triangle = cohorts()
    triangle["share"] = triangle.retained / triangle["size"]
    newest = triangle[triangle.cohort_start >= triangle.cohort_start.max() - pd.DateOffset(months=9)]
    base = alt.Chart(newest).encode(x="period_index:O", y="yearmonth(cohort_start):O")
    right.altair_chart(
        base.mark_rect().encode(color="share:Q")
        + base.mark_text().encode(text=alt.Text("share:Q", format=".0%"))
    )
    st.dataframe(rows.groupby("metric").tail(1))


overview()
