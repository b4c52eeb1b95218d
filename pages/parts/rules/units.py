"""How a param of a rule is edited and written: in the metric's unit, in per cent, or as the number it is."""

from dataclasses import dataclass

from pages.parts import numbers, words
from pages.parts.rules import phrases
from pages.parts.speech import written

OF_METRIC = {
    ("limit", "below"),
    ("limit", "above"),
    ("limit", "recover"),
    ("change", "floor"),
    ("anomaly", "floor"),
    ("missing", "at_least"),
}
SHARES = {("change", "by"), ("drift", "by"), ("drift", "recover"), ("rate", "confidence")}
POINTS = {("rate", "minimum_effect")}
BROKEN = {("anomaly", "z"), ("drift", "z"), ("change", "chance")}  # numbers that need not be whole
EXACT = 12  # digits that are told from rounding


@dataclass(frozen=True)
class Scale:
    """A field shows `times` what the param is, and `sign` after it; `is_whole`: whole numbers only."""

    unit: str
    times: float = 1.0
    sign: str = ""
    step: float = 1.0
    is_whole: bool = False
    code: str = ""

    def shown(self, value: float | None) -> float | int | None:
        """A param as its field shows it."""
        if value is None:
            return None
        return round(value) if self.is_whole else round(float(value) * self.times, EXACT)

    def read(self, shown: float | None) -> float | int | None:
        """What a field shows, as the param."""
        if shown is None:
            return None
        return int(shown) if self.is_whole else round(shown / self.times, EXACT)

    def written(self, value: float | None) -> str:
        """A param in a sentence or a table."""
        if value is None:
            return words.NONE
        number = f"{value * self.times:,.6g}".replace("-", words.MINUS).translate(written().swaps)
        if self.code:
            return words.currency(number, self.code)
        return number + self.ending

    @property
    def mark(self) -> str:
        """The sign as the language of the run writes it."""
        own = {"pp": written().points.strip(), "h": written().units[2]}
        return own.get(self.sign, self.sign)

    @property
    def ending(self) -> str:
        """What follows a number: its space and the sign."""
        if not self.sign:
            return ""
        return written().percent if self.sign == "%" else f"{words.THIN}{self.mark}"


WHOLE, PLAIN = Scale("whole", is_whole=True), Scale("plain", step=0.1)
PER_CENT, PER_CENT_POINTS = Scale("share", 100, "%", 0.5), Scale("points", 100, "pp", 0.5)


def scale_of(kind: str, param: str, metric: str, default: object = None) -> Scale:
    """How a param is edited; one that nobody told of here is a number as it is."""
    place = (kind, param)
    if place in OF_METRIC:
        return of_unit(phrases.unit_of(metric))
    if place in SHARES:
        return PER_CENT
    if place in POINTS:
        return PER_CENT_POINTS
    return PLAIN if place in BROKEN or isinstance(default, float) else WHOLE


def of_unit(unit: str) -> Scale:
    """The scale of a metric's own figures."""
    if unit == "rate":
        return PER_CENT
    if unit == "money":
        code = numbers.settings().base_currency
        return Scale("money", sign=words.SIGNS.get(code, code), step=100.0, code=code)
    known = {"hours": Scale("hours", sign="h", step=0.5), "count": Scale("count")}
    return known.get(unit, Scale("ratio", step=0.05))
