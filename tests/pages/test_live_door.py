"""The websocket /live, without a browser."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.testclient import TestClient

from data.intake.inbox import Arrival, Inbox
from data.settings import Settings
from engine import clock, desk
from engine.desk import alerts
from pages.live_door import News, address, backlog_told


def point_at(settings: Settings, name: str) -> None:
    """Moves the pointer as a publication does: a new file put in the place of the old one."""
    settings.published.mkdir(parents=True, exist_ok=True)
    new = settings.published / "new"
    new.write_text(f"{name}\n")
    os.replace(new, settings.published / "current")  # noqa: PTH105


@pytest.fixture
def news(settings: Settings) -> News:
    return News(settings)


@pytest.fixture
def client(news: News) -> Iterator[TestClient]:
    @asynccontextmanager
    async def lifespan(_: Starlette):
        async with news.watching():
            yield

    with TestClient(Starlette(routes=[WebSocketRoute("/live", news.door)], lifespan=lifespan)) as opened:
        yield opened


def edition_told(socket) -> str | None:
    """The next edition that a page hears of; news of the engine alone is passed over."""
    told = socket.receive_json()
    while told["edition"] is None:
        told = socket.receive_json()
    name: str = told["edition"]
    return name


def test_every_open_page_hears_of_a_new_edition(client: TestClient, settings: Settings) -> None:
    with client.websocket_connect("/live") as one, client.websocket_connect("/live") as other:
        point_at(settings, "first")
        assert edition_told(one) == "first"
        assert edition_told(other) == "first"


def test_a_page_that_comes_late_is_told_at_once(client: TestClient, settings: Settings) -> None:
    point_at(settings, "first")
    with client.websocket_connect("/live") as early:
        edition_told(early)
        with client.websocket_connect("/live") as late:
            assert late.receive_json()["edition"] == "first"


def test_a_stopped_engine_is_told(client: TestClient) -> None:
    with client.websocket_connect("/live") as page:
        told = page.receive_json()
        while told["alive"]:
            told = page.receive_json()
        assert told == {"edition": None, "alive": False, "backlog": None, "alarms": 0}


def test_a_page_that_went_away_is_forgotten(client: TestClient, news: News, settings: Settings) -> None:
    with client.websocket_connect("/live"):
        assert len(news.sockets) == 1
    with client.websocket_connect("/live") as stays:
        point_at(settings, "next")
        assert edition_told(stays) == "next"
        assert len(news.sockets) == 1


def test_of_many_pages_all_hear_the_newest_in_their_turn(client: TestClient, settings: Settings) -> None:
    with ExitStack() as opened:
        pages = [opened.enter_context(client.websocket_connect("/live")) for _ in range(40)]
        for name in ("first", "second", "third"):
            point_at(settings, name)
        for page in pages:
            while edition_told(page) != "third":
                pass


def test_the_pointer_counts_as_moved_once(news: News, settings: Settings, tmp_path: Path) -> None:
    assert not news.has_moved()
    point_at(settings, "first")
    assert news.has_moved()
    assert not news.has_moved()
    point_at(settings, "first")
    assert news.has_moved()


def test_what_waits_while_the_engine_is_stopped_is_told(client: TestClient, settings: Settings) -> None:
    came_at = datetime(2026, 11, 23, 12)
    Inbox.open(settings).put([Arrival("app", "segment", came_at, {}, b"{}")] * 3)
    with client.websocket_connect("/live") as page:
        told = page.receive_json()
        while not told["backlog"]:
            told = page.receive_json()
        assert told["backlog"] == {"count": 3, "oldest": came_at.replace(tzinfo=UTC).timestamp() * 1000}


def test_the_moment_that_deliveries_always_wait_is_no_backlog() -> None:
    def waits(since: timedelta, *, alive: bool = True) -> desk.EngineStatus:
        now = datetime.now(UTC).replace(tzinfo=None)
        return desk.EngineStatus(
            alive, None, None, None, None, None, None, None, 0, backlog=7, backlog_oldest_at=now - since
        )

    assert backlog_told(waits(timedelta(seconds=1))) is None
    assert backlog_told(waits(timedelta(seconds=14))) is not None
    assert backlog_told(waits(timedelta(seconds=1), alive=False)) is not None


def test_the_address_is_the_one_that_pages_reached(client: TestClient) -> None:
    with client.websocket_connect("/live"):
        assert address() == "http://testserver:80"


def test_a_page_hears_that_something_happened_to_alerts(client: TestClient, settings: Settings) -> None:
    with client.websocket_connect("/live") as page:
        before = page.receive_json()["alarms"]
        alerts.silence(settings, until=clock.now() + timedelta(hours=1), who="Mara")
        told = page.receive_json()
        while told["alarms"] == before:
            told = page.receive_json()
        assert told["alarms"] > before
