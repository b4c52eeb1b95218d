"""The tokens of programs: made and shown once, listed with what they may see and their last use, revoked."""

from html import escape

import streamlit as st

from data.errors import HoldfastError
from engine import clock
from engine.desk import tokens as desk
from engine.desk.people import ROLES, Scope
from engine.desk.tokens import TokenView
from pages.parts import cards, numbers, person, revoked, windows, words
from pages.parts.alerts import says
from pages.parts.people import roles
from pages.parts.speech import later, retold, say, several

ABOUT = later("Whoever shows one of them reads the numbers over HTTP, as far as it may see")
NO_TOKEN = later("No token yet. With one, a notebook or another program reads what these pages show.")
COPY = later("<b>Copy this token now.</b> Only its hash is kept, so it cannot be shown again.")
HEADS = (
    later("Token"),
    later("Role"),
    later("Sees"),
    later("Last used"),
    later("Expires"),
    later("Made by"),
)
NAME, ROLE, SEES, DAYS = (f"people_token_{part}" for part in ("name", "role", "sees", "days"))
NEW = "people_new_token"  # (id, token): the one that was just made, until it is put away
EVERYTHING = Scope("all", "all")
LASTING: dict[int | None, str] = {
    30: later("30 days"),
    90: later("90 days"),
    365: later("A year"),
    None: later("Until it is revoked"),
}


def draw() -> None:
    person.require_whole("admin")
    found = desk.tokens(numbers.settings())
    valid = [token for token in found if not token.refusal(clock.now())]
    with cards.panel("people_tokens", say("Tokens"), say(ABOUT)):
        fresh()
        if valid:
            table(valid)
        else:
            cards.note(say(NO_TOKEN))
        with st.container(horizontal=True):
            create(len(found))
            if valid and st.button(
                say("Revoke a token"), icon=":material/key_off:", key="people_revoke_token"
            ):
                revoking()
        if over := [token for token in found if token not in valid]:
            with st.expander(
                several(len(over), "{count} token that is over", "{count} tokens that are over")
            ):
                table(over)


def table(tokens: list[TokenView]) -> None:
    head = "".join(f'<th class="hf-left">{say(name)}</th>' for name in HEADS)
    body = "".join(map(line, tokens))
    st.html(
        '<div class="hf-scroll" tabindex="0">'
        f'<table class="hf-table hf-wrapped hf-folding"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def line(token: TokenView) -> str:
    name = f"{escape(token.name)}<small>{token.token_id} · …{escape(token.hint)}</small>"
    used = says.since(token.used_at) if token.used_at else say("Never")
    ends = says.moment(token.expires_at) if token.expires_at else say("Never")
    ends = say("Revoked") if token.revoked_at else ends
    cells = (roles.called(token.role), sees(token), used, ends, token.created_by)
    listed = "".join(
        f'<td class="hf-left" data-head="{say(head)}">{escape(cell)}</td>'
        for head, cell in zip(HEADS[1:], cells, strict=True)
    )
    return f"<tr><th>{name}</th>{listed}</tr>"


def sees(token: TokenView) -> str:
    return (
        words.segment(token.scope["dimension"], token.scope["segment"]) if token.scope else say("Everything")
    )


def create(made: int) -> None:
    """A form in a pop-up that is another one, and closed, once a token was made."""
    with (
        st.popover(say("Create a token"), icon=":material/key:", key=f"people_token_form_{made}"),
        st.form("people_token", border=False, clear_on_submit=True),
    ):
        st.text_input(
            say("What it is for"), key=NAME, placeholder=say("The name of a notebook"), max_chars=80
        )
        st.selectbox(
            say("Role"),
            ROLES,
            key=ROLE,
            format_func=roles.called,
            help=say("A lead's posts annotations too"),
        )
        st.selectbox(say("Sees"), choices(), key=SEES, format_func=called)
        st.selectbox(say("Lasts"), list(LASTING), index=1, key=DAYS, format_func=lasting)
        st.form_submit_button(say("Create"), type="primary", key="people_do_token", on_click=make)


def lasting(days: int | None) -> str:
    return say(LASTING[days])


def choices() -> list[Scope]:
    """Everything, or one segment that there is."""
    edition = numbers.newest()
    rows = numbers.segments(edition).iter_rows(named=True) if edition else ()
    found = [Scope(row["dimension"], row["segment"]) for row in rows if row["dimension"] != "all"]
    return [EVERYTHING, *found]


def called(scope: Scope) -> str:
    return say("Everything") if scope == EVERYTHING else words.segment(scope.dimension, scope.segment)


def make() -> None:
    who = person.require_whole("admin").key
    told = st.session_state
    scope = None if told[SEES] == EVERYTHING else told[SEES]
    try:
        st.session_state[NEW] = desk.create(
            numbers.settings(), told[NAME], told[ROLE], who=who, scope=scope, days=told[DAYS]
        )
    except HoldfastError as wrong:
        st.toast(words.literal(retold(str(wrong))), icon=":material/error:")


def fresh() -> None:
    """The new token, once."""
    if NEW not in st.session_state:
        return
    with st.container(key="people_fresh_token", gap="small"):
        st.html(f"<p>{say(COPY)}</p>")
        st.code(st.session_state[NEW][1], language=None, wrap_lines=True)
        st.button(say("I have copied it"), key="people_token_copied", on_click=put_away)


def put_away() -> None:
    st.session_state.pop(NEW, None)


@windows.dialog(later("Revoke a token"))
def revoking() -> None:
    person.require_whole("admin")
    valid = [token for token in desk.tokens(numbers.settings()) if not token.refusal(clock.now())]
    revoked.form("token", valid, told, revoke, key="people_token")


def told(token: TokenView) -> str:
    if not token.used_at:
        return say("{name} · …{end} · last used never", name=token.name, end=token.hint)
    since = says.since(token.used_at)
    return say("{name} · …{end} · last used {since}", name=token.name, end=token.hint, since=since)


def revoke(token: TokenView) -> None:
    desk.revoke(numbers.settings(), token.token_id, who=person.require_whole("admin").key)
    if st.session_state.get(NEW, (None,))[0] == token.token_id:
        put_away()
