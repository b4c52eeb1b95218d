"""What a look at a home found."""

from dataclasses import dataclass
from typing import Literal

Grade = Literal["fine", "note", "wrong"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at; what is `wrong` says how to mend it."""

    grade: Grade
    sentence: str
