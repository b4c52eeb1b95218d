"""The commands of channels: how people are reached, and what became of messages."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from pathlib import Path
from typing import Annotated, Literal

import typer

from data.errors import BadInput
from data.settings import load
from engine.commands_intake import Params, read_params, tell_table
from engine.terminal import tell

Name = Annotated[str, typer.Argument(help="The channel")]
SecretFile = Annotated[
    Path | None, typer.Option(help="A file with a secret of it, such as a password or a webhook's address")
]
Kept = Literal["waiting", "sent", "dead", "dropped"]

channels = typer.Typer(no_args_is_help=True, help="Channels: how people are told of alerts.")


def register(app: typer.Typer) -> None:
    app.add_typer(channels, name="channel")


@channels.command("add")
def add_channel(
    kind: Annotated[str, typer.Argument(help="email, slack, teams, webhook or apprise")],
    name: Annotated[str | None, typer.Argument(help="What to call it; default: like its kind")] = None,
    *,
    params: Params = "{}",
    secret_file: SecretFile = None,
    zone: Annotated[
        str | None, typer.Option(help="The zone of its quiet hours; default: the company's")
    ] = None,
    quiet: Annotated[str | None, typer.Option(help="Its quiet hours, such as 22:00-07:00")] = None,
    language: Annotated[str, typer.Option(help="What its messages are written in: en or pl")] = "en",
) -> None:
    """Add a channel; to the first one all messages are led that no rule directs.

    Its params are a JSON object, or @FILE with one: a file keeps passwords out of the shell's history.
    """
    from engine.desk import channels as desk
    from engine.desk.people import who

    settings = load()
    hours = desk.Hours(zone or settings.timezone, *hours_of(quiet))
    answers = read_params(params)
    if secret_file is not None:
        answers[secret_of(kind)] = secret_file.read_text(encoding="utf-8").strip()
    name = name or kind
    desk.create_channel(settings, name, kind, answers, who=who(), hours=hours, language=language)
    tell(f"Channel {name} of kind {kind} was added; `channel test {name}` sends a test.")


def hours_of(quiet: str | None) -> tuple[str | None, str | None]:
    if quiet is None:
        return None, None
    begins, dash, ends = quiet.partition("-")
    if not dash:
        raise BadInput(f"--quiet {quiet!r} is not like 22:00-07:00.")
    return begins.strip(), ends.strip()


def secret_of(kind: str) -> str:
    """The secret that a kind of channel asks for first."""
    from engine.delivery.channels import channel_kind

    found = channel_kind(kind)
    return next(name for name in found.params.model_fields if name in found.hidden)


@channels.command("list")
def list_channels() -> None:
    """Every channel: whom it reaches, whether it works, and what waits for it."""
    from engine.desk import channels as desk

    heads = ("name", "kind", "reaches", "paused", "quiet", "waiting", "dead", "last sent", "last error")
    rows = [
        (
            one.name,
            one.kind,
            one.reaches,
            one.is_paused,
            f"{one.hours.quiet_from}-{one.hours.quiet_until}" if one.hours.quiet_from else None,
            one.waiting,
            one.dead,
            one.last_sent_at,
            one.last_error,
        )
        for one in desk.channels(load()).values()
    ]
    tell_table(heads, rows)


@channels.command("test")
def test_channel(name: Name) -> None:
    """Send a test message, now, and say what became of it."""
    from engine.desk import channels as desk
    from engine.desk.people import who

    tell(desk.send_test(load(), name, who=who()))


@channels.command("remove")
def remove_channel(name: Name) -> None:
    """Forget a channel with its secrets; what waits for it is dropped."""
    from engine.desk import channels as desk
    from engine.desk.people import who

    desk.remove_channel(load(), name, who=who())
    tell(f"Channel {name} is forgotten.")


@channels.command("pause")
def pause_channel(
    name: Name, on: Annotated[bool, typer.Option("--on/--off", help="Whether it is paused")] = True
) -> None:
    """Send nothing by a channel for a time, or again."""
    from engine.desk import channels as desk
    from engine.desk.people import who

    desk.pause_channel(load(), name, is_paused=on, who=who())
    tell(f"Channel {name} is {'paused' if on else 'on again'}.")


@channels.command("messages")
def list_messages(
    state: Annotated[Kept | None, typer.Option(help="Only those")] = None,
    limit: Annotated[int, typer.Option(min=1, help="How many, the newest first")] = 50,
) -> None:
    """What was sent, waits, or was given up (dead)."""
    from engine.desk import channels as desk

    heads = ("id", "channel", "state", "attempts", "created", "due", "sent", "outcome", "subject")
    rows = [
        (
            one.message_id,
            one.channel,
            one.state,
            one.attempts,
            one.created_at,
            one.due_at,
            one.sent_at,
            one.outcome or one.last_error,
            one.subject,
        )
        for one in desk.messages(load(), state, limit)
    ]
    tell_table(heads, rows)


@channels.command("retry")
def retry_message(message_id: Annotated[int, typer.Argument(help="As `channel messages` shows it")]) -> None:
    """Send a message after all that was given up."""
    from engine.desk import channels as desk
    from engine.desk.people import who

    desk.retry_message(load(), message_id, who=who())
    tell(f"Message {message_id} is tried again.")
