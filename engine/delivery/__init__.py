"""Messages that arrive: whether to tell of an alert, whom and when, and the way there.

`decide` says why, `grouping` whom, `tell` writes it into the outbox, `loop` sends it.
"""

from engine.delivery.happening import Accounts, Details, Happening, Point, What
from engine.delivery.tell import tell

__all__ = ["Accounts", "Details", "Happening", "Point", "What", "tell"]
