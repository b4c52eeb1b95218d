"""The pace at which open pages are told."""

from contextlib import suppress

import pytest

from pages.turns import MOST, SHARE, Drawing, Pace


def paced(spent: float, turns: int = 200) -> Pace:
    pace = Pace()
    for _ in range(turns):
        pace.learn(spent)
    return pace


def test_pages_that_cost_little_hear_soon_after_one_another() -> None:
    assert paced(0.001).pause < 0.003


def test_the_pause_leaves_room_for_what_redrawing_a_page_costs() -> None:
    assert paced(0.035).pause == pytest.approx(0.035 / SHARE, rel=0.01)


def test_while_the_first_page_of_an_edition_is_drawn_the_others_wait() -> None:
    pace = paced(0.02)
    assert pace.lacking(spent=0.3, passed=0.3) == pytest.approx(0.3 / SHARE - 0.3)
    assert pace.lacking(spent=0.3, passed=0.3 / SHARE) == pytest.approx(0)


def test_no_page_hears_while_enough_are_drawn() -> None:
    assert Pace().lacking(spent=0.0, passed=0.1, drawing=True) > 0
    assert Pace().lacking(spent=0.0, passed=0.1) == 0


def test_nobody_waits_for_ever_where_the_process_is_busy_with_other_things() -> None:
    assert paced(5.0).pause <= MOST
    assert Pace().lacking(spent=MOST, passed=MOST, drawing=True) == 0


def test_a_page_is_drawn_until_it_ends_however_it_ends() -> None:
    drawing = Drawing()
    with suppress(LookupError), drawing:
        assert drawing.under_way
        raise LookupError
    assert not drawing.under_way


def test_two_pages_may_be_drawn_at_once() -> None:
    drawing = Drawing()
    drawing.under_way.add("one")
    assert not drawing.is_full
    drawing.under_way.add("another")
    assert drawing.is_full
