"""The stories planted in the made-up company: what happens, when, how big it is and where one sees it."""

from dataclasses import dataclass
from datetime import datetime

from data.samples.clock import DAY, Bools, Floats, Ints, instant, seconds, weekday

RELEASE_DAYS = 21
RELEASE_SLOWER = 2.6  # each delay, so that the median over all doubles
RELEASE_WORSE = 0.87  # log-odds taken off seeing the value
OUTAGE_DAYS = 4
OUTAGE_TIMES = 3.0
PARTNER_SHARE = 0.22
PARTNER_MONTHS = 6
STALL_DAYS = 24
STALL_WORSE = 6.0  # log-odds taken off the first action at the end


@dataclass(frozen=True)
class Story:
    name: str
    title: str
    what: str
    size: str
    seen_on: str
    start: datetime
    end: datetime


def release(now: datetime) -> tuple[int, int]:
    """The bad release, in seconds: from a Monday about five months before now, three weeks long."""
    day = seconds(now) // DAY - 150
    start = (day - int(weekday(day))) * DAY
    return start, start + RELEASE_DAYS * DAY


def outage(now: datetime) -> tuple[int, int]:
    start = (seconds(now) // DAY - 91) * DAY
    return start, start + OUTAGE_DAYS * DAY


def partner_growth(now: datetime) -> tuple[int, int]:
    return (seconds(now) // DAY - PARTNER_MONTHS * 30) * DAY, seconds(now)


def stall(now: datetime) -> tuple[int, int]:
    return (seconds(now) // DAY - STALL_DAYS) * DAY, seconds(now)


def during(at: Ints, span: tuple[int, int]) -> Bools:
    return (at >= span[0]) & (at < span[1])


def progress(at: Ints, span: tuple[int, int]) -> Floats:
    """How far a span has come: 0 before it, 1 at its end."""
    share: Floats = ((at - span[0]) / (span[1] - span[0])).clip(0.0, 1.0)
    return share


def stories(now: datetime) -> tuple[Story, ...]:
    """What is planted in a company that ends at `now`, oldest first."""
    return (_partner(now), _release(now), _outage(now), _stall(now))


def _partner(now: datetime) -> Story:
    return Story(
        name="strong_channel",
        title="Partners bring better customers",
        what="Accounts that come through partners see the value sooner, buy more often and stay longer; "
        "in the last six months their share of sign-ups grows.",
        size="Activation about 15 points above the others, logo churn about a third lower; from 10 % of "
        "sign-ups to more than 20 %.",
        seen_on="Activation, Cohorts and Revenue, by channel",
        start=instant(partner_growth(now)[0]),
        end=now,
    )


def _release(now: datetime) -> Story:
    start, end = release(now)
    return Story(
        name="bad_release",
        title="A release breaks the guided tour",
        what="Release 4.2 loads the guided tour slowly and often not at all. Three weeks later 4.3 mends it.",
        size="Activation of the accounts that sign up in these weeks falls by about 12 points; the median "
        "time to first value at least doubles; tickets about the tour pile up.",
        seen_on="Activation: rate by cohort, the funnel's second step, time to first value by week",
        start=instant(start),
        end=instant(end),
    )


def _outage(now: datetime) -> Story:
    start, end = outage(now)
    return Story(
        name="card_network_outage",
        title="A card network is down for four days",
        what="Renewals that fall on these days fail with issuer_unavailable; most go through at a later try.",
        size="First attempts fail three times as often; a few accounts are lost to it in the weeks after.",
        seen_on="The feed of notable facts, and the payments",
        start=instant(start),
        end=instant(end),
    )


def _stall(now: datetime) -> Story:
    start, _ = stall(now)
    return Story(
        name="stalling_starters",
        title="Starter accounts in Europe stop short of their first action",
        what="Since a change of the consent screen, European Starter accounts see the value and then do not "
        "take the first action; a little worse every day.",
        size="Their activation slides from its usual level to less than half of it; overall it costs a few "
        "points.",
        seen_on="Activation by plan and region: the third step, the pace per day, the accounts stuck there",
        start=instant(start),
        end=now,
    )
