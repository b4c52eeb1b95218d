"""Which texts Holdfast says, and which of them a language has."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from data.speech import LOCALE
from data.speech.retelling import MEANING
from engine import desk
from engine.desk import Question, channels, rules
from metrics import catalog, titles
from pages.parts import words
from pages.parts.people import deeds

HERE = Path(__file__).parents[2]
SAYING = frozenset({"say", "say_as", "several", "later", "english"})
SPEECH = frozenset({"data.speech", "pages.parts.speech"})
ROOMS = ("data", "metrics", "engine", "pages")
SHARED, MESSAGES, SOURCES = "shared", "messages", "sources"
OTHERS = {"lifetime": "revenue", "saved": "cohorts"}
OF_ENGINE = {
    "digest": "digest",
    "alerts": "rules",
    "delivery": MESSAGES,
    "speech": SHARED,
    "unify": SOURCES,
    "intake": SOURCES,
    "sources": SOURCES,
}


@dataclass(frozen=True)
class Text:
    """A text in English; `many`: its plural; `meaning`: of a word that has several."""

    one: str
    many: str = ""
    meaning: str = ""

    @property
    def id(self) -> Any:
        return (self.one, self.many) if self.many else self.one


@dataclass(frozen=True)
class Entry:
    """A text with what a language has for it, in the file of a room."""

    text: Text
    message: Message
    room: str


@cache
def used() -> dict[Text, tuple[str, ...]]:
    """Every text that is said, with where."""
    found: dict[Text, list[str]] = {}
    for path in sorted(path for room in ROOMS for path in (HERE / room).rglob("*.py")):
        for text, line in texts_of(path):
            found.setdefault(text, []).append(f"{path.relative_to(HERE)}:{line}")
    for text, place in from_elsewhere():
        found.setdefault(text, []).append(place)
    return {text: tuple(places) for text, places in found.items()}


def texts_of(path: Path) -> Iterator[tuple[Text, int]]:
    """By the syntax tree: Babel's own reader goes by tokens and sees nothing inside an f-string."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = taken(tree)
    for call in ast.walk(tree) if names else ():
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in names:
            for text in texts_in(call.func.id, call.args):
                yield text, call.lineno


def taken(tree: ast.Module) -> frozenset[str]:
    """What a module says things with; the engine's log has a `say` of its own."""
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module in SPEECH]
    return SAYING & {alias.name for node in imports for alias in node.names}


def texts_in(name: str, arguments: list[ast.expr]) -> list[Text]:
    """What a call says; either of two where it depends."""
    told = [literals(each) for each in arguments]
    if name == "several":
        return [Text(one, many) for one, many in product(*told[1:3])]
    if name == "say_as":
        return [Text(text, meaning=meaning) for meaning, text in product(*told[:2])]
    if name == "english":
        return [Text(text, meaning=MEANING) for text in told[0]]
    return [Text(text) for text in told[0]]


def literals(argument: ast.expr) -> list[str]:
    if isinstance(argument, ast.IfExp):
        return [*literals(argument.body), *literals(argument.orelse)]
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def from_elsewhere() -> Iterator[tuple[Text, str]]:
    """What the pages show of the metrics and of the engine, which know English alone."""
    yield from of_metrics()
    yield from of_sources()
    for word in sorted(deeds.all_words()):
        yield Text(word, meaning=deeds.MEANING), "people:trail"
    yield from of_rules()
    yield from of_channels()


def of_metrics() -> Iterator[tuple[Text, str]]:
    for metric in catalog.load().values():
        title = "" if metric.name.startswith(titles.STEP) else metric.title
        for text in (title, metric.about, metric.caveat):
            if text:
                yield Text(text), f"metrics:{metric.name}"


def of_sources() -> Iterator[tuple[Text, str]]:
    """The kinds of sources, and what their forms ask for."""
    for way in desk.ways().values():
        for text in (way.title, way.about, way.pull_about):
            if text:
                yield Text(text), f"sources:{way.name}"
        yield from of_questions(way.questions, f"sources:{way.name}")


def of_rules() -> Iterator[tuple[Text, str]]:
    """The kinds of rules; what their fields are called, the page knows itself."""
    for kind in rules.kinds_of_rules():
        told = (kind.title, kind.about, *(question.about for question in kind.questions))
        yield from ((Text(text), f"rules:{kind.name}") for text in told if text)


def of_channels() -> Iterator[tuple[Text, str]]:
    """The kinds of channels, and what their forms ask for."""
    for kind in channels.channel_kinds().values():
        for text in (kind.title, kind.about, kind.picture):
            yield Text(text), f"channels:{kind.name}"
        yield from of_questions(kind.questions, f"channels:{kind.name}")


def of_questions(questions: Sequence[Question], place: str) -> Iterator[tuple[Text, str]]:
    for question in questions:
        for text in (words.name_of(question.name), question.about):
            if text:
                yield Text(text), place


def entries(language: str) -> list[Entry]:
    """All that a language has, in the order of its files."""
    found = []
    for path in sorted((LOCALE / language).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=language, abort_invalid=True):
                if message.id:
                    found.append(Entry(text_of(message), message, path.stem))
    return found


def text_of(message: Message) -> Text:
    one, many = message.id if isinstance(message.id, tuple) else (message.id, "")
    return Text(one, many, message.context or "")


def lacking(language: str) -> dict[Text, tuple[str, ...]]:
    """The texts that a language has nothing for."""
    known = {entry.text for entry in entries(language)}
    return {text: places for text, places in used().items() if text not in known}


def room_of(places: tuple[str, ...]) -> str:
    """The file that a text belongs to: that of the one room that says it, else what is shared."""
    rooms = {room(place) for place in places}
    return rooms.pop() if len(rooms) == 1 else SHARED


def room(place: str) -> str:
    path = place.partition(":")[0]
    if "/" not in path:
        return path
    top, *folders, name = path.removesuffix(".py").split("/")
    if top != "pages":
        return OF_ENGINE.get(folders[0] if folders else "", SHARED)
    if folders[:1] == ["parts"]:
        name = folders[1] if len(folders) > 1 else SHARED
    return OTHERS.get(name, name)
