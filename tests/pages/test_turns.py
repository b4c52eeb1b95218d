"""The pace at which open pages are told."""

import pytest

from pages.turns import MOST, SHARE, Pace


def paced(spent: float, turns: int = 200) -> Pace:
    pace = Pace()
    for _ in range(turns):
        pace.learn(spent)
    return pace


def test_pages_that_cost_little_hear_soon_after_one_another() -> None:
    assert paced(0.001).pause < 0.002


def test_the_pause_leaves_room_for_what_redrawing_a_page_costs() -> None:
    assert paced(0.035).pause == pytest.approx(0.035 / SHARE, rel=0.01)


def test_nobody_waits_for_ever_where_the_process_is_busy_with_other_things() -> None:
    assert paced(5.0).pause == MOST


def test_a_process_that_cannot_keep_up_slows_down() -> None:
    pace = paced(0.001)
    for _ in range(100):
        pace.learn(pace.pause)  # it was busy all the time
    assert pace.pause > 0.05
