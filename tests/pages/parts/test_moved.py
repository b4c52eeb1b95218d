"""The sentences that say what changed, how usual that is, since when, and which segments explain it."""

import re
from dataclasses import replace
from datetime import date

import pytest

from metrics.contribution import Cause, Part, Split
from metrics.movers import Move
from metrics.usual import Range
from pages.parts import moved

FELL = Move(
    "activation_rate", date(2026, 11, 16), date(2026, 11, 9), 0.411, 0.38, 3.4,
    Range(0.39, 0.41, 0.43), "below", date(2026, 11, 9),
)  # fmt: skip
EUROPE = Part("region", "Europe", 0.41, 0.32, -0.024, -0.001)
REST = Part("region", "Asia", 0.40, 0.40, -0.005, -0.001)
LARGE = "An unusually large change, yet still within its usual range."
OF_REGION = Split("region", "ratio", (EUROPE, REST), 5.0, "Europe")


def plain(text: str) -> str:
    return re.sub("<[^>]+>", "", text).replace("\u00a0", " ")


def test_the_sentence_says_how_far_to_where_and_in_which_period() -> None:
    said = plain(moved.headline(FELL, "week", "USD"))
    assert (
        said == "Activation rate fell 3.1 pp to 38.0 % in the week of 16 Nov (41.1 % in the week of 9 Nov)."
    )


def test_a_figure_outside_its_usual_range_says_since_when() -> None:
    said = plain(moved.usual(FELL, "week", "USD"))
    assert said == "Below its usual range since the week of 9 Nov (now 39.0 % to 43.0 %)."
    first = plain(moved.usual(replace(FELL, since=FELL.period_start), "week", "USD"))
    assert first == "Below its usual range of 39.0 % to 43.0 %, for the first week."


@pytest.mark.parametrize(
    ("move", "said"),
    [
        (replace(FELL, side=None, since=None, size=1.0), "Within its usual range."),
        (replace(FELL, side=None, since=None, size=4.0), LARGE),
        (replace(FELL, side=None, since=None, size=None), "Too few weeks are known to say what is usual."),
        (replace(FELL, range=None, side=None, size=4.0), "Too few weeks are known to say what is usual."),
    ],
)  # fmt: skip
def test_what_is_usual_or_not_known_is_said_too(move: Move, said: str) -> None:
    assert moved.usual(move, "week", "USD") == said


def test_a_segment_that_stands_out_is_named_with_its_part_of_the_whole_and_the_mix() -> None:
    said = plain(moved.reasons(replace(FELL, cause=Cause((OF_REGION,), True, 20)), "rate", "week", "USD"))
    assert said == (
        "Region: Europe with −2.5 pp (41.0 % → 32.0 %), of −3.1 pp in all; "
        "the mix of regions changed it by −0.2 pp."
    )


def test_that_no_segment_stands_out_is_said() -> None:
    quiet = replace(OF_REGION, leader="")
    said = plain(moved.reasons(replace(FELL, cause=Cause((quiet,), False, 20)), "rate", "week", "USD"))
    assert said.startswith("No segment stands out; the largest part is Region: Europe with −2.5 pp")
    unknown = plain(moved.reasons(replace(FELL, cause=Cause((quiet,), None, 3)), "rate", "week", "USD"))
    assert unknown.endswith("too few weeks are known to say whether that stands out.")


def test_a_quantile_is_told_apart_and_never_as_parts() -> None:
    hours = Split("region", "apart", (Part("region", "Europe", 12.0, 20.0, 8.0),), 5.0, "Europe")
    move = replace(FELL, metric="time_to_first_value_p50", cause=Cause((hours,), True, 20))
    said = plain(moved.reasons(move, "hours", "week", "USD"))
    assert (
        said
        == "It has no parts that add up; by itself, Region: Europe (12.0 h → 20.0 h) moved unlike the others."
    )


def test_names_of_segments_are_text() -> None:
    hostile = Part("region", "<img src=x onerror=alert(1)>", 0.4, 0.3, -0.03)
    split = Split("region", "ratio", (hostile, REST), 5.0, hostile.segment)
    said = moved.reasons(replace(FELL, cause=Cause((split,), True, 20)), "rate", "week", "USD")
    assert "<img" not in said
