"""Copies open files in a child process that lives on: who closes a file drops its own locks on it."""

import atexit
import json
import subprocess
import sys
import threading
from pathlib import Path

from data.errors import GiveUp

# Reads pairs of paths, a line each, until its parent is gone; answers each with what went wrong, if anything.
COPY = """
import json, os, sys
for line in sys.stdin:
    paths = json.loads(line)
    try:
        with open(paths[0], "rb") as source, open(paths[1], "wb") as target:
            while part := source.read(1 << 20):
                target.write(part)
            target.flush()
            os.fsync(target.fileno())
        print(json.dumps(""), flush=True)
    except OSError as wrong:
        print(json.dumps(str(wrong)), flush=True)
"""
_lock = threading.Lock()
_child: "subprocess.Popen[str] | None" = None


def copy(source: Path, target: Path) -> None:
    """Copy a file that this process holds open, whole and synced.

    Raises:
        GiveUp: it cannot be read or written, or the child was stopped twice; nothing is left of the target.
    """
    with _lock:
        wrong = _ask(source, target)
        if wrong is None:  # somebody stopped the child: another one does it
            wrong = _ask(source, target)
    if wrong != "":
        target.unlink(missing_ok=True)
        raise GiveUp(f"{source} could not be copied to {target}: {wrong or 'the copying was stopped'}.")


def _ask(source: Path, target: Path) -> str | None:
    """What went wrong, or nothing; None where the child ended before it answered."""
    global _child  # noqa: PLW0603 (one child for the life of the process)
    if _child is None or _child.poll() is not None:
        _child = _begin()
    try:
        print(json.dumps([str(source), str(target)]), file=_child.stdin, flush=True)
        answer = _child.stdout.readline() if _child.stdout else ""
    except OSError:
        answer = ""
    if not answer:
        _child.kill()
        _child.wait()
        return None
    told: str = json.loads(answer)
    return told


def _begin() -> "subprocess.Popen[str]":
    command = [sys.executable, "-I", "-S", "-c", COPY]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@atexit.register
def end() -> None:
    """Let the child go, if there is one."""
    global _child  # noqa: PLW0603
    with _lock:
        if _child is not None:
            _child.communicate()
            _child = None
