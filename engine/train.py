"""Trains the churn model: when somebody asks, every week to set its level, every four to learn anew."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from data.calendar import Calendar
from data.settings import Settings
from engine.work import Order, Result, Show, catch_up, publish

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse
    from metrics.risk.model import Model

CHURNED = (
    "select count(distinct account_key) from kept.kept_mrr_change where mrr_before > 0 and mrr_after <= 0"
)


def train(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Learn from all that was known at an instant; of the present, publish what that says at once.

    `refit`: fit models as of that instant; the timetable's trainings keep to their weeks instead.
    """
    from engine.refresh import present  # noqa: PLC0415 (loads the metrics)
    from metrics.risk.train import train as learn  # noqa: PLC0415

    asked = order.arguments.get("as_of")
    refit = bool(order.arguments.get("refit", True))
    catch_up(settings, warehouse, show)
    if asked:
        at = datetime.fromisoformat(asked)
        return told(learn(warehouse, settings, as_of=at, refit=refit, show=show))
    show("computing")
    at = present(warehouse, order.now)
    publish(settings, warehouse, None, at, full=False)
    model = learn(warehouse, settings, as_of=at, refit=refit, show=show)
    show("scoring")
    return told(model) | publish(settings, warehouse, None, at, full=False)


def told(model: "Model") -> Result:
    """What a training came to, in figures and a sentence."""
    found: dict[str, Any] = {row.measure: row.value for row in model.card}
    return {
        "model": model.name,
        "trained_as_of": model.as_of.isoformat(),
        "snapshots": model.snapshots,
        "paying": model.accounts,
        "churned": model.churned,
        "rung": model.last.rung,
        "is_open": model.is_open,
        "reason": model.reason,
        "auc": found.get("auc"),
        "observed_over_expected": found.get("observed_over_expected"),
    }


def is_due(settings: Settings, warehouse: "Warehouse", now: datetime) -> bool:
    """Whether a week has begun that no training has seen; never while there is too little to learn from."""
    from data.store.warehouse import StoreError  # noqa: PLC0415
    from metrics.risk.ladder import RULE_FROM  # noqa: PLC0415 (loads the models)
    from metrics.risk.model import newest  # noqa: PLC0415

    last = newest(settings)
    if last is not None and monday(settings, last) >= monday(settings, now):
        return False
    try:
        return bool(warehouse.value(CHURNED) >= RULE_FROM)
    except StoreError:  # nothing was counted yet
        return False


def monday(settings: Settings, instant: datetime) -> Any:
    day = Calendar.of(settings).local_date(instant)
    return day - timedelta(days=day.weekday())
