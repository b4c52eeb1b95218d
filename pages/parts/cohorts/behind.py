"""The accounts behind a cell: who stayed, who did not, and all of them as a file."""

from datetime import date
from html import escape
from io import BytesIO
from typing import Any
from urllib.parse import quote

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from metrics.explore.answer import Answer
from metrics.explore.members import Place
from metrics.explore.question import Question
from pages.parts import asked as dialogs
from pages.parts import cards, links, person, tables, windows, words
from pages.parts.cohorts import explored, wording
from pages.parts.cohorts.asking import Asked
from pages.parts.speech import later, retold, say, say_as, several, whole

PAGE = "cohorts"
SHOWN = 100
COUNTED = {
    "is_active": "Active",  # said by `counted_as`
    "mrr_0": later("MRR, period 0"),
    "mrr_k": later("MRR, this period"),
    "events": later("Events"),
}
SIDES = {"everybody": later("All"), "in": later("Counted"), "out": later("Not counted")}


def follow_clicks() -> None:
    links.follow("cohorts_links", follow, within=".hf-cohorts")


def follow(opened: str) -> None:
    """A click in a cell asks for its accounts; names of other parts of the page are theirs."""
    what, _, about = opened.partition(":")
    if what == "cell":
        person.require("viewer")
        dialogs.ask(PAGE, f"cell:{about}")


def draw_asked(edition: str, asked: Asked, answer: Answer) -> None:
    """The dialog, where one was asked for."""
    verb, about = dialogs.wanted(PAGE)
    if verb != "cell":
        return
    place = place_of(about, answer)
    if place is None:
        dialogs.forget()
        return
    show(edition, asked, place)


def place_of(about: str, answer: Answer) -> Place | None:
    """`number of the group:cohort:period`; nothing where it is none."""
    number, _, rest = about.partition(":")
    start, _, index = rest.partition(":")
    period, group = links.number(index), links.number(number)
    if period is None:
        return None
    try:
        day = date.fromisoformat(start)
        segment = "all" if group is None else answer.segments[group]
    except (ValueError, IndexError):
        return None
    there = answer.cells.filter(pl.col("cohort_start") == day, pl.col("period_index") == period)
    return None if there.is_empty() else Place(day, period, segment, answer.named)


@windows.dialog(later("Accounts behind the cell"), width="large", on_dismiss=dialogs.forget)
def show(edition: str, asked: Asked, place: Place) -> None:
    person.require("viewer")
    question = asked.question if place.segment != "all" else asked.question.of_one_group()
    try:
        rows = explored.members(edition, question, asked.of, place)
    except HoldfastError as wrong:
        cards.note(escape(retold(str(wrong))))
        return
    where = f"{words.period(place.cohort_start, question.grain)}, {wording.after(place.index, question)}"
    group = "" if question.by == "all" else f" · {escape(wording.group(question, place.segment))}"
    st.html(f'<p class="hf-sub">{escape(where)}{group} · {escape(summed(rows, asked))}</p>')
    rows = only(rows, question)
    listed(rows, asked)
    download(rows, place)


def summed(rows: pl.DataFrame, asked: Asked) -> str:
    """How many they are, and what became of them."""
    if "is_active" in rows.columns:
        return several(
            len(rows),
            "{active} of {count} account counted as active",
            "{active} of {count} accounts counted as active",
            active=whole(int(rows["is_active"].sum())),
        )
    if "mrr_k" in rows.columns:
        return several(
            len(rows),
            "{count} account, {kept} of {before} MRR in period 0",
            "{count} accounts, {kept} of {before} MRR in period 0",
            kept=words.money_exact(rows["mrr_k"].sum(), asked.code),
            before=words.money_exact(rows["mrr_0"].sum(), asked.code),
        )
    counted = several(len(rows), "{count} account", "{count} accounts")
    return f"{counted}, {several(int(rows['events'].sum()), '{count} event', '{count} events')}"


def only(rows: pl.DataFrame, question: Question) -> pl.DataFrame:
    """Those who stayed, those who did not, or all."""
    if question.is_share:
        condition = pl.col("is_active")
    else:
        condition = pl.col("events" if question.measure == "events" else "mrr_k") > 0
    side = st.segmented_control(
        say("Which"),
        list(SIDES),
        default="everybody",
        format_func=lambda side: say(SIDES[side]),
        required=True,
        key="cohorts_side",
        label_visibility="collapsed",
    )
    if side == "everybody":
        return rows
    return rows.filter(condition if side == "in" else ~condition)


def listed(rows: pl.DataFrame, asked: Asked) -> None:
    if rows.is_empty():
        cards.note(say("None."))
        return
    counted = [column for column in COUNTED if column in rows.columns]
    first, last = (later("Account"), later("First day")), (later("Last active"), later("MRR now"))
    heads = [*map(say, first), *map(counted_as, counted), *map(say, last)]
    head = "".join(f"<th{' class=hf-left' if not at else ''}>{text}</th>" for at, text in enumerate(heads))
    body = "".join(line(row, counted, asked.code) for row in rows.head(SHOWN).iter_rows(named=True))
    st.html(
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )
    if len(rows) > SHOWN:
        more = say(
            "The first {shown} of {every}; the files hold all of them.", shown=SHOWN, every=whole(len(rows))
        )
        st.html(f'<p class="hf-sub">{more}</p>')


def counted_as(column: str) -> str:
    return say_as("accounts", "Active") if column == "is_active" else say(COUNTED[column])


def line(row: dict[str, Any], counted: list[str], code: str) -> str:
    account = str(row["account_id"])
    name = escape(row["name"] or account)
    link = (
        f'<a href="/account?id={quote(account, safe="")}" target="_self" title="{escape(account)}">{name}</a>'
    )
    last = words.day_of(row["last_active_day"]) if row["last_active_day"] else say("never")
    cells = [words.day_of(row["start_day"]), *(shown(row, column, code) for column in counted), last]
    mrr = words.cents(row["mrr"], code) if row["mrr"] is not None else words.NONE
    return f"<tr><th>{link}</th>{''.join(f'<td>{text}</td>' for text in [*cells, mrr])}</tr>"


def shown(row: dict[str, Any], column: str, code: str) -> str:
    value = row[column]
    if column == "is_active":
        return say("yes" if value else "no")
    return words.cents(value, code) if column.startswith("mrr") else words.number(value)


def download(rows: pl.DataFrame, place: Place) -> None:
    name = f"accounts-{place.cohort_start}-{place.index}"
    files(rows, name, "cohorts_accounts")


def files(rows: pl.DataFrame, name: str, key: str) -> None:
    """The same rows for a spreadsheet and for a notebook."""
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "CSV",
            data=lambda: tables.csv(rows),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/download:",
            key=f"{key}_csv",
            on_click="ignore",
            help=say("Safe to open in a spreadsheet"),
        )
        st.download_button(
            "Parquet",
            data=lambda: parquet(rows),
            file_name=f"{name}.parquet",
            mime="application/vnd.apache.parquet",
            icon=":material/download:",
            key=f"{key}_parquet",
            on_click="ignore",
            help=say("Exact, for a notebook"),
        )


def parquet(rows: pl.DataFrame) -> bytes:
    into = BytesIO()
    rows.write_parquet(into)
    return into.getvalue()
