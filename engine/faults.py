"""Faults that nobody foresaw, told in one sentence; the traceback goes where a developer finds it."""

import traceback
from pathlib import Path


def in_a_sentence(doing: str, fault: BaseException) -> str:
    first_line = (str(fault).splitlines() or [""])[0].strip()
    return f"Could not finish the {doing}: {type(fault).__name__}: {first_line}"


def keep(fault: BaseException, folder: Path) -> Path | None:
    """Write the traceback down; None where even that fails, as on a full disk."""
    place = folder / "last-fault.txt"
    try:
        place.write_text("".join(traceback.format_exception(fault)))
    except OSError:
        return None
    return place
