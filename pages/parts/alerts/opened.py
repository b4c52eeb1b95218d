"""One alert: what is wrong, since when, who looks after it, and all that is known about it."""

from collections.abc import Callable
from html import escape

import streamlit as st

from data.errors import BadInput, HoldfastError
from engine.desk.alerts import AlertView
from pages.parts import alarms, cards, links, rooms, words
from pages.parts.alerts import acting, behind, choice, listing, says, silencing, story, trend
from pages.parts.rules import phrases
from pages.parts.sources import standing
from pages.parts.speech import later, say

LOOKS = {"firing": "bad", "pending": "late", "resolved": "good", "quiet": "still"}
NONE_SUCH = later("There is no alert {asked}: the link may be older than this store, or mistyped.")
FOR = {
    "firing": later("Firing for"),
    "pending": later("Pending for"),
    "resolved": later("Resolved for"),
    "quiet": later("Quiet for"),
}


def draw(edition: str | None, asked: str) -> None:
    of = found(asked)
    if of is None:
        missing(asked)
        return
    header(of)
    known = alarms.story(of.alert_id)
    if says.is_of_source(of):
        side_by_side(lambda: story.moved(known, of), lambda: story.said(known, of))
        story.told(known)
        return
    side_by_side(lambda: trend.draw(of), lambda: story.said(known, of))
    side_by_side(lambda: behind.draw(edition, of), lambda: story.told(known))
    story.moved(known, of)


def side_by_side(large: Callable[[], None], small: Callable[[], None]) -> None:
    left, right = st.columns([3, 2])
    with left:
        large()
    with right:
        small()


def found(asked: str) -> AlertView | None:
    """The alert of an id as it stands in the address."""
    alert_id = links.number(asked)
    if alert_id is None:
        return None
    try:
        return alarms.alert(alert_id)
    except BadInput:
        return None


def missing(asked: str) -> None:
    with cards.panel("alerts_missing", say("No such alert")):
        cards.note(escape(say(NONE_SUCH, asked=repr(asked[:40]))))
        back()


def back() -> None:
    icon = ":material/arrow_back:"
    st.button(say("All alerts"), icon=icon, key="alerts_back", on_click=choice.close)


def header(of: AlertView) -> None:
    with st.container(key="panel_alert", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="alerts_head"):
            st.html(
                f'<div class="hf-head"><h2>{listing.grade(of.rule.severity)}{escape(of.rule.name)} '
                f"<small>{escape(says.place(of))}</small>{mark(of)}</h2>"
                f'<p class="hf-sub">{escape(says.headline(of))}</p></div>'
            )
            back()
        st.html(f'<div class="hf-tiles">{"".join(tile(*each) for each in tiles(of))}</div>')
        held(of)
        if of.rule.about:
            advice = say("<b>What to do:</b> {advice}", advice=escape(of.rule.about))
            st.html(f'<p class="hf-advice">{advice}</p>')
        with st.container(horizontal=True, vertical_alignment="center", key="alerts_doing"):
            acting.buttons(of)
            where(of)


def held(of: AlertView) -> None:
    """What keeps it from being told, and until when."""
    now = standing.now()
    said = [silencing.told_of(one) for one in alarms.silences(now) if silencing.is_of(one, of, now)]
    if says.is_snoozed(of):
        until = escape(says.moment(of.snoozed_until))
        said.append(say("<b>Snoozed</b> until {until}", until=until))
    if said:
        told = say("{reasons}. Nobody is told of it until then.", reasons=" · ".join(said))
        st.html(f'<p class="hf-held">{told}</p>')


def mark(of: AlertView) -> str:
    return f'<span class="hf-state hf-state-{LOOKS[of.status]}"><i></i>{says.status(of.status)}</span>'


def tile(name: str, text: str, hint: str) -> str:
    return f'<div title="{escape(hint)}"><span>{name}</span><b>{escape(text)}</b></div>'


def tiles(of: AlertView) -> list[tuple[str, str, str]]:
    metric, rule = of.rule.metric, of.rule
    found = [(say("Figure"), says.figure(of, metric), says.period(of, rule.grain))]
    if not says.is_of_source(of):
        found.append((say("Bound"), says.bound(of, metric) or words.NONE, ""))
        found.append((say("Beyond"), says.beyond(of), ""))
    lasted = words.NONE if of.since is None else says.lasted(of.since, None)
    beyond = say("Judged periods in a row that were beyond the bound")
    return [
        *found,
        (say(FOR[of.status]), lasted, says.moment(of.since)),
        (say("Periods beyond"), says.lasting(of) or words.NONE, beyond),
        (say("Taken by"), of.taken_by or say("nobody"), ""),
        (say("Told last"), says.since(of.told_at), says.moment(of.told_at)),
    ]


def where(of: AlertView) -> None:
    """Where more is to be seen: the rule, and for a late source that source."""
    if says.is_of_source(of):
        rooms.link("set_up/sources.py", say("Its source"), "input", query_params={"source": of.segment})
    wanted = {"rule": str(of.rule_id)}
    rooms.link("set_up/rules.py", say("Its rule"), "rule", query_params=wanted, help=condition(of))


def condition(of: AlertView) -> str | None:
    try:
        return words.literal(f"{phrases.watched(of.rule)}: {phrases.condition(of.rule)}")
    except HoldfastError:
        return None
