"""Runs pieces of work side by side, each after those it needs."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Generic, TypeVar

from data.errors import BadDefinition

Session = TypeVar("Session")


@dataclass(frozen=True)
class Task(Generic[Session]):
    """`needs`: names of tasks that come first; a name that no task has is there already."""

    name: str
    needs: frozenset[str]
    work: Callable[[Session], None]


def run_side_by_side(tasks: Iterable[Task[Session]], sessions: Sequence[Session]) -> None:
    """Run every task once; each has a session to itself while it runs.

    Raises:
        BadDefinition: tasks wait for each other.
        Exception: the first that a task raised, once those beside it have ended.
    """
    waiting = {task.name: task for task in tasks}
    running: dict[Future[None], str] = {}
    free: SimpleQueue[Session] = SimpleQueue()
    for session in sessions:
        free.put(session)
    with ThreadPoolExecutor(len(sessions)) as pool:
        try:
            while waiting or running:
                for task in ready(waiting, running.values()):
                    running[pool.submit(run, task, free)] = waiting.pop(task.name).name
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    del running[future]
                    future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def ready(waiting: dict[str, Task[Session]], running: Iterable[str]) -> list[Task[Session]]:
    unfinished = waiting.keys() | set(running)
    found = [task for task in waiting.values() if not task.needs & unfinished]
    if waiting and len(unfinished) == len(waiting) and not found:
        raise BadDefinition(f"{', '.join(sorted(waiting))} read each other; one of them must come first.")
    return found


def run(task: Task[Session], free: "SimpleQueue[Session]") -> None:
    session = free.get()
    try:
        task.work(session)
    finally:
        free.put(session)
