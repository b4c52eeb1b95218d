"""Whether a request comes from this very machine: only its own user may come in without a sign-in."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from pages.parts.speech import later

FORWARDED = ("x-forwarded-for", "x-real-ip", "x-forwarded-host")
MEND = later(
    "Holdfast has no sign-in configured, so it serves its pages to this machine's own user only, on "
    "http://127.0.0.1 or http://localhost: to let others in, add [sign_in] to holdfast.toml "
    "(README, “People and roles”)."
)


def is_here(host: str | None) -> bool:
    """Whether an address or name is this machine's own, whoever answers for names."""
    if host is None:
        return False
    name = host.strip().lower().strip("[]").rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback


def host_of(authority: str) -> str | None:
    """The name in a Host header."""
    try:
        return urlsplit(f"//{authority}").hostname
    except ValueError:
        return None


def is_from_here(headers: Mapping[str, str]) -> bool:
    """Whether a request says that it was made here, to here.

    A page of another name (DNS can point it at this machine), or a request that was handed on from elsewhere,
    is somebody else's, even where the connection is local.
    """
    if not is_here(host_of(headers.get("host", ""))):
        return False
    if "forwarded" in headers:
        return False
    return all(is_here(host_of(each)) for each in handed_on(headers))


def handed_on(headers: Mapping[str, str]) -> Iterable[str]:
    for name in FORWARDED:
        for each in headers.get(name, "").split(","):
            if each.strip():
                text = each.strip()
                yield f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text
