"""Sets a weekly letter as plain text, HTML and Markdown, in which nothing it quotes is taken for markup."""

from collections.abc import Sequence
from html import escape

from engine import wording
from engine.delivery.outside import one_line
from engine.delivery.parcel import Parcel
from engine.delivery.rendering import CELL, STYLE, WIDTH, literal
from engine.digest.amounts import changed
from engine.digest.letter import Card, Letter
from engine.digest.pictures import ALT

HEADS = ("Driver", "Last complete", "Change", "Target", "Period")
MISSED = {"up": "short", "down": "over", "none": "off"}
CALM = "Nothing fires."
STILL = "Nothing moved."


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


def subject_of(letter: Letter) -> str:
    """One line: what fires, and the first driver."""
    first = next((card for card in letter.cards if card.value is not None), None)
    fires = f"{wording.plural(letter.firing, 'alert')} firing" if letter.firing else "nothing fires"
    gist = f", {first.title} {letter.write(first.value, first.unit)}" if first else ""
    return one_line(f"[Weekly] {letter.about}, week of {day(letter)}: {fires}{gist}")


def day(letter: Letter) -> str:
    return f"{letter.week.day} {letter.week:%b}"


def opening(letter: Letter) -> str:
    """What it is about, and how old the numbers are."""
    as_of = wording.moment(letter.as_of, letter.zone)
    return f"Your week in numbers: {letter.about}, as of {as_of} ({letter.zone})."


def fires(letter: Letter) -> list[str]:
    more = letter.firing - len(letter.fires)
    return [*letter.fires, *([f"and {more:,} more"] if more > 0 else [])] or [CALM]


def cells(card: Card, letter: Letter) -> tuple[str, ...]:
    return (
        card.title,
        letter.write(card.value, card.unit),
        changed(card.value, card.before, card.unit),
        target(card, letter),
        wording.period(card.start, card.grain).removeprefix("in the ").removeprefix("in "),
    )


def target(card: Card, letter: Letter) -> str:
    """40 %, 2.1 pp short; a dash without one."""
    if card.target is None:
        return wording.NONE
    aim = letter.write(card.target, card.unit)
    if card.value is None:
        return f"{aim}, not known yet"
    gap = card.value - card.target
    if (gap >= 0 and card.better == "up") or (gap <= 0 and card.better == "down"):
        return f"{aim}, met"
    size = (
        f"{abs(gap) * 100:.1f}{wording.FIRM}pp" if card.unit == "rate" else letter.write(abs(gap), card.unit)
    )
    return f"{aim}, {size} {MISSED[card.better]}"


def as_text(letter: Letter, link: str) -> str:
    table = [HEADS, *(cells(card, letter) for card in letter.cards)]
    widths = [max(len(line[at]) for line in table) for at in range(len(HEADS))]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
    changed_most = [f"  · {sentence}" for sentence in letter.moved or (STILL,)]
    parts = [
        opening(letter),
        link,
        "\n".join(["What fires now:", *(f"  · {line}" for line in fires(letter))]),
        "\n".join(["What changed:", *changed_most]),
        "\n".join(lines),
    ]
    return "\n\n".join(parts)


def as_html(letter: Letter, link: str, pictures: Sequence[str]) -> str:
    size = f'width="{WIDTH}" style="max-width:100%"'
    shown = [f'<p><img src="cid:{name}" alt="{escape(ALT.get(name, name))}" {size}></p>' for name in pictures]
    parts = [
        f'<p style="font-size:17px"><b>{escape(opening(letter))}</b></p>',
        f'<p><a href="{escape(link)}">{escape(link)}</a></p>',
        listed("What fires now", fires(letter)),
        listed("What changed", list(letter.moved) or [STILL]),
        table_of(letter),
        *shown,
    ]
    return f'<html><body><div style="{STYLE}">{"".join(parts)}</div></body></html>'


def listed(title: str, lines: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<p><b>{escape(title)}</b></p><ul>{items}</ul>"


def table_of(letter: Letter) -> str:
    head = "".join(f'<th style="{CELL}">{name}</th>' for name in HEADS)
    body = "".join(
        "<tr>" + "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells(card, letter)) + "</tr>"
        for card in letter.cards
    )
    return f'<table style="border-collapse:collapse;{STYLE}"><tr>{head}</tr>{body}</table>'


def as_markdown(letter: Letter, link: str) -> str:
    rows = [
        f"- **{literal(name)}**: {literal(value)}, {literal(change)}; target {literal(aim)}"
        for name, value, change, aim, _ in (cells(card, letter) for card in letter.cards)
    ]
    parts = [
        f"**{literal(opening(letter))}**",
        f"[Open the Overview]({link})",
        "\n".join(["**What fires now**", "", *(f"- {literal(line)}" for line in fires(letter))]),
        "\n".join(["**What changed**", "", *(f"- {literal(line)}" for line in letter.moved or (STILL,))]),
        "\n".join(rows),
    ]
    return "\n\n".join(parts)
