"""MRR gained and lost by month, drawn in HTML."""

import re
from datetime import date
from typing import Any

import polars as pl
from streamlit.testing.v1 import AppTest

from engine.desk.annotations import Annotation
from pages.parts import bars, charts, speech
from tests.pages.test_pages import said

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
NB = "\u00a0"


def row(start: date, *, complete: bool = True, **moved: float) -> dict[str, Any]:
    steps = dict.fromkeys(charts.MOVES, 0.0) | moved
    return {"period_start": start, "complete": complete, **steps, "net": sum(steps.values())}


def html(*rows: dict[str, Any], found: tuple[Annotation, ...] = ()) -> str:
    return bars.bars_html(pl.DataFrame(rows), "USD", found)


def placed(drawn: str, colour: str) -> list[tuple[float, float]]:
    """Where the bars of a colour begin, and how high they are, in per cent."""
    found = re.findall(rf'bottom:([\d.]+)%;height:([\d.]+)%;background:{colour}"', drawn)
    return [(float(low), float(high)) for low, high in found]


def without_months() -> None:
    import polars as pl

    from pages.parts import bars

    bars.draw(pl.DataFrame(), "USD")


def test_where_there_was_no_month_that_is_said() -> None:
    app = AppTest.from_function(without_months).run()
    assert not app.exception
    assert "Nothing of this kind in this time." in said(app)
    assert "hf-levels" not in said(app)


def test_what_was_gained_stands_on_the_line_and_what_was_lost_hangs_from_it() -> None:
    drawn = html(row(OCTOBER, new=3_000.0, expansion=1_000.0, churned=-1_000.0))
    assert placed(drawn, charts.BLUE) == [(20.0, 60.0)]  # from 0 to 3,000 between -1,000 and 4,000
    assert placed(drawn, charts.GREEN) == [(80.0, 20.0)]
    assert placed(drawn, charts.VERMILION) == [(0.0, 20.0)]
    assert '<b style="bottom:80.00%">' in drawn


def test_a_movement_that_did_not_happen_is_no_bar() -> None:
    drawn = html(row(OCTOBER, new=3_000.0))
    assert placed(drawn, charts.ORANGE) == []
    assert "Contraction" not in drawn


def test_a_month_says_what_its_bars_are_and_whether_it_still_runs() -> None:
    drawn = html(row(SEPTEMBER, new=3.0), row(OCTOBER, complete=False, new=1234.5, churned=-4.0))
    said = f"Oct{NB}2026, so far\nNew: $1,234.50\nChurned: −$4.00\nNet change: $1,230.50"
    assert f'aria-label="{said}" class="hf-open-month"' in drawn
    assert f'aria-label="Sep{NB}2026\nNew: $3.00\nNet change: $3.00">' in drawn


def test_what_was_noted_stands_on_its_months_as_text() -> None:
    outage = Annotation("incident", '"><img src=x>', date(2026, 9, 20), date(2026, 10, 2))
    drawn = html(row(SEPTEMBER, new=3.0), row(OCTOBER, new=4.0), found=(outage,))
    assert drawn.count('<s style="border-color:#D55E00">') == 2
    assert drawn.count("Incident: &quot;&gt;&lt;img src=x&gt;") == 2


def test_a_company_without_movements_has_a_line_and_no_bars() -> None:
    drawn = html(row(OCTOBER))
    assert "background:" not in drawn
    assert "<span>$0</span>" in drawn


def test_bars_speak_polish() -> None:
    with speech.speaking("pl"):
        drawn = html(row(OCTOBER, churned=-1_000.0))
    assert "Odejścia" in drawn
    assert f"tys.{NB}$" in drawn
