"""Every page in a language that marks what is looked up: what stands unmarked was forgotten."""

import json
import re
import shutil
from collections.abc import Callable, Iterator
from getpass import getuser
from gettext import NullTranslations
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from playwright.sync_api import Browser, expect
from streamlit.testing.v1 import AppTest

from data import speech as saying
from data.settings import Settings
from data.speech import writing
from engine.control import people as people_rows
from engine.control.store import Control
from engine.desk import people
from engine.desk.people import Person
from pages.parts import once, person, rooms, speech, tongue
from tests.pages.alarmed import HOSTILE, LEAD, OVER, PENDING
from tests.pages.browsing import PATIENCE
from tests.pages.company import CHANNELS, PLANS, REGIONS, STEPS
from tests.pages.serving import Server
from tests.pages.test_pages import go

Open = Callable[[Path], AppTest]
SEEN = {"body", "label", "help", "placeholder", "options", "caption", "alt", "title", "page_name"}
DATA = {"spec", "json", "columns"}  # JSON, of which these are shown:
SHOWN = {"title", "label", "domain", "said", "names", "facts", "todo", "late"}
SAID = re.compile(r"⟦[^⟦⟧]*⟧")
FILLED = re.compile(r"(\{[^{}]*\})")
TOLD = re.compile(r'(?:title|aria-label|placeholder)="([^"]*)"')
CODE = re.compile(r"<(style|script|pre|code|svg)\b.*?</\1>|`[^`]*`|:material/\w+:", re.S)
TAG = re.compile(r"<[^>]*>")
WORD = re.compile(r"[A-Za-z][a-z]{2,}")
# What the company of the fixtures calls things, and its rules; what is called so in every language.
CALLED = (
    *(HOSTILE, PENDING, OVER, LEAD),
    *("Ask the two largest accounts of the region.", "A source is late", "Activation stalls"),
    *("Churn rises", "Churn risk rises", "Time to first value grows"),
    *(name.replace("_", " ") for name in STEPS),
    *(*PLANS, *REGIONS, *CHANNELS, "plan", "region", "channel", "Company", "visited"),
    *("Holdfast", "English", "Polski", "SQL", "CSV", "PNG", "PDF", "API", "MRR", "README", "https", "UTC"),
    *(
        "Slack",
        "admin",
        "root",
        "app",
        "billing",
        "files",
        "new",
        "Parquet",
        "PostHog",
        "acc",
        "USD",
        getuser(),
    ),
)
LONGEST_FIRST = "|".join(map(re.escape, sorted(CALLED, key=len, reverse=True)))
NAMES = re.compile(rf"(?<!\w)(?:{LONGEST_FIRST})(?!\w)|\w+_\w+", re.IGNORECASE)
# The units, months and days that words.py writes.
WRITTEN = frozenset(
    word
    for text in (
        *writing.polish().months,
        *writing.polish().days,
        *writing.polish().units,
        "tys mln mld tydzień od",
    )
    for word in re.findall(r"[A-Za-z]{3,}", text)
)


class Marked(NullTranslations):
    """Marks every piece of a text, so that what is filled in stands outside of the marks."""

    def gettext(self, message: str) -> str:
        return "".join(
            part if FILLED.fullmatch(part) else f"⟦{part}⟧" for part in FILLED.split(message) if part
        )

    def pgettext(self, context: str, message: str) -> str:  # noqa: ARG002
        return self.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid1 if n == 1 else msgid2)


@pytest.fixture
def marked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(saying, "catalogue", lambda _: Marked())
    once.forget()
    yield
    once.forget()


def texts(part: Any, name: str = "") -> Iterator[str]:
    """All that a page shows, out of what it sends to the browser."""
    if isinstance(part, Message):
        for field, value in part.ListFields():
            yield from texts(value, field.name)
    elif isinstance(part, str):
        if name in SEEN:
            yield part
        elif name in DATA and part:
            yield from inside(json.loads(part))
    elif hasattr(part, "__iter__") and not isinstance(part, bytes):
        for value in part:
            yield from texts(value, name)


def inside(part: Any, is_shown: bool = False) -> Iterator[str]:
    """The same of JSON: specifications of charts, and what components of ours are given."""
    if isinstance(part, dict):
        for name, value in part.items():
            yield from inside(value, is_shown or name in SHOWN)
    elif isinstance(part, list):
        for value in part:
            yield from inside(value, is_shown)
    elif isinstance(part, str) and is_shown:
        yield part


def drawn(block: Any) -> Iterator[str]:
    if (proto := getattr(block, "proto", None)) is not None:
        yield from texts(proto)
    for child in getattr(block, "children", {}).values():
        yield from drawn(child)


def unsaid(text: str) -> set[str]:
    plain = CODE.sub(" ", FILLED.sub(" ", text))
    while SAID.search(plain):
        plain = SAID.sub(" ", plain)
    shown = " ".join([TAG.sub(" ", plain), *TOLD.findall(plain)])
    return {word for word in WORD.findall(NAMES.sub(" ", unescape(shown))) if word.lower() not in WRITTEN}


# The trail tells values as they are stored.
ALSO = {"set_up/people.py": {"all", "segment", "stripe"}}


def near(word: str, text: str) -> str:
    at = re.search(rf"\b{word}\b", text)
    return text[max(0, at.start() - 80) : at.end() + 80] if at else text[:200]


PAGES = [room.path for found in rooms.ROOMS.values() for room in found]


@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_is_left_in_english(
    path: str, open_menu: Open, alarmed: Path, marked: None
) -> None:
    app = open_menu(alarmed)
    person.reads()["language"] = "pl"
    with speech.speaking("pl"):  # AppTest writes the options of a picker anew, outside of the run
        go(app, path)
    assert not app.exception
    left = {word: near(word, text) for text in drawn(app._tree) for word in unsaid(text)}
    assert left.keys() - ALSO.get(path, set()) == set(), left


@pytest.mark.parametrize("wanted", ["target:activation_rate", "letter:new"])
def test_nothing_in_a_dialog_is_left_in_english(
    wanted: str, open_menu: Open, alarmed: Path, marked: None
) -> None:
    app = open_menu(alarmed)
    person.reads()["language"] = "pl"
    app.session_state["asked"] = ("overview", wanted)
    with speech.speaking("pl"):
        app.run()
    assert not app.exception
    assert {word: near(word, text) for text in drawn(app._tree) for word in unsaid(text)} == {}


def test_nothing_is_left_in_english_before_there_is_data(
    open_menu: Open, tmp_path: Path, marked: None
) -> None:
    app = open_menu(tmp_path)
    person.reads()["language"] = "pl"
    with speech.speaking("pl"):
        app.run()
    assert not app.exception
    assert {word: near(word, text) for text in drawn(app._tree) for word in unsaid(text)} == {}


@pytest.mark.browser
def test_a_browser_is_answered_in_its_language_until_another_is_chosen(
    launched: Browser, server: Server
) -> None:
    polish = launched.new_context(locale="pl-PL")
    page = polish.new_page()
    page.goto(server.url)
    expect(page.locator("h1")).to_have_text("Przegląd", timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", "pl", timeout=PATIENCE)
    expect(page.get_by_text("Ruchy MRR")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("radio", name="English").click()
    expect(page.locator("h1")).to_have_text("Overview", timeout=PATIENCE)
    expect(page.locator("html")).to_have_attribute("lang", "en", timeout=PATIENCE)
    other = polish.new_page()
    other.goto(f"{server.url}/activation")
    expect(other.locator("h1")).to_have_text("Activation", timeout=PATIENCE)
    polish.close()


def test_the_choice_of_somebody_who_signed_in_is_kept_with_them(
    company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(company, tmp_path / "home")
    settings = Settings(home=tmp_path / "home")
    people.add(settings, "mara@example.com", "viewer", who="admin")
    chosen = Person("mara@example.com", "Mara", "viewer")
    signed_in = settings.model_copy(update={"sign_in": object()})
    monkeypatch.setattr(tongue, "settings", lambda: signed_in)
    monkeypatch.setattr(person, "require", lambda _: chosen)
    monkeypatch.setattr(tongue.st, "session_state", {tongue.SWITCH: "pl"})
    tongue.choose()
    stored = Control.open(settings)
    assert people_rows.find(stored, "mara@example.com").language == "pl"
