"""The model card: how right it was on weeks that have matured, and how far things have drifted."""

from html import escape

import polars as pl
import streamlit as st

from metrics.risk.told import State
from pages.parts import charts, numbers, words
from pages.parts.churn import pictures, reads

ROWS = (
    ("auc", "AUC: the share of pairs ranked rightly; 0.5 is chance", "ratio"),
    ("lift_at_10", "Lift of the riskiest tenth, times its share", "ratio"),
    ("capture_at_10", "Of those who left, in the riskiest tenth", "rate"),
    ("capture_at_20", "Of those who left, in the riskiest fifth", "rate"),
    ("observed_over_expected", "Left, over expected to leave", "ratio"),
    ("ece", "Mean gap between told and observed (ECE)", "rate"),
    ("log_loss", "Log-loss", "loss"),
    ("log_loss_rule", "Log-loss of the rule", "loss"),
    ("log_loss_base_rate", "Log-loss of the base rate", "loss"),
    ("brier", "Brier score", "loss"),
    ("brier_rule", "Brier score of the rule", "loss"),
    ("brier_base_rate", "Brier score of the base rate", "loss"),
    ("auc_rule", "AUC of the rule", "ratio"),
    ("auc_gain", "AUC gained by the challenger", "loss"),
)
DRIFTED, MOVING = 0.25, 0.1


def draw(edition: str, state: State) -> None:
    card = reads.card(edition)
    with st.expander(headline(card, state), icon=":material/fact_check:"):
        st.html(f'<p class="hf-sub">{learnt(state)}</p>')
        if not card.height:
            return
        left, right = st.columns([3, 2])
        with left:
            st.html(table(card))
        with right:
            st.html('<p class="hf-sub">Told against observed, by tenths of risk · bar: 95 % interval</p>')
            charts.draw(
                pictures.calibration(card), pictures.CALIBRATION, "churn_calibration", "Told against observed"
            )
            st.html(drift(card))


def headline(card: pl.DataFrame, state: State) -> str:
    """One line for the closed card."""
    found = card.filter(pl.col("measure") == "observed_over_expected").to_dicts() if card.height else []
    if not found or found[0]["value"] is None:
        return "Score card: no weeks to look back on yet"
    row = found[0]
    if row["lower"] is None:
        return f"Score card: {row['value']:.2f} left for each expected"
    within = row["lower"] <= 1 <= row["upper"]
    said = f"{row['value']:.2f} ({row['lower']:.2f}–{row['upper']:.2f}) observed over expected"
    if not state.is_open:
        return f"Score card: not enough evidence; {said}"
    return f"Right about as often as it says: {said}" if within else f"Off from what it says: {said}"


def learnt(state: State) -> str:
    """From what the model learnt, and when."""
    if state.trained_as_of is None:
        return "No model has been trained yet."
    zone = numbers.settings().timezone
    since = f" from {words.day_of(state.first_week)} on" if state.first_week else ""
    return (
        f"{escape(state.model)} · trained on what was known on {words.moment(state.trained_as_of, zone)}: "
        f"{state.snapshots or 0:,} weekly snapshots of {state.accounts or 0:,} accounts{since}, "
        f"of which {state.churned or 0:,} have left. Measured on weeks that have matured since they were "
        "told, with intervals by accounts."
    )


def table(card: pl.DataFrame) -> str:
    known = {row["measure"]: row for row in card.iter_rows(named=True)}
    body = "".join(
        f"<tr><th>{title}</th><td>{shown(known[name]['value'], unit)}</td>"
        f"<td>{between(known[name], unit)}</td><td>{known[name]['n']:,}</td></tr>"
        for name, title, unit in ROWS
        if name in known
    )
    return (
        '<div class="hf-scroll" tabindex="0">'
        '<table class="hf-table"><thead><tr><th>Measure</th><th>Value</th>'
        f"<th>95 % interval</th><th>n</th></tr></thead><tbody>{body}</tbody></table></div>"
    )


def shown(value: float | None, unit: str) -> str:
    if value is None:
        return words.NONE
    return words.percent(value) if unit == "rate" else f"{value:.4f}" if unit == "loss" else f"{value:.2f}"


def between(row: dict[str, float | None], unit: str) -> str:
    if row["lower"] is None or row["upper"] is None:
        return words.NONE
    return f"{shown(row['lower'], unit)} – {shown(row['upper'], unit)}"


def drift(card: pl.DataFrame) -> str:
    """The features that have moved most since the weeks learnt from."""
    rows = card.filter(pl.col("measure").str.starts_with("drift.") & pl.col("value").is_not_null())
    if not rows.height:
        return ""
    top = rows.sort("value", descending=True).head(4)
    listed = ", ".join(
        f"{escape(words.name_of(name.removeprefix('drift.')).lower())} {value:.2f}"
        for name, value in top.select("measure", "value").iter_rows()
    )
    worst = float(top["value"][0])
    said = "much changed" if worst > DRIFTED else "some change" if worst > MOVING else "little change"
    return f'<p class="hf-sub">Drift of the newest week, same weekday (PSI): {said}; most in {listed}.</p>'
