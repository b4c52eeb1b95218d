"""Lifetime value and projections on the pages: figures, intervals, what is biased, and reasons for none."""

from collections.abc import Callable
from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]


def test_revenue_shows_lifetime_value_or_why_not_and_names_the_naive_figure(
    open_menu: Open, company: Path
) -> None:
    app = go(open_menu(company), "watch/revenue.py")
    assert not app.exception
    text = said(app)
    assert "Lifetime value" in text
    assert "<small>biased</small>" in text
    assert "at a gross margin of 100" in text
    assert "MRR in twelve months" in text


def test_cohorts_show_who_will_still_pay_or_why_it_cannot_be_said(open_menu: Open, company: Path) -> None:
    app = go(open_menu(company), "watch/cohorts.py")
    assert not app.exception
    assert "Who will still pay" in said(app)


def test_pages_stand_where_nobody_pays(open_menu: Open, activity_only: Path) -> None:
    app = go(open_menu(activity_only), "watch/cohorts.py")
    assert not app.exception
    assert "It cannot be projected yet. Nobody has paid a subscription yet." in said(app)
