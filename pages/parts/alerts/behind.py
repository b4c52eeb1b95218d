"""The accounts behind an alert: who they are, and all of them as a file."""

from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk.alerts import AlertView
from engine.desk.rehearsals import Behind
from pages.parts import alarms, cards, numbers, tables, words
from pages.parts.account.link import link
from pages.parts.speech import later, retold, say, several, whole

SHOWN = 12
NOBODY = later("No account can be named behind this figure.")
COLUMNS = ("account_id", "name", "email", "owner", "mrr", "last_active_day", "created_day")


def draw(edition: str | None, of: AlertView) -> None:
    found, reason = None, say(NOBODY)
    try:
        found = alarms.behind(edition, of.alert_id, of.period_start) if edition else None
    except HoldfastError as wrong:  # a dimension that editions no longer have
        reason = retold(str(wrong))
    with cards.panel("alerts_behind", say("Accounts behind it"), told(found) if found else ""):
        if edition is None or found is None or not found.count:
            cards.note(escape(reason) if found is None else say("None (any more)."))
            return
        rows = alarms.accounts_behind(edition, of.alert_id, of.period_start, SHOWN)
        dimension = first_dimension(edition)
        head = "".join(f"<th{name}>{title}</th>" for title, name in heads(dimension))
        body = "".join(line(row, dimension) for row in rows.iter_rows(named=True))
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
        below(edition, of, found.count)


def told(found: Behind) -> str:
    """12 accounts signed up in the period and have not activated."""
    accounts = several(found.count, "{count} account", "{count} accounts")
    return say("{accounts} {have}", accounts=accounts, have=escape(found.said))


def first_dimension(edition: str) -> str | None:
    """The attribute that says most of an account: its plan, where there is one."""
    known = numbers.edition(edition).segments
    return "plan" if "plan" in known else next(iter(known), None)


def heads(dimension: str | None) -> list[tuple[str, str]]:
    left = ' class="hf-left"'
    named = [(escape(words.name_of(dimension)), left)] if dimension else []
    return [(say("Account"), left), *named, (say("MRR"), ""), (say("Last active"), "")]


def line(row: dict[str, Any], dimension: str | None) -> str:
    name = link(row["account_id"], row["name"])
    code = numbers.settings().base_currency
    last = row["last_active_day"]
    cells = [
        f'<td class="hf-left">{escape(row[dimension] or words.NONE)}</td>' if dimension else "",
        f'<td title="{words.money_exact(row["mrr"], code)}">{words.cents(row["mrr"], code)}</td>',
        f"<td>{words.day_of(last) if last else say('never')}</td>",
    ]
    return f'<tr><th><span class="hf-cut">{name}</span></th>{"".join(cells)}</tr>'


def below(edition: str, of: AlertView, count: int) -> None:
    """How many are not shown, and the file that has them all."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if count > SHOWN:
            said = say("The {shown} that pay most of {count}.", shown=SHOWN, count=whole(count))
            st.html(f'<p class="hf-sub">{said}</p>')
        st.download_button(
            say("Download CSV"),
            data=lambda: csv(edition, of),
            file_name=f"accounts-behind-alert-{of.alert_id}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="alerts_download",
            on_click="ignore",
            help=say("All of them, with everything that is known"),
        )


def csv(edition: str, of: AlertView) -> bytes:
    rows = alarms.accounts_behind(edition, of.alert_id, of.period_start, numbers.EVERY)
    known = numbers.edition(edition).segments
    return tables.csv(rows.select(*COLUMNS[:4], *known, *COLUMNS[4:]))
