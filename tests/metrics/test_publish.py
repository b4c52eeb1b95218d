"""Publishing: a reader sees one whole edition or the next, whatever happens to the writer."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import duckdb
import pytest

from data.errors import GiveUp, NoEdition
from data.settings import Settings
from data.store.warehouse import Warehouse
from engine.refresh import refresh
from metrics import publish as publishing
from metrics import read, shelf
from metrics.editions import editions
from metrics.explore.answer import known
from metrics.journal.read import facts
from metrics.publish import KEEP, copy
from tests.metrics.facts import Facts, at

AS_OF = at("2024-01-10T00:00:00")
ROOT = Path(__file__).resolve().parent.parent.parent
# Publishes, and is killed at the point given: before the copy, while it runs, before the pointer moves; while
# a volume or a file of the journal is written, or before it has its name.
KILLED = """
    import os, signal, sys
    from datetime import datetime
    from pathlib import Path
    from data.settings import Settings
    from data.store.warehouse import Warehouse
    from engine.refresh import refresh
    from metrics import publish, volume
    from metrics.journal import keep

    def die(*_):
        os.kill(os.getpid(), signal.SIGKILL)

    def die_half_way(source, target):
        target.with_suffix(publish.UNFINISHED).write_bytes(source.read_bytes()[:5000])
        die()

    if sys.argv[2] == "before":
        publish.copy = die
    elif sys.argv[2] == "during":
        publish.copy = die_half_way
    elif sys.argv[2] == "pointing":
        publish.point = die
    elif sys.argv[2] == "in the volume":
        run = volume.run
        volume.run = lambda connection, sql: die() if "volume.main.mrr" in sql else run(connection, sql)
    elif sys.argv[2] == "the volume":
        volume.put_in_place = die
    else:
        keep.put_in_place = die
    settings = Settings(home=Path(sys.argv[1]))
    with Warehouse.open(settings) as warehouse:
        refresh(settings, warehouse, datetime(2024, 1, 11), full=True)
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = Settings(home=tmp_path / "home", segments=())
    facts = Facts(made).account("a", "2024-01-01T00:00:00").event("a", "2024-01-02T00:00:00")
    with Warehouse.open(made) as warehouse:
        facts.change("a", "2024-01-03T00:00:00", "10").store(warehouse)
    return made


def publish(settings: Settings, times: int = 1) -> str:
    with Warehouse.open(settings) as warehouse:
        return [refresh(settings, warehouse, AS_OF).name for _ in range(times)][-1]


def test_nothing_is_current_before_the_first_edition(settings: Settings) -> None:
    assert read.current(settings) is None


@pytest.mark.parametrize(
    "moment", ["before", "during", "pointing", "in the volume", "the volume", "the journal"]
)
def test_a_writer_that_is_killed_leaves_the_edition_before(settings: Settings, moment: str) -> None:
    first = publish(settings)
    script = textwrap.dedent(KILLED)
    done = subprocess.run(
        [sys.executable, "-c", script, str(settings.home), moment], cwd=ROOT, check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert read.current(settings) == first
    assert read.edition(settings, first).as_of == AS_OF
    following = publish(settings)
    assert read.current(settings) == following > first
    assert not list(settings.published.glob("*.part"))
    assert known(settings, following, "account")["account_id"].to_list() == ["a"]
    assert facts(settings, following, "a", limit=9)["shape"].to_list() == ["subscription_changes"]


def test_files_beside_the_editions_that_were_cleared_away_are_written_again(settings: Settings) -> None:
    publish(settings)
    for folder in ("journal", "volumes"):
        shutil.rmtree(settings.published / folder)
    gone = read.current(settings) or ""
    with pytest.raises(NoEdition, match="publish another"):
        facts(settings, gone, "a", limit=9)
    shelf.clear()
    with pytest.raises(NoEdition, match="publish another"):
        known(settings, gone, "account")
    following = publish(settings)
    assert known(settings, following, "account").height == 1
    assert facts(settings, following, "a", limit=9).height == 1


def test_an_edition_of_an_earlier_holdfast_says_what_to_do(settings: Settings) -> None:
    name = publish(settings)
    shelf.clear()
    with duckdb.connect(str(settings.published / f"{name}.duckdb")) as edition:
        for schema in ("journal", "known"):
            edition.execute(f"drop schema {schema} cascade")
    with pytest.raises(NoEdition, match="publish another"):
        facts(settings, name, "a", limit=9)
    with pytest.raises(NoEdition, match="publish another"):
        known(settings, name, "account")
    assert read.edition(settings, name).accounts == 1


def test_a_working_file_that_a_crash_left_is_no_hindrance(settings: Settings) -> None:
    settings.home.joinpath("edition.duckdb").write_bytes(b"torn")
    settings.home.joinpath("edition.duckdb.wal").write_bytes(b"torn")
    assert read.edition(settings, publish(settings)).accounts == 1


def test_old_editions_are_removed_once_they_are_old_enough(settings: Settings) -> None:
    publish(settings, times=KEEP + 3)
    assert len(editions(settings.published)) == KEEP + 3  # all of the last minute: a page may be opening one
    for path in editions(settings.published):
        os.utime(path, (0, 0))
    newest = publish(settings)
    names = [path.stem for path in editions(settings.published)]
    assert len(names) == KEEP + 1
    assert names[-1] == newest
    assert len({name.split("-")[0] for name in names}) == len(names)


def test_a_copy_that_fails_says_why_and_leaves_nothing(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(GiveUp, match="could not be copied"):
        copy(tmp_path / "missing", tmp_path / "edition.duckdb")
    assert not list(tmp_path.glob("edition*"))


def test_readers_never_see_a_torn_edition(settings: Settings) -> None:
    """Readers in threads, a writer publishing one edition after another: every answer is of one edition."""
    publish(settings)
    stop, wrong = threading.Event(), []

    def keep_reading() -> None:
        while not stop.is_set():
            name = read.current(settings) or ""
            info = read.edition(settings, name)
            rows = read.table(settings, name, "metrics")
            if info.edition != name or rows["as_of"].unique().to_list() != [AS_OF]:
                wrong.append(name)

    readers = [threading.Thread(target=keep_reading) for _ in range(4)]
    for reader in readers:
        reader.start()
    try:
        publish(settings, times=5)
    finally:
        stop.set()
        for reader in readers:
            reader.join()
    assert wrong == []


def test_the_pointer_is_one_line(settings: Settings) -> None:
    name = publish(settings)
    assert (settings.published / publishing.POINTER).read_text() == f"{name}.duckdb\n"
