"""How fast open pages hear the news: many that redraw at once would make each other wait."""

SHARE = 0.7  # of a core that this process may be busy while it tells
FIRST_GUESS = 0.03  # seconds of a core that a page takes to redraw
LEAST, MOST = 0.002, 1.0  # seconds between two turns
WEIGHT = 0.1  # of the newest measurement


class Pace:
    """Lets so much time pass between two pages that redrawing them fits into a share of a core.

    What a page costs is measured: the CPU time that passed in this process, whatever for, from turn to turn.
    The first page that draws a new edition fills the caches; the others wait until it has.
    """

    def __init__(self) -> None:
        self.cost = FIRST_GUESS

    @property
    def pause(self) -> float:
        """Seconds to wait before looking whether it may be the next page's turn."""
        return max(LEAST, self.cost / SHARE)

    def is_rested(self, spent: float, passed: float) -> bool:
        """Whether the next page may hear, after so many seconds of CPU, and of time, since the last did."""
        return passed >= MOST or spent <= SHARE * passed

    def learn(self, spent: float) -> None:
        """Take in how many seconds of CPU the last turn took."""
        self.cost += WEIGHT * (min(spent, MOST * SHARE) - self.cost)
