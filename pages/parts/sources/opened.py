"""One source: how it stands, what it brought, how it is connected, what was set aside."""

from html import escape

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from engine import desk
from pages.parts import cards, charts, numbers, person, windows
from pages.parts.sources import aside, choice, connect, listing, pulls
from pages.parts.sources.standing import Standing
from pages.parts.speech import later, retold, say, whole

COLUMNS = ("facts", "read", "added", "repeated", "waiting", "quarantined")
HEADS = (
    later("Shape"),
    later("Facts"),
    later("Read"),
    later("New"),
    later("Repeated"),
    later("Waiting"),
    later("Set aside"),
    later("Last fact"),
)
WAITING = later(
    "<b>Waiting</b> facts name an account that has not arrived. They are kept, and count from the moment it "
    "does: by an accounts file, an identify or group call, or a billing customer that names it."
)


def draw(edition: str | None, of: Standing) -> None:
    header(of)
    way = of.way
    if of.added and way and way.auth:
        connect.draw(of, way, of.added)
    if of.added and way and way.questions:
        pulls.draw(way, of.added)
    if edition and of.brought:
        left, right = st.columns([3, 2])
        with left:
            by_shape(edition, of)
        with right:
            by_minute(edition, of)
        aside.draw(edition, of)


def header(of: Standing) -> None:
    brought = of.brought
    tiles = (
        (say("Last fact"), listing.since(brought.last_fact_at if brought else None), tip(of, "last_fact_at")),
        (
            say("Last delivery"),
            listing.since(brought.last_delivery_at if brought else None),
            tip(of, "last_delivery_at"),
        ),
        (say("Lag"), listing.lag(of), ""),
        (say("Facts"), whole(brought.facts if brought else 0), ""),
        (say("Waiting"), whole(brought.waiting if brought else 0), ""),
        (say("Set aside"), whole(brought.quarantined if brought else 0), ""),
    )
    shown = "".join(
        f'<div title="{escape(hint)}"><span>{name}</span><b>{text}</b></div>' for name, text, hint in tiles
    )
    with st.container(key="panel_source", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="sources_head"):
            st.html(
                f'<div class="hf-head"><h2>{escape(of.name)} <small>{escape(of.title)}</small>'
                f'{listing.mark(of.state)}</h2><p class="hf-sub">{escape(of.state.sentence)}</p></div>'
            )
            if of.added and person.may("admin"):
                changes(of.added)
            st.button(
                say("All sources"),
                icon=":material/arrow_back:",
                key="sources_back",
                on_click=choice.show,
                args=(choice.EVERY,),
            )
        st.html(f'<div class="hf-tiles">{shown}</div>')


def tip(of: Standing, name: str) -> str:
    return listing.when(getattr(of.brought, name)) if of.brought else ""


def changes(source: desk.Source) -> None:
    """Switch it on or off, or forget it."""
    on = source.enabled
    st.button(
        say("Switch off" if on else "Switch on"),
        icon=":material/toggle_off:" if on else ":material/toggle_on:",
        key="sources_switch",
        on_click=switch,
        args=(source.name, not on),
        help=say("Its doors refuse what it sends, and it is asked no more" if on else "Take from it again"),
    )
    if st.button(say("Remove"), icon=":material/delete:", key="sources_remove"):
        removing(source.name)


def switch(name: str, on: bool) -> None:
    who = person.require_whole("admin").key
    desk.switch_source(numbers.settings(), name, on=on, who=who)


@windows.dialog(later("Remove this source?"))
def removing(name: str) -> None:
    person.require_whole("admin")
    st.markdown(
        say(
            "**{source}** is forgotten with its keys and secrets: what it sends is refused from then on. "
            "The facts it brought stay.",
            source=name,
        )
    )
    with st.form("sources_removing", border=False):
        typed = st.text_input(say("Type its name to confirm"), key="sources_typed")
        if st.form_submit_button(say("Remove it"), type="primary", key="sources_do_remove"):
            remove(name, typed.strip())


def remove(name: str, typed: str) -> None:
    who = person.require_whole("admin").key
    if typed != name:
        st.error(say("That is not its name: {name}.", name=name), icon=":material/error:")
        return
    try:
        desk.remove_source(numbers.settings(), name, who=who)
    except HoldfastError as wrong:
        st.error(retold(str(wrong)), icon=":material/error:")
        return
    choice.show(choice.EVERY)
    st.rerun()


def by_shape(edition: str, of: Standing) -> None:
    rows = numbers.sources(edition).filter(pl.col("source") == of.name).to_dicts()
    head = "".join(f"<th>{say(name)}</th>" for name in HEADS)
    body = "".join(
        f"<tr><th>{shape_of(row['shape'])}</th>"
        + "".join(listing.count(row[name], "hf-aside" if name == "quarantined" else "") for name in COLUMNS)
        + f"{listing.time_cell(row['last_fact_at'])}</tr>"
        for row in rows
    )
    with cards.panel("source_shapes", say("What came in"), say("By shape, since the beginning")):
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )
        if any(row["waiting"] for row in rows):
            st.html(f'<p class="hf-sub">{say(WAITING)}</p>')


def shape_of(name: str) -> str:
    """What could not be read stands under the kind it came as."""
    if name not in numbers.ways():
        return escape(name)
    return f"{escape(name)} <small>{say('unreadable')}</small>"


def by_minute(edition: str, of: Standing) -> None:
    zone = numbers.settings().timezone
    rows = numbers.arrivals_by_ten(edition, of.name, zone)
    said = say("By ten minutes, last 24 hours, {zone}", zone=escape(zone))
    with cards.panel("source_minutes", say("New facts"), said):
        if rows is None:
            cards.note(say("Nothing new came in the last 24 hours."))
            return
        shown = say("New facts by ten minutes, last 24 hours")
        charts.draw(rows, charts.ARRIVALS, "sources_minutes", shown)
