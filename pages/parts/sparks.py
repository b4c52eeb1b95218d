"""Sparklines as shapes cut out of their box: the shape is made here, the colour is the theme's.

None is a picture, for each picture costs the browser a document of its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from math import hypot

from pages.parts.numbers import Row

WIDTH, HEIGHT, MARGIN = 120.0, 32.0, 3.0
HALF = 0.8  # of the thickness of a line, in the --unit of its box
DASH = 2.5  # and as much between two
Point = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """Places the rows of a spark from left to right and their values from bottom to top."""

    count: int
    low: float
    high: float

    def x(self, place: int) -> float:
        return MARGIN + place * (WIDTH - 2 * MARGIN) / max(1, self.count - 1)

    def y(self, value: float) -> float:
        span = self.high - self.low
        part = (value - self.low) / span if span else 0.5
        return HEIGHT - MARGIN - part * (HEIGHT - 2 * MARGIN)

    def point(self, place: int, value: float) -> Point:
        return self.x(place), self.y(value)


def scale_of(rows: Sequence[Row], goal: float | None = None) -> Scale:
    """From the lowest to the highest value or goal; a band wider than that is cut off at half of it more."""
    values = [row.value for row in rows if row.value is not None]
    values += [goal] if goal is not None and values else []
    if not values:
        return Scale(len(rows), 0.0, 1.0)
    slack = (max(values) - min(values)) / 2
    lows = [row.lower for row in rows if row.lower is not None]
    highs = [row.upper for row in rows if row.upper is not None]
    low = max(min([*values, *lows]), min(values) - slack)
    high = min(max([*values, *highs]), max(values) + slack)
    return Scale(len(rows), low, high)


def spark(rows: Sequence[Row], goal: float | None = None) -> str:
    """The complete periods' line, dashed where it is still running, its interval as a band, and a target."""
    scale = scale_of(rows, goal)
    drawn = (
        aim(scale, goal) + band(rows, scale) + line(rows, scale) + open_line(rows, scale) + dot(rows, scale)
    )
    return f'<div class="hf-spark" aria-hidden="true">{drawn}</div>'


def layer(name: str, corners: Sequence[str]) -> str:
    return f'<i class="{name}" style="--shape:polygon({",".join(corners)})"></i>'


def corner(point: Point, aside: Point = (0.0, 0.0)) -> str:
    """A place in the box, however wide it is, and so many units beside it."""
    parts = (f"{where / whole * 100:.1f}%" for where, whole in zip(point, (WIDTH, HEIGHT), strict=True))
    return " ".join(
        f"calc({part} + {away:.2f}*var(--unit))" if away else part
        for part, away in zip(parts, aside, strict=True)
    )


def runs(rows: Sequence[Row]) -> list[list[tuple[int, Row]]]:
    """Stretches of rows that have a value; a gap is not drawn over."""
    found: list[list[tuple[int, Row]]] = [[]]
    for place, row in enumerate(rows):
        if row.value is None:
            found.append([])
        else:
            found[-1].append((place, row))
    return [stretch for stretch in found if stretch]


def stroke(name: str, points: Sequence[Point]) -> str:
    """A line along these points: there on its one side, and back on its other."""
    if len(points) < 2:
        return ""
    sides = [side(points, place) for place in range(len(points))]
    there = [corner(point, aside) for point, aside in zip(points, sides, strict=True)]
    back = [corner(point, (-x, -y)) for point, (x, y) in zip(points, sides, strict=True)]
    return layer(name, there + back[::-1])


def side(points: Sequence[Point], place: int) -> Point:
    """How far a line's edge is from a point of it: where it bends, as far as the bend needs."""
    before, after = max(0, place - 1), min(len(points) - 1, place + 1)
    (x1, y1), (x2, y2) = across(points[before], points[before + 1]), across(points[after - 1], points[after])
    x, y = x1 + x2, y1 + y2
    longer = 2 * HALF / max(1.0, x * x + y * y)
    return x * longer, y * longer


def dashed(name: str, points: Sequence[Point]) -> str:
    """Dashes along these points, one after the other, and back along their middle."""
    drawn = [part for start, end in pairwise(points) for part in dashes(start, end)]
    return layer(name, drawn + [corner(point) for point in points[::-1]]) if drawn else ""


def dashes(start: Point, end: Point) -> Iterator[str]:
    (right, down), (x, y) = across(start, end), (end[0] - start[0], end[1] - start[1])
    count = max(1, round(hypot(x, y) / DASH / 2))
    for place in range(count):
        near, far = (start[0] + x * place / count, start[1] + y * place / count), place + 0.5
        there = (start[0] + x * far / count, start[1] + y * far / count)
        for point, way in ((near, 0), (near, HALF), (there, HALF), (there, -HALF), (near, -HALF), (near, 0)):
            yield corner(point, (right * way, down * way))


def across(start: Point, end: Point) -> Point:
    """One unit at a right angle to the way from one point to another."""
    x, y = end[0] - start[0], end[1] - start[1]
    far = hypot(x, y)
    return -y / far, x / far


def line(rows: Sequence[Row], scale: Scale) -> str:
    complete = [row if row.complete else empty(row) for row in rows]
    return "".join(
        stroke("hf-line", [scale.point(place, row.value or 0.0) for place, row in stretch])
        for stretch in runs(complete)
    )


def empty(row: Row) -> Row:
    return Row(row.start, None, None, None, None, None, row.complete)


def open_line(rows: Sequence[Row], scale: Scale) -> str:
    """From the last complete period on, dashed."""
    last = max((place for place, row in enumerate(rows) if row.complete), default=0)
    points = [
        scale.point(place, row.value)
        for place, row in enumerate(rows)
        if place >= last and row.value is not None
    ]
    return dashed("hf-still-open", points)


def band(rows: Sequence[Row], scale: Scale) -> str:
    known = [
        (place, row.lower, row.upper)
        for place, row in enumerate(rows)
        if row.lower is not None and row.upper is not None
    ]
    if len(known) < 2:
        return ""
    top = [scale.point(place, min(upper, scale.high)) for place, _, upper in known]
    bottom = [scale.point(place, max(lower, scale.low)) for place, lower, _ in reversed(known)]
    return layer("hf-band", [corner(point) for point in top + bottom])


def aim(scale: Scale, goal: float | None) -> str:
    """A target is the same in all periods."""
    if goal is None:
        return ""
    return stroke("hf-aim", (scale.point(0, goal), scale.point(max(1, scale.count - 1), goal)))


def dot(rows: Sequence[Row], scale: Scale) -> str:
    """A dot on the last complete period, which is the figure that the card shows."""
    complete = [
        (place, row.value) for place, row in enumerate(rows) if row.complete and row.value is not None
    ]
    if not complete:
        return ""
    place, value = complete[-1]
    left, top = scale.x(place) / WIDTH * 100, scale.y(value) / HEIGHT * 100
    return f'<b style="left:{left:.1f}%;top:{top:.1f}%"></b>'


def bar(share: float, label: str = "") -> str:
    """A share of 0 to 1 as a bar."""
    title = f' title="{escape(label)}"' if label else ""
    return f'<div class="hf-bar"{title}><i style="width:{max(0.0, min(1.0, share)) * 100:.1f}%"></i></div>'


def bars(counts: Sequence[int], label: str) -> str:
    """Counts of equal stretches of time, one bar each; what is not nought can be seen."""
    highest, step = max(counts), WIDTH / len(counts)
    heights = [max(1.5, count / highest * HEIGHT) if count else 0.0 for count in counts]
    corners = [
        corner((left + wide, HEIGHT - up))
        for left, tall in ((place * step, tall) for place, tall in enumerate(heights) if tall)
        for wide, up in ((0.0, 0.0), (0.0, tall), (step * 0.72, tall), (step * 0.72, 0.0))
    ]
    drawn = layer("hf-line", corners) if corners else ""
    return f'<div class="hf-spark" role="img" title="{escape(label)}">{drawn}</div>'
