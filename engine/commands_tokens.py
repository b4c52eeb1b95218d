"""The commands of tokens: what programs show to read the numbers."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data.settings import load
from engine.commands_intake import tell_table
from engine.terminal import tell

if TYPE_CHECKING:
    from engine.desk.tokens import TokenView

tokens = typer.Typer(no_args_is_help=True, help="Tokens, by which programs read the numbers over HTTP.")


def register(app: typer.Typer) -> None:
    app.add_typer(tokens, name="token")


@tokens.command("create")
def create_token(
    name: Annotated[str, typer.Argument(help="What it is for, such as the name of a notebook")],
    *,
    role: Annotated[
        Literal["viewer", "analyst", "lead", "admin"],
        typer.Option(help="What it may do: a viewer reads, a lead posts annotations as well"),
    ] = "viewer",
    scope: Annotated[
        str | None, typer.Option(help="The only segment it may see, such as region=Europe")
    ] = None,
    days: Annotated[
        int | None, typer.Option(help="After how many days it expires; unless given, never")
    ] = None,
) -> None:
    """Make a token; it is printed this once and kept as a hash."""
    from engine.desk import tokens as desk
    from engine.desk.people import who

    only = desk.scope_from(scope) if scope else None
    token_id, token = desk.create(load(), name, role, who=who(), scope=only, days=days)
    tell(token)
    typer.echo(f"This is token {token_id}; it is shown this once.", err=True)


@tokens.command("list")
def list_tokens() -> None:
    """Every token: what it may see, and when it was used last; times are UTC."""
    from engine import clock
    from engine.desk import tokens as desk

    heads = ("id", "name", "role", "scope", "ends with", "created", "by", "last used", "expires", "state")
    tell_table(heads, [row(token, state(token, clock.now())) for token in desk.tokens(load())])


def row(token: "TokenView", state: str) -> tuple[object, ...]:
    scope = f"{token.scope['dimension']}={token.scope['segment']}" if token.scope else None
    made = (token.created_at, token.created_by, token.used_at, token.expires_at)
    return (token.token_id, token.name, token.role, scope, f"…{token.hint}", *made, state)


def state(token: "TokenView", now: datetime) -> str:
    if token.revoked_at:
        return "revoked"
    return "expired" if token.refusal(now) else "valid"


@tokens.command("revoke")
def revoke_token(token_id: Annotated[int, typer.Argument(help="The id, as `token list` shows it")]) -> None:
    """Refuse a token from now on, within a second in every process."""
    from engine.desk import tokens as desk
    from engine.desk.people import who

    desk.revoke(load(), token_id, who=who())
    tell(f"Token {token_id} is revoked.")
