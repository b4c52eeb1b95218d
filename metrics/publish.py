"""Publishes an edition: audited, copied by a child process to a new name, and only then pointed to."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from data.disk import make_folder, put_in_place
from data.errors import AuditFailed
from metrics import copier, lanes, volume
from metrics.audit import audit_side_by_side
from metrics.compute import Computed
from metrics.draft import transaction
from metrics.editions import POINTER, SUFFIX, UNFINISHED, editions
from metrics.files import ROOM
from metrics.journal import keep as journal
from metrics.session import run

KEEP = 5  # editions beside the current one
KEEP_SECONDS = 60.0  # and every edition this much younger than the newest: a page may just be opening it
DESCRIBE = (ROOM / "edition.sql").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Edition:
    """What was published; `problems`: metrics that were left out, and why; `owes`: whether lanes stand."""

    name: str
    as_of: datetime
    published_at: datetime
    seconds: float
    problems: tuple[str, ...]
    owes: bool = False


def publish(computed: Computed, *, published_at: datetime) -> Edition:
    """Audit what was computed and make it the current edition.

    Raises:
        AuditFailed: nothing was published, the edition before stays current; the next begins from the facts.
    """
    folder = computed.settings.published
    make_folder(folder)
    sweep(folder)
    name = next_name(folder, published_at)
    edition = Edition(
        name,
        computed.as_of,
        published_at,
        computed.seconds,
        tuple(sorted(computed.problems)),
        lanes.owes(computed.connection, computed.place),
    )
    with transaction(computed.connection):
        describe(computed, edition)
    target = folder / (name + SUFFIX)
    with ThreadPoolExecutor(1) as beside:  # while this thread audits
        copying = beside.submit(settle_and_copy, computed, target)
        audit_or_begin_again(computed)
        copying.result()
    put_in_place(target.with_suffix(UNFINISHED), target)
    point(folder, target.name)
    prune(folder)
    journal.prune(computed.connection, folder, editions(folder)[0])
    return edition


def audit_or_begin_again(computed: Computed) -> None:
    try:
        with computed.sessions() as sessions:
            audit_side_by_side(sessions, computed.written)
    except AuditFailed:
        computed.begin_again()
        raise


def next_name(folder: Path, published_at: datetime) -> str:
    """Numbered, so that no name is ever used twice and names sort by age."""
    numbers = [int(path.name.split("-")[0]) for path in editions(folder)]
    return f"{max(numbers, default=0) + 1:08d}-{published_at:%Y%m%dT%H%M%SZ}"


def describe(computed: Computed, edition: Edition) -> None:
    """What the edition says of itself; `as_of` is said once, and shown beside every figure."""
    settings = computed.settings
    computed.run(
        "create or replace view edition.metrics as "
        f"select figures.*, timestamp '{edition.as_of}' as as_of from edition.figures"
    )
    computed.run(
        "create or replace view edition.account_risk as select account_id, "
        f"timestamp '{edition.as_of}' as as_of, * exclude (account_id) from edition.risk_score"
    )
    computed.run(
        f"create or replace table edition.edition as {DESCRIBE}",
        {
            "edition": edition.name,
            "as_of": edition.as_of,
            "published_at": edition.published_at,
            "timezone": settings.timezone,
            "base_currency": settings.base_currency,
            "week_start": settings.week_start,
            "within_days": settings.activation.within_days,
            "segments": json.dumps(settings.segments),
            "steps": json.dumps(settings.activation.steps),
            "refresh_seconds": edition.seconds,
            "problems": json.dumps(edition.problems),
        },
    )


def settle_and_copy(computed: Computed, target: Path) -> None:
    """Copy the draft once all of it is in its file; whoever reads it meanwhile is no hindrance."""
    with computed.connection.cursor() as connection:
        run(connection, "checkpoint edition")
    copy(computed.file, target)


def copy(source: Path, target: Path) -> None:
    """Copy an edition beside the name that it will have, whole and synced."""
    copier.copy(source, target.with_suffix(UNFINISHED))


def point(folder: Path, file_name: str) -> None:
    """Move the pointer in one step; a reader sees the old edition or the new one."""
    unfinished = folder / (POINTER + UNFINISHED)
    unfinished.write_text(file_name + "\n", encoding="utf-8")
    put_in_place(unfinished, folder / POINTER)


def sweep(folder: Path) -> None:
    """Remove what a publication left behind that was killed."""
    for left in folder.glob(f"*{UNFINISHED}"):
        left.unlink(missing_ok=True)


def prune(folder: Path) -> None:
    """Remove old editions; whoever still has one open keeps it until closing."""
    *older, newest = editions(folder)
    youngest = newest.stat().st_mtime
    for path in older[:-KEEP]:
        if youngest - path.stat().st_mtime > KEEP_SECONDS:
            path.unlink(missing_ok=True)
    volume.prune(folder, editions(folder)[0])
