"""Tells a browser, with a page's first byte, of the code that every page needs a moment later."""

from functools import cache
from pathlib import Path

import streamlit
from starlette.datastructures import MutableHeaders
from starlette.types import Message

STATIC = Path(streamlit.__file__).parent / "static" / "static" / "js"
# What draws charts, pickers and our components: the page would ask for it when it has begun to draw.
SOON = (
    "embed",
    "ArrowVegaLiteChart",
    "serialization",
    "Quiver",
    "BidiComponent",
    "Selectbox",
    "ButtonGroup",
    "Html",
)


@cache
def links() -> str:
    """The header's value: one link a file that this Streamlit has; paths go from where the page stands."""
    found = [path.name for name in SOON for path in sorted(STATIC.glob(f"{name}.*.js"))]
    return ", ".join(f"<./static/js/{name}>; rel=modulepreload" for name in found)


def announce(message: Message) -> None:
    """Add the links to the answer that is a page."""
    headers = MutableHeaders(scope=message)
    if headers.get("content-type", "").startswith("text/html") and links():
        headers.append("link", links())
