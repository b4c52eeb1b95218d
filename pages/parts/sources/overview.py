"""All sources at a glance."""

from collections import Counter
from collections.abc import Mapping

from pages.parts import cards
from pages.parts.sources import choice, listing
from pages.parts.sources.standing import Standing
from pages.parts.speech import later, say, several, whole

WAIT = later(
    "No source is set up and nothing was imported yet. <b>Add a source</b> above connects a product, a "
    "billing system, a database or a folder; <code>python -m engine import FOLDER</code> reads files once."
)

COUNTED = {
    "Failing": later("{count} failing"),
    "Late": later("{count} late"),
    "Receiving": later("{count} receiving"),
    "Quiet": later("{count} quiet"),
    "Imported": later("{count} imported"),
    "Nothing yet": later("{count} nothing yet"),
    "Off": later("{count} off"),
}


def draw(edition: str | None, known: Mapping[str, Standing]) -> None:
    with cards.panel("sources", say("Sources"), subtitle(known)):
        if known:
            listing.table(edition, known.values())
            choice.follow_clicks()
        else:
            cards.note(say(WAIT))


def subtitle(known: Mapping[str, Standing]) -> str:
    """How many of them stand how; what is wrong first."""
    if not known:
        return ""
    found = Counter(each.state.word for each in known.values())
    return several(
        len(known),
        "{count} source: {states} · click a name to open it",
        "{count} sources: {states} · click a name to open it",
        states=", ".join(
            say(text, count=whole(found[word])) for word, text in COUNTED.items() if found[word]
        ),
    )
