"""When a weekly letter is due: once a week, on the clocks of its zone, however long nobody looked."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LATEST = timedelta(days=2)  # after which a letter that could not be sent is not worth sending
PATIENCE = timedelta(hours=1)  # for which a letter waits for numbers of its own day


@dataclass(frozen=True, slots=True)
class Schedule:
    """`weekday` 0 is Monday; `since`: when it was decided; `sent_for`: the Monday of the week last sent."""

    weekday: int
    hour: int
    zone: str
    since: datetime
    sent_for: date | None = None
    is_paused: bool = False


def moment(schedule: Schedule, monday: date) -> datetime:
    """The instant of a week, naive UTC; where the clock skips the hour, the next that it shows."""
    day = monday + timedelta(days=schedule.weekday)
    local = datetime.combine(day, time(schedule.hour), tzinfo=ZoneInfo(schedule.zone))
    return local.astimezone(UTC).replace(tzinfo=None)


def monday_of(schedule: Schedule, now: datetime) -> date:
    day = now.replace(tzinfo=UTC).astimezone(ZoneInfo(schedule.zone)).date()
    return day - timedelta(days=day.weekday())


def week_due(schedule: Schedule, now: datetime) -> date | None:
    """The Monday of the week whose letter is to be sent now; None for none.

    A week is sent once, whatever its day is changed to; what was due before it was decided is not sent.
    """
    if schedule.is_paused:
        return None
    this = monday_of(schedule, now)
    for monday in (this, this - timedelta(weeks=1)):
        at = moment(schedule, monday)
        is_new = schedule.sent_for is None or monday > schedule.sent_for
        if is_new and schedule.since <= at <= now < at + LATEST:
            return monday
    return None


def is_worth_waiting(schedule: Schedule, monday: date, as_of: datetime, now: datetime) -> bool:
    """Whether the newest numbers are older than the letter's hour, and newer ones may still come."""
    at = moment(schedule, monday)
    return as_of < at and now < at + PATIENCE


def next_moment(schedule: Schedule, now: datetime) -> datetime:
    """When the next letter comes, as things stand."""
    this = monday_of(schedule, now)
    weeks = (this + timedelta(weeks=later) for later in range(3))
    at = [
        moment(schedule, monday)
        for monday in weeks
        if schedule.sent_for is None or monday > schedule.sent_for
    ]
    return next(one for one in at if one > now)
