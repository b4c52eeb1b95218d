"""The commands of people: who may come in, as what."""

# Rooms are loaded by the commands that need them, so that every command starts quickly.
# ruff: noqa: PLC0415

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from data.errors import BadInput
from data.settings import load
from engine.commands_intake import tell_table
from engine.terminal import tell, warn

if TYPE_CHECKING:
    from engine.desk.people import Known, Scope

Email = Annotated[str, typer.Argument(help="The address they sign in with")]
RoleName = Literal["viewer", "analyst", "lead", "admin", "claim"]
RoleOption = Annotated[
    RoleName | None, typer.Option(help="claim: what the identity provider says of them decides")
]
ScopeOption = Annotated[
    str | None, typer.Option(help="The only segment they may see, such as region=Europe; all lifts it")
]

people = typer.Typer(no_args_is_help=True, help="People, and what each may see and do.")


def register(app: typer.Typer) -> None:
    app.add_typer(people, name="person")


@people.command("add")
def add_person(
    email: Email,
    role: Annotated[
        RoleName, typer.Option(help="claim: what the identity provider says of them decides")
    ] = "viewer",
    name: Annotated[str, typer.Option(help="What to call them; default: what they sign in as")] = "",
    scope: ScopeOption = None,
) -> None:
    """Let somebody sign in; the first admin is made here."""
    from engine.desk import people as desk

    settings = load()
    given = None if role == "claim" else role
    made = desk.add(settings, email, given, who=desk.who(), name=name, scope=scope_of(scope))
    tell(f"{made.email} may come in as {told(made)}.")
    if settings.sign_in is None:
        warn("Note: no sign-in is configured yet; add [sign_in] to holdfast.toml (README has the keys).")


@people.command("list")
def list_people() -> None:
    """Everybody who may come in, or could once."""
    from engine.desk import people as desk

    heads = ("address", "name", "role", "scope", "active", "came", "last seen", "added by")
    rows = [
        (
            one.email,
            one.name,
            one.role or "by claim",
            f"{one.scope.dimension}={one.scope.segment}" if one.scope else None,
            one.is_active,
            one.has_come,
            one.seen_at,
            one.created_by,
        )
        for one in desk.everyone(load())
    ]
    tell_table(heads, rows)


@people.command("change")
def change_person(
    email: Email,
    role: RoleOption = None,
    name: Annotated[str | None, typer.Option(help="What to call them")] = None,
    scope: ScopeOption = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether they may come in")
    ] = None,
) -> None:
    """Change what is given; it acts at once, also on pages that are open."""
    from engine.desk import people as desk

    given: Scope | Literal["whole"] | None = "whole" if scope == "all" else scope_of(scope)
    changed = desk.change(load(), email, who=desk.who(), role=role, name=name, scope=given, is_active=active)
    tell(f"{changed.email} {state(changed)}.")


@people.command("deactivate")
def deactivate_person(email: Email) -> None:
    """Let somebody in no more, from this instant on; what they decided stays."""
    from engine.desk import people as desk

    changed = desk.deactivate(load(), email, who=desk.who())
    tell(f"{changed.email} {state(changed)}.")


@people.command("role-claim")
def set_role_claim(
    claim: Annotated[str, typer.Argument(help="A claim of the identity provider, such as groups")],
    value: Annotated[str, typer.Argument(help="What it holds, such as analysts")],
    role: Annotated[
        Literal["viewer", "analyst", "lead", "admin", "none"], typer.Argument(help="none takes it back")
    ],
) -> None:
    """Give a role to whoever signs in with a claim."""
    from engine.desk import people as desk

    desk.set_role_claim(load(), claim, value, None if role == "none" else role, who=desk.who())
    tell(f"Whoever has {claim} {value} " + ("gets no role by it." if role == "none" else f"is {role}."))


def told(one: "Known") -> str:
    scope = f", of {one.scope.dimension} {one.scope.segment} only" if one.scope else ""
    return f"{one.role or 'what a claim says'}{scope}"


def state(one: "Known") -> str:
    return f"may come in as {told(one)}" if one.is_active else "may not come in any more"


def scope_of(text: str | None) -> "Scope | None":
    from engine.desk.people import Scope

    if text is None:
        return None
    dimension, equals, segment = text.partition("=")
    if not equals or not dimension.strip() or not segment.strip():
        raise BadInput(f"--scope {text!r} is not like region=Europe.")
    return Scope(dimension.strip(), segment.strip())
