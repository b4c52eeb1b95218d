"""A delivery that is killed between any two of its steps loses nothing and sends no storm."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import pytest

from data.settings import ROOT
from engine import clock
from engine.control.state import is_running
from engine.delivery import Details, tell
from tests.engine.delivery.driver import STEPS
from tests.engine.delivery.receivers import WebReceiver, until, web
from tests.engine.delivery.scene import Scene

KILLS = 400 if os.environ.get("HOLDFAST_LONG_TESTS") else 20
Drive = Callable[..., "Delivering"]


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web() as found:
        yield found


@dataclass
class Delivering:
    """A process that delivers until it is killed."""

    pid: int

    @property
    def is_gone(self) -> bool:
        return not is_running(self.pid)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        until(lambda: self.is_gone)


@pytest.fixture
def drive(environment: dict[str, str]) -> Iterator[Drive]:
    """Start a delivery; whatever still runs at the end is ended."""
    line = [sys.executable, "-m", "tests.engine.delivery.driver"]
    started: list[Delivering] = []
    with subprocess.Popen(
        line, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as driver:

        def begin(step: str = "") -> Delivering:
            assert driver.stdin is not None
            assert driver.stdout is not None
            driver.stdin.write(f"{step}\n")
            driver.stdin.flush()
            started.append(Delivering(int(driver.stdout.readline())))
            return started[-1]

        yield begin
        for process in started:
            process.kill()


def posted(scene: Scene, rule_id: int, segments: range) -> None:
    """Messages without a picture: drawing would take most of the time in which to be killed."""
    for at in segments:
        happened = scene.happened(scene.alert(rule_id, f"s{at}"))
        with scene.control.begin() as session:
            tell(session, [happened], now=scene.now, settings=scene.settings, look=lambda _: Details())


@pytest.fixture
def scene(scene: Scene, receiver: WebReceiver) -> Scene:
    scene.now = clock.now()
    for name in ("one", "two"):
        scene.channel(name, params={"url": f"{receiver.url}/{name}"})
    return scene


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_sends_what_is_left_under_the_same_key(
    scene: Scene, receiver: WebReceiver, drive: Drive, step: str
) -> None:
    rule_id = scene.rule(channels=["one"])
    posted(scene, rule_id, range(3))
    victim = drive(step)
    until(lambda: victim.is_gone)
    before = Counter(one.key for one in receiver.taken)
    survivor = drive()
    until(lambda: all(one.state == "sent" for one in scene.messages()))
    survivor.kill()
    arrived = Counter(one.key for one in receiver.taken)
    assert set(arrived) == {one.key for one in scene.messages()}
    twice = step in ("after the send", "before it is noted")
    assert sorted(arrived.values()) == ([1, 1, 2] if twice else [1, 1, 1])
    assert sum(before.values()) == (1 if twice or step == "after it was noted" else 0)


def test_killed_again_and_again_it_loses_nothing_and_doubles_no_more_than_it_was_killed(
    scene: Scene, receiver: WebReceiver, drive: Drive
) -> None:
    luck, rule_id = random.Random(7), scene.rule(channels=["one", "two"])
    channels, kills = 2, 0
    while kills < KILLS:
        posted(scene, rule_id, range(kills * 3, kills * 3 + 3))
        process, known = drive(), len(receiver.asked)
        until(partial(has_more, receiver, known))
        time.sleep(luck.random() * 0.08)
        process.kill()
        kills += 1
    survivor = drive()
    until(lambda: all(one.state == "sent" for one in scene.messages()), seconds=120)
    survivor.kill()
    arrived = Counter(one.key for one in receiver.taken)
    assert set(arrived) == {one.key for one in scene.messages()}
    assert len(arrived) == KILLS * 3 * channels
    doubled = sum(arrived.values()) - len(arrived)
    print(f"{kills} kills, {len(arrived)} messages, {doubled} of them sent twice")
    assert doubled <= kills * channels


def test_with_its_picture_and_among_failures_a_killed_delivery_loses_nothing(
    scene: Scene, receiver: WebReceiver, drive: Drive
) -> None:
    luck, rule_id = random.Random(11), scene.rule(channels=["one", "two"])
    receiver.todo = ["close", 503, 200, "close early", 429, 200, 500, "close"] * 2
    scene.fires(rule_id, "pro", "free")
    scene.fires(scene.rule(name="other", channels=["one", "two"]), "pro")
    for _ in range(4):
        process, known = drive(), len(receiver.asked)
        until(partial(has_more_or_is_done, receiver, known, scene))
        time.sleep(luck.random() * 0.5)
        process.kill()
    drive()
    until(lambda: is_done(scene), seconds=90)
    arrived = Counter(one.key for one in receiver.taken)
    assert set(arrived) == {one.key for one in scene.messages()}
    assert all(one.json["picture"] for one in receiver.taken)


def has_more(receiver: WebReceiver, known: int) -> bool:
    return len(receiver.asked) > known


def has_more_or_is_done(receiver: WebReceiver, known: int, scene: Scene) -> bool:
    return has_more(receiver, known) or is_done(scene)


def is_done(scene: Scene) -> bool:
    return all(one.state == "sent" for one in scene.messages())
