"""One run of the made-up company: how big, how long, until when, and its own streams of chance."""

import zlib
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from data.errors import BadInput
from data.samples.clock import DAY, seconds

# Lives are played on beyond `now` and cut there, so that who leaves next month already fades today.
AHEAD = 35


@dataclass(frozen=True)
class Scenario:
    """Everything a sample is made of; the same values give the same bytes."""

    accounts: int
    months: int
    seed: int
    now: datetime

    def __post_init__(self) -> None:
        if self.accounts < 1 or self.months < 1:
            raise BadInput("A demo company needs at least one account and one month.")

    @property
    def end(self) -> int:
        """The second at which nothing has happened yet."""
        return seconds(self.now)

    @property
    def first_day(self) -> int:
        """The day, counted since 1970, on which the company opens."""
        return self.end // DAY - round(self.months * 30.4375)

    @property
    def today(self) -> int:
        """Days from the opening to the day of `now`."""
        return self.end // DAY - self.first_day

    @property
    def days(self) -> int:
        """Days that are played, some of them beyond `now`."""
        return self.today + 1 + AHEAD

    def random(self, part: str) -> np.random.Generator:
        """A stream of its own for each part, so that a change in one leaves the others alone."""
        return np.random.default_rng([self.seed, zlib.crc32(part.encode())])
