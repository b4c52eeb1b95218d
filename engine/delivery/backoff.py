"""How long to wait after a send that failed: twice as long each time up to a bound, and never all at once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

Dice = Callable[[], float]  # a number in [0, 1)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Waits of `first` seconds, then twice that and so on, at most `most`; each shortened by up to a half."""

    first: float
    most: float

    def after(self, failures: int, dice: Dice) -> timedelta:
        """The wait after so many failures in a row."""
        whole = min(self.most, self.first * 2.0 ** min(max(failures, 1) - 1, 30))
        return timedelta(seconds=whole * (1 - dice() / 2))


OF_MESSAGE = Backoff(10, 3600)
OF_CHANNEL = Backoff(5, 600)
MOST_ASKED = timedelta(hours=1)  # by a Retry-After


def asked_for(seconds: float | None) -> timedelta:
    """What the other side asks for, within reason."""
    return min(timedelta(seconds=max(0.0, seconds or 0.0)), MOST_ASKED)
