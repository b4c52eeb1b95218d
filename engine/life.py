"""Keeps the demo company alive: what it does from second to second comes in like anything else."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.settings import Settings

if TYPE_CHECKING:
    from data.intake.inbox import Inbox

SOURCE = "demo"
LONGEST_STEP = timedelta(hours=6)  # after a long pause the engine catches up in steps that stay short


@dataclass(frozen=True)
class Demo:
    """The demo company of a home: what it was made of, and the second up to which it has lived."""

    accounts: int
    months: int
    seed: int
    born_at: datetime
    lived_until: datetime

    def is_made_of(self, accounts: int, months: int, seed: int) -> bool:
        return (self.accounts, self.months, self.seed) == (accounts, months, seed)


def read(settings: Settings) -> Demo | None:
    """The mark of a demo company, where there is one."""
    try:
        told = json.loads(_place(settings).read_text())
    except FileNotFoundError:
        return None
    times = {name: datetime.fromisoformat(told[name]) for name in ("born_at", "lived_until")}
    return Demo(**(told | times))


def is_demo(settings: Settings) -> bool:
    """Whether a demo company lives in this home."""
    return _place(settings).exists()


def mark(settings: Settings, demo: Demo) -> None:
    place = _place(settings)
    fresh = place.with_suffix(f".{os.getpid()}")
    fresh.write_text(json.dumps(asdict(demo), default=datetime.isoformat, indent=1) + "\n")
    fresh.replace(place)


def _place(settings: Settings) -> Path:
    return settings.home / "demo.json"


def live(settings: Settings, inbox: "Inbox", now: datetime) -> bool:
    """Live on to the present second, or one step towards it; false where nothing happened."""
    demo = read(settings)
    until = now.replace(microsecond=0)
    if demo is None or until <= demo.lived_until:
        return False
    until = min(until, demo.lived_until + LONGEST_STEP)
    from data.intake.inbox import Arrival  # noqa: PLC0415 (loads SQLAlchemy; the pages only ask for the mark)
    from data.intake.kinds import facts  # noqa: PLC0415

    happened = list(_happened(settings, demo, until))
    if happened:  # if we are killed before the mark is moved, the same facts come again, with the same ids
        inbox.put([Arrival(SOURCE, "facts", now, {}, facts.body(happened))])
    mark(settings, replace(demo, lived_until=until))
    return bool(happened)


def _happened(settings: Settings, demo: Demo, until: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """The facts of an interval, each with its shape."""
    from data.samples.life import write_next  # noqa: PLC0415 (loads NumPy; only a demo needs it)

    made_of = {"accounts": demo.accounts, "months": demo.months, "seed": demo.seed}
    with scratch(settings) as folder:
        write_next(folder, demo.lived_until, until, **made_of, born_at=demo.born_at)
        for path in sorted(folder.iterdir()):
            with path.open("rb") as lines:
                yield from ((path.stem, json.loads(line)) for line in lines)


@contextmanager
def scratch(settings: Settings) -> Iterator[Path]:
    """A folder that is gone afterwards; the sweep takes it should the process be killed."""
    place = settings.home / "tmp"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
