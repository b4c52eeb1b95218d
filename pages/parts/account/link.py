"""The way from an account's name, wherever it stands, to its page."""

from html import escape
from urllib.parse import quote


def link(account_id: str, name: str | None) -> str:
    """A name as HTML that leads to the account's page; an account without a name is called by its id."""
    address = f"account?id={quote(account_id, safe='')}"
    return (
        f'<a class="hf-account" href="{escape(address)}" target="_self" title="{escape(account_id)}">'
        f"{escape(name or account_id)}</a>"
    )
