"""The model card: how right it was on weeks that have matured, and how far things have drifted."""

from html import escape

import polars as pl
import streamlit as st

from metrics.risk.told import State
from pages.parts import charts, numbers, words
from pages.parts.churn import features, pictures, reads
from pages.parts.speech import later, say, whole

ROWS = (
    ("auc", later("AUC: the share of pairs ranked rightly; 0.5 is chance"), "ratio"),
    ("lift_at_10", later("Lift of the riskiest tenth, times its share"), "ratio"),
    ("capture_at_10", later("Of those who left, in the riskiest tenth"), "rate"),
    ("capture_at_20", later("Of those who left, in the riskiest fifth"), "rate"),
    ("observed_over_expected", later("Left, over expected to leave"), "ratio"),
    ("ece", later("Mean gap between told and observed (ECE)"), "rate"),
    ("log_loss", later("Log-loss"), "loss"),
    ("log_loss_rule", later("Log-loss of the rule"), "loss"),
    ("log_loss_base_rate", later("Log-loss of the base rate"), "loss"),
    ("brier", later("Brier score"), "loss"),
    ("brier_rule", later("Brier score of the rule"), "loss"),
    ("brier_base_rate", later("Brier score of the base rate"), "loss"),
    ("auc_rule", later("AUC of the rule"), "ratio"),
    ("auc_gain", later("AUC gained by the challenger"), "loss"),
)
HEADS = (later("Measure"), later("Value"), later("95 % interval"), later("n"))
DRIFTED, MOVING = 0.25, 0.1
DRIFT = (
    later("Drift of the newest week, same weekday (PSI): little change; most in {listed}."),
    later("Drift of the newest week, same weekday (PSI): some change; most in {listed}."),
    later("Drift of the newest week, same weekday (PSI): much changed; most in {listed}."),
)
BANDS_ONLY = later("rule, bands only")
LEARNT = later(
    "{model} · trained on what was known on {when}: {snapshots} weekly snapshots of {accounts} accounts, "
    "of which {churned} have left. Measured on weeks that have matured since they were "
    "told, with intervals by accounts."
)
LEARNT_SINCE = later(
    "{model} · trained on what was known on {when}: {snapshots} weekly snapshots of {accounts} accounts "
    "from {day} on, of which {churned} have left. Measured on weeks that have matured since they were "
    "told, with intervals by accounts."
)


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
            about = say("Told against observed, by tenths of risk · bar: 95 % interval")
            st.html(f'<p class="hf-sub">{about}</p>')
            rows, said = pictures.calibration(card), say("Told against observed")
            charts.draw(rows, pictures.CALIBRATION, "churn_calibration", said)
            st.html(drift(card))


def headline(card: pl.DataFrame, state: State) -> str:
    """One line for the closed card."""
    found = card.filter(pl.col("measure") == "observed_over_expected").to_dicts() if card.height else []
    if not found or found[0]["value"] is None:
        return say("Score card: no weeks to look back on yet")
    row = found[0]
    if row["lower"] is None:
        return say("Score card: {ratio} left for each expected", ratio=words.fixed(row["value"], 2))
    within = row["lower"] <= 1 <= row["upper"]
    ratio, lower, upper = (words.fixed(row[name], 2) for name in ("value", "lower", "upper"))
    said = say("{ratio} ({lower}–{upper}) observed over expected", ratio=ratio, lower=lower, upper=upper)
    if not state.is_open:
        return say("Score card: not enough evidence; {ratio}", ratio=said)
    if within:
        return say("Right about as often as it says: {ratio}", ratio=said)
    return say("Off from what it says: {ratio}", ratio=said)


def learnt(state: State) -> str:
    """From what the model learnt, and when."""
    if state.trained_as_of is None:
        return say("No model has been trained yet.")
    return say(
        LEARNT_SINCE if state.first_week else LEARNT,
        model=escape(named(state.model)),
        when=words.moment(state.trained_as_of, numbers.settings().timezone),
        snapshots=whole(state.snapshots or 0),
        accounts=whole(state.accounts or 0),
        churned=whole(state.churned or 0),
        day=words.day_of(state.first_week) if state.first_week else "",
    )


def named(model: str) -> str:
    """A kind and its mark, or that it tells bands only."""
    return say(BANDS_ONLY) if model == BANDS_ONLY else model


def table(card: pl.DataFrame) -> str:
    known = {row["measure"]: row for row in card.iter_rows(named=True)}
    body = "".join(
        f"<tr><th>{say(title)}</th><td>{shown(known[name]['value'], unit)}</td>"
        f"<td>{between(known[name], unit)}</td><td>{whole(known[name]['n'])}</td></tr>"
        for name, title, unit in ROWS
        if name in known
    )
    head = "".join(f"<th>{say(text)}</th>" for text in HEADS)
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def shown(value: float | None, unit: str) -> str:
    if value is None:
        return words.NONE
    return words.percent(value) if unit == "rate" else words.fixed(value, 4 if unit == "loss" else 2)


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
        f"{escape(features.said(name.removeprefix('drift.')))} {words.fixed(value, 2)}"
        for name, value in top.select("measure", "value").iter_rows()
    )
    worst = float(top["value"][0])
    said = say(DRIFT[(worst > MOVING) + (worst > DRIFTED)], listed=listed)
    return f'<p class="hf-sub">{said}</p>'
