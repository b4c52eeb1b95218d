"""How often a key may be used: a bucket of tokens each, refilled all the time."""

from dataclasses import dataclass

BURST_SECONDS = 5  # an idle key may send so many seconds' worth at once


@dataclass
class Bucket:
    tokens: float
    filled_at: float


class Rates:
    """The buckets of one process; times are seconds of a clock that never goes back."""

    def __init__(self, per_second: float) -> None:
        self.per_second = per_second
        self.full = max(1.0, per_second * BURST_SECONDS)
        self.buckets: dict[str, Bucket] = {}

    def wait(self, name: str, now: float) -> float:
        """Take a token; 0, or the seconds until there is one."""
        bucket = self.buckets.setdefault(name, Bucket(self.full, now))
        bucket.tokens = min(self.full, bucket.tokens + (now - bucket.filled_at) * self.per_second)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self.per_second
        bucket.tokens -= 1
        return 0.0
