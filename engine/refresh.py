"""One pass through everything, in order: read this file first."""

from datetime import datetime, timedelta

from data.errors import AuditFailed
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.logs import say
from metrics.compute import compute, reached
from metrics.patience import NONE, Patience
from metrics.publish import Edition, publish

SET_BACK = timedelta(hours=1)  # a clock set back by less stands still until time has caught up


def present(warehouse: Warehouse, now: datetime) -> datetime:
    """The instant that "now" stands for: what was published does not go back with the clock."""
    before = reached(warehouse)
    return before if now < before <= now + SET_BACK else now


def refresh(
    settings: Settings,
    warehouse: Warehouse,
    as_of: datetime,
    *,
    full: bool = False,
    aside: bool = False,
    published_at: datetime | None = None,
    patience: Patience = NONE,
) -> Edition:
    """Facts → steps → metrics → audits → an edition that pages read.

    `as_of`: nothing stamped later is seen. `published_at`: what the clock says now; `as_of` unless given.
    `aside`: an instant of the past, computed beside what is kept for the present.
    `full`: everything afresh from the facts; without it the refresh costs what changed, and says the same.
    `patience`: for how long what costs more than counting may stand, whatever comes in.

    Raises:
        AuditFailed: the figures contradict each other; the edition before stays current.
    """

    def once(full: bool) -> Edition:
        with compute(warehouse, settings, as_of=as_of, full=full, aside=aside, patience=patience) as computed:
            return publish(computed, published_at=published_at or as_of)

    if full:
        return once(full=True)
    try:
        return once(full=False)
    except AuditFailed as wrong:
        say("an audit failed; everything is computed afresh", action="refresh", reason=str(wrong))
        return once(full=True)
