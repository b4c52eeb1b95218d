"""Which column of a table is which column of a shape, and a row as a fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from data.errors import BadInput
from data.intake.delivery import Fact
from data.shapes import SHAPES
from data.sources.database.values import as_text
from data.speech import english


@dataclass(frozen=True)
class Reading:
    """How the rows of a table are read: place, name and kind of every column that is taken."""

    shape: str
    columns: tuple[tuple[int, str, str | None], ...]
    zone: tzinfo

    def fact(self, row: Sequence[Any]) -> Fact:
        zone = self.zone
        return Fact(self.shape, {name: as_text(row[place], kind, zone) for place, name, kind in self.columns})


def reading(
    shape: str,
    columns: Sequence[str],
    mapping: Mapping[str, str],
    leave_out: Iterable[str],
    zone: tzinfo,
) -> Reading:
    """Match columns by the mapping (ours to theirs), the rest by their own names.

    Raises:
        BadInput: the mapping names a column that is not there, or a column that the shape needs is missing.
    """
    there = ", ".join(columns)
    for ours, theirs in mapping.items():
        if theirs not in columns:
            raise BadInput(
                english(
                    "The column {theirs}, which is to be {ours}, is not there; there is: {there}.",
                    theirs=repr(theirs),
                    ours=ours,
                    there=there,
                )
            )
    ours_of = {theirs: ours for ours, theirs in mapping.items()}
    dropped = set(leave_out)
    names = [_name(column, ours_of, mapping, dropped) for column in columns]
    if missing := [name for name in SHAPES[shape].required if name not in names]:
        raise BadInput(
            english(
                "{shape} need the column {missing}, and there is: {there}; say in `columns` "
                "which of these it is.",
                shape=shape,
                missing=repr(missing[0]),
                there=there,
            )
        )
    kinds = {column.name: column.kind for column in SHAPES[shape].columns}
    taken = ((place, name, kinds.get(name)) for place, name in enumerate(names) if name)
    return Reading(shape, tuple(taken), zone)


def _name(
    column: str, ours_of: Mapping[str, str], mapping: Mapping[str, str], dropped: set[str]
) -> str | None:
    if column in ours_of:
        return ours_of[column]
    own = "_".join(column.lower().split())
    return None if column in dropped or own in mapping else own
