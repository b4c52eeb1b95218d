"""All sources at a glance."""

from collections.abc import Mapping

from pages.parts import cards, words
from pages.parts.sources import choice, listing
from pages.parts.sources.standing import Standing

WAIT = (
    "No source is set up and nothing was imported yet. <b>Add a source</b> above connects a product, a "
    "billing system, a database or a folder; <code>python -m engine import FOLDER</code> reads files once."
)


def draw(edition: str | None, known: Mapping[str, Standing]) -> None:
    with cards.panel("sources", "Sources", subtitle(known)):
        if known:
            listing.table(edition, known.values())
            choice.follow_clicks()
        else:
            cards.note(WAIT)


def subtitle(known: Mapping[str, Standing]) -> str:
    """How many of them stand how; what is wrong first."""
    if not known:
        return ""
    order = ("Failing", "Late", "Receiving", "Quiet", "Imported", "Nothing yet", "Off")
    found = [each.state.word for each in known.values()]
    told = [f"{found.count(word):,} {word.lower()}" for word in order if word in found]
    return f"{words.plural(len(known), 'source')}: {', '.join(told)} · click a name to open it"
