"""The doors in this process, over a home of their own."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from data.intake import catalog, keys
from data.intake.delivery import Delivery
from data.intake.doors import Door, Doors
from data.intake.health import Vitals
from data.intake.inbox import Inbox
from data.intake.serve import application
from data.settings import Settings


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class House:
    """The doors of a home, a client that knocks at them, and what they kept."""

    def __init__(self, settings: Settings, vitals: Vitals = Vitals(alive=True)) -> None:  # noqa: B008 (frozen)
        self.settings = settings
        self.doors = Doors(settings, now)
        self.app = application(self.doors, lambda: vitals)
        self.client = TestClient(self.app, raise_server_exceptions=True)

    @property
    def inbox(self) -> Inbox:
        return Inbox.open(self.settings)

    def key(self, source: str = "web") -> str:
        return keys.create(self.inbox, source, now())[1]

    def kept(self) -> list[Delivery]:
        return self.inbox.after(0, limit_bytes=10**9, limit=10**6)

    def add_door(self, kind: catalog.Kind) -> None:
        """A kind of the test's own."""
        self.app.routes.extend(Route(path, Door(kind, self.doors)) for path in kind.paths)

    def send(self, path: str, key: str, json: Any = None, **more: Any) -> Any:
        return self.client.post(path, auth=(key, ""), json=json, **more)


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Opens doors with limits of the test's own."""
    with ExitStack() as stack:

        def opened(**settings: Any) -> House:
            house = House(Settings(home=tmp_path / "home", **settings))
            stack.enter_context(house.client)
            return house

        yield opened


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    return open_house()
