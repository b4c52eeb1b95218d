import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.allocator import OURS, PRELOAD, asked

ENGINE = ["python", "-m", "engine", "run"]
ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux loads libraries ahead")


def put(root: Path, name: str) -> Path:
    file = root / "usr/lib/x86_64-linux-gnu" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch()
    return file


@ON_LINUX
def test_the_newest_mimalloc_is_chosen(tmp_path: Path) -> None:
    put(tmp_path, "libmimalloc.so.2")
    newest = put(tmp_path, "libmimalloc.so.3")
    put(tmp_path, "libmimalloc-secure.so.3")
    assert asked({}, ENGINE, tmp_path) == {PRELOAD: str(newest), OURS: "1"}


@ON_LINUX
def test_nothing_is_chosen_where_it_is_missing_or_the_operator_chose_or_something_else_runs(
    tmp_path: Path,
) -> None:
    assert asked({}, ENGINE, tmp_path) == {}
    put(tmp_path, "libmimalloc.so.2")
    assert asked({PRELOAD: ""}, ENGINE, tmp_path) == {}
    assert asked({}, ["python", "-m", "pytest", "engine"], tmp_path) == {}


@ON_LINUX
def test_an_engine_begins_with_mimalloc_and_its_children_choose_for_themselves(
    start: "Callable[..., subprocess.Popen[str]]", eventually: Callable[..., None]
) -> None:
    chosen = asked({}, ENGINE, Path("/"))
    if not chosen:
        pytest.skip("missing: mimalloc (tests/install-mimalloc installs it)")
    process = start("run")
    loaded = Path(f"/proc/{process.pid}/maps")
    eventually(lambda: Path(chosen[PRELOAD]).name in loaded.read_text(), "it begins again with mimalloc")
    code = "import os; from engine.allocator import *; prefer(); print(*map(os.environ.get, (PRELOAD, OURS)))"
    told = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | chosen, capture_output=True, text=True, check=True
    )
    assert told.stdout == "None None\n"
