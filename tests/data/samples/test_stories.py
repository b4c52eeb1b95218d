"""Each planted story can be found where its text says, through the real import and the real metrics."""

from datetime import date, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from data.samples import stories
from data.samples.clock import instant
from data.samples.market import EUROPE, PARTNER, STARTER
from data.samples.onboarding import onboard
from data.samples.scenario import Scenario
from data.samples.signups import sign_up
from data.settings import Settings
from metrics import read

NOW = datetime(2026, 3, 18, 14, 23, 5)
Published = tuple[Settings, str]


def told(name: str) -> stories.Story:
    return next(story for story in stories.stories(NOW) if story.name == name)


def weeks(published: Published, metric: str, dimension: str = "all", segment: str = "all") -> pl.DataFrame:
    return read.series(*published, [metric], grain="week", dimension=dimension, segment=segment)


def share(rows: pl.DataFrame) -> float:
    return rows["numerator"].sum() / rows["denominator"].sum()


def split(rows: pl.DataFrame, story: stories.Story) -> tuple[pl.DataFrame, pl.DataFrame]:
    inside = pl.col("period_start").is_between(story.start.date(), story.end.date(), closed="left")
    return rows.filter(inside), rows.filter(~inside)


def test_each_story_says_all_of_itself() -> None:
    names = [story.name for story in stories.stories(NOW)]
    assert sorted(names) == ["bad_release", "card_network_outage", "stalling_starters", "strong_channel"]
    for story in stories.stories(NOW):
        assert story.start < story.end <= NOW
        assert all(getattr(story, part) for part in ("title", "what", "size", "seen_on"))


def test_bad_release_lasts_three_whole_weeks_five_months_ago() -> None:
    story = told("bad_release")
    assert story.start.weekday() == 0
    assert story.end - story.start == timedelta(days=21)
    assert timedelta(days=145) < NOW - story.start < timedelta(days=160)


def test_bad_release_costs_about_twelve_points_of_activation(published: Published) -> None:
    bad, usual = split(weeks(published, "activation_rate"), told("bad_release"))
    assert len(bad) == 3
    assert 0.08 < share(usual) - share(bad) < 0.18


def test_bad_release_doubles_time_to_first_value(published: Published) -> None:
    bad, usual = split(weeks(published, "time_to_first_value_p50"), told("bad_release"))
    assert 1.5 < bad["value"].median() / usual["value"].median() < 3.5


def test_bad_release_shows_in_the_second_step(published: Published) -> None:
    bad, usual = split(weeks(published, "activation_step_rate.value_demonstrated"), told("bad_release"))
    assert share(usual) - share(bad) > 0.08


def test_bad_release_fills_the_ticket_queue(demo: dict[str, pl.DataFrame]) -> None:
    story = told("bad_release")
    tour = demo["tickets"].filter(pl.col("subject") == "Guided tour does not load")["opened_at"]
    assert tour.is_between(story.start, story.end + timedelta(days=1)).all()
    assert len(tour) > 15


def test_outage_triples_failed_payments(demo: dict[str, pl.DataFrame]) -> None:
    story = told("card_network_outage")
    first = demo["payments"].filter(pl.col("payment_id").str.ends_with("-1"))
    inside = pl.col("attempted_at").is_between(story.start, story.end)
    down, usual = first.filter(inside), first.filter(~inside)
    assert 2 < (down["outcome"] == "failed").mean() / (usual["outcome"] == "failed").mean() < 4.5
    assert "issuer_unavailable" in down["decline_code"].drop_nulls()


def test_partners_activate_more(published: Published) -> None:
    rate = {
        channel: share(weeks(published, "activation_rate", "channel", channel))
        for channel in ("Organic", "Paid search", "Partner")
    }
    assert rate["Partner"] - rate["Organic"] > 0.08
    assert rate["Partner"] - rate["Paid search"] > 0.12


def test_partners_stay(published: Published) -> None:
    def kept(channel: str) -> float:
        rows = read.cohorts(*published, grain="week", dimension="channel", segment=channel)
        rows = rows.filter((pl.col("period_index") == 8) & pl.col("complete"))
        return rows["retained"].sum() / rows["size"].sum()

    assert kept("Partner") - kept("Organic") > 0.1
    assert share(weeks(published, "logo_churn_rate", "channel", "Partner")) < 0.85 * share(
        weeks(published, "logo_churn_rate")
    )


def test_partners_grow_in_the_last_six_months(published: Published) -> None:
    def of_signups(start: date, end: date) -> float:
        all_of, partners = (
            weeks(published, "signups", *segment)
            .filter(pl.col("period_start").is_between(start, end))["value"]
            .sum()
            for segment in (("all", "all"), ("channel", "Partner"))
        )
        return partners / all_of

    start = told("strong_channel").start.date()
    before = of_signups(date(2024, 1, 1), start)
    lately = of_signups(NOW.date() - timedelta(days=60), NOW.date())
    assert before < 0.14
    assert lately > 0.17


def test_starters_in_europe_stall_now(published: Published) -> None:
    accounts = read.table(*published, "account_state").filter(plan="Starter", region="Europe")
    matured = accounts.filter(pl.col("created_at") < NOW - timedelta(days=7))
    stalled = pl.col("created_at") >= told("stalling_starters").start + timedelta(days=4)
    now, before = (matured.filter(when)["activated_at"].is_not_null().mean() for when in (stalled, ~stalled))
    assert now < before / 2
    stuck = accounts.filter(stalled & (pl.col("steps_reached") == 2))
    assert len(stuck) >= 5


@pytest.mark.parametrize("days", [0, 17, 101, 222, 340])
@pytest.mark.parametrize("seed", [7, 1])
def test_stories_are_as_large_on_any_day(days: int, seed: int) -> None:
    now = NOW + timedelta(days=days, hours=days)
    scenario = Scenario(2000, 18, seed, now)
    signups = sign_up(scenario)
    activated = onboard(scenario, signups).is_activated
    bad = stories.during(signups.at, stories.release(now))
    late = signups.at >= stories.stall(now)[0] + 4 * 86_400
    stalled = late & (signups.plan == STARTER) & (signups.region == EUROPE)
    usual = activated[~bad & ~stalled].mean()
    assert 0.04 < usual - activated[bad].mean() < 0.22
    assert activated[stalled].mean() < 0.6 * usual
    assert activated[signups.channel == PARTNER].mean() > usual + 0.06
    assert np.all(np.diff(signups.at) >= 0)
    assert instant(int(signups.at[-1])) < now
