"""A published company with alerts to fire, and the API over it as a program sees it."""

from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from data.settings import Settings
from engine import handover
from engine.alerts.lifecycle import Life
from engine.alerts.rule import rule_of
from engine.api.web import Api
from engine.control import moves, rules
from engine.control.moves import Standing, Transition
from engine.control.store import Control
from engine.desk import tokens
from engine.desk.people import Scope
from tests.pages.company import write_company

NOON = datetime(2026, 3, 2, 12)
EUROPE = Scope("region", "Europe")
Headers = dict[str, str]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Fifty accounts, one of a hostile region, and one edition; do not change it but for tokens."""
    base = tmp_path_factory.mktemp("api")
    write_company(base / "files", NOON)
    accounts = base / "files" / "accounts.csv"
    accounts.write_text(accounts.read_text().replace("Asia", "=cmd|' /C calc'!A0"))
    settings = Settings(home=base / "home", api={"requests_per_second": 1e6})
    given = {"folder": str(base / "files"), "source": "files", "zone": None, "strict": False}
    handover.carry_out(settings, "import", given, show=lambda *_: None)
    refresh(settings)
    raise_alerts(Control.open(settings))
    return settings


def refresh(settings: Settings) -> str:
    told = handover.carry_out(
        settings, "refresh", {"as_of": NOON.isoformat(), "full": False}, show=lambda *_: None
    )
    return str(told["edition"])


def raise_alerts(control: Control) -> None:
    """A rule by region fires in both regions, and one of everybody does."""
    for dimension, segments in (("region", ("Europe", "Elsewhere")), ("all", ("all",))):
        told = {"name": f"by {dimension}", "metric": "mrr", "dimension": dimension, "params": {"below": 1}}
        rule_id = rules.create(control, rule_of(told), who="ada", now=NOON)
        life = Life("firing", NOON, 1)
        stand = [Standing(rule_id, name, life, 1, value=0.25) for name in segments]
        went = [
            Transition(rule_id, name, 1, "quiet", "firing", NOON, "held", value=0.25) for name in segments
        ]
        with control.change() as session:
            moves.write_moves(session, stand, went, recorded_at=NOON, edition="e1")


@pytest.fixture
def client(published: Settings) -> Iterator[TestClient]:
    with client_of(published) as opened:
        yield opened


def client_of(settings: Settings) -> TestClient:
    return TestClient(Starlette(routes=Api(settings, lambda: NOON).routes), headers={"accept-encoding": ""})


@pytest.fixture(scope="module")
def shows(published: Settings) -> Callable[..., Headers]:
    """The header that shows a new token."""

    def made(role: str = "viewer", scope: Scope | None = None) -> Headers:
        _, token = tokens.create(published, "notebook", role, who="ada", scope=scope)
        return {"authorization": f"Bearer {token}"}

    return made


@pytest.fixture(scope="module")
def viewer(shows: Callable[..., Headers]) -> Headers:
    return shows()


@pytest.fixture(scope="module")
def european(shows: Callable[..., Headers]) -> Headers:
    return shows(scope=EUROPE)
