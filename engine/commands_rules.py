"""The commands of rules: bring them in from a file, write them out, and see what they would have done."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data.errors import BadInput
from data.settings import Settings, load
from engine.commands_intake import tell_table
from engine.terminal import tell

if TYPE_CHECKING:
    from engine.control.store import Control

AUTHOR = "file"
Day = Annotated[str | None, typer.Option(help="A date such as 2025-03-01")]

rules = typer.Typer(no_args_is_help=True, help="Rules: which figures are watched, and what must not happen.")


def register(app: typer.Typer) -> None:
    app.add_typer(rules, name="rules")


def opened(settings: Settings) -> "Control":
    """The control store, with the rules in it that every home begins with."""
    from engine import clock
    from engine.alerts import defaults
    from engine.control.store import Control

    control = Control.open(settings)
    defaults.ship(settings, control, clock.now())
    return control


@rules.command("import")
def import_rules(
    file: Annotated[Path, typer.Argument(help="A TOML file with a table [[rule]] for each")],
) -> None:
    """Bring rules in, all or none; one of a name that there is becomes its new version, others stay."""
    from engine import clock
    from engine.alerts.files import read_file
    from engine.control.rules import put_all

    settings = load()
    given = read_file(file, settings)
    done = put_all(opened(settings), given, who=AUTHOR, now=clock.now(), reason=f"imported from {file.name}")
    for what in ("added", "changed", "unchanged"):
        names = getattr(done, what)
        tell(f"{what} {len(names)}{': ' if names else ''}{', '.join(names)}")
    if done.left:
        tell(f"not in {file.name}, and left as they are: {', '.join(done.left)}")


@rules.command("export")
def export_rules(
    output: Annotated[Path | None, typer.Option(help="A file; without it, standard output")] = None,
) -> None:
    """Write all rules out as TOML, as `rules import` reads them."""
    from engine.alerts.files import text_of
    from engine.control import rule_views
    from engine.export import write_text

    views = rule_views.rules(opened(load()))
    write_text(text_of(view.rule for view in views), output)


@rules.command("list")
def list_rules() -> None:
    """Every rule: what it watches, how it stands, when it fired last and who looks after it."""
    from engine.control import rule_views

    heads = ("id", "name", "metric", "grain", "dimension", "kind", "severity", "state", "fired last", "owner")
    rows = [
        (
            view.rule_id,
            view.rule.name,
            view.rule.metric,
            view.rule.grain,
            f"{view.rule.dimension} {view.rule.segment or ''}".strip(),
            view.rule.kind,
            view.rule.severity,
            "paused" if view.is_paused else view.status,
            view.last_fired_at,
            view.rule.owner or None,
        )
        for view in rule_views.rules(opened(load()))
    ]
    tell_table(heads, rows)


@rules.command("rehearse")
def rehearse(
    name: Annotated[str, typer.Argument(help="The rule, as `rules list` shows it")],
    start: Annotated[
        str | None,
        typer.Option("--from", help="The first period begins on this date, or after; such as 2025-03-01"),
    ] = None,
    end: Annotated[
        str | None, typer.Option("--to", help="The last period begins on this date, or before")
    ] = None,
    form: Annotated[
        Literal["csv", "parquet", "json"], typer.Option("--format", help="How to write it")
    ] = "csv",
    output: Annotated[Path | None, typer.Option(help="A file; without it, standard output")] = None,
) -> None:
    """Write out what a rule would have done over the history of its metric: one row a state."""
    from engine.alerts.rehearsal import insist_on_history, stage_of
    from engine.control import rule_views
    from engine.export import write

    settings = load()
    first, last = day("--from", start), day("--to", end)
    view = rule_views.named(opened(settings), name)
    stage = stage_of(settings)
    insist_on_history(stage)
    write(stage.rehearse(view.rule, first, last).rows(), form, output)


def day(option: str, typed: str | None) -> date | None:
    try:
        return datetime.strptime(typed.strip(), "%Y-%m-%d").date() if typed else None
    except ValueError:
        raise BadInput(f"{option} {typed!r} is not a date such as 2025-03-01.") from None
