"""Accounts by their risk: how likely they leave, what that would cost, why, and who has seen to them."""

from html import escape
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from engine.desk.risk import Handled
from pages.parts import cards, numbers, person, tables, words
from pages.parts.churn import reads
from pages.parts.churn.choice import Choice
from pages.parts.churn.reasons import reason
from pages.parts.decided import Decided
from pages.parts.speech import later, say, whole

HEADS = (
    (later("Account"), "hf-left"),
    (later("Risk"), "hf-left"),
    (later("MRR"), ""),
    (later("At risk"), ""),
    (later("In 7 days"), ""),
    (later("Associated with"), "hf-left"),
    (later("Owner"), "hf-left"),
    (later("Seen to"), "hf-left"),
)
UNREAD = later("Who saw to them cannot be read now, the figures can. {why}")
REASONS = ("reason_1", "reason_2", "reason_3")


def draw(edition: str, choice: Choice) -> None:
    code = numbers.settings().base_currency
    asked = (choice.of, choice.band, choice.owner, choice.search)
    rows = reads.accounts(edition, *asked, choice.order, reads.SHOWN)
    every = sum(reads.counts(edition, *asked).values())
    if not rows.height:
        cards.note(say("No paying account fits these filters."))
        return
    decided = Decided()
    known = decided.read(lambda: reads.handled(rows), {})
    decided.tell(UNREAD)
    head = "".join(f'<th class="{look}">{say(title)}</th>' for title, look in HEADS)
    body = "".join(line(row, code, known.get(row["account_id"])) for row in rows.iter_rows(named=True))
    st.html(
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-risks"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    if every > rows.height:
        more = say(
            "The first {shown} of {every}; the download has all of them.",
            shown=rows.height,
            every=whole(every),
        )
        st.html(f'<p class="hf-sub">{more}</p>')
    download(edition, choice)


def line(row: dict[str, Any], code: str, seen: Handled | None) -> str:
    key, name = row["account_id"], row["name"] or row["account_id"]
    link = f"account?id={quote(key, safe='')}"
    cells = (
        f'<td class="hf-left">{bar(row)}</td>',
        f'<td title="{words.money_exact(row["mrr"], code)}">{words.money(float(row["mrr"]), code)}</td>',
        f"<td>{words.value(row['mrr_at_risk'], 'money', code)}</td>",
        f"<td>{trend(row)}</td>",
        f'<td class="hf-left">{reasons(row)}</td>',
        f'<td class="hf-left">{escape(row["owner"] or words.NONE)}</td>',
        f'<td class="hf-left">{seen_to(seen)}</td>',
    )

    cut = f'<span class="hf-cut">{escape(name)}</span>'
    named = f'<a class="hf-account" href="{escape(link)}" target="_self">{cut}</a>'
    return f'<tr><th title="{escape(key)}">{named}</th>{"".join(cells)}</tr>'


def bar(row: dict[str, Any]) -> str:
    """The probability as a bar with its figure and band; the band alone where there is none."""
    band = escape(row["band"])
    name = escape(say(reads.BANDS.get(row["band"], row["band"])))
    named = f'<span class="hf-band hf-band-{band}">{name}</span>'
    if row["risk"] is None:
        return named
    width = max(1.0, min(row["risk"], 1.0) * 100)
    hint = say("{risk} to have no MRR within 30 days", risk=words.exact(row["risk"], "rate"))
    return (
        f'<span class="hf-riskbar" title="{hint}">'
        f'<i style="width:{width:.1f}%"></i></span>'
        f"<b>{words.percent(row['risk'])}</b> {named}"
    )


def trend(row: dict[str, Any]) -> str:
    """How the risk differs from a week before."""
    if row["risk"] is None or row["risk_7"] is None:
        return words.NONE
    return words.points(row["risk"] - row["risk_7"])


def reasons(row: dict[str, Any]) -> str:
    told = [reason(row[name]) for name in REASONS if row[name]]
    return "<br>".join(escape(text) for text in told) or words.NONE


def seen_to(seen: Handled | None) -> str:
    if seen is None:
        return words.NONE
    when = words.moment(seen.at, numbers.settings().timezone)
    return f'<span title="{escape(seen.text)}">{escape(seen.author)}, {when}</span>'


def download(edition: str, choice: Choice) -> None:
    person.require("viewer")
    st.download_button(
        say("Download CSV"),
        data=lambda: csv(edition, choice),
        file_name="accounts-at-risk.csv",
        mime="text/csv",
        icon=":material/download:",
        key="churn_download",
        on_click="ignore",
        help=say("Every account that fits the filters, with its risk and reasons"),
    )


def csv(edition: str, choice: Choice) -> bytes:
    asked = (choice.of, choice.band, choice.owner, choice.search, choice.order)
    rows = reads.accounts(edition, *asked, numbers.EVERY)
    return tables.csv(rows.with_columns(pl.col("risk").round(6), pl.col("mrr_at_risk").round(4)))
