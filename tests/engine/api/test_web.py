"""Who may ask what, and what everybody else hears."""

import gzip
import json
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as example
from hypothesis import strategies as st
from openapi_spec_validator import validate
from starlette.testclient import TestClient

from data.settings import Settings
from engine.api.web import Api
from engine.control import audit
from engine.control.store import Control
from engine.desk import tokens
from tests.engine.api.conftest import EUROPE, NOON, Headers, client_of

PATHS = ["metrics", "cohorts", "alerts", "annotations"]


def is_problem(answer, status: int, code: str) -> bool:
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(told) == {"status", "title", "code", "detail", "parameter"}
    assert told["detail"].endswith(".") or told["detail"].endswith("…")
    return (answer.status_code, told["status"], told["code"]) == (status, status, code)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("shown", ["", "Basic YTpi", "Bearer", "Bearer hft_nobody", "Bearer " + "x" * 5000])
def test_nobody_reads_without_a_token(client: TestClient, path: str, shown: str) -> None:
    answer = client.get(f"/api/v1/{path}", headers={"authorization": shown} if shown else {})
    assert is_problem(answer, 401, "token")
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_revoked_token_is_refused_at_once_where_it_was_not_just_used(
    published: Settings, client: TestClient
) -> None:
    token_id, token = tokens.create(published, "old", "viewer", who="ada")
    tokens.revoke(published, token_id, who="ada")
    answer = client.get("/api/v1/metrics", headers={"authorization": f"Bearer {token}"})
    assert is_problem(answer, 401, "token")
    assert answer.json()["detail"] == f"Token {token_id} was revoked."


@pytest.mark.parametrize(
    ("url", "status", "code"),
    [
        ("/api/v1/metrics?colour=red", 400, "unknown_parameter"),
        ("/api/v1/metrics?grain=day&grain=week", 400, "given_twice"),
        ("/api/v1/metrics?cursor=nonsense", 400, "bad_cursor"),
        ("/api/v1/metrics?cursor=W10", 400, "bad_cursor"),
        ("/api/v1/nothing", 404, "no_path"),
        ("/api/v1", 404, "no_path"),
        ("/api/v1/metrics?edition=99999999-20990101T000000Z", 404, "no_edition"),
        ("/api/v1/metrics?edition=../../warehouse", 404, "no_edition"),
        ("/api/v1/metrics?grain=year", 422, "bad_value"),
        ("/api/v1/metrics?metric=nonsense", 422, "bad_value"),
        ("/api/v1/metrics?dimension=nonsense", 422, "bad_value"),
        ("/api/v1/metrics?from=2025-02-30", 422, "bad_value"),
        ("/api/v1/metrics?limit=0", 422, "bad_value"),
        ("/api/v1/metrics?limit=٣", 422, "bad_value"),
        ("/api/v1/metrics?complete=yes", 422, "bad_value"),
        ("/api/v1/metrics?format=xml", 422, "bad_value"),
        ("/api/v1/alerts?status=sleeping", 422, "bad_value"),
    ],
)
def test_what_cannot_be_answered_is_said_in_one_shape(
    client: TestClient, viewer: Headers, url: str, status: int, code: str
) -> None:
    assert is_problem(client.get(url, headers=viewer), status, code)


def test_a_cursor_of_another_query_is_refused(client: TestClient, viewer: Headers) -> None:
    following = client.get("/api/v1/metrics?limit=5&grain=week", headers=viewer).json()["next"]
    assert is_problem(client.get(following.replace("week", "day"), headers=viewer), 400, "bad_cursor")


def test_a_format_that_there_is_not_is_not_acceptable(client: TestClient, viewer: Headers) -> None:
    xml = client.get("/api/v1/metrics", headers=viewer | {"accept": "application/xml"})
    assert is_problem(xml, 406, "not_acceptable")
    best = client.get(
        "/api/v1/metrics?limit=1", headers=viewer | {"accept": "application/json;q=0.1, text/csv, */*;q=0"}
    )
    assert best.headers["content-type"].startswith("text/csv")


def test_other_methods_are_refused(client: TestClient, viewer: Headers) -> None:
    answer = client.delete("/api/v1/metrics", headers=viewer)
    assert is_problem(answer, 405, "method")
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_page_that_is_the_same_is_not_sent_again(client: TestClient, viewer: Headers) -> None:
    for path in PATHS:
        first = client.get(f"/api/v1/{path}?limit=9", headers=viewer)
        known = viewer | {"if-none-match": first.headers["etag"]}
        again = client.get(f"/api/v1/{path}?limit=9", headers=known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
    other = client.get("/api/v1/metrics?grain=week", headers=viewer)
    assert other.headers["etag"] != client.get("/api/v1/metrics", headers=viewer).headers["etag"]


def test_head_has_the_headers_and_no_body(client: TestClient, viewer: Headers) -> None:
    whole, head = (
        client.request(method, "/api/v1/metrics?limit=9", headers=viewer) for method in ("GET", "HEAD")
    )
    assert head.content == b""
    assert head.headers == whole.headers


def test_an_answer_is_packed_where_that_is_asked_for(client: TestClient, viewer: Headers) -> None:
    plain = client.get("/api/v1/metrics", headers=viewer)
    with client.stream("GET", "/api/v1/metrics", headers=viewer | {"accept-encoding": "gzip"}) as packed:
        raw = b"".join(packed.iter_raw())
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]


def test_a_token_of_one_segment_sees_that_segment_alone(client: TestClient, european: Headers) -> None:
    for path in ("metrics", "cohorts", "alerts"):
        rows = client.get(f"/api/v1/{path}", headers=european).json()["rows"]
        assert {(row["dimension"], row["segment"]) for row in rows} == {("region", "Europe")}
        for asked in ("dimension=all", "segment=all", "dimension=plan", "segment=Asia", "segment=Atlantis"):
            answer = client.get(f"/api/v1/{path}?{asked}", headers=european)
            assert is_problem(answer, 403, "scope")
            assert answer.json()["detail"] == "This token may see region Europe only."


def test_a_cursor_shows_no_other_segment(client: TestClient, viewer: Headers, european: Headers) -> None:
    following = client.get("/api/v1/metrics?limit=5", headers=viewer).json()["next"]
    assert is_problem(client.get(following, headers=european), 400, "bad_cursor")


def test_alerts_come_by_number_page_by_page(client: TestClient, viewer: Headers) -> None:
    first = client.get("/api/v1/alerts?limit=2", headers=viewer).json()
    second = client.get(first["next"], headers=viewer).json()
    told = [
        (row["alert_id"], row["rule"], row["segment"], row["status"])
        for row in first["rows"] + second["rows"]
    ]
    assert told == [
        (1, "by region", "Europe", "firing"),
        (2, "by region", "Elsewhere", "firing"),
        (3, "by all", "all", "firing"),
    ]
    assert second["next"] is None


def test_a_lead_notes_a_release_and_a_viewer_may_not(
    client: TestClient, published: Settings, viewer: Headers, shows: Callable[..., Headers]
) -> None:
    told = {"title": "4.2 <b>", "starts_on": "2026-01-05", "link": "https://example.com/4.2"}
    assert is_problem(client.post("/api/v1/annotations", json=told, headers=viewer), 403, "role")
    made = client.post("/api/v1/annotations", json=told, headers=shows("lead"))
    assert made.status_code == 201
    assert made.json()["kind"] == "release"
    rows = client.get("/api/v1/annotations?from=2026-01-05&to=2026-01-06", headers=viewer).json()["rows"]
    assert [(row["title"], row["starts_on"], row["author"]) for row in rows] == [
        ("4.2 <b>", "2026-01-05", "token notebook")
    ]
    [entry] = audit.audit(Control.open(published), f"annotation:{made.json()['annotation_id']}")
    assert (entry.who, entry.action) == ("token notebook", "added the annotation")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 422),
        ('{"title": "x"}', 422),
        ('{"title": "", "starts_on": "2026-01-05"}', 422),
        ('{"title": "a\\u0000b", "starts_on": "2026-01-05"}', 422),
        ('{"title": "x", "starts_on": "2026-01-05", "colour": 1}', 422),
        ('{"title": "x", "starts_on": "2026-01-05", "ends_on": "2026-01-04"}', 422),
        ('{"title": "x", "starts_on": "2026-01-05", "link": "javascript:alert(1)"}', 422),
        ('{"title": "x", "starts_on": "2026-01-05", "dimension": "planet", "segment": "Mars"}', 422),
        ("x" * 30_000, 413),
    ],
)
def test_an_annotation_that_is_none_is_refused(
    client: TestClient, shows: Callable[..., Headers], body: str, status: int
) -> None:
    headers = shows("lead") | {"content-type": "application/json"}
    answer = client.post("/api/v1/annotations", content=body, headers=headers)
    assert answer.status_code == status
    assert set(answer.json()) == {"status", "title", "code", "detail", "parameter"}


def test_a_lead_of_one_segment_notes_what_concerns_it(
    client: TestClient, shows: Callable[..., Headers]
) -> None:
    told = {"title": "outage", "kind": "incident", "starts_on": "2026-02-05"}
    headers = shows("lead", EUROPE)
    assert is_problem(client.post("/api/v1/annotations", json=told, headers=headers), 403, "scope")
    own = told | {"dimension": "region", "segment": "Europe"}
    assert client.post("/api/v1/annotations", json=own, headers=headers).status_code == 201


def test_one_that_asks_too_often_is_told_when_to_come_again(published: Settings, viewer: Headers) -> None:
    slow = published.model_copy(update={"api": published.api.model_copy(update={"requests_per_second": 0.4})})
    with client_of(slow) as client:
        answers = [client.get("/api/v1/alerts", headers=viewer) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) >= 1


def test_uses_are_written_down_now_and_then(published: Settings, client: TestClient) -> None:
    token_id, token = tokens.create(published, "used", "viewer", who="ada")
    api = Api(published, lambda: NOON)
    api.gate.admit({"authorization": f"Bearer {token}"}, NOON)
    before, after = (used_at(published, token_id), api.gate.note_uses(), used_at(published, token_id))[::2]
    assert (before, after) == (None, NOON)


def used_at(settings: Settings, token_id: int):
    return next(token.used_at for token in tokens.tokens(settings) if token.token_id == token_id)


def test_before_the_first_edition_it_says_so(tmp_path) -> None:
    empty = Settings(home=tmp_path / "home")
    _, token = tokens.create(empty, "early", "viewer", who="ada")
    with client_of(empty) as client:
        answer = client.get("/api/v1/metrics", headers={"authorization": f"Bearer {token}"})
    assert is_problem(answer, 503, "no_edition")


def test_the_openapi_document_is_valid_and_open_to_all(client: TestClient) -> None:
    document = client.get("/api/v1/openapi.json").json()
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {f"/{path}" for path in PATHS}


def test_answers_are_what_the_openapi_document_says(client: TestClient, viewer: Headers) -> None:
    from jsonschema import Draft202012Validator

    document = client.get("/api/v1/openapi.json").json()
    for path in PATHS:
        told = client.get(f"/api/v1/{path}?limit=300", headers=viewer).json()
        Draft202012Validator(document["components"]["schemas"][path]).validate(told)


NAMES = st.sampled_from(
    ["metric", "grain", "dimension", "segment", "from", "to", "complete", "edition", "limit", "cursor",
     "format", "status", "severity", "kind", "x"]
)  # fmt: skip
VALUES = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["mrr", "day", "week", "all", "region", "Europe", "2026-01-01", "true", "1", "9" * 30, "json"]
    ),
)


@example(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(PATHS),
    query=st.lists(st.tuples(NAMES, VALUES), max_size=4),
    accept=st.sampled_from(["", "*/*", "text/csv", ";;q=,", "application/json;q=nan", "a/b"]),
    scoped=st.booleans(),
)
def test_no_query_is_ever_a_fault(client: TestClient, viewer: Headers, european: Headers, **asked) -> None:
    headers = (european if asked["scoped"] else viewer) | {"accept": asked["accept"]}
    query = asked["query"] if "limit" in dict(asked["query"]) else [*asked["query"], ("limit", "5")]
    answer = client.get(f"/api/v1/{asked['path']}", params=query, headers=headers)
    assert answer.status_code in (200, 400, 403, 404, 406, 422)
    assert answer.status_code == 200 or answer.json()["detail"]


@example(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        st.binary(max_size=60),
        st.dictionaries(
            st.sampled_from(["title", "starts_on", "ends_on", "link", "kind", "dimension", "segment"]),
            st.one_of(
                st.none(),
                st.text(max_size=20),
                st.integers(),
                st.sampled_from(["2026-01-01", "region", "https://a"]),
            ),
        ).map(lambda told: json.dumps(told).encode()),
    )
)
def test_no_body_is_ever_a_fault(client: TestClient, shows: Callable[..., Headers], body: bytes) -> None:
    headers = shows("lead") | {"content-type": "application/json"}
    answer = client.post("/api/v1/annotations", content=body, headers=headers)
    assert answer.status_code in (201, 400, 422)
