"""Walks through the months, forecasting from each with what it knew, and holds what came against it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from metrics.lifetime import hazard, outlook, value
from metrics.lifetime.memory import Memory
from metrics.lifetime.outlook import ALL, Key, Outlook
from metrics.lifetime.panel import Panel
from metrics.lifetime.value import Estimate, Terms

SEED = 20050707
HORIZONS = (12, 36)
CHECKED = (3, 6, 12)  # months ahead that are held against what came
LOOKED = (*CHECKED, 36)
BACK = 60  # months that are walked through
DRAWS_BEFORE, DRAWS_NOW = 100, 400
ERRORS = 3  # past forecasts, before their error says something
DUE = 24  # of them that are looked at
REMEMBERED = 1000

Panels = Mapping[Key, Panel]
Said = tuple[dict[int, Estimate], dict[int, str]]  # estimates by horizon, and reasons for none
# Where each forecast came due, the variance that was told of it, and the square of its error.
Strays = list[tuple[int, float, float]]


@dataclass(frozen=True)
class Forecast:
    """Of a segment from the end of one month: estimates by horizon, or why there is none."""

    place: int
    key: Key
    estimates: dict[int, Estimate]
    reasons: dict[int, str]
    came: dict[int, float]  # what the customers brought within those of CHECKED that are over
    naive: dict[int, float]  # the same by ARPA and a constant churn

    def error(self, months: int) -> float | None:
        """The logarithm of what came over what was forecast; of those who all left at once, a large one."""
        if months not in self.came or months not in self.estimates or self.estimates[months].value <= 0:
            return None
        return float(np.log(max(self.came[months] / self.estimates[months].value, 0.05)))


_memory: Memory[dict[Key, Said]] = Memory(REMEMBERED)
_newest: dict[bytes, Outlook] = {}


def digests(panels: Panels, terms: Terms) -> list[bytes]:
    """For every month, a digest of all that it knew."""
    last, made = panels[ALL].last, []
    so_far = repr((SEED, panels[ALL].first, terms)).encode()
    for place in range(last + 1):
        told = hashlib.sha256(so_far)
        for key in sorted(panels):
            one = panels[key]
            column = np.stack([one.accounts, one.mrr, one.squares, one.lost_mrr])[:, :, : place + 1, place]
            if column.any():
                told.update(repr(key).encode())
                told.update(column.tobytes())
        so_far = told.digest()
        made.append(so_far)
    return made


def walk(panels: Panels, terms: Terms) -> list[Forecast]:
    """A forecast from each of the last months, the running one last, for every segment."""
    last, known = panels[ALL].last, digests(panels, terms)
    return [
        complete(panels, terms, place, key, found)
        for place in range(max(last - BACK, 0), last + 1)
        for key, found in forecasts(panels, terms, place, known).items()
    ]


def forecasts(panels: Panels, terms: Terms, place: int, known: list[bytes]) -> dict[Key, Said]:
    """Of every segment from the end of a month; of the running one, with its customers of now."""
    is_running = place == panels[ALL].last
    digest = known[place] + bytes([is_running])
    return _memory.of(digest, lambda: dict(forecast(panels, terms, place, known)))


def forecast(panels: Panels, terms: Terms, place: int, known: list[bytes]) -> Iterator[tuple[Key, Said]]:
    whole = panels[ALL]
    until = min(place, whole.last - 1)
    against = {months: hazard.reason_against(whole, until, months) for months in LOOKED}
    looked = None
    for key, panel in panels.items():
        reasons = {months: reason for months, reason in against.items() if reason}
        if panel.paying(place) <= 0:
            reasons = dict.fromkeys(LOOKED, "Nobody paid a subscription then.")
        wanted = [months for months in LOOKED if months not in reasons]
        if wanted and looked is None:
            looked = look(panels, place, known)
        yield (
            key,
            (value.per_customer(looked, panel, key, terms, wanted) if wanted and looked else {}, reasons),
        )


def look(panels: Panels, place: int, known: list[bytes]) -> Outlook:
    """What the month knew; the newest is remembered, as the running month and the pages' charts share it."""
    whole = panels[ALL]
    until = min(place, whole.last - 1)
    seen = {key: panel for key, panel in panels.items() if panel.accounts[:, :, : until + 1].any()}
    if until < whole.last - 1:
        return outlook.look(seen, place, until, draws=DRAWS_BEFORE, seed=SEED)
    if known[until] not in _newest:
        _newest.clear()
        _newest[known[until]] = outlook.look(seen, until, until, draws=DRAWS_NOW, seed=SEED)
    return outlook.placed(_newest[known[until]], place)


def complete(panels: Panels, terms: Terms, place: int, key: Key, found: Said) -> Forecast:
    """With what came, where it has."""
    panel = panels[key]
    over = [m for m in CHECKED if place + m <= panel.last - 1 and panel.paying(place) > 0]
    came = {months: value.brought(panel, place, terms.weights(months)) for months in over}
    naive = {}
    if over:
        _, churn = value.naive(panel, place, terms)
        arpa = float(panel.mrr[:, :, place].sum() / panel.paying(place))
        stays = arpa * terms.weights(max(over)) * (1 - churn) ** np.arange(1, max(over) + 1)
        naive = {months: float(stays[:months].sum()) for months in over}
    return Forecast(place, key, *found, came, naive)


def honest(walked: list[Forecast]) -> list[Forecast]:
    """The same with intervals as much wider as forecasts that had come due by then strayed beyond theirs."""
    by_key: dict[Key, list[Forecast]] = {}
    for one in walked:
        by_key.setdefault(one.key, []).append(one)
    strayed = {key: {months: strays(own, months) for months in CHECKED} for key, own in by_key.items()}
    return [widened(one, strayed[one.key]) for one in walked]


def strays(own: list[Forecast], months: int) -> Strays:
    """Of the forecasts that are due."""
    due = [(one, error) for one in own if (error := one.error(months)) is not None]
    return [(one.place + months, one.estimates[months].spread ** 2, error**2) for one, error in due]


def widened(one: Forecast, strayed: Mapping[int, Strays]) -> Forecast:
    times = {months: strayed_by(found, one.place) for months, found in strayed.items()}
    wide = {}
    for months, found in one.estimates.items():
        most = max((by for checked, by in times.items() if checked <= months), default=1.0)
        wide[months] = found.at_least(found.spread * most)
    return Forecast(one.place, one.key, wide, one.reasons, one.came, one.naive)


def strayed_by(found: Strays, place: int) -> float:
    """How many times further than told those that had come due by then strayed, as root mean squares.

    Than told of each: many were made when there were fewer customers, and chance told less of them.
    """
    known = [(told, error) for due, told, error in found if due <= place][-DUE:]
    told, errors = sum(told for told, _ in known), sum(error for _, error in known)
    return float(np.sqrt(errors / told)) if len(known) >= ERRORS and told > 0 else 1.0
