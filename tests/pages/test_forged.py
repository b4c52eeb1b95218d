"""Addresses, fields and clicks that somebody made up: every page goes on with what there is."""

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.testing.v1 import AppTest

from pages.parts import person, rooms
from tests.pages.conftest import MENU

Open = Callable[[Path], AppTest]
PAGES = [room.path for group in rooms.ROOMS.values() for room in group]
MORE = [  # pages that are another with a question
    *(("set_up/rules.py", {"rule": rule}) for rule in ("1", "new")),
    ("act/alerts.py", {"alert": "1"}),
    ("watch/account.py", {"id": "acc-001"}),
    ("watch/wall.py", {"wall": "1"}),
]
EVERY = [*((page, {}) for page in PAGES), *MORE]
FORGED = "forged<b>'\"; DROP TABLE people"
# Keys that stand in addresses, beside those of the fields.
KEYS = ("id", "rule", "alert", "wall", "view", "cohorts_by", "cohorts_chosen", "cohorts_days", "nobody")
CLICKS: tuple[Any, ...] = (
    7,
    {"open": FORGED},
    FORGED,
    *(f"{verb}:{FORGED}" for verb in ("version", "retry", "cell")),
)
LINKED = [
    each for each in EVERY if Path(each[0]).stem in ("overview", "cohorts", "channels", "rules", "people")
]


@pytest.fixture(scope="module")
def home(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("forged") / "home"
    shutil.copytree(alarmed, copy)
    return copy


@pytest.fixture(autouse=True)
def seen_as_before() -> Iterator[None]:
    yield
    person.tried().clear()


def drawn(app: AppTest) -> Iterator[Any]:
    """All that a page has, however deep."""
    waiting = [app._tree]
    while waiting:
        for part in getattr(waiting.pop(), "children", {}).values():
            waiting.append(part)
            yield part


def fields(app: AppTest) -> list[tuple[str, str]]:
    """Kind and id of what the browser can send a value of."""
    return [(part.type, part.id) for part in drawn(app) if getattr(part, "id", None)]


def forged(kind: str, widget: str) -> WidgetState | None:
    state = WidgetState(id=widget)
    if kind == "selectbox":
        state.string_value = FORGED
    elif kind in ("button_group", "multiselect", "select_slider", "date_input"):
        state.string_array_value.data.append(FORGED)
    elif kind == "number_input":
        state.double_value = 1e300
    elif kind == "bidi_component":
        state.json_value = json.dumps({"asked": [FORGED], "picked": {"a": 1}, "moved": FORGED})
    else:
        return None
    return state


def send(app: AppTest, sent: list[WidgetState]) -> AppTest:
    """What the page has in its fields, but for what is sent in their place."""
    states, ours = WidgetStates(), {state.id for state in sent}
    states.widgets.extend(state for state in app._tree.get_widget_states().widgets if state.id not in ours)
    states.widgets.extend(sent)
    return app._run(states)


def opened(app: AppTest, page: str, asked: dict[str, str]) -> AppTest:
    app.switch_page(page)
    for key, value in asked.items():
        app.query_params[key] = value
    app.run()
    assert not app.exception
    return app


@pytest.mark.parametrize(("page", "asked"), EVERY)
def test_fields_and_an_address_that_say_what_nobody_offers_break_no_page(
    open_menu: Open, home: Path, page: str, asked: dict[str, str]
) -> None:
    app = opened(open_menu(home), page, asked)
    sent = [state for kind, widget in fields(app) if (state := forged(kind, widget))]
    assert sent
    assert not send(app, sent).exception
    keys = {part.key for part in drawn(app) if getattr(part, "key", None)}
    fresh = AppTest.from_file(str(MENU), default_timeout=30).switch_page(page)
    for key in {*keys, *KEYS} - asked.keys():
        fresh.query_params[key] = [FORGED, "9" * 40] if key.endswith("chosen") else FORGED
    for key, value in asked.items():
        fresh.query_params[key] = value
    assert not fresh.run().exception


@pytest.mark.parametrize(("page", "asked"), LINKED)
def test_a_click_on_what_is_not_there_breaks_no_page(
    open_menu: Open, home: Path, page: str, asked: dict[str, str]
) -> None:
    app = opened(open_menu(home), page, asked)
    parts = {widget for kind, widget in fields(app) if kind == "bidi_component" and "_links" in widget}
    for click in CLICKS:
        sent = [
            WidgetState(
                id=_make_trigger_id(part, "events"),
                json_trigger_value=json.dumps([{"event": "open", "value": click}]),
            )
            for part in parts
        ]
        assert not send(app, sent).exception, click


def test_a_role_that_is_none_is_not_tried(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), PAGES[0], {})
    tries = app.selectbox(key="person_seen_as")
    send(app, [state for state in [forged("selectbox", tries.id)] if state])
    assert person.seen_as() == "admin"
    assert not app.run().exception
