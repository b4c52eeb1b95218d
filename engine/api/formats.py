"""How rows are written: JSON, Arrow or CSV, as the request accepts them or its `format` says."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import orjson
import polars as pl

from data.spreadsheets import harmless
from engine.api.problems import Problem, quoted

INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"
Rendered = Callable[[pl.DataFrame, dict[str, object]], bytes]


@dataclass(frozen=True)
class Format:
    """A way to write rows; only JSON has room for what is said beside them."""

    name: str
    media: str
    about: str
    render: Rendered


def json(rows: pl.DataFrame, beside: dict[str, object]) -> bytes:
    """Money is text, so that no reader makes a binary float of it; instants are ISO text with their Z."""
    told = rows.with_columns(pl.col(pl.Datetime).dt.strftime(INSTANT))
    sink = io.BytesIO()
    told.write_json(sink)
    head = orjson.dumps(beside)
    return head[:-1] + (b"," if beside else b"") + b'"rows":' + sink.getvalue() + b"}\n"


def arrow(rows: pl.DataFrame, _: dict[str, object]) -> bytes:
    """Of the types that every reader of Arrow knows."""
    sink = io.BytesIO()
    rows.write_ipc_stream(sink, compat_level=pl.CompatLevel.oldest())
    return sink.getvalue()


def csv(rows: pl.DataFrame, _: dict[str, object]) -> bytes:
    return harmless(rows).write_csv(datetime_format=INSTANT).encode()


JSON = Format("json", "application/json", "An object with `rows`, and what is said of the page", json)
ARROW = Format("arrow", "application/vnd.apache.arrow.stream", "An Arrow IPC stream", arrow)
CSV = Format("csv", "text/csv", "CSV with a header; text that is like a formula begins with '", csv)
FORMATS = {form.name: form for form in (JSON, ARROW, CSV)}
NAMES = tuple(FORMATS)
ALIASES = {"application/x-arrow-stream": ARROW, "application/arrow": ARROW, "application/csv": CSV}


def chosen(accept: str, asked: str | None) -> Format:
    """The format of an answer: as asked, or what the request accepts best; JSON where it says nothing.

    Raises:
        Problem: 406, when it accepts nothing that there is.
    """
    if asked:
        return FORMATS[asked]
    for media in by_preference(accept or "*/*"):
        if found := fitting(media):
            return found
    there_are = ", ".join(form.media for form in FORMATS.values())
    raise Problem(406, "not_acceptable", f"Accept: {quoted(accept)} fits none of {there_are}.")


def by_preference(accept: str) -> list[str]:
    """The media types of an Accept header that are wanted at all, those wanted most first."""
    weighed = [weight(part) for part in accept.split(",") if part.strip()]
    kept = [(media, quality) for media, quality in weighed if quality > 0]
    return [media for media, _ in sorted(kept, key=lambda pair: -pair[1])]


def weight(part: str) -> tuple[str, float]:
    media, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = next((value[2:] for value in parameters if value.startswith("q=")), "1")
    try:
        return media, min(1.0, max(0.0, float(quality)))
    except ValueError:
        return media, 1.0


def fitting(media: str) -> Format | None:
    if media in ALIASES:
        return ALIASES[media]
    for form in FORMATS.values():
        if media in ("*/*", form.media, form.media.partition("/")[0] + "/*"):
            return form
    return None
