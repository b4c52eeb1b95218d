"""Annotations: what happened on a day or over some, for the charts to show beside the numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, cast, get_args

from sqlalchemy import Select, Table, or_, select

from data.errors import BadInput
from data.speech import english
from engine.control.audit import note
from engine.control.people_tables import AnnotationRow
from engine.control.store import Control

Kind = Literal["release", "incident", "other"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST_TITLE, LONGEST_LINK = 200, 2_000
ROWS = cast(Table, AnnotationRow.__table__)
SHOWN = (
    "annotation_id", "kind", "title", "link", "starts_on", "ends_on", "dimension", "segment", "author",
    "created_at",
)  # fmt: skip


@dataclass(frozen=True)
class Happening:
    """What happened on the local day `starts_on`, or from it to `ends_on`, that day included.

    With a dimension and a segment it concerns that segment alone; `link` leads to more about it.
    """

    kind: Kind
    title: str
    starts_on: date
    ends_on: date | None = None
    link: str | None = None
    dimension: str | None = None
    segment: str | None = None


@dataclass(frozen=True)
class Annotation(Happening):
    """A happening as it was noted, and by whom."""

    annotation_id: int = 0
    author: str = ""
    created_at: datetime = datetime.min


def add(control: Control, what: Happening, *, who: str, now: datetime) -> Annotation:
    """Note a happening.

    Raises:
        BadInput: it has no title, ends before it begins, or its link is none that may be followed.
    """
    row = AnnotationRow(**stored(checked(what)), author=who, created_at=now)
    with control.change() as session:
        session.add(row)
        session.flush()
        note(session, who, "added the annotation", subject(row.annotation_id), now=now, after=_told(row))
        return view([getattr(row, name) for name in SHOWN])


def checked(what: Happening) -> Happening:
    if what.kind not in KINDS:
        raise BadInput(
            english(
                "kind = {kind} is not allowed; there are {kinds}.",
                kind=repr(what.kind),
                kinds=", ".join(KINDS),
            )
        )
    if not what.title.strip() or len(what.title) > LONGEST_TITLE or not what.title.isprintable():
        raise BadInput(
            english(
                "title = {title} is not 1 to {longest_title} printable signs.",
                title=repr(what.title[:100]),
                longest_title=LONGEST_TITLE,
            )
        )
    if what.ends_on and what.ends_on < what.starts_on:
        raise BadInput(
            english(
                "ends_on = {ends_on} is before starts_on = {starts_on}.",
                ends_on=what.ends_on,
                starts_on=what.starts_on,
            )
        )
    if (what.dimension is None) != (what.segment is None):
        raise BadInput(english("dimension and segment are given together, or neither of them."))
    check_link(what.link)
    return what


def check_link(link: str | None) -> None:
    """Only addresses of the web: a link with a script in it would run where somebody clicks."""
    if link is None:
        return
    is_web = link.startswith(("https://", "http://"))
    if not is_web or len(link) > LONGEST_LINK or not link.isprintable() or " " in link:
        raise BadInput(
            english(
                "link = {link} is not an address that begins with https:// or http://.", link=repr(link[:100])
            )
        )


def stored(what: Happening) -> dict[str, Any]:
    return vars(what) | {
        "title": what.title.strip(),
        "starts_on": what.starts_on.isoformat(),
        "ends_on": what.ends_on.isoformat() if what.ends_on else None,
    }


def listed(
    control: Control,
    *,
    start: date | None = None,
    end: date | None = None,
    dimension: str | None = None,
    segment: str | None = None,
) -> list[Annotation]:
    """What happened at any time in `[start, end)`, by day.

    With a dimension and a segment, what concerns everybody or that segment.
    """
    asked: Select[*tuple[Any, ...]] = select(*(ROWS.c[name] for name in SHOWN)).where(
        ROWS.c.removed_at.is_(None)
    )
    concerns_all = ROWS.c.dimension.is_(None)
    if dimension is not None:
        own = (ROWS.c.dimension == dimension) & (ROWS.c.segment == segment)
        asked = asked.where(or_(concerns_all, own))
    if start is not None:
        last = ROWS.c.ends_on
        asked = asked.where(or_(ROWS.c.starts_on >= start.isoformat(), last >= start.isoformat()))
    if end is not None:
        asked = asked.where(ROWS.c.starts_on < end.isoformat())
    with control.look() as connection:
        rows = connection.execute(asked.order_by(ROWS.c.starts_on, ROWS.c.annotation_id))
        return [view(row) for row in rows]


def view(values: Any) -> Annotation:
    row = dict(zip(SHOWN, values, strict=True))
    ends_on = date.fromisoformat(row["ends_on"]) if row["ends_on"] else None
    return Annotation(**row | {"starts_on": date.fromisoformat(row["starts_on"]), "ends_on": ends_on})


def find(control: Control, annotation_id: int) -> Annotation:
    """Raises: BadInput, when there is none, or no more."""
    asked = select(*(ROWS.c[name] for name in SHOWN)).where(
        ROWS.c.annotation_id == annotation_id, ROWS.c.removed_at.is_(None)
    )
    with control.look() as connection:
        row = connection.execute(asked).first()
    if row is None:
        raise BadInput(english("There is no annotation {annotation_id}.", annotation_id=annotation_id))
    return view(row)


def remove(control: Control, annotation_id: int, *, who: str, now: datetime, reason: str = "") -> None:
    """Show an annotation no more; it stays in the store.

    Raises:
        BadInput: there is none, or it was removed before.
    """
    with control.change() as session:
        row = session.get(AnnotationRow, annotation_id)
        if row is None or row.removed_at:
            raise BadInput(english("There is no annotation {annotation_id}.", annotation_id=annotation_id))
        row.removed_at = now
        mark = subject(annotation_id)
        note(session, who, "removed the annotation", mark, now=now, reason=reason, before=_told(row))


def subject(annotation_id: int) -> str:
    return f"annotation:{annotation_id}"


def _told(row: AnnotationRow) -> dict[str, Any]:
    told = ("kind", "title", "link", "starts_on", "ends_on", "dimension", "segment")
    return {name: getattr(row, name) for name in told}
