"""The pages' door to churn risk: train the model, mark an account as seen to."""

from collections.abc import Collection
from datetime import timedelta

from data.errors import BadInput
from data.settings import Settings
from engine import clock
from engine.control import handled as notes
from engine.control import jobs
from engine.control.handled import Handled
from engine.control.store import Control

__all__ = ["RECENT", "Handled", "handle", "handled", "train"]

RECENT = timedelta(days=30)  # as long as a risk looks ahead
LONGEST = 500


def train(settings: Settings) -> int:
    """Ask for a training; returns the job to look at."""
    return jobs.submit(Control.open(settings), "train", {}, clock.now())


def handle(settings: Settings, account_id: str, text: str, *, who: str) -> None:
    """Write down that somebody saw to an account, and what they did.

    Raises:
        BadInput: nothing is said, or too much.
    """
    said = text.strip()
    if not said or len(said) > LONGEST:
        raise BadInput(f"Say what was done, in at most {LONGEST} characters.")
    notes.handle(Control.open(settings), account_id, said, who=who, now=clock.now())


def handled(settings: Settings, account_ids: Collection[str]) -> dict[str, Handled]:
    """Those of the accounts that somebody saw to in the last thirty days, and who did last."""
    return notes.handled(Control.open(settings), clock.now() - RECENT, account_ids)
