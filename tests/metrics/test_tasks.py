"""Tasks side by side: each after those it needs, and none after one that failed."""

import threading

import pytest

from data.errors import BadDefinition
from metrics.tasks import Task, run_side_by_side


def task(name: str, needs: str, done: list[str]) -> Task[int]:
    return Task(name, frozenset(needs.split()), lambda _: done.append(name))


def test_a_task_runs_once_and_after_what_it_needs() -> None:
    done: list[str] = []
    names = {"d": "b c", "c": "a", "b": "a there_already", "a": ""}
    run_side_by_side([task(name, needs, done) for name, needs in names.items()], [1, 2])
    assert sorted(done) == ["a", "b", "c", "d"]
    assert (done[0], done[-1]) == ("a", "d")


def hold(barrier: threading.Barrier) -> None:
    barrier.wait()


def test_tasks_that_can_run_side_by_side_do() -> None:
    both = threading.Barrier(2, timeout=30)
    run_side_by_side([Task(name, frozenset(), lambda _: hold(both)) for name in "ab"], [1, 2])


def test_a_failure_is_told_and_ends_the_work() -> None:
    done: list[str] = []

    def fail(_: int) -> None:
        raise ValueError("torn")

    with pytest.raises(ValueError, match="torn"):
        run_side_by_side([Task("a", frozenset(), fail), task("b", "a", done)], [1])
    assert done == []


def test_tasks_that_wait_for_each_other_are_named() -> None:
    with pytest.raises(BadDefinition, match="a, b read each other"):
        run_side_by_side([task("a", "b", []), task("b", "a", []), task("c", "", [])], [1])
