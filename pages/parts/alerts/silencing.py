"""Silences: what is judged but not told, until when, by whom and why; made, listed, ended early."""

from datetime import datetime
from html import escape

import streamlit as st

from engine.desk import alerts as desk
from engine.desk.alerts import AlertView, SilenceView
from pages.parts import alarms, asked, cards, numbers, person, tried, windows, words
from pages.parts.alerts import moments, says
from pages.parts.rules import phrases
from pages.parts.sources import standing
from pages.parts.speech import later, say, say_as, several

ABOUT = later(
    "What a silence covers is judged all the same, and shown on this page; nobody is sent a message of it. "
    "What still fires when it ends is told then."
)
PAGE, ANY = "alerts", "any"
Scope = dict[str, int | str | None]


def listed() -> None:
    now = standing.now()
    found = sorted(alarms.silences(now), key=lambda one: one.ends_at)
    with cards.panel("alerts_silences", say("Silences"), subtitle(len(found))):
        if found:
            st.html(table(found))
        else:
            cards.note(say("No silence is in force, and none is planned."))
        if not person.may("lead"):
            return
        with st.container(horizontal=True):
            button(say("New silence"), "general", ":material/volume_off:")
            if found:
                button(say("End one early"), "ending", ":material/volume_up:")
    verb, _ = asked.wanted(PAGE)
    if verb == "general":
        general()
    elif verb == "ending" and found:
        ending()


def button(label: str, verb: str, icon: str) -> None:
    st.button(label, icon=icon, key=f"alerts_{verb}", on_click=asked.ask, args=(PAGE, verb))


def subtitle(count: int) -> str:
    if not count:
        return ""
    return several(count, "{count} silence, in force or planned", "{count} silences, in force or planned")


def table(found: list[SilenceView]) -> str:
    heads = (say("Covers"), say("State"), say("Ends"), say_as("a person", "By"), say("Why"))
    head = "".join(f'<th class="hf-left">{name}</th>' for name in heads)
    body = "".join(line(one) for one in found)
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-wrapped"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(one: SilenceView) -> str:
    cells = (
        state(one),
        f'<span title="{escape(says.moment(one.ends_at))}">{says.ahead(one.ends_at)}</span>',
        escape(one.author),
        escape(one.reason) or words.NONE,
    )
    rest = "".join(f"<td class=hf-left>{cell}</td>" for cell in cells)
    return f"<tr><th>{escape(covers(one))}</th>{rest}</tr>"


def state(one: SilenceView) -> str:
    if one.is_in_force(standing.now()):
        return f'<span class="hf-state hf-state-off"><i></i>{say("In force")}</span>'
    begins = f'title="{escape(says.moment(one.starts_at))}"'
    ahead = say("Begins {ahead}", ahead=says.ahead(one.starts_at))
    return f'<span class="hf-state hf-state-open" {begins}><i></i>{ahead}</span>'


def covers(one: SilenceView) -> str:
    """The rule churn risk rises, Plan: Team."""
    parts = []
    if one.rule_id is not None:
        parts.append(say("the rule {rule}", rule=one.rule or one.rule_id))
    if one.metric is not None:
        parts.append(phrases.title_of(one.metric))
    if one.segment is not None:
        parts.append(words.segment(one.dimension, one.segment) if one.dimension else one.segment)
    elif one.dimension is not None:
        parts.append(say("every {dimension}", dimension=words.name_of(one.dimension).lower()))
    return ", ".join(parts) or say("everything")


def is_of(one: SilenceView, of: AlertView, now: datetime) -> bool:
    """Whether it is in force and covers an alert."""
    rule = of.rule
    return (
        one.is_in_force(now)
        and one.rule_id in (None, of.rule_id)
        and one.metric in (None, rule.metric)
        and one.dimension in (None, rule.dimension)
        and one.segment in (None, of.segment)
    )


def told_of(one: SilenceView) -> str:
    """Silenced by Mara until 9 Nov 2026, 14:32: holiday."""
    who, until = escape(one.author), escape(says.moment(one.ends_at))
    why = f": {escape(one.reason)}" if one.reason else ""
    return say("<b>Silenced</b> by {who} until {until}", who=who, until=until) + why


@windows.dialog(later("Silence it"), on_dismiss=asked.forget)
def dialog(of: AlertView) -> None:
    """A silence that covers an alert."""
    person.require("lead")
    st.markdown(say(ABOUT))
    scopes = scopes_of(of)
    chosen = st.selectbox(
        say("What"), list(scopes), format_func=scopes.__getitem__, key="alerts_silence_scope"
    )
    ask(dict(chosen))


def scopes_of(of: AlertView) -> dict[tuple[tuple[str, int | str | None], ...], str]:
    """From the narrowest to the widest, with what each is called; none wider than what the reader sees."""
    where = (("dimension", of.rule.dimension), ("segment", of.segment))
    place, title = says.place(of), phrases.title_of(of.rule.metric)
    own = (("rule_id", of.rule_id),)
    scopes: dict[tuple[tuple[str, int | str | None], ...], str] = {
        (*own, *where): say("This alert: {rule}, {place}", rule=of.rule.name, place=place)
    }
    if person.scope() is None:
        scopes[own] = say("The rule {rule}, whatever the segment", rule=of.rule.name)
    if not says.is_of_source(of):
        watched = ("metric", of.rule.metric)
        scopes[(watched, *where)] = say("{title}, {place}, whatever the rule", title=title, place=place)
        scopes[where] = say("{place}, whatever the rule and figure", place=place)
    return scopes


@windows.dialog(later("New silence"), on_dismiss=asked.forget)
def general() -> None:
    """A silence of a rule, or of everything: for a migration, a holiday, a planned stop."""
    person.require_whole("lead")
    st.markdown(say(ABOUT))
    rules = {str(view.rule_id): view.rule.name for view in alarms.all_rules().values()}
    chosen = st.selectbox(
        say("What"),
        [ANY, *rules],
        format_func=lambda key: (
            say("The rule {rule}", rule=rules[key]) if key in rules else say("Everything")
        ),
        key="alerts_silence_rule",
    )
    ask({"rule_id": int(chosen)} if chosen in rules else {})


def ask(scope: Scope) -> None:
    waits = st.toggle(say("It begins later"), key="alerts_silence_later")
    starts_at = moments.given(say("Begins"), "alerts_silence_from", moments.soon()) if waits else None
    until = moments.until("alerts_silence", start=2)
    hint = say("so that others understand it")
    reason = st.text_input(say("Why"), key="alerts_silence_reason", placeholder=hint)
    label = say_as("verb", "Silence")
    if st.button(label, type="primary", key="alerts_do_silence", disabled=until is None) and until:
        settings, given = (
            numbers.settings(),
            {"who": person.require("lead").key, "reason": reason.strip(), **scope},
        )
        if tried.in_dialog(lambda: desk.silence(settings, until=until, starts_at=starts_at, **given)):
            asked.done()


@windows.dialog(later("End a silence early"), on_dismiss=asked.forget)
def ending() -> None:
    person.require("lead")
    st.markdown(say("What fires by then and was held back is told with the next evaluation."))
    found = alarms.silences_of_theirs(standing.now())
    with st.form("alerts_ending", border=False):
        chosen = st.selectbox(say("Silence"), found, format_func=told, key="alerts_ended")
        reason = st.text_input(say("Why"), key="alerts_ended_reason")
        if st.form_submit_button(say("End it now"), type="primary", key="alerts_do_end") and chosen:
            settings, who, why = numbers.settings(), person.require("lead").key, reason.strip()
            if tried.in_dialog(lambda: desk.end_silence(settings, chosen.silence_id, who=who, reason=why)):
                asked.done()


def told(one: SilenceView) -> str:
    ends = says.moment(one.ends_at)
    return say("{covers} · ends {ends} · by {who}", covers=covers(one), ends=ends, who=one.author)
