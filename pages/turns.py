"""How fast open pages hear the news: many that redraw at once would make each other wait."""

from threading import get_ident

SHARE = 0.95  # of a core that this process may be busy while it tells
FIRST_GUESS = 0.03  # seconds of a core that a page takes to redraw
LEAST, MOST = 0.002, 1.0  # seconds between two turns
WEIGHT = 0.1  # of the newest measurement
AT_ONCE = 2  # pages: while one waits for its reader, another is drawn


class Pace:
    """Lets so much time pass between two pages that redrawing them fits into a share of a core.

    What a page costs is measured: the CPU time that passed in this process, whatever for, from turn to turn.
    The first page that draws a new edition fills the caches; the others wait until it has, as they wait for
    each other where the machine is busy with something else.
    """

    def __init__(self) -> None:
        self.cost = FIRST_GUESS

    @property
    def pause(self) -> float:
        """Seconds until it may be the next page's turn."""
        return max(LEAST, self.cost / SHARE)

    def lacking(self, spent: float, passed: float, *, drawing: bool = False) -> float:
        """Seconds until the next page may hear, after so many of CPU, and of time, since the last did.

        Args:
            drawing: as many pages are being redrawn at this moment as may be.
        """
        if passed >= MOST:
            return 0.0
        rest = spent / SHARE - passed
        return max(rest, LEAST if drawing else 0.0)

    def learn(self, spent: float) -> None:
        """Take in how many seconds of CPU the last turn took."""
        self.cost += WEIGHT * (min(spent, MOST * SHARE) - self.cost)


class Drawing:
    """How many pages are being drawn at this moment; the runs of many readers tell, each in its thread."""

    def __init__(self) -> None:
        self.under_way: set[object] = set()

    @property
    def is_full(self) -> bool:
        return len(self.under_way) >= AT_ONCE

    def __enter__(self) -> None:
        self.under_way.add(get_ident())

    def __exit__(self, *_: object) -> None:
        self.under_way.discard(get_ident())


drawing = Drawing()
