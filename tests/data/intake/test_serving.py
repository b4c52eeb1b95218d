"""The doors as a process: the real client libraries, slow and huge senders, sudden ends."""

import gzip
import json
import os
import random
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from uuid import uuid4

import httpx
import psutil
import pytest
from posthog import Posthog
from rudderstack.analytics.client import Client as Rudder
from segment.analytics.client import Client as Segment

from tests.data.intake.serving import PAGES, Serving, serve
from tests.pages.serving import ROOT, environment

KILLS = 100 if os.environ.get("HOLDFAST_LONG_TESTS") else 8


@pytest.fixture(scope="module")
def serving(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    with serve(tmp_path_factory.mktemp("intake")) as running:
        yield running


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Client libraries obey the environment's proxies; what they send here stays here."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")


@pytest.fixture
def source() -> str:
    """A source that no other test sends to."""
    return f"s-{uuid4().hex[:12]}"


def items_kept(serving: Serving, source: str) -> list[dict]:
    found = [one for one in serving.kept() if one.source == source]
    return [item for one in found for item in json.loads(one.body)["batch"]]


@pytest.mark.parametrize("packed", [False, True])
def test_segments_library_works_with_nothing_but_the_host_changed(
    serving: Serving, source: str, packed: bool
) -> None:
    faults: list[Exception] = []
    client = Segment(
        serving.key(source), host=serving.url, gzip=packed, on_error=lambda fault, _: faults.append(fault)
    )
    client.identify("u1", {"email": "u1@example.com", "plan": "pro"})
    client.group("u1", "acct_1", {"name": "Acme"})
    for number in range(250):
        client.track("u1", "report exported", {"rows": number}, message_id=f"m{number}")
    client.shutdown()
    assert faults == []
    kept = items_kept(serving, source)
    assert [item["type"] for item in kept[:2]] == ["identify", "group"]
    assert [item["messageId"] for item in kept[2:]] == [f"m{number}" for number in range(250)]


@pytest.mark.parametrize("packed", [False, True])
def test_rudders_library_works_with_nothing_but_the_host_changed(
    serving: Serving, source: str, packed: bool
) -> None:
    faults: list[Exception] = []
    client = Rudder(
        serving.key(source), host=serving.url, gzip=packed, on_error=lambda fault, _: faults.append(fault)
    )
    client.identify("u1", {"plan": "pro"})
    client.track("u1", "report exported", message_id="m1")
    client.flush()
    client.join()
    assert faults == []
    assert [item["type"] for item in items_kept(serving, source)] == ["identify", "track"]


@pytest.mark.parametrize("packed", [False, True])
def test_posthogs_library_works_with_nothing_but_the_host_changed(
    serving: Serving, source: str, packed: bool
) -> None:
    faults: list[Exception] = []
    client = Posthog(
        serving.key(source), host=serving.url, gzip=packed, on_error=lambda fault, _: faults.append(fault)
    )
    client.set(distinct_id="u1", properties={"plan": "pro"})
    for number in range(150):
        client.capture("report exported", distinct_id="u1", properties={"rows": number})
    client.shutdown()
    assert faults == []
    kept = items_kept(serving, source)
    assert [item["event"] for item in kept] == ["$set"] + ["report exported"] * 150


def test_a_library_with_a_wrong_key_hears_so(serving: Serving) -> None:
    faults: list[str] = []
    client = Segment("hf_wrong", host=serving.url, on_error=lambda fault, _: faults.append(str(fault)))
    client.track("u1", "report exported")
    client.shutdown()
    assert len(faults) == 1
    assert "write key is not known" in faults[0]


def test_a_key_is_made_and_revoked_while_the_doors_are_open(serving: Serving, source: str) -> None:
    def command(*line: str) -> str:
        made = subprocess.run(
            [sys.executable, "-m", "engine", "key", *line],
            cwd=ROOT,
            env=environment(serving.home),
            check=True,
            capture_output=True,
            text=True,
        )
        return made.stdout

    key = command("create", source).strip()
    assert send(serving, key) == 200
    (line,) = [line for line in command("list").splitlines() if source in line]
    command("revoke", line.split()[0])
    until = monotonic() + 1
    while send(serving, key) == 200:
        assert monotonic() < until
    assert send(serving, key) == 401


def send(serving: Serving, key: str) -> int:
    return httpx.post(
        f"{serving.url}/v1/track", auth=(key, ""), json={"userId": "u", "event": "e"}
    ).status_code


def test_a_gzip_bomb_is_refused_and_costs_little_memory(serving: Serving) -> None:
    bomb = gzip.compress(b"[" + b" " * 300_000_000, compresslevel=1)
    before = psutil.Process(serving.process.pid).memory_info().rss
    headers = {"content-encoding": "gzip"}
    for _ in range(5):
        answer = httpx.post(
            f"{serving.url}/v1/batch", auth=(serving.key(), ""), content=bomb, headers=headers
        )
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
    assert psutil.Process(serving.process.pid).memory_info().rss - before < 150_000_000


def test_a_body_that_is_far_too_large_is_answered_and_not_cut_off(serving: Serving) -> None:
    body = b'{"userId": "' + b"x" * 30_000_000 + b'"}'
    answer = httpx.post(f"{serving.url}/v1/track", auth=(serving.key(), ""), content=body, timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_sender_that_is_too_slow_is_answered(tmp_path: Path) -> None:
    with serve(tmp_path, INTAKE__BODY_SECONDS="0.5") as running:
        host, port = running.url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), timeout=20) as wire:
            wire.sendall(b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
            answer = b"".join(iter(lambda: wire.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"did not arrive within 0.5 seconds" in answer
        assert send(running, running.key()) == 200


def test_a_sender_that_hangs_up_leaves_nothing_and_harms_nobody(serving: Serving, source: str) -> None:
    host, port = serving.url.removeprefix("http://").split(":")
    key = serving.key(source)
    for _ in range(20):
        with socket.create_connection((host, int(port))) as wire:
            wire.sendall(b"POST /v1/track HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    assert send(serving, key) == 200
    assert len([one for one in serving.kept() if one.source == source]) == 1


def test_what_was_accepted_before_a_kill_is_there_afterwards(tmp_path: Path) -> None:
    chance = random.Random(7)
    accepted: list[str] = []
    for _ in range(KILLS):
        with serve(tmp_path) as running:
            key = running.key()
            stopped, before = Event(), len(accepted)
            threads = [Thread(target=send_until, args=(running, key, stopped, accepted)) for _ in range(4)]
            for thread in threads:
                thread.start()
            while len(accepted) == before:
                assert running.process.poll() is None, running.log.read_text()
            stopped.wait(chance.uniform(0.0, 0.1))
            running.kill()
            stopped.set()
            for thread in threads:
                thread.join()
    stored = [json.loads(one.body)["messageId"] for one in running.kept()]
    assert len(accepted) >= KILLS
    assert set(accepted) <= set(stored)
    assert len(stored) == len(set(stored))


def send_until(serving: Serving, key: str, stopped: Event, accepted: list[str]) -> None:
    with httpx.Client(base_url=serving.url, auth=(key, ""), verify=False, timeout=30) as client:
        while not stopped.is_set():
            name = uuid4().hex
            try:
                answer = client.post("/v1/track", json={"userId": "u", "event": "e", "messageId": name})
            except httpx.TransportError:
                return
            if answer.status_code == 200:
                accepted.append(name)


def test_what_was_accepted_before_a_stop_is_there_and_nobody_is_cut_off(tmp_path: Path) -> None:
    accepted: list[str] = []
    stopped = Event()
    with serve(tmp_path) as running:
        key = running.key()
        threads = [Thread(target=send_until, args=(running, key, stopped, accepted)) for _ in range(4)]
        for thread in threads:
            thread.start()
        while len(accepted) < 50:
            assert running.process.poll() is None
        running.process.terminate()
        assert running.process.wait(timeout=30) in (0, -15)
    stopped.set()
    for thread in threads:
        thread.join()
    assert {json.loads(one.body)["messageId"] for one in running.kept()} >= set(accepted)
    assert "Traceback" not in running.log.read_text()


def test_two_processes_share_one_inbox(tmp_path: Path) -> None:
    with serve(tmp_path) as one, serve(tmp_path) as other, ThreadPoolExecutor(8) as pool:
        key = one.key()
        statuses = list(pool.map(lambda number: send((one, other)[number % 2], key), range(200)))
        assert statuses == [200] * 200
        kept = one.kept()
    assert [delivery.delivery_id for delivery in kept] == list(range(1, 201))


def test_pages_and_doors_share_a_port(tmp_path: Path) -> None:
    """Streamlit's own routes, its protection against forged forms and its fallback to the page come later."""
    with serve(tmp_path, *PAGES, ENGINE="elsewhere") as running:
        key = running.key()
        assert send(running, key) == 200
        headers = {"origin": "https://shop.example", "cookie": "_streamlit_xsrf=1"}
        answer = httpx.post(f"{running.url}/v1/track", auth=(key, ""), json={"userId": "u"}, headers=headers)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert httpx.get(f"{running.url}/v1/track").status_code == 405
        assert httpx.get(f"{running.url}/readyz").json()["status"] == "ready"
        assert "holdfast_intake_requests_total" in httpx.get(f"{running.url}/metrics").text
        assert "<title>" in httpx.get(f"{running.url}/").text
        assert len(running.kept()) == 2
