"""The commands of the doors: serve them, and make the keys, secrets and sources that open them."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

import json
import sys
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Annotated, Any

import typer

from data.errors import BadInput
from data.settings import load
from engine.terminal import tell, warn

if TYPE_CHECKING:
    from data.intake.inbox import Inbox
    from data.intake.registry import Source

SecretFile = Annotated[Path | None, typer.Option(help="A file that holds the secret")]
SecretStdin = Annotated[bool, typer.Option("--secret-stdin", help="Read the secret from standard input")]

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
    kind: Annotated[str, typer.Option(help="What sends with it; any product door takes it")] = "segment",
) -> None:
    """Make a write key and print it, once: only its hash is kept."""
    from data.intake import keys as ring
    from engine import clock

    if product_kind(kind):
        key_id, key = ring.create(inbox(), source, clock.now(), label=label, kind=kind)
        tell(key)
        warn(f"This is key {key_id} of source {source}. Copy it now: it cannot be shown again.")


def product_kind(name: str) -> bool:
    from data.intake.catalog import kinds

    allowed = [kind.name for kind in kinds().values() if kind.auth == "key"]
    if name not in allowed:
        raise BadInput(f"There is no product kind {name!r}; the kinds are: {', '.join(allowed)}.")
    return True


@keys.command("list")
def list_keys() -> None:
    """Every key, with its source and when it was used last."""
    from data.intake import keys as ring

    columns = ("id", "source", "label", "created", "last used", "revoked")
    rows = [
        (key.key_id, key.source, key.label, key.created_at, key.last_used_at, key.revoked_at)
        for key in ring.all_keys(inbox())
    ]
    tell_table(columns, rows)


@keys.command("revoke")
def revoke_key(key_id: Annotated[str, typer.Argument(help="The id, as `key list` shows it")]) -> None:
    """Refuse a key from now on."""
    from data.intake import keys as ring
    from engine import clock

    ring.revoke(inbox(), key_id, clock.now())
    tell(f"Key {key_id} is refused within a second.")


@sources.command("add")
def add_source(
    kind: Annotated[str, typer.Argument(help="segment, posthog, stripe, …, or a connector")],
    name: Annotated[str | None, typer.Argument(help="What to call it; default: like its kind")] = None,
    params: Annotated[str, typer.Option(help="What a connector must know, as a JSON object")] = "{}",
    secret_file: SecretFile = None,
    secret_stdin: SecretStdin = False,
) -> None:
    """Add a source; of a webhook, with the secret that signs what it sends."""
    from data.intake import registry, secrets
    from engine import clock

    secret = secret_given(secret_file, secret_stdin)
    name = name or kind
    added = registry.add_source(inbox(), name, known_kind(kind), read_params(params), clock.now())
    if secret is not None:
        secrets.keep_secret(inbox(), name, secret, clock.now())
    tell(f"Source {added.name} of kind {added.kind} was added.")


def known_kind(kind: str) -> str:
    from data import sources as room
    from data.intake.catalog import kinds

    connectors = sorted(found.name for found in iter_modules(room.__path__))
    known = [found.name for found in kinds().values() if found.paths] + connectors
    if kind not in known:
        raise BadInput(f"There is no kind of source {kind!r}; the kinds are: {', '.join(known)}.")
    return kind


def read_params(text: str) -> dict[str, Any]:
    try:
        params = json.loads(text)
    except ValueError as bad:
        raise BadInput(f"--params {text!r} is not JSON: {bad}.") from bad
    if not isinstance(params, dict):
        raise BadInput(f'--params {text!r} is not a JSON object such as \'{{"url": "…"}}\'.')
    return params


@sources.command("secret")
def set_secret(
    name: Annotated[str, typer.Argument(help="The source")],
    secret_file: SecretFile = None,
    secret_stdin: SecretStdin = False,
) -> None:
    """Set the secret that a webhook is signed with; without an option it is asked for."""
    from data.intake import secrets
    from engine import clock

    secret = secret_given(secret_file, secret_stdin)
    if secret is None:
        secret = typer.prompt("Secret", hide_input=True)
    secrets.keep_secret(inbox(), name, secret, clock.now())
    tell(f"What {name} sends must be signed with this secret from now on.")


def secret_given(file: Path | None, stdin: bool) -> str | None:
    """Never an argument of its own: those stand in the shell's history and in the list of processes."""
    if file:
        return file.read_text(encoding="utf-8").strip()
    return sys.stdin.readline().strip() if stdin else None


@sources.command("list")
def list_sources() -> None:
    """Every source: its kind, whether it is on, when it was asked last and what went wrong then."""
    from data.intake import registry, secrets

    columns = ("name", "kind", "on", "secret", "created", "last pulled", "last error")
    kept = secrets.with_secrets(inbox())
    rows = [(*described(source, source.name in kept),) for source in registry.sources(inbox())]
    tell_table(columns, rows)


def described(source: "Source", has_secret: bool) -> tuple[Any, ...]:
    state = ("yes" if source.enabled else "no", "yes" if has_secret else None)
    return source.name, source.kind, *state, source.created_at, source.last_pulled_at, source.last_error


@sources.command("remove")
def remove_source(name: Annotated[str, typer.Argument(help="The source")]) -> None:
    """Forget a source with its keys and its secret; the facts it gave stay."""
    from data.intake import registry

    registry.remove(inbox(), name)
    tell(f"Source {name} is forgotten; the facts it gave stay.")


@sources.command("switch")
def switch_source(
    name: Annotated[str, typer.Argument(help="The source")],
    on: Annotated[bool, typer.Option("--on/--off", help="Whether it may send, or is asked")],
) -> None:
    """Switch a source on or off."""
    from data.intake import registry

    registry.update(inbox(), name, enabled=on)
    tell(f"Source {name} is switched {'on' if on else 'off'}.")


def inbox() -> "Inbox":
    from data.intake.inbox import Inbox

    return Inbox.open(load())


def tell_table(columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    lines = [columns, *[tuple(cell(value) for value in row) for row in rows]]
    widths = [max(len(line[at]) for line in lines) for at in range(len(columns))]
    for line in lines:
        tell("  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip())


def cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:%Y-%m-%d %H:%M:%S}" if hasattr(value, "strftime") else str(value)
