import re
from base64 import b64decode
from datetime import date

from pages.parts import sparks
from pages.parts.numbers import Row

DAY = date(2026, 1, 1)


def row(
    value: float | None, *, complete: bool = True, lower: float | None = None, upper: float | None = None
) -> Row:
    return Row(DAY, value, None, None, lower, upper, complete)


def shape(html: str, name: str) -> str:
    """The drawing behind one layer of a spark."""
    start = f'class="{name}" style="--shape:url(data:image/svg+xml;base64,'
    code = html.split(start)[1].split(")", maxsplit=1)[0]
    return b64decode(code).decode()


def points(line: str) -> list[str]:
    return line.split('points="')[1].split('"', maxsplit=1)[0].split()


def test_a_spark_is_one_picture_and_one_more_with_a_target() -> None:
    rows = [row(1, lower=0, upper=2), row(2, lower=1, upper=3), row(3, complete=False)]
    assert sparks.spark(rows).count("--shape") == 1
    assert sparks.spark(rows, goal=2.0).count("--shape") == 2


def test_a_gap_is_not_drawn_over() -> None:
    html = sparks.spark([row(1), row(2), row(None), row(3), row(4)])
    assert shape(html, "hf-line").count("<polyline") == 2


def test_what_still_runs_is_dashed_and_starts_at_the_last_complete_period() -> None:
    html = sparks.spark([row(1), row(2), row(3, complete=False)])
    solid, dashed = re.findall(r"<polyline.*?/>", shape(html, "hf-line"))
    assert "stroke-dasharray" not in solid
    assert "stroke-dasharray" in dashed
    assert points(solid)[-1] == points(dashed)[0]


def test_an_interval_is_a_band_and_its_lack_is_none() -> None:
    known = sparks.spark([row(1, lower=0, upper=2), row(2, lower=1, upper=3)])
    assert "<polygon" in shape(known, "hf-line")
    assert "<polygon" not in shape(sparks.spark([row(1), row(2)]), "hf-line")


def test_nothing_known_draws_nothing_and_a_flat_line_does_not_divide_by_nought() -> None:
    assert "<i" not in sparks.spark([row(None), row(None)])
    assert "polyline" in shape(sparks.spark([row(2), row(2)]), "hf-line")


def test_a_bar_stays_within_its_box() -> None:
    assert "width:100.0%" in sparks.bar(1.4)
    assert "width:0.0%" in sparks.bar(-0.1)
