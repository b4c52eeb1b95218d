"""The commands of the doors: serve them, and make the keys, secrets and sources that open them."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from data.errors import BadInput
from data.settings import load
from engine.terminal import tell, warn

SecretFile = Annotated[Path | None, typer.Option(help="A file that holds the secret")]
SecretStdin = Annotated[bool, typer.Option("--secret-stdin", help="Read the secret from standard input")]
Params = Annotated[
    str, typer.Option(help="What must be known to ask it, as a JSON object, or @FILE with one")
]
Name = Annotated[str, typer.Argument(help="The source")]

keys = typer.Typer(no_args_is_help=True, help="Write keys: what senders show at the doors.")
sources = typer.Typer(no_args_is_help=True, help="Sources: what sends facts, or is asked for them.")


def register(app: typer.Typer) -> None:
    app.command()(intake)
    app.add_typer(keys, name="key")
    app.add_typer(sources, name="source")


def intake(
    port: Annotated[int | None, typer.Option(help="Default: the setting `port`")] = None,
    host: Annotated[str | None, typer.Option(help="Default: the setting `host`")] = None,
) -> None:
    """Serve the doors alone, beside the pages or without them, until stopped."""
    from data.intake.doors import Doors
    from data.intake.serve import serve
    from engine import clock, logs
    from engine.vitals import vitals

    logs.begin(False)
    settings = load()
    host, port = host or settings.host, port or settings.port
    warn(f"The doors are at http://{host}:{port}; Ctrl-C closes them.")
    serve(Doors(settings, clock.now), lambda: vitals(settings), host=host, port=port)


@keys.command("create")
def create_key(
    source: Annotated[str, typer.Argument(help="The source that what it opens belongs to; added if new")],
    label: Annotated[str | None, typer.Option(help="What it is for, to tell keys apart")] = None,
    kind: Annotated[str, typer.Option(help="What will send with it, to say so on the pages")] = "segment",
) -> None:
    """Make a write key and print it, once: only its hash is kept. Every door that takes keys takes it."""
    from data.intake import keys as ring
    from data.intake.catalog import kinds
    from data.intake.inbox import Inbox
    from engine import clock

    allowed = [found.name for found in kinds().values() if found.auth == "key"]
    if kind not in allowed:
        raise BadInput(f"--kind {kind} takes no keys; the kinds that do are: {', '.join(allowed)}.")
    key_id, key = ring.create(Inbox.open(load()), source, clock.now(), label=label, kind=kind)
    tell(key)
    warn(f"This is key {key_id} of source {source}. Copy it now: it cannot be shown again.")


@keys.command("list")
def list_keys() -> None:
    """Every key, with its source and when it was used last."""
    from data.intake import keys as ring
    from data.intake.inbox import Inbox

    columns = ("id", "source", "label", "created", "last used", "revoked")
    rows = [
        (key.key_id, key.source, key.label, key.created_at, key.last_used_at, key.revoked_at)
        for key in ring.all_keys(Inbox.open(load()))
    ]
    tell_table(columns, rows)


@keys.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(help="The id, as `key list` shows it")]) -> None:
    """Refuse a key from now on."""
    from engine.sources import revoke_key as revoke

    revoke(load(), key_id)
    tell(f"Key {key_id} is refused within a second.")


@sources.command("add")
def add_source(
    kind: Annotated[str, typer.Argument(help="segment, posthog, stripe, sql, …")],
    name: Annotated[str | None, typer.Argument(help="What to call it; default: like its kind")] = None,
    params: Params = "{}",
    secret_file: SecretFile = None,
    secret_stdin: SecretStdin = False,
) -> None:
    """Add a source: of a webhook with the secret that signs it, of what is asked with its params."""
    from engine import sources as rows

    secret = secret_given(secret_file, secret_stdin)
    settings, name = load(), name or kind
    rows.add_source(settings, name, kind, read_params(params))
    if secret is not None:
        rows.keep_secret(settings, name, secret)
    tell(f"Source {name} of kind {kind} was added.")


@sources.command("change")
def change_source(name: Name, params: Params) -> None:
    """Ask a source with other params; a secret among them that is left out stays as it is."""
    from engine import sources as rows

    rows.change_source(load(), name, read_params(params))
    tell(f"Source {name} was changed.")


def read_params(text: str) -> dict[str, Any]:
    try:  # a file keeps passwords out of the shell's history and the list of processes
        params = json.loads(Path(text[1:]).read_text(encoding="utf-8") if text.startswith("@") else text)
    except ValueError as bad:
        raise BadInput(f"--params is not JSON: {bad}.") from bad
    if not isinstance(params, dict):
        raise BadInput("--params is not a JSON object such as '{\"every\": 60}'.")
    return params


@sources.command("secret")
def set_secret(name: Name, secret_file: SecretFile = None, secret_stdin: SecretStdin = False) -> None:
    """Set the secret that a webhook is signed with; without an option it is asked for."""
    from engine.sources import keep_secret

    secret = secret_given(secret_file, secret_stdin)
    keep_secret(load(), name, typer.prompt("Secret", hide_input=True) if secret is None else secret)
    tell(f"What {name} sends must be signed with this secret from now on.")


def secret_given(file: Path | None, stdin: bool) -> str | None:
    """Never an argument of its own: those stand in the shell's history and in the list of processes."""
    if file:
        return file.read_text(encoding="utf-8").strip()
    return sys.stdin.readline().strip() if stdin else None


@sources.command("list")
def list_sources() -> None:
    """Every source: its kind, whether it is on, when it was asked last and what went wrong then."""
    from engine import sources as rows

    columns = (
        "name",
        "kind",
        "enabled",
        "has_secret",
        "is_asked",
        "created_at",
        "last_pulled_at",
        "last_error",
    )
    found = [tuple(getattr(row, name) for name in columns) for row in rows.sources(load()).values()]
    heads = ("name", "kind", "on", "secret", "asked", "created", "last pulled", "last error")
    tell_table(heads, found)


@sources.command("remove")
def remove_source(name: Name) -> None:
    """Forget a source with its keys and its secret; the facts it gave stay."""
    from engine import sources as rows

    rows.remove_source(load(), name)
    tell(f"Source {name} is forgotten; the facts it gave stay.")


@sources.command("switch")
def switch_source(
    name: Name, on: Annotated[bool, typer.Option("--on/--off", help="Whether it may send, and is asked")]
) -> None:
    """Switch a source on or off."""
    from engine import sources as rows

    rows.switch_source(load(), name, on=on)
    tell(f"Source {name} is switched {'on' if on else 'off'}.")


def tell_table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    lines = [columns, *[tuple(cell(value) for value in row) for row in rows]]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    for line in lines:
        tell("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return "–" if value is None else str(value)
