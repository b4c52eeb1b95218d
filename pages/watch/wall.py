"""The numbers on a wall: chosen slides in large type, full screen, live; the choice stands in the address."""

import streamlit as st

from pages.parts import changes, filters, firing, lacking, lateness, live, numbers, person, top
from pages.parts.changes import Scene
from pages.parts.decided import Decided
from pages.parts.heard import understand
from pages.parts.speech import later, say
from pages.parts.wall import frame, slides
from pages.parts.wall.slides import Show

ON, SHOWN, LEFT = "wall", "wall_show", "wall_left"
DEFAULT = [slides.DRIVERS, slides.CHANGED, slides.FIRING]
SECONDS = (5, 10, 15, 20, 30, 60)
ABOUT = later(
    "Each slide is shown for as long as you say, in letters that can be read from five metres; new numbers "
    "come by themselves. The address holds all of it: open it on the screen that hangs there. Esc leaves."
)


def start() -> None:
    person.require("viewer")
    st.session_state[LEFT] = False
    st.query_params[ON] = "1"


def leave() -> None:
    st.session_state[LEFT] = True
    st.query_params.pop(ON, None)


def is_on() -> bool:
    """Whether it hangs: a rerun that was asked for before somebody left still brings the address of then."""
    if st.session_state.get(LEFT):
        st.query_params.pop(ON, None)
    return st.query_params.get(ON) == "1"


@st.fragment(key="wall")
@lacking.told
def wall() -> None:
    person.require("viewer")
    if is_on() and (edition := numbers.newest()):
        hang(edition)
        return
    with top.line(later("Wall")) as edition:
        filters.grain("wall")
        filters.segment(edition, "wall")
    choose(edition)


def choose(edition: str) -> None:
    scene = Scene(edition, "week")
    st.html(f'<p class="hf-sub">{say(ABOUT)}</p>')
    pick(slides.names(changes.figures(scene, changes.DRIVERS)))
    st.button(say("Start"), icon=":material/fullscreen:", type="primary", key="wall_start", on_click=start)
    frame.turn(0, SECONDS[0], leave)


def pick(names: list[str]) -> tuple[list[str], int]:
    """The slides in their order, and the seconds of each."""
    understand(SHOWN, names, slides.title)
    chosen = st.multiselect(
        say("What to show, in this order"),
        names,
        default=DEFAULT,
        format_func=slides.title,
        key=SHOWN,
        bind="query-params",
    )
    seconds = st.selectbox(
        say("Seconds each"), SECONDS, SECONDS.index(15), key="wall_every", bind="query-params", width=160
    )
    return chosen or DEFAULT, seconds or SECONDS[0]


def hang(edition: str) -> None:
    """What the pickers would say is in the address; they are drawn out of sight, and keep it there."""
    with st.container(key="wall_pickers"):
        grain = filters.grain("wall")
        segment = filters.segment(edition, "wall")
        scene = Scene(edition, grain, segment)
        figures = changes.figures(scene, changes.DRIVERS)
        chosen, seconds = pick(slides.names(figures))
    show = shown(scene, figures, edition)
    drawn = [slide for name in chosen if (slide := slides.slide(name, show))]
    frame.draw(drawn)
    with st.container(key="wall_live"):
        live.freshness(edition, lateness.note(edition))
    frame.turn(len(drawn), seconds, leave)


def shown(scene: Scene, figures: dict[str, numbers.Figure], edition: str) -> Show:
    decided = Decided()
    aims = decided.read(lambda: changes.aims(figures.values(), scene.of), None)
    code = numbers.edition(edition).base_currency
    fires = decided.read(lambda: firing.alerts(scene.of), None)
    return Show(figures, aims, changes.moves(scene), fires, scene.grain, scene.of, code)


wall()
