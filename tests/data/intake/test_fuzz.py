"""Whatever is sent to whichever door: a clear answer, never a fault, and what was accepted is kept."""

import base64
import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.intake import catalog, registry, secrets
from data.intake.doors import Door
from tests.data.intake.conftest import House, now

KINDS = [kind for kind in catalog.kinds().values() if kind.paths]
NAMES = (
    st.sampled_from(
        ["type", "event", "userId", "anonymousId", "groupId", "previousId", "messageId", "timestamp"]
    )
    | st.sampled_from(
        ["traits", "properties", "context", "batch", "writeKey", "api_key", "distinct_id", "uuid", "$set"]
    )
    | st.sampled_from(
        ["data", "object", "id", "created", "items", "amount", "currency", "status", "content", "event_type"]
    )
    | st.sampled_from(
        ["subscription", "invoice", "customer", "line_items", "price", "quantity", "$group_type", "$groups"]
    )
)
TEXTS = st.one_of(
    st.sampled_from(["track", "identify", "alias", "group", "$identify", "customer.subscription.updated"]),
    st.sampled_from(["2025-03-01T12:00:00Z", "9999-12-31T23:59:59Z", "1900-01-01", "17e300", "USD", "", " "]),
    st.text(alphabet=st.characters(), max_size=20),
)
NUMBERS = st.one_of(st.integers(), st.floats(), st.sampled_from([10**30, -1, 1740000000, 1740000000000]))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(NAMES, inner, max_size=6)),
    max_leaves=25,
)
BODIES = st.one_of(st.binary(max_size=200), JSON.map(lambda value: json.dumps(value).encode()))


def damaged(body: bytes, at: int, by: bytes) -> bytes:
    where = at % (len(body) + 1)
    return body[:where] + by + body[where + len(by) :]


WIRES = st.one_of(
    BODIES,
    st.builds(damaged, BODIES, st.integers(0, 500), st.binary(min_size=1, max_size=3)),
    BODIES.map(gzip.compress),
    BODIES.map(lambda body: b"data=" + base64.b64encode(body)),
    st.builds(damaged, BODIES.map(gzip.compress), st.integers(0, 500), st.binary(min_size=1, max_size=3)),
)
HEADERS = st.dictionaries(
    st.sampled_from(
        ["content-type", "content-encoding", "posthog-request-timestamp", "origin", "x-shopify-topic"]
    ),
    st.sampled_from(["gzip", "deflate", "application/json", "text/plain", "", "orders/paid", "1740000000"]),
    max_size=3,
)


@pytest.fixture(scope="module")
def trusting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, str]]:
    """A house whose billing doors take any signature, so that what lies behind them is tried too."""
    from data.settings import Settings

    house = House(Settings(home=tmp_path_factory.mktemp("house"), intake={"requests_per_second": 1e9}))
    for kind in KINDS:
        if kind.auth == "secret":
            registry.add_source(house.inbox, kind.name, kind.name, {}, now())
            secrets.keep_secret(house.inbox, kind.name, "secret", now())
    for route in house.app.routes:
        if isinstance(getattr(route, "endpoint", None), Door):
            trusting = replace(
                route.endpoint, kind=replace(route.endpoint.kind, is_authentic=lambda *_: None)
            )
            route.endpoint = route.app = trusting
    with house.client:
        yield house, house.key()


def attempt(name: str) -> Callable[..., None]:
    @settings(suppress_health_check=list(HealthCheck))
    @given(body=WIRES, headers=HEADERS, path=st.sampled_from(catalog.kinds()[name].paths))
    def tried(trusting: tuple[House, str], body: bytes, headers: dict[str, str], path: str) -> None:
        house, key = trusting
        before = house.inbox.backlog(0).count
        answer: Any = house.client.post(
            path.format(source=name), auth=(key, ""), content=body, headers=headers
        )
        kept = house.inbox.backlog(0).count - before
        assert answer.status_code in (200, 400, 401, 413, 415), (answer.status_code, answer.text)
        assert kept == (answer.status_code == 200)
        told = answer.json()
        assert isinstance(told["items"], list) if kept else told["message"].endswith((".", "`."))

    return tried


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_any_body_at_any_door_gets_a_clear_answer(trusting: tuple[House, str], name: str) -> None:
    attempt(name)(trusting)
