"""What the engine writes to standard error: a sentence and its facts as key=value, one event a line."""

import logging
import sys
from typing import Any

log = logging.getLogger("holdfast.engine")


class Line(logging.Formatter):
    """`14:32:05 INFO published an edition action=refresh seconds=0.41`"""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = getattr(record, "facts", {})
        head, newline, trace = super().format(record).partition("\n")
        return head + "".join(f" {key}={_plain(value)}" for key, value in facts.items()) + newline + trace


def _plain(value: object) -> str:
    text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return f'"{text}"' if " " in text else text


def say(message: str, *, level: int = logging.INFO, trace: bool = False, **facts: Any) -> None:
    """Log a sentence with its facts; `action` says what was being done."""
    log.log(level, message, extra={"facts": facts}, exc_info=trace)


def begin(verbose: bool) -> None:
    """Send the engine's lines to standard error: what matters, or with `verbose` every turn."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line())
    log.handlers[:] = [handler]
    log.propagate = False
    log.setLevel(logging.DEBUG if verbose else logging.INFO)
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
