"""How far Stripe was read: the cursor of its source."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta

KEPT_BY_STRIPE = timedelta(days=29)  # events are there for 30 days
LOOK_BACK = 600  # seconds: an event may be listed somewhat later than it was created


@dataclass(frozen=True)
class Progress:
    """First every list once, from the newest object to the oldest; then events, again and again.

    Args:
        of: what was asked for; with another start everything is listed again.
        step: the list that is being read.
        after: the id of the object that was read last; None at the head of a list.
        created: when that was created, should it be deleted before the list goes on.
        base: events since then are asked for, in seconds since 1970.
        high: the newest event of the present pass.
        seen: ids of events since `base` that earlier passes read.
        recent: ids of events of this pass that the next one will come by again.
        day: the day of the last pass, in UTC.
    """

    of: str
    step: str
    after: str | None = None
    created: int | None = None
    base: int | None = None
    high: int | None = None
    seen: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    day: str | None = None

    def has_missed_events(self, today: date) -> bool:
        """Whether events may be gone that nobody read."""
        return self.day is not None and today - date.fromisoformat(self.day) > KEPT_BY_STRIPE

    def read_to(self, after: str | None, created: int | None) -> "Progress":
        return replace(self, after=after, created=created)

    def at(self, step: str) -> "Progress":
        return replace(self, step=step, after=None, created=None)

    @property
    def next_base(self) -> int | None:
        return self.base if self.high is None else max(self.base or 0, self.high - LOOK_BACK)

    def with_event(self, event_id: str, created: int) -> "Progress":
        """An event was come by; the first of a pass is the newest."""
        known = self if self.high is not None else replace(self, high=created)
        comes_again = created >= (known.next_base or 0)
        return replace(known, recent=(*known.recent, event_id)) if comes_again else known

    def pass_ended(self, today: date) -> "Progress":
        seen = tuple(sorted(self.recent))
        return Progress(self.of, self.step, base=self.next_base, seen=seen, day=today.isoformat())


def write(progress: Progress) -> str:
    return json.dumps({name: value for name, value in asdict(progress).items() if value})


def read(cursor: str | None, of: str, first_step: str) -> Progress:
    told = json.loads(cursor) if cursor else {}
    if told.get("of") != of:
        return Progress(of, first_step)
    known = {name: tuple(told.get(name, ())) for name in ("seen", "recent")}
    return Progress(**(told | known))
