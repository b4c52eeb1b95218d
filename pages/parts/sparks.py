"""Sparklines as masks: the shape is drawn here, the colour comes from the theme in the browser.

What has one colour is one mask: each costs the browser a picture of its own.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.parts.numbers import Row

WIDTH, HEIGHT, MARGIN = 120.0, 32.0, 3.0


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

    def point(self, place: int, value: float) -> str:
        return f"{self.x(place):.1f},{self.y(value):.1f}"


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
    own = band(rows, scale) + line(rows, scale) + open_line(rows, scale)
    drawn = layer("hf-aim", aim(scale, goal)) + layer("hf-line", own) + dot(rows, scale)
    return f'<div class="hf-spark" aria-hidden="true">{drawn}</div>'


def layer(name: str, shape: str) -> str:
    if not shape:
        return ""
    view = f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" preserveAspectRatio="none"'
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" {view}>{shape}</svg>'
    code = b64encode(picture.encode()).decode()
    return f'<i class="{name}" style="--shape:url(data:image/svg+xml;base64,{code})"></i>'


def runs(rows: Sequence[Row]) -> list[list[tuple[int, Row]]]:
    """Stretches of rows that have a value; a gap is not drawn over."""
    found: list[list[tuple[int, Row]]] = [[]]
    for place, row in enumerate(rows):
        if row.value is None:
            found.append([])
        else:
            found[-1].append((place, row))
    return [stretch for stretch in found if stretch]


def path(points: Sequence[str], dash: str = "") -> str:
    if len(points) < 2:
        return ""
    style = f'fill="none" stroke="#000" stroke-width="1.6" stroke-linejoin="round" {dash}'
    return f'<polyline points="{" ".join(points)}" vector-effect="non-scaling-stroke" {style}/>'


def line(rows: Sequence[Row], scale: Scale) -> str:
    complete = [row if row.complete else empty(row) for row in rows]
    return "".join(
        path([scale.point(place, row.value or 0.0) for place, row in stretch]) for stretch in runs(complete)
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
    return path(points, 'stroke-dasharray="2.5 2.5" opacity=".75"')


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
    return f'<polygon opacity=".17" points="{" ".join(top + bottom)}"/>'


def aim(scale: Scale, goal: float | None) -> str:
    """A target is the same in all periods."""
    if goal is None:
        return ""
    ends = (scale.point(0, goal), scale.point(max(1, scale.count - 1), goal))
    return path(ends, 'stroke-dasharray="6 3"')


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
    wide = f'width="{step * 0.72:.2f}"'
    shapes = "".join(
        f'<rect x="{place * step:.2f}" y="{HEIGHT - tall:.2f}" {wide} height="{tall:.2f}"/>'
        for place, tall in enumerate(heights)
        if tall
    )
    return f'<div class="hf-spark" role="img" title="{escape(label)}">{layer("hf-line", shapes)}</div>'
