"""The language of a run: texts are written in English and looked up in it where they are drawn."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

import streamlit as st
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages.parts import writing
from pages.parts.writing import Writing

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "pl": "Polski"}
LOCALE = Path(__file__).parents[1] / "locale"
SPOKEN = "speech_spoken"  # of a session, for its fragments
_noted: ContextVar[tuple[Any, str] | None] = ContextVar("noted_language", default=None)
_lent: ContextVar[str | None] = ContextVar("lent_language", default=None)


def language() -> str:
    """What is spoken in this run; English outside of one."""
    if (lent := _lent.get()) is not None:
        return lent
    run = getattr(get_script_run_ctx(suppress_warning=True), "parallel_coordinator", None)
    if run is None:
        return ENGLISH
    noted = _noted.get()
    if noted is None or noted[0] is not run:
        noted = (run, st.session_state.get(SPOKEN, ENGLISH))
        _noted.set(noted)
    return noted[1]


def speak(spoken: str) -> None:
    """From here on, in this run and the session's fragments; others than we know are English."""
    known = spoken if spoken in LANGUAGES else ENGLISH
    st.session_state[SPOKEN] = known
    run = getattr(get_script_run_ctx(suppress_warning=True), "parallel_coordinator", None)
    _noted.set((run, known))


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """For as long as this lasts, whatever the run speaks."""
    before = _lent.set(spoken)
    try:
        yield
    finally:
        _lent.reset(before)


def say(text: str, **values: object) -> str:
    """A whole sentence in the language of the run, its {names} filled in as they are given."""
    spoken = language()
    said = text if spoken == ENGLISH else catalogue(spoken).gettext(text)
    return filled(said, values) if values else said


def say_as(meaning: str, text: str, **values: object) -> str:
    """The same, for a word that means several things: which of them, for those who translate it."""
    spoken = language()
    said = text if spoken == ENGLISH else catalogue(spoken).pgettext(meaning, text)
    return filled(said, values) if values else said


def several(count: int, one: str, many: str, **values: object) -> str:
    """A sentence for a {count}, which is written as the language does."""
    spoken = language()
    if spoken == ENGLISH:
        said = one if count == 1 else many
    else:
        said = catalogue(spoken).ngettext(one, many, count)
    return filled(said, {"count": whole(count), **values})


def filled(said: str, values: Mapping[str, object]) -> str:
    """The text with its names filled in; the point of an abbreviation (3 godz.) ends a sentence, too."""
    for name, value in values.items():
        if isinstance(value, str) and value.endswith("."):
            said = said.replace(f"{{{name}}}.", f"{{{name}}}")
    return said.format(**values)


def later(text: str) -> str:
    """Marks a text for those who translate; it is said where it is drawn."""
    return text


def whole(number: float) -> str:
    """1,204, as the language writes it."""
    return f"{number:,.0f}".translate(written().swaps)


def written() -> Writing:
    """How numbers and dates are written in this run."""
    return writing.of(language())


@cache
def catalogue(spoken: str) -> NullTranslations:
    """What a language has for our texts, read once."""
    known = Catalog(locale=spoken)
    for path in sorted((LOCALE / spoken).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=spoken):
                if message.id and not message.fuzzy:
                    known.add(message.id, message.string, context=message.context)
    compiled = BytesIO()
    write_mo(compiled, known)
    compiled.seek(0)
    return Translations(compiled)
