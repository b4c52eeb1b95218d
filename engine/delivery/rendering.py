"""Sets a message as plain text, HTML and Markdown, in which nothing that it quotes is taken for markup."""

import re
from html import escape

from data.speech import language, later, say, several
from engine.delivery.message import Row, Words

SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~<>.-])")
LINK = re.compile(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:!?)])")
STYLE = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif;font-size:15px;color:#17211f"
CELL = "padding:4px 14px 4px 0;text-align:left;border-bottom:1px solid #dde3e1"
HEADS = (later("Segment"), later("Value"), later("Bound"), later("Usual"), later("Firing since"))
PICTURE = "trend.png"
WIDTH = 700  # at which its letters are as large as those of the text


def as_text(words: Words) -> str:
    parts = [words.headline, words.link, *(f"{label}: {said}" for label, said in words.facts)]
    if len(words.rows) > 1:
        parts.append("\n".join(_aligned(words)))
    for sentence, names in words.behind:
        parts.append("\n".join([f"{sentence}:", *(f"  · {name}" for name in names)]))
    return "\n\n".join(parts)


def _aligned(words: Words) -> list[str]:
    table = [heads(), *(_cells(row) for row in words.rows)]
    widths = [max(len(line[at]) for line in table) for at in range(len(HEADS))]
    lines = ["  ".join(map(str.ljust, line, widths)).rstrip() for line in table]
    return lines + _rest(words)


def _rest(words: Words) -> list[str]:
    return [several(words.left_out, "and {count} more", "and {count} more")] if words.left_out else []


def heads() -> tuple[str, ...]:
    return tuple(say(head) for head in HEADS)


def _cells(row: Row) -> tuple[str, ...]:
    return row.place, row.value, row.bound, row.usual, row.since


def as_html(words: Words, *, has_picture: bool) -> str:
    size = f'width="{WIDTH}" style="max-width:100%"'
    picture = f'<p><img src="cid:{PICTURE}" alt="{escape(say("The trend with its bound"))}" {size}></p>'
    parts = [
        f'<p style="font-size:17px"><b>{escape(words.headline)}</b></p>',
        f"<p>{_anchor(words.link, words.link)}</p>",  # in full: the mail's plain part is made from this
        picture if has_picture else "",
        _table(words) if len(words.rows) > 1 else "",
        *(f"<p><b>{escape(label)}:</b> {_with_links(said)}</p>" for label, said in words.facts),
        *(_list(sentence, names) for sentence, names in words.behind),
    ]
    return f'<html lang="{language()}"><body><div style="{STYLE}">{"".join(parts)}</div></body></html>'


def _anchor(link: str, shown: str) -> str:
    return f'<a href="{escape(link)}">{escape(shown)}</a>'


def _with_links(text: str) -> str:
    """What a lead wrote, such as where to read on."""
    pieces = [_anchor(piece, piece) if at % 2 else escape(piece) for at, piece in enumerate(LINK.split(text))]
    return "".join(pieces).replace("\n", "<br>")


def _table(words: Words) -> str:
    head = "".join(f'<th style="{CELL}">{escape(name)}</th>' for name in heads())
    body = "".join(_table_row(row) for row in words.rows)
    rest = "".join(f"<p>{escape(line)}</p>" for line in _rest(words))
    return f'<table style="border-collapse:collapse;{STYLE}"><tr>{head}</tr>{body}</table>{rest}'


def _table_row(row: Row) -> str:
    place, *others = _cells(row)
    cells = [_anchor(row.link, place), *map(escape, others)]
    return "<tr>" + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _list(sentence: str, names: tuple[str, ...]) -> str:
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    return f"<p><b>{escape(sentence)}:</b></p><ul>{items}</ul>"


def as_markdown(words: Words) -> str:
    parts = [f"**{literal(words.headline)}**", f"[{say('Open the alert')}]({words.link})"]
    parts += [f"**{label}:** {_linked(said)}" for label, said in words.facts]
    if len(words.rows) > 1:
        rows = [f"- [{literal(row.place)}]({row.link}) {_tail(row)}" for row in words.rows]
        parts.append("\n".join(rows + _rest(words)))
    for sentence, names in words.behind:
        parts.append("\n".join([f"**{literal(sentence)}:**", "", *(f"- {literal(name)}" for name in names)]))
    return "\n\n".join(parts)


def _tail(row: Row) -> str:
    return literal(say("{value}, {bound}, since {since}", value=row.value, bound=row.bound, since=row.since))


def _linked(text: str) -> str:
    """What a lead wrote, such as where to read on."""
    pieces = enumerate(LINK.split(text))
    return "".join(f"[{literal(piece)}]({piece})" if at % 2 else literal(piece) for at, piece in pieces)


def literal(text: str) -> str:
    """Text as Markdown that shows it as it is."""
    return SPECIAL.sub(r"\\\1", text)
