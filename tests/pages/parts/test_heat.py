from datetime import date

import polars as pl
import pytest

from data.settings import ROOT
from pages.parts import heat

# From look.css: the cell's own colour, the card behind it and the text on it, light and dark.
THEMES = {"light": ("#0b8079", "#ffffff", "#17211f"), "dark": ("#11827a", "#161e20", "#e4eae8")}


def channels(colour: str) -> list[float]:
    return [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]


def luminance(parts: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.75, 1.0])
def test_the_number_in_a_cell_has_enough_contrast(theme: str, share: float) -> None:
    heated, card, text = (channels(colour) for colour in THEMES[theme])
    deep = heat.depth(share, 1.0) / 100
    cell = [deep * hot + (1 - deep) * cold for hot, cold in zip(heated, card, strict=True)]
    darker, lighter = sorted((luminance(cell), luminance(text)))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_the_style_sheet_still_has_the_colours_that_were_checked() -> None:
    style = (ROOT / "pages" / "parts" / "look.css").read_text()
    for name, place in (("heat", 0), ("card", 1), ("ink", 2)):
        assert f"--{name}: light-dark({THEMES['light'][place]}, {THEMES['dark'][place]})" in style


def test_hover_text_tells_the_counts_and_what_still_runs() -> None:
    rows = pl.DataFrame(
        {
            "cohort_start": [date(2026, 1, 1)] * 2,
            "size": [40, 40],
            "period_index": [0, 1],
            "retained": [40, 10],
            "complete": [True, False],
        }
    )
    (line,) = heat.lines_of(rows, heat.LOGO)
    look = heat.Look(heat.LOGO, "month", "USD", 2, 1.0)
    hint = heat.counts(line.cells[1], line, look)
    assert "(10 of 40 accounts)" in hint
    assert "so far" in hint
    assert "hf-young" in heat.cell_html(line.cells[1], line, look)
