"""The copying child: whole copies, one child for many, another one where somebody stopped it."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from data.errors import GiveUp
from metrics import copier


@pytest.fixture
def big(tmp_path: Path) -> Iterator[Path]:
    source = tmp_path / "source"
    source.write_bytes(bytes(range(256)) * 20_000)
    yield source
    copier.end()


def children() -> list[int]:
    return [child.pid for child in psutil.Process().children() if copier.COPY in child.cmdline()]


def test_a_copy_is_whole_and_one_child_makes_many(big: Path, tmp_path: Path) -> None:
    copier.copy(big, tmp_path / "first")
    [child] = children()
    copier.copy(big, tmp_path / "second")
    assert children() == [child]
    assert all((tmp_path / name).read_bytes() == big.read_bytes() for name in ("first", "second"))


def test_a_child_that_was_stopped_is_followed_by_another(big: Path, tmp_path: Path) -> None:
    copier.copy(big, tmp_path / "first")
    [child] = children()
    psutil.Process(child).kill()
    copier.copy(big, tmp_path / "second")
    assert (tmp_path / "second").read_bytes() == big.read_bytes()
    assert child not in children()


def test_a_copy_that_fails_leaves_a_child_that_goes_on(big: Path, tmp_path: Path) -> None:
    with pytest.raises(GiveUp, match=r"could not be copied .*No such file"):
        copier.copy(tmp_path / "missing", tmp_path / "copy")
    copier.copy(big, tmp_path / "copy")
    assert len(children()) == 1


def test_the_child_ends_with_whom_it_copies_for(big: Path, tmp_path: Path) -> None:
    copier.copy(big, tmp_path / "copy")
    copier.end()
    assert children() == []
