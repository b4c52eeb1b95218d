"""Models as data: one file a training, in the home, written whole or not at all; nothing in it can run."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from data import disk
from data.settings import Settings
from metrics.risk.boosted import Boosted
from metrics.risk.card import Measure
from metrics.risk.fit import Linear, Vector
from metrics.risk.walk import Step, Walked

FORMAT = 1
KEEP = 60  # trainings
UNFINISHED = ".unfinished"
STAMP = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True)
class Model:
    """What one training made: the steps from the past to `as_of`, the models they use, and the score card."""

    as_of: datetime
    first_week: date | None
    snapshots: int
    accounts: int
    churned: int
    reason: str
    features: tuple[str, ...]
    linears: tuple[Linear, ...]
    steps: tuple[Step, ...]
    card: tuple[Measure, ...]
    challenger: Boosted | None
    challenger_shift: float

    @property
    def last(self) -> Step:
        return self.steps[-1]

    @property
    def is_open(self) -> bool:
        return self.last.is_open

    @cached_property
    def version(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:10]

    @property
    def name(self) -> str:
        """What a row says it was told by: `ridge 2025-03-31 5f0c…`."""
        kind = "trees" if self.challenger is not None else self.last.rung
        return f"{kind} {self.as_of:%Y-%m-%d} {self.version}"

    def step_on(self, day: date) -> Step | None:
        """The step in force on a day; none before the first."""
        known = [step for step in self.steps if step.day <= day]
        return known[-1] if known else None

    def log_odds(self, step: Step, table: pl.DataFrame) -> Vector:
        """What a step says of accounts; the last one, if it was won by the challenger, what that says."""
        if self.challenger is not None and step is self.last:
            return self.challenger.log_odds(table) + self.challenger_shift
        if step.linear is None:
            return np.full(table.height, np.nan)
        return self.linears[step.linear].log_odds(table) + step.shift

    def mark_of(self, step: Step) -> str:
        """Changes when anything does that a day's figures are made with."""
        linear = self.linears[step.linear].told() if step.linear is not None else None
        trees = self.challenger.text if self.challenger is not None and step is self.last else ""
        told = [asdict(step) | {"day": None}, linear, trees, self.challenger_shift if trees else 0]
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()[:16]

    @cached_property
    def text(self) -> str:
        """As the file holds it."""
        told = {
            "format": FORMAT,
            "as_of": self.as_of.isoformat(),
            "first_week": self.first_week.isoformat() if self.first_week else None,
            "snapshots": self.snapshots,
            "accounts": self.accounts,
            "churned": self.churned,
            "reason": self.reason,
            "features": list(self.features),
            "steps": [asdict(step) | {"day": step.day.isoformat()} for step in self.steps],
            "card": [asdict(row) for row in self.card],
            "linears": [linear.told() for linear in self.linears],
            "challenger": self.challenger.told() if self.challenger else None,
            "challenger_shift": self.challenger_shift,
        }
        return json.dumps(told, indent=1, allow_nan=False) + "\n"


def made(
    walked: Walked, *, as_of: datetime, first_week: date | None, snapshots: int, accounts: int,
    features: tuple[str, ...],
) -> Model:  # fmt: skip
    return Model(
        as_of, first_week, snapshots, accounts, walked.churned, walked.reason, features,
        tuple(walked.linears), tuple(walked.steps), tuple(walked.card), walked.challenger,
        walked.challenger_shift,
    )  # fmt: skip


def of_text(text: str) -> Model:
    told: dict[str, Any] = json.loads(text)
    if told["format"] != FORMAT:
        raise ValueError(f"a model of format {told['format']}")
    return Model(
        as_of=datetime.fromisoformat(told["as_of"]),
        first_week=date.fromisoformat(told["first_week"]) if told["first_week"] else None,
        snapshots=told["snapshots"],
        accounts=told["accounts"],
        churned=told["churned"],
        reason=told["reason"],
        features=tuple(told["features"]),
        linears=tuple(Linear.of(linear) for linear in told["linears"]),
        steps=tuple(Step(**step | {"day": date.fromisoformat(step["day"])}) for step in told["steps"]),
        card=tuple(Measure(**row) for row in told["card"]),
        challenger=Boosted.of(told["challenger"]) if told["challenger"] else None,
        challenger_shift=told["challenger_shift"],
    )


def folder_of(settings: Settings) -> Path:
    return settings.home / "models"


def save(settings: Settings, model: Model) -> bool:
    """Keep a model beside those before it; whether it is another than the one of that instant."""
    folder = folder_of(settings)
    disk.make_folder(folder)
    file = folder / f"{model.as_of:{STAMP}}.json"
    if file.exists():
        if file.read_text(encoding="utf-8") == model.text:
            return False
        file.replace(next_free(file))
    unfinished = folder / UNFINISHED
    unfinished.write_text(model.text, encoding="utf-8")
    disk.put_in_place(unfinished, file)
    for old in trained(settings)[:-KEEP]:
        old.unlink(missing_ok=True)
    return True


def next_free(file: Path) -> Path:
    """Where a model goes that was made at the same instant from fewer facts."""
    number = 1
    while (found := file.with_name(f"{file.stem}.{number}.before")).exists():
        number += 1
    return found


def trained(settings: Settings) -> list[Path]:
    """The files of all trainings, by the instant they were made as of."""
    return sorted(folder_of(settings).glob("*Z.json"))


def newest(settings: Settings) -> datetime | None:
    """The instant of the last training that can be read."""
    for file in reversed(trained(settings)):
        if (found := opened(file)) is not None:
            return found.as_of
    return None


def in_force(settings: Settings, as_of: datetime) -> Model | None:
    """The model of an instant: of the last training before it, or else the past of the first one after it."""
    files = trained(settings)
    before = [file for file in files if file.name <= f"{as_of:{STAMP}}.json"]
    for file in [*reversed(before), *files[len(before) :]]:
        if (found := opened(file)) is not None:
            return found
    return None


def opened(file: Path) -> Model | None:
    try:
        return _opened(file, file.stat().st_mtime_ns)
    except (
        OSError,
        ValueError,
        KeyError,
        TypeError,
    ):  # damaged or of another format: as if it were not there
        return None


@lru_cache(maxsize=4)
def _opened(file: Path, changed: int) -> Model:
    del changed
    return of_text(file.read_text(encoding="utf-8"))
