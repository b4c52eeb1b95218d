"""Routes: where messages of rules go that name no channel, in their order."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from engine.desk import channels as desk
from engine.desk.channels import Route
from engine.desk.rules import SEVERITIES
from pages.parts import alarms, asked, cards, numbers, outgoing, person, tried, windows
from pages.parts.channels import listing
from pages.parts.rules import phrases
from pages.parts.speech import later, say, say_as

SEEN = "channels_routes"  # as they were when they were drawn: what is changed is changed from them
ANY, NEW = "any", "new"
ABOUT = later(
    "A rule that names no channel takes the first route that matches, and further ones while a route goes on"
)
NOWHERE = later("No route: messages of rules that name no channel go nowhere.")
HEADS = ("", later("When"), later("Then to"), later("After that"), "")


def draw() -> None:
    found = outgoing.routes()
    st.session_state[SEEN] = tuple(found)
    with cards.panel("channels_routes", say("Routes"), say(ABOUT)):
        if found:
            st.html(table(found))
        else:
            cards.note(say(NOWHERE))
        st.button(
            say("Add a route"),
            icon=":material/alt_route:",
            key="channels_add_route",
            on_click=asked.ask,
            args=("channels", f"route:{NEW}"),
        )


def table(found: Sequence[Route]) -> str:
    head = "".join(f'<th class="hf-left">{say(name) if name else ""}</th>' for name in HEADS)
    body = "".join(line(place, route, len(found)) for place, route in enumerate(found))
    return (
        f'<div class="hf-scroll" tabindex="0"><table class="hf-table hf-wrapped hf-folding hf-routes">'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def line(place: int, route: Route, count: int) -> str:
    after = say("goes on to the next" if route.goes_on else "stops")
    told = [escape(cell) for cell in (when(route), ", ".join(route.channels), after)]
    acts = (
        button(f"up:{place}", "↑", say("Earlier"), place == 0)
        + button(f"down:{place}", "↓", say("Later"), place == count - 1)
        + button(f"route:{place}", say_as("verb", "Change"))
        + button(f"drop:{place}", say("Remove"))
    )
    return listing.row(f"{place + 1}.", HEADS[1:], (*told, f'<span class="hf-acts">{acts}</span>'))


def button(opens: str, label: str, about: str = "", is_off: bool = False) -> str:
    named = f' title="{about}" aria-label="{about}"' if about else ""
    return (
        f'<button class="hf-act" data-open="{opens}"{named}{" disabled" if is_off else ""}>{label}</button>'
    )


def when(route: Route) -> str:
    """critical · Activation rate · Team."""
    metric = phrases.title_of(route.metric) if route.metric else None
    severity = phrases.grade(route.severity) if route.severity else None
    parts = [part for part in (severity, metric, route.segment) if part]
    return " · ".join(parts) or say("always")


def seen() -> list[Route]:
    return list(st.session_state.get(SEEN, ()))


def put(fresh: Sequence[Route], do: Callable[[Callable[[], object]], bool]) -> bool:
    """Put these in their place, unless somebody else changed them since they were drawn."""
    settings, who, before = numbers.settings(), person.require_whole("lead").key, seen()
    return do(lambda: desk.set_routes(settings, fresh, who=who, instead_of=before))


def move(verb: str, about: str) -> None:
    """Up, down, or out."""
    known, place = seen(), int(about)
    if place >= len(known):
        return
    route = known.pop(place)
    if verb != "drop":
        known.insert(max(0, place - 1) if verb == "up" else place + 1, route)
    put(known, tried.at_once)


@windows.dialog(later("A route"), width="medium", on_dismiss=asked.forget)
def dialog(about: str) -> None:
    person.require_whole("lead")
    known = seen()
    place = int(about) if about != NEW else len(known)
    before = known[place] if place < len(known) else Route(None, None, None, ())
    names = list(outgoing.channels())
    if not names:
        st.info(say("Add a channel first: a route leads to one."), icon=":material/info:")
        return
    with st.form("channels_routing", border=False):
        route = ask(before, names)
        if st.form_submit_button(say("Save"), type="primary", key="channels_do_route"):
            fresh = [*known[:place], route, *known[place + 1 :]]
            if put(fresh, tried.in_dialog):
                asked.done()


def ask(before: Route, names: Sequence[str]) -> Route:
    severity = choose(say("Severity"), [ANY, *SEVERITIES], before.severity, "severity", phrases.graded)
    figures = [ANY, *alarms.watchable()]
    metric = choose(say("Figure"), figures, before.metric, "metric", phrases.title_of)
    segment = st.text_input(
        say("Segment"),
        before.segment or "",
        key="channels_route_segment",
        placeholder=say("any"),
        help=say(SEGMENT),
    )
    leads = st.multiselect(
        say_as("a channel", "To"),
        names,
        [name for name in before.channels if name in names],
        key="channels_route_to",
    )
    goes_on = st.toggle(say("Then go on to the next route"), before.goes_on, key="channels_route_on")
    return Route(severity, metric, segment.strip() or None, tuple(leads), goes_on)


SEGMENT = later("The value of the attribute that the rule looks at, such as Team or Europe; empty: any")


def choose(
    label: str, options: Sequence[str], before: str | None, key: str, told: Callable[[str], str]
) -> str | None:
    index = options.index(before) if before in options else 0
    chosen = st.selectbox(
        label,
        options,
        index=index,
        format_func=lambda option: say("Any") if option == ANY else told(option),
        key=f"channels_route_{key}",
    )
    return None if chosen == ANY else chosen
