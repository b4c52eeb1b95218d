"""The payloads of public repositories, as requests, from the folder in HOLDFAST_REAL_DATA."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("HOLDFAST_REAL_DATA", "")
_OF_2026 = {
    "subscription": "customer.subscription.updated",
    "charge": "charge.succeeded",
    "dispute": "charge.dispute.created",
    "checkout.session": "checkout.session.completed",
    "payment_intent": "payment_intent.payment_failed",
}


def real_payloads() -> Iterator[tuple[tuple[str, dict[str, str], Any], str]]:
    """Kind, headers and payload of every file, and where it lies; nothing without the folder."""
    payloads = Path(FOLDER) / "payloads"
    if not FOLDER or not payloads.is_dir():
        return
    for path in sorted(payloads.glob("*/**/*.json")):
        kind = path.relative_to(payloads).parts[0].split("_")[0]
        if kind in ("stripe", "chargebee", "shopify") and path.name != "index.json":
            read = json.loads(path.read_text())
            yield _request(kind, read), str(path.relative_to(payloads))
    yield from _of_2026(payloads / "stripe_openapi_2026.json")


def _request(kind: str, read: dict[str, Any]) -> tuple[str, dict[str, str], Any]:
    """Some files hold the body, some the headers too."""
    return (kind, read["headers"], read["body"]) if "body" in read else (kind, {}, read)


def _of_2026(path: Path) -> Iterator[tuple[tuple[str, dict[str, str], Any], str]]:
    """The objects of the API's description, each in an event of its kind."""
    for name, one in json.loads(path.read_text())["resources"].items():
        told = {"id": f"evt_{name}", "object": "event", "created": 1_767_225_600, "data": {"object": one}}
        yield ("stripe", {}, {**told, "type": _OF_2026.get(name, f"{name}.updated")}), f"{path.name}#{name}"
