"""A faster allocator of memory for the engine, where the machine has one.

A refresh is hundreds of small statements, and a sixth of their time goes into the many small pieces of
memory in which DuckDB plans them. Who allocates is settled before a process begins: the engine begins again.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

PRELOAD = "LD_PRELOAD"
OURS = "HOLDFAST_PRELOADED"  # set for the moment between the two beginnings
FOLDERS = ("usr/lib/*-linux-gnu", "usr/lib64", "usr/lib", "usr/local/lib", "usr/local/lib64")
NAME = "libmimalloc.so*"


def prefer() -> None:
    """Begin this process again with mimalloc, unless its environment says already what is loaded ahead."""
    if os.environ.pop(OURS, ""):
        os.environ.pop(PRELOAD, None)  # what the engine starts chooses for itself
        return
    environment = os.environ | asked(os.environ, sys.orig_argv, Path("/"))
    if OURS in environment:
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], environment)


def asked(environment: Mapping[str, str], arguments: Sequence[str], root: Path) -> dict[str, str]:
    """What to add to the environment of an engine that begins; nothing where it stays as it is."""
    is_engine = list(arguments[1:3]) == ["-m", "engine"]
    if not is_engine or PRELOAD in environment or not sys.platform.startswith("linux"):
        return {}
    found = [path for folder in FOLDERS for path in sorted(root.glob(f"{folder}/{NAME}"))]
    return {PRELOAD: str(found[-1].resolve()), OURS: "1"} if found else {}
