"""What Holdfast says: texts are written in English and looked up in a language where they are said.

Whoever writes for one reader says so: `with speaking("pl")`. Elsewhere the pages answer, of their runs; where
nobody does, it is English.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, wraps
from gettext import NullTranslations
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from data.speech import writing
from data.speech.writing import Writing

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "pl": "Polski"}
LOCALE = Path(__file__).with_name("locale")
Rest = ParamSpec("Rest")
Said = TypeVar("Said")
_lent: ContextVar[str | None] = ContextVar("lent_language", default=None)


@dataclass
class Asking:
    """Who is asked what is spoken where nobody lent a language."""

    of_run: Callable[[], str]


asking = Asking(lambda: ENGLISH)


def language() -> str:
    """What is spoken here."""
    lent = _lent.get()
    return asking.of_run() if lent is None else lent


def known(spoken: str | None) -> str:
    """A language that we speak; English in the place of others."""
    return spoken if spoken in LANGUAGES else ENGLISH


@contextmanager
def speaking(spoken: str) -> Iterator[None]:
    """For as long as this lasts, whatever else is spoken."""
    before = _lent.set(spoken)
    try:
        yield
    finally:
        _lent.reset(before)


class Addressed(Protocol):
    """Something written for a reader."""

    @property
    def language(self) -> str: ...


To = TypeVar("To", bound=Addressed)


def for_reader(told: Callable[Concatenate[To, Rest], Said]) -> Callable[Concatenate[To, Rest], Said]:
    """What is told of something is said in the language of its reader, whoever asks."""

    @wraps(told)
    def in_theirs(of: To, /, *rest: Rest.args, **named: Rest.kwargs) -> Said:
        with speaking(known(of.language)):
            return told(of, *rest, **named)

    return in_theirs


def say(text: str, **values: object) -> str:
    """A whole sentence in the language that is spoken, its {names} filled in as they are given."""
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


def english(text: str, /, **values: object) -> str:
    """A sentence in English, whatever is spoken, for what is kept or raised: `retold` says it to people."""
    return text.format(**values) if values else text


def whole(number: float) -> str:
    """1,204, as the language writes it."""
    return f"{number:,.0f}".translate(written().swaps)


def written() -> Writing:
    """How numbers and dates are written in the language that is spoken."""
    return writing.of(language())


def entries(spoken: str, meaning: str) -> list[tuple[str, str]]:
    """The texts of one meaning that a language has, each with how it says them."""
    texts = [each for each in read(spoken) if each.context == meaning]
    return [(str(each.id), str(each.string)) for each in texts]


@cache
def read(spoken: str) -> "Catalog":
    """What a language has for our texts, read once."""
    # Babel takes a while to load, and most commands say nothing in another language.
    from babel.messages.catalog import Catalog  # noqa: PLC0415
    from babel.messages.pofile import read_po  # noqa: PLC0415

    found = Catalog(locale=spoken)
    for path in sorted((LOCALE / spoken).glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file, locale=spoken):
                if message.id and not message.fuzzy:
                    found.add(message.id, message.string, context=message.context)
    return found


@cache
def catalogue(spoken: str) -> NullTranslations:
    """The same, as gettext looks it up."""
    from babel.messages.mofile import write_mo  # noqa: PLC0415 (as above)
    from babel.support import Translations  # noqa: PLC0415

    compiled = BytesIO()
    write_mo(compiled, read(spoken))
    compiled.seek(0)
    return Translations(compiled)
