"""Every metric of METRICS.md again, in plain Python and the slow, obvious way."""

from collections.abc import Iterator

from tests.metrics.oracle_calendar import GRAINS, Span
from tests.metrics.oracle_cells import Cell, Key, account_spans
from tests.metrics.oracle_facts import Seen, groups
from tests.metrics.oracle_onboarding import onboarding_cells
from tests.metrics.oracle_retention import Activity, retention_cells
from tests.metrics.oracle_revenue import Ledger, revenue_cells


def metrics_table(seen: Seen) -> dict[Key, Cell]:
    """The whole table: (metric, grain, period_start, dimension, segment) → cell."""
    table: dict[Key, Cell] = {}
    ledger, activity = Ledger.of(seen), Activity.of(seen)
    for dimension, segment, accounts in groups(seen):
        for grain in GRAINS:
            for span, name, cell in cells(ledger, activity, grain, accounts):
                table[Key(name, grain, span.start, dimension, segment)] = cell
    return table


def cells(
    ledger: Ledger, activity: Activity, grain: str, accounts: list[str]
) -> Iterator[tuple[Span, str, Cell]]:
    for span in account_spans(ledger.seen, grain):
        for name, cell in onboarding_cells(ledger.seen, span, accounts):
            yield span, name, cell
        for name, cell in retention_cells(activity, span, accounts):
            yield span, name, cell
    for span in ledger.spans(grain):
        for name, cell in revenue_cells(ledger, span, accounts):
            yield span, name, cell
