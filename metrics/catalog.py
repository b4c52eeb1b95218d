"""The catalog: every metric with its title, unit, meaning and SQL, read from the headers of its file."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal, cast, get_args

from data.errors import BadDefinition
from data.settings import Settings
from metrics.files import ROOM, SqlFile
from metrics.plan import metric_files, shapes_behind

Unit = Literal["rate", "count", "money", "hours", "ratio"]
Better = Literal["up", "down", "none"]
STEP = "<step>"


@dataclass(frozen=True)
class Metric:
    """One metric; those of a family share their file."""

    name: str
    title: str
    unit: Unit
    better: Better
    about: str
    caveat: str
    room: str
    file: SqlFile

    @property
    def sql(self) -> str:
        return self.file.sql

    @property
    def path(self) -> Path:
        return self.file.path

    @property
    def interval(self) -> bool:
        """Whether the figure carries a 95 % interval."""
        return "wilson_lower" in self.sql

    @property
    def matures(self) -> bool:
        """Whether a period is complete only when its last accounts have had their full time."""
        return "is_matured as complete" in self.sql

    @cached_property
    def spark(self) -> str:
        """The same SQL as Spark would read it."""
        from metrics.portable import rendered  # noqa: PLC0415  SQLGlot is slow to import and rarely needed here

        return rendered(self.sql)

    @cached_property
    def depends(self) -> tuple[str, ...]:
        """The shapes this metric is made of, through the steps it reads."""
        return shapes_behind(self.file)


def load(settings: Settings | None = None, folder: Path = ROOM) -> dict[str, Metric]:
    """Every metric by name; with settings, one `activation_step_rate.<step>` for each configured step.

    Raises:
        BadDefinition: a file lacks a part of its header, or two files define one name.
    """
    found: dict[str, Metric] = {}
    for file in metric_files(folder):
        for metric in metrics_of(file, settings):
            if metric.name in found:
                raise BadDefinition(
                    f"{file.place} and {found[metric.name].file.place} both define {metric.name}."
                )
            found[metric.name] = metric
    return found


def catalog(settings: Settings) -> dict[str, Metric]:
    """The metrics as a company's settings make them."""
    return load(settings)


def metrics_of(file: SqlFile, settings: Settings | None) -> Iterator[Metric]:
    """The metrics a file defines: one, or a family with a title each."""
    says = {key: said(file, key) for key in ("unit", "better", "about", "caveat")}
    titles = file.titles or {file.name: said(file, "title")}
    for name, title in titles.items():
        steps = settings.activation.steps if settings and STEP in name else (STEP,)
        for step in steps:
            yield Metric(
                name=name.replace(STEP, step),
                title=title.replace(STEP, step.replace("_", " ")),
                unit=cast(Unit, one_of(file, "unit", get_args(Unit))),
                better=cast(Better, one_of(file, "better", get_args(Better))),
                about=says["about"],
                caveat=says["caveat"],
                room=file.path.parent.name,
                file=file,
            )


def said(file: SqlFile, key: str) -> str:
    if not file.says.get(key):
        raise BadDefinition(f"{file.place} must say `{key}`: a line `-- {key}: …` above its SELECT.")
    return file.says[key]


def one_of(file: SqlFile, key: str, allowed: tuple[str, ...]) -> str:
    if (value := said(file, key)) not in allowed:
        raise BadDefinition(f"{file.place} says `{key}: {value}`; it must be one of {', '.join(allowed)}.")
    return value
