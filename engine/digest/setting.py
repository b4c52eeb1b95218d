"""Sets a weekly letter as plain text, HTML and Markdown, in which nothing it quotes is taken for markup."""

from collections.abc import Sequence
from datetime import date
from html import escape

from data.speech import for_reader, later, say, several, written
from data.speech.figures import NONE, change, points
from engine import wording
from engine.delivery.outside import one_line
from engine.delivery.parcel import Parcel
from engine.delivery.rendering import CELL, STYLE, WIDTH, literal
from engine.digest.letter import Card, Letter
from engine.digest.pictures import ALT

HEADS = (later("Driver"), later("Last complete"), later("Change"), later("Target"), later("Period"))
MISSED = {
    "up": later("{target}, {size} short"),
    "down": later("{target}, {size} over"),
    "none": later("{target}, {size} off"),
}
CALM = later("Nothing fires.")
STILL = later("Nothing moved.")
FIRES, CHANGED = later("What fires now"), later("What changed")


@for_reader
def packed(letter: Letter, key: str, address: str, pictures: Sequence[tuple[str, bytes]]) -> Parcel:
    """A parcel of a letter.

    Args:
        key: the same however often it is sent; address: where the pages are served.
    """
    link = f"{address.rstrip('/')}/"
    subject, text = subject_of(letter), as_text(letter, link)
    return Parcel(
        key=key,
        severity="info",
        subject=subject,
        text=text,
        html=as_html(letter, link, [name for name, _ in pictures]),
        markdown=as_markdown(letter, link),
        facts=letter.stored | {"what": "digest", "key": key, "url": link, "subject": subject, "text": text},
        picture=pictures[0][1] if pictures else None,
        pictures=tuple(pictures),
    )


@for_reader
def subject_of(letter: Letter) -> str:
    """One line: what fires, and the first driver."""
    named = {"about": letter.about, "week": day(letter.week), "fires": firing(letter)}
    first = next((card for card in letter.cards if card.value is not None), None)
    if first is None:
        return one_line(say("[Weekly] {about}, week of {week}: {fires}", **named))
    figure = letter.write(first.value, first.unit)
    told = say(
        "[Weekly] {about}, week of {week}: {fires}, {title} {figure}",
        **named,
        title=first.title,
        figure=figure,
    )
    return one_line(told)


def firing(letter: Letter) -> str:
    if not letter.firing:
        return say("nothing fires")
    return several(letter.firing, "{count} alert firing", "{count} alerts firing")


def day(week: date) -> str:
    """9 Nov."""
    return f"{week.day} {written().month(week)}"


def opening(letter: Letter) -> str:
    """What it is about, and how old the numbers are."""
    as_of = wording.moment(letter.as_of, letter.zone)
    return say(
        "Your week in numbers: {about}, as of {moment} ({zone}).",
        about=letter.about,
        moment=as_of,
        zone=letter.zone,
    )


def fires(letter: Letter) -> list[str]:
    more = letter.firing - len(letter.fires)
    rest = [several(more, "and {count} more", "and {count} more")] if more > 0 else []
    return [*letter.fires, *rest] or [say(CALM)]


def changed(letter: Letter) -> list[str]:
    return list(letter.moved) or [say(STILL)]


def heads() -> tuple[str, ...]:
    return tuple(say(head) for head in HEADS)


def cells(card: Card, letter: Letter) -> tuple[str, ...]:
    return (
        card.title,
        letter.write(card.value, card.unit),
        change(card.value, card.before, card.unit),
        target(card, letter),
        wording.named(card.start, card.grain),
    )


def target(card: Card, letter: Letter) -> str:
    """40 %, 2.1 pp short; a dash without one."""
    if card.target is None:
        return NONE
    aim = letter.write(card.target, card.unit)
    if card.value is None:
        return say("{target}, not known yet", target=aim)
    gap = card.value - card.target
    if (gap >= 0 and card.better == "up") or (gap <= 0 and card.better == "down"):
        return say("{target}, met", target=aim)
    size = points(abs(gap)).lstrip("+") if card.unit == "rate" else letter.write(abs(gap), card.unit)
    return say(MISSED[card.better], target=aim, size=size)


@for_reader
def as_text(letter: Letter, link: str) -> str:
    table = [heads(), *(cells(card, letter) for card in letter.cards)]
    widths = [max(len(line[at]) for line in table) for at in range(len(HEADS))]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
    parts = [
        opening(letter),
        link,
        "\n".join([f"{say(FIRES)}:", *(f"  · {line}" for line in fires(letter))]),
        "\n".join([f"{say(CHANGED)}:", *(f"  · {line}" for line in changed(letter))]),
        "\n".join(lines),
    ]
    return "\n\n".join(parts)


def as_html(letter: Letter, link: str, pictures: Sequence[str]) -> str:
    size = f'width="{WIDTH}" style="max-width:100%"'
    shown = [f'<p><img src="cid:{name}" alt="{alt_of(name)}" {size}></p>' for name in pictures]
    parts = [
        f'<p style="font-size:17px"><b>{escape(opening(letter))}</b></p>',
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>',
        listed(say(FIRES), fires(letter)),
        listed(say(CHANGED), changed(letter)),
        table_of(letter),
        *shown,
    ]
    shown_in = f'<html lang="{letter.language}"><body>'
    return f'{shown_in}<div style="{STYLE}">{"".join(parts)}</div></body></html>'


def alt_of(picture: str) -> str:
    return escape(say(ALT[picture]) if picture in ALT else picture)


def listed(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p><b>{escape(title)}</b></p><ul>{items}</ul>"


def table_of(letter: Letter) -> str:
    head = "".join(f'<th style="{CELL}">{escape(name)}</th>' for name in heads())
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells(card, letter)) + "</tr>"
        for card in letter.cards
    )
    return f'<table style="border-collapse:collapse;{STYLE}"><tr>{head}</tr>{body}</table>'


def as_markdown(letter: Letter, link: str) -> str:
    parts = [
        f"**{literal(opening(letter))}**",
        f"[{say('Open the Overview')}]({link})",
        "\n".join([f"**{say(FIRES)}**", "", *(f"- {literal(line)}" for line in fires(letter))]),
        "\n".join([f"**{say(CHANGED)}**", "", *(f"- {literal(line)}" for line in changed(letter))]),
        "\n".join(line_of(card, letter) for card in letter.cards),
    ]
    return "\n\n".join(parts)


def line_of(card: Card, letter: Letter) -> str:
    name, figure, by, aim, _ = (literal(cell) for cell in cells(card, letter))
    return say(
        "- **{driver}**: {figure}, {change}; target {target}",
        driver=name,
        figure=figure,
        change=by,
        target=aim,
    )
