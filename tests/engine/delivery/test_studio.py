import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import orjson
import pytest

from data.errors import GiveUp, TryAgain
from engine.control.state import is_running
from engine.delivery.picture import spec_of
from engine.delivery.studio import Studio
from tests.engine.delivery.made import content
from tests.engine.delivery.receivers import until

PNG = b"\x89PNG\r\n\x1a\n"
SPEC = orjson.dumps(spec_of(content())).decode()


@pytest.fixture
def studio() -> Iterator[Studio]:
    found = Studio()
    yield found
    found.close()


def easel_of(studio: Studio) -> int:
    assert studio._easel is not None
    return studio._easel.pid


def test_threads_share_a_renderer(studio: Studio) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(studio.draw, [SPEC] * 4))
    assert all(png.startswith(PNG) for png in found)
    assert len(set(found)) == 1


def test_what_cannot_be_drawn_is_told_and_the_next_is_drawn(studio: Studio) -> None:
    with pytest.raises(GiveUp, match="cannot draw this"):
        studio.draw('{"mark": "nonsense"}')
    assert studio.draw(SPEC).startswith(PNG)


def test_a_renderer_that_dies_is_replaced(studio: Studio) -> None:
    studio.draw(SPEC)
    os.kill(easel_of(studio), signal.SIGKILL)
    with pytest.raises(TryAgain):
        studio.draw(SPEC)
    assert studio.draw(SPEC).startswith(PNG)


def test_a_renderer_that_hangs_is_not_waited_for(studio: Studio) -> None:
    studio.draw(SPEC)
    os.kill(easel_of(studio), signal.SIGSTOP)
    began = time.monotonic()
    with pytest.raises(TryAgain, match="took too long"):
        studio.draw(SPEC, patience=0.2)
    assert time.monotonic() - began < 5


def test_a_renderer_that_nobody_needs_is_let_go() -> None:
    studio = Studio(idle=0.2)
    studio.draw(SPEC)
    pid = easel_of(studio)
    until(lambda: not is_running(pid))
    assert studio.draw(SPEC).startswith(PNG)
    studio.close()


def test_nothing_is_fetched_from_outside(studio: Studio) -> None:
    with pytest.raises(GiveUp, match="not allowed"):
        studio.draw('{"data": {"url": "http://127.0.0.1:9/x.csv"}, "mark": "bar"}')
