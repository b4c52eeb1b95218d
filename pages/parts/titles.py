"""What metrics are called, in the language of the run."""

from metrics.titles import STEP, title, titled

__all__ = ["STEP", "title", "titled"]
