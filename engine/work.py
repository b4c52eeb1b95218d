"""The kinds of work, each done the same way by the engine and by a command: arguments in, a result out."""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.errors import BadInput, HoldfastError
from data.settings import Settings
from engine import life
from engine.faults import in_a_sentence
from engine.logs import say
from metrics.patience import NONE, Patience

if TYPE_CHECKING:
    from data.store.warehouse import Warehouse
    from data.unify.report import ImportReport

QUARANTINE = "source, shape, file, row, field, value, reason, raw, quarantined_at"
Show = Callable[[str], None]
Result = dict[str, Any]


@dataclass(frozen=True)
class Order:
    """Work to be done: its kind, its arguments as they travel in the control store, when it was asked for.

    `asked_at` stays the same however often the work is attempted; `now` is the present attempt's.
    """

    kind: str
    arguments: dict[str, Any]
    asked_at: datetime
    now: datetime


def perform(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Do the work; all of it or nothing."""
    if order.kind not in KINDS:
        raise BadInput(f"There is no work called {order.kind!r}; there is: {', '.join(KINDS)}.")
    return KINDS[order.kind](order, settings, warehouse, show)


def import_facts(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    from data.archive.imports import Keeper  # noqa: PLC0415 (loads Polars; not every process needs it)
    from data.unify.load import import_folder  # noqa: PLC0415

    given = order.arguments
    keeper = Keeper(settings, warehouse)
    keeper.settle()
    if before := done_before(order, warehouse):
        return before
    report = import_folder(
        warehouse,
        Path(given["folder"]),
        source=given.get("source") or "files",
        zone=given.get("zone"),
        strict=bool(given.get("strict")),
        now=order.asked_at,
        progress=lambda shape, rows: show(f"{shape}: {rows:,} rows"),
        keep=keeper.keep,
    )
    keeper.settle()
    return told(report)


def done_before(order: Order, warehouse: "Warehouse") -> Result | None:
    """What this very import did, where it was committed by a process that died before it could say so."""
    given = {"folder": order.arguments["folder"], "asked_at": order.asked_at}
    found = warehouse.rows(
        "select import_id, source from imports join sources using (source_key) "
        "where folder = $folder and finished_at = $asked_at",
        given,
    )
    if not found:
        return None
    names = ("shape", "read", "added", "repeated", "waiting", "quarantined")
    counted = warehouse.rows(
        f"select {', '.join(names)} from import_counts where import_id = $import_id order by rowid",
        {"import_id": found[0][0]},
    )
    counts = [dict(zip(names, row, strict=True)) for row in counted]
    return {"import_id": found[0][0], "source": found[0][1], "counts": counts, "problems": []}


def told(report: "ImportReport") -> Result:
    return {
        "import_id": report.import_id,
        "source": report.source,
        "counts": [asdict(count) for count in report.counts],
        "problems": list(report.problems),
    }


def refresh(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Publish an edition of all that was accepted by now."""
    catch_up(settings, warehouse, show)
    as_of = order.arguments.get("as_of")
    show("computing")
    return publish(
        settings,
        warehouse,
        datetime.fromisoformat(as_of) if as_of else None,
        order.now,
        full=bool(order.arguments.get("full")),
    )


def catch_up(settings: Settings, warehouse: "Warehouse", show: Show) -> None:
    """Take in what waits in the inbox at this moment."""
    from data.intake.inbox import Inbox  # noqa: PLC0415 (loads SQLAlchemy)
    from engine.drain import Drained, drain, position_of  # noqa: PLC0415

    inbox = Inbox.open(settings)
    done = Drained(position_of(warehouse, inbox.epoch))
    waiting = inbox.backlog(done.position).count
    while waiting > done.deliveries and (drained := drain(warehouse, inbox)).deliveries:
        done += drained
        show(f"{done.deliveries:,} of {waiting:,} deliveries")


def publish(
    settings: Settings,
    warehouse: "Warehouse",
    past: datetime | None,
    now: datetime,
    *,
    full: bool,
    patience: Patience = NONE,
    is_alone: bool = True,
) -> Result:
    """An edition of a past instant, or of the present; what costs more than counting may stand a while.

    `is_alone`: nobody judges the rules beside it, so that is done here, and what it counted is told.
    """
    from engine.refresh import present  # noqa: PLC0415 (loads the metrics)
    from engine.refresh import refresh as publish_edition  # noqa: PLC0415

    as_of = past or present(warehouse, now)
    published = publish_edition(
        settings,
        warehouse,
        as_of,
        full=full,
        aside=past is not None,
        published_at=now,
        patience=patience,
    )
    done = {
        "edition": published.name,
        "as_of": published.as_of.isoformat(),
        "seconds": published.seconds,
        "left_out": list(published.problems),
        "owes": published.owes,
    }
    return done | looked_at(settings, published.name, now) if is_alone else done


def looked_at(settings: Settings, edition: str, now: datetime) -> Result:
    """What an edition counted, and whether its rules were judged."""
    from metrics import read  # noqa: PLC0415 (loads the metrics)

    info = read.edition(settings, edition)
    problem = attend(settings, edition, now)
    return {"accounts": info.accounts, "events": info.events, "alerts_problem": problem}


def attend(settings: Settings, edition: str, now: datetime) -> str | None:
    """Judge what an edition completed; what stands in the way, for the edition itself is out all the same."""
    from engine.alerts.watch import Watch  # noqa: PLC0415 (loads the rules)
    from engine.control.store import Control  # noqa: PLC0415

    try:
        Watch(settings, Control.open(settings)).attend(edition, now)
    except HoldfastError as wrong:
        return f"The rules were not judged: {wrong}"
    except Exception as fault:  # noqa: BLE001 (the edge of a job)
        say("the rules were not judged", level=logging.ERROR, trace=True, action="alerts")
        return in_a_sentence("alerts", fault)
    return None


def make_demo(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Make the demo company, import it like any other, publish it, and mark the home so that it lives on."""
    from data.samples.company import write  # noqa: PLC0415 (loads NumPy; only a demo needs it)

    given = order.arguments
    made_of = {name: int(given[name]) for name in ("accounts", "months", "seed")}
    if has_facts(warehouse):
        found = already_there(settings, made_of, if_empty=bool(given.get("if_empty")))
        is_published = settings.published.joinpath("current").exists()
        return (
            found
            if is_published
            else found | refresh(replace(order, arguments={}), settings, warehouse, show)
        )
    born_at = order.now.replace(microsecond=0)
    with life.scratch(settings) as folder:
        show("making up the company")
        write(folder, **made_of, now=born_at)
        life.mark(settings, life.Demo(**made_of, born_at=born_at, lived_until=born_at))
        copied = given | {"folder": str(folder), "source": life.SOURCE}
        loaded = import_facts(replace(order, arguments=copied), settings, warehouse, show)
    return loaded | refresh(replace(order, arguments={}, now=born_at), settings, warehouse, show)


def already_there(settings: Settings, made_of: dict[str, int], *, if_empty: bool) -> Result:
    """When the home is not empty: the same demo again changes nothing, anything else is refused."""
    demo = life.read(settings)
    if if_empty or (demo and demo.is_made_of(**made_of)):
        return {"already": True, "is_demo": demo is not None}
    if demo:
        raise BadInput(
            f"{settings.home} holds another demo company (accounts {demo.accounts}, months {demo.months}, "
            f"seed {demo.seed}); set HOLDFAST_HOME to an empty folder for this one."
        )
    raise BadInput(
        f"{settings.home} holds imported facts, which a demo company would mix with; "
        "set HOLDFAST_HOME to an empty folder for the demo."
    )


def list_quarantine(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Write the rows set aside, published or not, to a Parquet file for whoever asked."""
    del settings, show
    from data.store.warehouse import quoted  # noqa: PLC0415

    file = quoted(str(order.arguments["file"]))
    rows = warehouse.run(
        f"copy (select {QUARANTINE} from quarantine_listing order by all) to {file} (format parquet)"
    )
    return {"rows": rows}


def rebuild(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Make the warehouse again from what came in, and publish what it says."""
    from data.archive.imports import Keeper  # noqa: PLC0415 (loads Polars)
    from data.intake.inbox import Inbox  # noqa: PLC0415 (loads SQLAlchemy)
    from engine import rebuild as rebuilding  # noqa: PLC0415

    inbox = Inbox.open(settings)
    Keeper(settings, warehouse).settle()
    if not order.arguments.get("anyway"):
        rebuilding.refuse_loss(settings, warehouse, inbox)
    done = asdict(rebuilding.rebuild(settings, warehouse, inbox, show=show))
    if not has_facts(warehouse):
        return done
    show("computing")
    return done | publish(settings, warehouse, None, order.now, full=True)


def train(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Train the churn model."""
    from engine.train import train as train_model  # noqa: PLC0415 (loads the models)

    return train_model(order, settings, warehouse, show)


def replay(order: Order, settings: Settings, warehouse: "Warehouse", show: Show) -> Result:
    """Read again what was set aside: `ids` as they came, or one of them as `raw` corrects it."""
    from data.intake.inbox import Inbox  # noqa: PLC0415 (loads SQLAlchemy)
    from engine.replay import ask, outcome  # noqa: PLC0415

    given = order.arguments
    asked = ask(warehouse, Inbox.open(settings), given["ids"], given.get("raw"), order.now)
    catch_up(settings, warehouse, show)
    return outcome(warehouse, asked)


def has_facts(warehouse: "Warehouse") -> bool:
    return bool(warehouse.rows("select 1 from last_import where import_id > 0"))


KINDS: dict[str, Callable[[Order, Settings, "Warehouse", Show], Result]] = {
    "import": import_facts,
    "refresh": refresh,
    "demo": make_demo,
    "quarantine": list_quarantine,
    "rebuild": rebuild,
    "replay": replay,
    "train": train,
}
