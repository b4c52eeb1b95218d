"""The command line: `python -m engine --help`."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from data.errors import BadInput, HoldfastError, NoEdition
from data.settings import Settings, known_zone, load
from engine import (
    commands_channels,
    commands_intake,
    commands_keeping,
    commands_people,
    commands_rules,
    commands_tokens,
)
from engine.terminal import progress, tell, tell_counts, tell_edition, tell_model, warn

if TYPE_CHECKING:
    import polars


class Commands(typer.core.TyperGroup):
    """The commands, with faults told in one sentence."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (HoldfastError, OSError) as refused:
            warn(str(refused))
            raise typer.Exit(1) from None
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except (Exception, KeyboardInterrupt) as fault:  # noqa: BLE001 (the edge of the program)
            if is_interruption(fault):
                warn("Interrupted.")
                raise typer.Exit(130) from None
            warn(told(fault, str(ctx.invoked_subcommand or "command")))
            raise typer.Exit(1) from None


def is_interruption(fault: BaseException) -> bool:
    """Ctrl-C; in the middle of a query DuckDB says so in its own way."""
    return isinstance(fault, KeyboardInterrupt) or str(fault) == "Query interrupted"


def told(fault: BaseException, doing: str) -> str:
    """A fault of ours, in one sentence."""
    from engine import faults

    kept = faults.keep(fault, load().home)
    return faults.in_a_sentence(doing, fault) + (f" (details: {kept})" if kept else "")


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback()
def holdfast() -> None:
    """Holdfast's engine: import facts, compute editions, export them, keep them fresh."""


@app.command("import")
def import_(
    folder: Annotated[
        Path, typer.Argument(help="A folder of files named by shape, or with a mapping beside them")
    ],
    source: Annotated[
        str, typer.Option(help="Where the facts come from; ids are unique within a source")
    ] = "files",
    zone: Annotated[
        str | None, typer.Option(help="The zone of times without an offset, such as Europe/Warsaw")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Load nothing if any row is bad")] = False,
) -> None:
    """Load the shape-named files of FOLDER, all or nothing; loading them twice changes nothing."""
    settings = load()
    if not folder.is_dir():
        raise BadInput(f"{folder} is not a folder.")
    given = {"folder": str(folder.resolve()), "source": source, "zone": checked(zone), "strict": strict}
    tell_counts(carry_out(settings, "import", given))
    warn_of_demo(settings, source)


def checked(zone: str | None) -> str | None:
    try:
        return known_zone(zone) if zone else None
    except ValueError as unknown:
        raise BadInput(f"--zone {unknown}.") from unknown


def warn_of_demo(settings: Settings, source: str) -> None:
    from engine import life

    if source != life.SOURCE and life.read(settings):
        warn(f"Note: {settings.home} also holds the demo company; HOLDFAST_HOME names a home of your own.")


@app.command()
def refresh(
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Compute as it was known at this ISO instant; without an offset it is UTC; a date "
            "alone is the midnight at which that day begins in the configured time zone. Default: now."
        ),
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Compute everything again from the facts")] = False,
) -> None:
    """Compute and publish one edition.

    A running engine publishes the present again a minute after an edition of the past.
    """
    from engine.instants import instant

    settings = load()
    at = instant(as_of, settings).isoformat() if as_of else None
    tell_edition(carry_out(settings, "refresh", {"as_of": at, "full": full}))


@app.command()
def train(
    as_of: Annotated[
        str | None,
        typer.Option(help="Learn from what was known at this ISO instant. Default: now, published at once."),
    ] = None,
) -> None:
    """Train the churn model on the company's own history; interrupted, the model before stays."""
    from engine.instants import instant

    settings = load()
    at = instant(as_of, settings).isoformat() if as_of else None
    tell_model(carry_out(settings, "train", {"as_of": at}))


@app.command()
def export(
    table: Annotated[
        str,
        typer.Argument(help="metrics, cohorts, movements, account_risk, risk_model, quarantine, alerts, …"),
    ],
    form: Annotated[
        Literal["csv", "parquet", "json"], typer.Option("--format", help="How to write it")
    ] = "csv",
    output: Annotated[Path | None, typer.Option(help="A file; without it, standard output")] = None,
) -> None:
    """Write a table of the newest edition; works while everything runs.

    `quarantine` lists every row set aside so far, published or not, `alerts` what alerts really did.
    """
    from engine.export import write
    from metrics import read

    settings = load()
    if table == "alerts":
        write(happened(settings), form, output)
        return
    name = read.current(settings)
    if table == "quarantine" and settings.warehouse.exists():
        write(set_aside(settings), form, output)
    elif name is None:
        raise NoEdition
    else:
        write(read.table(settings, name, table), form, output)


def happened(settings: Settings) -> "polars.DataFrame":
    """What alerts really did, from the control store."""
    from engine.control import alerts
    from engine.control.store import Control

    return alerts.happened(Control.open(settings))


def set_aside(settings: Settings) -> "polars.DataFrame":
    """The rows set aside, from the warehouse itself."""
    import polars

    from engine import life

    with life.scratch(settings) as folder:
        file = folder / "quarantine.parquet"
        carry_out(settings, "quarantine", {"file": str(file)})
        return polars.read_parquet(file)


@app.command()
def run(
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every turn")] = False,
    watch_input: Annotated[bool, typer.Option("--watch-input", hidden=True)] = False,
) -> None:
    """Be the background engine, until stopped."""
    from engine import allocator

    allocator.prefer()
    from engine import logs, schedule

    logs.begin(verbose)
    schedule.run(load(), watch_input=watch_input)


@app.command()
def demo(
    accounts: Annotated[int, typer.Option(min=1, help="How many accounts")] = 2000,
    months: Annotated[int, typer.Option(min=1, help="How many months of history")] = 18,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same company")] = 7,
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing where there are facts already")
    ] = False,
) -> None:
    """Make a made-up company, import and publish it; while the engine runs it goes on living."""
    settings = load()
    if if_empty and settings.published.joinpath("current").exists():
        return
    given = {"accounts": accounts, "months": months, "seed": seed, "if_empty": if_empty}
    result = carry_out(settings, "demo", given)
    if "counts" in result:
        tell_counts(result)
    elif not if_empty:
        tell(f"This demo company is in {settings.home} already.")
    if "edition" in result:
        tell_edition(result)


@app.command()
def doctor() -> None:
    """Check settings, stores, edition and engine; say what is wrong and how to mend it."""
    from engine.doctor import examine

    findings = list(examine())
    for finding in findings:
        tell(f"{finding.grade:<6} {finding.sentence}")
    if any(finding.grade == "wrong" for finding in findings):
        raise typer.Exit(1)


def carry_out(settings: Settings, kind: str, arguments: dict[str, Any]) -> dict[str, Any]:
    from engine import handover

    with progress() as show:
        return handover.carry_out(settings, kind, arguments, show=show)


commands_intake.register(app)
commands_keeping.register(app)
commands_rules.register(app)
commands_channels.register(app)
commands_people.register(app)
commands_tokens.register(app)

if __name__ == "__main__":
    app(prog_name="python -m engine")
