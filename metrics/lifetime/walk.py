"""Walks through the months, forecasting from each with what it knew, and holds what came against it."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from metrics.lifetime import hazard, outlook, value
from metrics.lifetime.outlook import ALL, Key, Outlook
from metrics.lifetime.panel import Panel
from metrics.lifetime.value import Estimate, Terms

SEED = 20050707
HORIZONS = (12, 36)
CHECKED = 12  # months ahead that are held against what came
BACK = 60  # months that are walked through
DRAWS_BEFORE, DRAWS_NOW = 100, 400
ERRORS = 6  # past forecasts, before their error says something
REMEMBERED = 1000

Panels = Mapping[Key, Panel]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Forecast:
    """Of a segment from the end of one month: estimates by horizon, or why there is none."""

    place: int
    key: Key
    estimates: dict[int, Estimate]
    reasons: dict[int, str]
    came: float | None = None  # what the customers brought within CHECKED months, once known
    naive: float | None = None  # the same by ARPA and a constant churn

    @property
    def error(self) -> float | None:
        """The logarithm of what came over what was forecast."""
        if self.came is None or CHECKED not in self.estimates or self.came <= 0:
            return None
        said = self.estimates[CHECKED].value
        return float(np.log(self.came / said)) if said > 0 else None


class Memory(OrderedDict[bytes, dict[Key, tuple[dict[int, Estimate], dict[int, str]]]]):
    """What was forecast from the same facts before in this process."""

    def keep(self, digest: bytes, found: dict[Key, tuple[dict[int, Estimate], dict[int, str]]]) -> None:
        self[digest] = found
        while len(self) > REMEMBERED:
            self.popitem(last=False)


_memory = Memory()
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
        complete(panels, terms, place, key, *found)
        for place in range(max(last - BACK, 0), last + 1)
        for key, found in forecasts(panels, terms, place, known).items()
    ]


def forecasts(
    panels: Panels, terms: Terms, place: int, known: list[bytes]
) -> dict[Key, tuple[dict[int, Estimate], dict[int, str]]]:
    """Of every segment from the end of a month; the running month has its customers of now, and learns no more."""
    is_running = place == panels[ALL].last
    digest = known[place] + bytes([is_running])
    if digest not in _memory:
        _memory.keep(digest, dict(forecast(panels, terms, place, known)))
    return _memory[digest]


def forecast(
    panels: Panels, terms: Terms, place: int, known: list[bytes]
) -> Iterator[tuple[Key, tuple[dict[int, Estimate], dict[int, str]]]]:
    whole = panels[ALL]
    until = min(place, whole.last - 1)
    against = {months: hazard.reason_against(whole, until, months) for months in HORIZONS}
    looked = None
    for key, panel in panels.items():
        reasons = {months: reason for months, reason in against.items() if reason}
        if panel.paying(place) <= 0:
            reasons = dict.fromkeys(HORIZONS, "Nobody paid a subscription then.")
        wanted = [months for months in HORIZONS if months not in reasons]
        if wanted and looked is None:
            looked = look(panels, place, known)
        yield key, ({m: value.per_customer(looked, panel, key, terms, m) for m in wanted if looked}, reasons)


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


def complete(
    panels: Panels,
    terms: Terms,
    place: int,
    key: Key,
    estimates: dict[int, Estimate],
    reasons: dict[int, str],
) -> Forecast:
    panel = panels[key]
    is_over = place + CHECKED <= panel.last - 1 and panel.paying(place) > 0
    if not is_over:
        return Forecast(place, key, estimates, reasons)
    weights = terms.weights(CHECKED)
    _, churn = value.naive(panel, place, terms)
    arpa = float(panel.mrr[:, :, place].sum() / panel.paying(place))
    naive = arpa * float(weights @ (1 - churn) ** np.arange(1, CHECKED + 1))
    return Forecast(place, key, estimates, reasons, value.brought(panel, place, weights), naive)


def honest(walked: list[Forecast]) -> list[Forecast]:
    """The same with intervals no narrower than the errors of forecasts that had come due by then."""
    by_key: dict[Key, list[Forecast]] = {}
    for one in walked:
        by_key.setdefault(one.key, []).append(one)
    return [widened(one, by_key[one.key]) for one in walked]


def widened(one: Forecast, own: list[Forecast]) -> Forecast:
    due = [past.error for past in own if past.place + CHECKED <= one.place and past.error is not None]
    if len(due) < ERRORS or not one.estimates:
        return one
    spread = float(np.sqrt(np.mean(np.square(due[-24:]))))
    first = one.estimates.get(CHECKED)
    scale = {
        months: max(1.0, found.spread / max(first.spread, 1e-9)) if first else 1.0
        for months, found in one.estimates.items()
    }
    wide = {months: found.at_least(spread * scale[months]) for months, found in one.estimates.items()}
    return Forecast(one.place, one.key, wide, one.reasons, one.came, one.naive)
