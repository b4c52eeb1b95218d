"""For how long a refresh may leave alone what costs more than counting, whatever comes in meanwhile."""

from dataclasses import dataclass
from datetime import timedelta

AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Patience:
    """A refresh that somebody asks for has none: what it publishes depends on the facts alone.

    `lane`: for each of what is told in turn (`metrics.lanes`). `estimates`: for the risks of today. `past`:
    for those of days past, which a late fact may change, and for lifetime values.
    """

    lane: timedelta = AT_ONCE
    estimates: timedelta = AT_ONCE
    past: timedelta = AT_ONCE


NONE = Patience()
