"""What a rule was before, who changed it and why; any version can be brought back."""

from datetime import datetime
from html import escape
from typing import Any

import streamlit as st

from data.errors import HoldfastError
from engine.desk import rules
from engine.desk.rules import Conflict, RuleVersion, RuleView
from pages.parts import alarms, cards, links, numbers, person, windows, words
from pages.parts.rules import diff, drafts, wrong
from pages.parts.speech import later, say, say_as, several

WANTED = "rules_restored"
MOST = 100
HEADS = (later("Version"), later("Who"), later("Why"), later("What it changed"))


def draw(view: RuleView) -> None:
    known = alarms.versions(view.rule_id)
    count = several(len(known), "{count} version", "{count} versions")
    with cards.panel("rules_versions", say("Versions"), count):
        st.html(table(known, view.version))
        links.follow("rules_versions_links", ask, within=".hf-versions")
    with cards.panel("rules_trail", say("Who did what"), say("The newest first")):
        st.html(trail(alarms.trail(view.rule_id)))
    if wanted := st.session_state.pop(WANTED, None):
        found = next((each for each in known if each.version == wanted), None)
        if found is not None:
            restoring(view, found)


def ask(opened: str) -> None:
    what, _, version = opened.partition(":")
    if what == "version":
        st.session_state[WANTED] = links.number(version)


def table(known: list[RuleVersion], current: int) -> str:
    before = {each.version: each for each in known}
    body = "".join(line(each, before.get(each.version - 1), current) for each in known[:MOST])
    head = "".join(f'<th class="hf-left">{name}</th>' for name in (*map(say, HEADS), ""))
    return (
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-rows hf-versions"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(of: RuleVersion, before: RuleVersion | None, current: int) -> str:
    changed = say("the beginning")
    if before is not None:
        changed = diff.line(diff.between(before.rule, of.rule), before.rule, of.rule)
    restore = f'<button class="hf-act" data-open="version:{of.version}">{say("Restore")}</button>'
    cells = (
        escape(of.author),
        escape(of.reason) or words.NONE,
        escape(changed),
        say("in force") if of.version == current else restore,
    )
    head = f"{of.version}<small>{moment(of.changed_at)}</small>"
    return f"<tr><th>{head}</th>{''.join(f'<td class=hf-left>{cell}</td>' for cell in cells)}</tr>"


def moment(at: datetime) -> str:
    return escape(words.moment(at, numbers.settings().timezone))


def deeds() -> dict[str, str]:
    """What can be done with a rule, by the key of its trail."""
    return {
        "created": say_as("a deed", "created"),
        "changed": say_as("a deed", "changed"),
        "paused": say_as("a deed", "paused"),
        "resumed": say_as("a deed", "resumed"),
        "removed": say_as("a deed", "removed"),
    }


def trail(entries: list[Any]) -> str:
    known = deeds()
    body = "".join(
        f"<li><time>{moment(each.at)}</time><b>{escape(each.who)}</b> "
        f"{escape(known.get(each.action, each.action))}"
        f"{f' <span>{escape(each.reason)}</span>' if each.reason else ''}</li>"
        for each in entries[:MOST]
    )
    return f'<ol class="hf-trail">{body}</ol>'


@windows.dialog(later("Bring this version back?"), width="large")
def restoring(view: RuleView, of: RuleVersion) -> None:
    person.require_whole("lead")
    found = diff.between(view.rule, of.rule)
    said = say(
        "Version {version} of {who}, {at}, becomes a new version.",
        version=of.version,
        who=escape(of.author),
        at=moment(of.changed_at),
    )
    st.html(f'<p class="hf-fix">{said}</p>')
    diff.table(found, view.rule, of.rule)
    with st.form("rules_restoring", border=False):
        reason = st.text_input(say("Why? (may be left out)"), key="rules_restore_reason", max_chars=1000)
        if st.form_submit_button(
            say("Restore it"), type="primary", key="rules_do_restore", disabled=not found
        ):
            restore(view, of.version, reason)


def restore(view: RuleView, version: int, reason: str) -> None:
    try:
        rules.restore_rule(
            numbers.settings(),
            view.rule_id,
            version,
            version=view.version,
            who=person.require_whole("lead").key,
            reason=reason,
        )
    except Conflict as meanwhile:
        wrong.say(
            say(
                "{who} saved version {version} meanwhile; close this and look at it.",
                who=meanwhile.author,
                version=meanwhile.version,
            )
        )
        return
    except HoldfastError as refused:
        wrong.say(str(refused))
        return
    drafts.put_away_untouched(str(view.rule_id))
    st.rerun()
