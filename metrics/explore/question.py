"""What can be asked about cohorts, and what each choice means."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from data.errors import BadInput

Start = Literal["signup", "active", "paid", "event"]
By = Literal["all", "attribute", "behaviour"]
Measure = Literal["accounts", "net", "gross", "events"]
Kind = Literal["bounded", "unbounded", "rolling"]
Clock = Literal["calendar", "own"]
Grain = Literal["week", "month"]

OWN_DAYS: dict[Grain, int] = {"week": 7, "month": 30}
MOST_GROUPS = 12
MOST_DAYS = 30  # in which a behaviour can be counted, from the day of sign-up on
ALL = 10_000  # of cohorts: every one
CHOICES: dict[str, tuple[str, ...]] = {
    "start": ("signup", "active", "paid", "event"),
    "by": ("all", "attribute", "behaviour"),
    "measure": ("accounts", "net", "gross", "events"),
    "kind": ("bounded", "unbounded", "rolling"),
    "clock": ("calendar", "own"),
    "grain": ("week", "month"),
}


@dataclass(frozen=True)
class Question:
    """Which cohorts, split how, and what of them is counted.

    start: an account belongs to the cohort of the week or month of its sign-up, its first day with an
        engagement event, its first day with MRR above 0, or its first day with an event named `event`.
    by: one group; the values of `attribute`; or whether it did `behaviour` at least `times` times in the
        first `days` days, of which that of sign-up is the first (events from the instant of sign-up on count;
        accounts that have not had these days yet belong to neither group and are left out).
    measure: `accounts` active, their MRR at the end of the period (`net`), the same with each account counted
        at most at what it paid at the end of its first period (`gross`), or engagement `events` per account,
        of a day on which it was active all of them.
    kind: of `accounts`. `bounded`: active in period k, as Amplitude's N-day and bracket retention count.
        `unbounded`: active in period k or any later one, as Amplitude's "return on or after" counts; it still
        rises while accounts come back. `rolling`: active in period k or the one before it, a trailing window
        of two periods as in trailing active-user counts: one pause is forgiven. It never looks back to period
        0, in which all began. The cohort's first day is where counting begins, in period 0.
    clock: k counts calendar weeks or months since the cohort's, or each account's own spans of 7 or 30 days
        since its first day. A cell is complete once every account of the cohort has had the whole period.
    newest: only so many of the newest cohorts. within: a dimension and segment that all accounts are of.
    """

    start: Start = "signup"
    event: str = ""
    by: By = "all"
    attribute: str = ""
    behaviour: str = ""
    times: int = 1
    days: int = 7
    measure: Measure = "accounts"
    kind: Kind = "bounded"
    clock: Clock = "calendar"
    grain: Grain = "month"
    newest: int = 12
    within: tuple[str, str] | None = None
    most_groups: int = MOST_GROUPS

    def __post_init__(self) -> None:
        for field, allowed in CHOICES.items():
            if (chosen := getattr(self, field)) not in allowed:
                raise BadInput(f"{field} may be {', '.join(allowed)}, not {chosen!r}.")
        if not 1 <= self.days <= MOST_DAYS:
            raise BadInput(f"days may be 1 to {MOST_DAYS}, not {self.days}.")
        if not 1 <= self.times <= 1_000_000:
            raise BadInput(f"times may be 1 to 1000000, not {self.times}.")
        if not 1 <= self.newest <= ALL:
            raise BadInput(f"newest may be 1 to {ALL}, not {self.newest}.")

    @property
    def length(self) -> int:
        """Days of a period by the account's own clock."""
        return OWN_DAYS[self.grain]

    @property
    def is_share(self) -> bool:
        """Whether a cell is a share of accounts, which has an interval and can be tested."""
        return self.measure == "accounts"

    @property
    def is_money(self) -> bool:
        return self.measure in ("net", "gross")

    def of_one_group(self) -> "Question":
        return replace(self, by="all")


@dataclass(frozen=True)
class Frame:
    """What an edition is laid out on. `today`: the local date of its `as_of`, not over yet."""

    today: date
    week_start: int
    months: tuple[date, ...]  # of which the active days are known
    attributes: tuple[str, ...]  # with a column of their own

    def start_of(self, day: date, grain: Grain) -> date:
        return (
            day.replace(day=1) if grain == "month" else day - timedelta((day.weekday() - self.week_start) % 7)
        )

    def next_start(self, start: date, grain: Grain) -> date:
        return (
            (start.replace(day=28) + timedelta(4)).replace(day=1)
            if grain == "month"
            else start + timedelta(7)
        )

    def before(self, start: date, grain: Grain) -> date:
        return self.start_of(start - timedelta(1), grain)

    def cohorts(self, question: Question) -> list[date]:
        """The starts of the newest cohorts, the oldest first, whether or not an account is in them."""
        if not self.months:
            return []
        found = [self.start_of(self.today, question.grain)]
        first = self.months[0] if question.grain == "month" else self.start_of(self.months[0], "week")
        while len(found) < question.newest and found[-1] > first:
            found.append(self.before(found[-1], question.grain))
        return found[::-1]
