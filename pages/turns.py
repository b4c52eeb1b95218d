"""How fast open pages hear the news: many that redraw at once would make each other wait."""

SHARE = 0.7  # of a core that this process may be busy while it tells
FIRST_GUESS = 0.03  # seconds of a core that a page takes to redraw
MOST = 0.25  # seconds between two turns
WEIGHT = 0.1  # of the newest measurement


class Pace:
    """Lets so much time pass between two pages that redrawing them fits into a share of a core.

    What a page costs is measured: the CPU time that passed in this process, whatever for, from turn to turn.
    """

    def __init__(self) -> None:
        self.cost = FIRST_GUESS

    @property
    def pause(self) -> float:
        """Seconds until the next page's turn."""
        return min(MOST, self.cost / SHARE)

    def learn(self, spent: float) -> None:
        """Take in how many seconds of CPU the last turn took."""
        self.cost += WEIGHT * (spent - self.cost)
