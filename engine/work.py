"""The kinds of work, each done the same way by the engine and by a command: arguments in, a result out."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BadInput
from data.settings import Settings

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse
    from data.unify.load import ImportReport

Show = Callable[[str], None]
Result = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """Work to be done: its kind, its arguments as they travel in the control store, the time it counts as."""

    kind: str
    arguments: dict[str, Any]
    now: datetime


def perform(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Do the work; all of it or nothing."""
    if order.kind not in KINDS:
        raise BadInput(f"There is no work called {order.kind!r}; there is: {', '.join(KINDS)}.")
    return KINDS[order.kind](order, settings, warehouse, show)


def import_facts(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    del settings
    from data.unify.load import import_folder  # noqa: PLC0415 (loads Polars; not every process needs it)

    given = order.arguments
    report = import_folder(
        warehouse,
        Path(given["folder"]),
        source=given.get("source") or "files",
        zone=given.get("zone"),
        strict=bool(given.get("strict")),
        now=order.now,
        progress=lambda what, rows: show(f"{what}: {rows:,} rows"),
    )
    return told(report)


def told(report: "ImportReport") -> Result:
    return {
        "import_id": report.import_id,
        "source": report.source,
        "counts": [asdict(count) for count in report.counts],
        "problems": list(report.problems),
    }


def refresh(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    from engine.refresh import refresh as publish_edition  # noqa: PLC0415

    as_of = order.arguments.get("as_of")
    show("computing")
    edition = publish_edition(
        settings,
        warehouse,
        datetime.fromisoformat(as_of) if as_of else order.now,
        full=bool(order.arguments.get("full")),
    )
    return {"edition": edition.name, "as_of": edition.as_of.isoformat()}


KINDS: dict[str, Callable[[Order, Settings, "Warehouse", Show], Result]] = {
    "import": import_facts,
    "refresh": refresh,
}
