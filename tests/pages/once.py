"""Makes a home once for all workers of a run; each works on a copy of its own."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A home that `make` filled, whichever worker came first."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    place, done = shared / f"made_{name}", shared / f"made_{name}.done"
    with FileLock(shared / f"made_{name}.lock"):
        if not done.exists():
            place.mkdir()
            make(place)
            done.touch()
    own = factory.mktemp(name) / "made"
    shutil.copytree(place, own)
    return own / "home"
