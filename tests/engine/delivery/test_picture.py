import struct

import pytest

from engine.delivery.picture import draw, spec_of
from tests.engine.delivery.made import content, told, trend


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_one_alert_is_one_picture_of_a_size_for_mail() -> None:
    png = draw(content())
    assert png is not None
    width, height = size(png)
    assert 1200 < width < 1500
    assert 500 < height < 700
    assert len(png) < 250_000


def test_several_alerts_are_small_panels_side_by_side() -> None:
    png = draw(content(*(told(at, f"s{at}") for at in range(1, 7))))
    assert png is not None
    width, height = size(png)
    assert 1350 < width < 1600
    assert 900 < height < 1250


def test_the_bound_and_the_firing_periods_are_drawn_in() -> None:
    spec = spec_of(content(told(trend=trend(low=0.35, high=0.6))))
    assert spec is not None
    layers = spec["layer"]
    bands = next(layer for layer in layers if layer["mark"]["type"] == "rect")
    assert bands["data"]["values"] == [{"at": "2026-09-28", "to": "2026-11-02"}]
    bounds = [layer["data"]["values"] for layer in layers if "strokeDash" in layer["mark"]]
    assert [{row["bound"] for row in rows} for rows in bounds] == [{0.35}, {0.6}]
    beyond = next(layer for layer in layers if layer["mark"].get("shape") == "diamond")
    assert [row["at"] for row in beyond["data"]["values"]] == [
        "2026-09-28",
        "2026-10-05",
        "2026-10-12",
        "2026-10-19",
        "2026-10-26",
    ]
    notes = [layer["data"]["values"][0]["says"] for layer in layers if layer["mark"]["type"] == "text"]
    assert [note.replace("\xa0", " ") for note in notes] == ["bound 35.0 %", "bound 60.0 %", "32.5 %"]


@pytest.mark.parametrize("unit", ["rate", "count", "money", "hours", "ratio"])
def test_every_unit_can_be_drawn(unit: str) -> None:
    assert draw(content(unit=unit)) is not None


def test_gaps_and_single_points_can_be_drawn() -> None:
    points = trend(3)
    gap = (points[0], *(point for point in points[1:2]), points[2])
    assert draw(content(told(trend=gap[:1]))) is not None


def test_without_figures_there_is_no_picture() -> None:
    assert draw(content(told(trend=()))) is None
