"""Rules as TOML, for those who keep them in git: out, and in again after a look at what changes."""

from dataclasses import dataclass
from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine.desk import rules
from engine.desk.rules import Rule, RuleView
from pages.parts import alarms, numbers, person, windows
from pages.parts.rules import diff, phrases, wrong
from pages.parts.speech import later, say, say_as, several, whole

MOST_BYTES = 2_000_000
FILE = "holdfast-rules.toml"
SHOWN = "rules_previewed"


@dataclass(frozen=True)
class Preview:
    """What an import would do, by rule; `left` are rules that the file does not name, and stay."""

    fresh: tuple[Rule, ...]
    changed: tuple[tuple[RuleView, Rule], ...]
    same: int
    left: tuple[str, ...]

    @property
    def state(self) -> tuple[object, ...]:
        """What tells it from a preview that somebody's change has made another."""
        return self.fresh, tuple((view.rule_id, view.version) for view, _ in self.changed), self.same

    @property
    def does_something(self) -> bool:
        return bool(self.fresh or self.changed)


def draw() -> None:
    """The buttons of the top line."""
    st.download_button(
        say("Export"),
        alarms.export,
        file_name=FILE,
        mime="application/toml",
        icon=":material/download:",
        key="rules_export",
        on_click="ignore",
        help=say("All rules as TOML"),
    )
    about = say("Rules from a TOML file")
    if st.button(say("Import"), icon=":material/upload:", key="rules_import", help=about):
        importing()


@windows.dialog(later("Import rules"), width="large")
def importing() -> None:
    person.require_whole("lead")
    file = st.file_uploader(say("A file of rules, as TOML"), type=["toml"], key="rules_file")
    if file is None:
        said = say("Rules are told apart by their names. What the file does not name stays.")
        st.html(f'<p class="hf-sub">{said}</p>')
        return
    try:
        text = file.getvalue()[:MOST_BYTES].decode("utf-8")
        found = preview(text, file.name)
    except UnicodeDecodeError:
        wrong.say(say("{file} is not UTF-8 text.", file=file.name))
        return
    except HoldfastError as refused:
        wrong.say(str(refused))
        return
    show(found)
    was_shown = st.session_state.get(SHOWN) == found.state
    st.session_state[SHOWN] = found.state
    label = say("Import them" if found.does_something else "Nothing to import")
    if st.button(label, type="primary", key="rules_do_import", disabled=not found.does_something):
        take(text, file.name, was_shown=was_shown)


def preview(text: str, place: str) -> Preview:
    """What would come of a file now."""
    known = {view.rule.name: view for view in alarms.all_rules().values()}
    fresh, changed, same = [], [], 0
    for rule in alarms.read_file(text, place):
        view = known.pop(rule.name, None)
        if view is None:
            fresh.append(rule)
        elif view.rule == rule:
            same += 1
        else:
            changed.append((view, rule))
    return Preview(tuple(fresh), tuple(changed), same, tuple(sorted(known)))


def show(found: Preview) -> None:
    told = [
        several(len(found.fresh), "{count} new rule", "{count} new rules"),
        say("{count} changed", count=whole(len(found.changed))),
        say("{count} as they are", count=whole(found.same)),
        say("{count} not in the file, and left alone", count=whole(len(found.left))),
    ]
    st.html(f'<p class="hf-sub">{escape(" · ".join(told))}</p>')
    body = "".join(
        entry(say_as("a rule", "New"), rule.name, f"{phrases.watched(rule)}: {phrases.condition(rule)}")
        for rule in found.fresh
    )
    for view, rule in found.changed:
        body += entry(say("Changed"), rule.name, diff.line(diff.between(view.rule, rule), view.rule, rule))
    if body:
        st.html(
            '<div class="hf-scroll" tabindex="0"><table class="hf-table hf-rows hf-diff">'
            f"<tbody>{body}</tbody></table></div>"
        )


def entry(what: str, name: str, said: str) -> str:
    return f'<tr><th>{escape(name)}<small>{what}</small></th><td class="hf-left">{escape(said)}</td></tr>'


def take(text: str, place: str, *, was_shown: bool) -> None:
    """Import what was shown; where somebody changed a rule meanwhile, it has to be looked at first."""
    if not was_shown:
        wrong.say(say("Somebody changed rules meanwhile: look again at what would change, then import."))
        return
    try:
        rules.import_rules(numbers.settings(), text, place=place, who=person.require_whole("lead").key)
    except HoldfastError as refused:
        wrong.say(str(refused))
        return
    st.session_state.pop(SHOWN, None)
    st.rerun()
