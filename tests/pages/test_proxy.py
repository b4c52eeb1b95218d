"""Several web processes over one home, behind nginx as docs/serve/nginx.conf has it."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
from playwright.sync_api import Browser, expect

from data.settings import ROOT, Settings
from engine import desk
from tests.pages.browsing import AS_OF, PATIENCE, SETTLED, as_of, visit
from tests.pages.serving import Server, engine, free_port, is_served, serve, wait_until

pytestmark = pytest.mark.browser
GIVEN = ROOT / "docs" / "serve" / "nginx.conf"


@dataclass(frozen=True)
class House:
    """Two web processes and the proxy before them; `log` tells who served whom."""

    servers: tuple[Server, Server]
    url: str
    log: Path

    def served_by(self, seat: str) -> set[str]:
        """The processes that answered a seat."""
        lines = [line.split() for line in self.log.read_text().splitlines()]
        return {process for process, of, *_ in lines if of == seat}


def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("/usr/sbin/nginx")
    if found is None:
        pytest.skip("missing: nginx (tests/install-nginx installs it)")
    return found


def configured(base: Path, ports: tuple[int, int], port: int) -> Path:
    """The given configuration, on free ports, with a log that says who served."""
    text = GIVEN.read_text()
    for shipped, ours in ((8080, port), (8501, ports[0]), (8502, ports[1])):
        assert f":{shipped}" in text
        text = text.replace(f":{shipped}", f":{ours}")
    place = base / "nginx.conf"
    place.write_text(
        f"pid {base}/pid; error_log {base}/error; worker_processes 1; events {{}}\n"
        f"http {{ log_format seats '$upstream_addr $holdfast_seat $status $request_uri';\n"
        f"access_log {base}/access seats;\n"
        + "".join(f"{kind}_temp_path {base}/{kind};\n" for kind in ("client_body", "proxy"))
        + f"{text}}}\n"
    )
    return place


@contextmanager
def proxied(base: Path, ports: tuple[int, int]) -> Iterator[str]:
    port = free_port()
    command = [nginx(), "-c", str(configured(base, ports, port)), "-p", str(base), "-g", "daemon off;"]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            until = monotonic() + 30
            while not is_served(f"http://127.0.0.1:{port}"):
                assert process.poll() is None, (base / "error").read_text()
                assert monotonic() < until, (base / "error").read_text()
                sleep(0.1)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def house(company: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    base = tmp_path_factory.mktemp("house")
    home = base / "home"
    shutil.copytree(company, home)
    with ExitStack() as opened:
        one, other = (opened.enter_context(serve(home, base / name)) for name in ("one", "other"))
        ports = int(one.url.rpartition(":")[2]), int(other.url.rpartition(":")[2])
        url = opened.enter_context(proxied(base, ports))
        yield House((one, other), url, base / "access")


def seat_of(page) -> str:
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return cookies["holdfast_seat"]


def test_one_engine_works_for_all_and_every_process_shows_what_it_publishes(
    browser: Browser, house: House
) -> None:
    pages = [visit(browser, server.url, is_own=True) for server in house.servers]
    before = [as_of(page) for page in pages]
    engine(house.servers[0].home, "refresh")
    for page, was in zip(pages, before, strict=True):
        expect(page.locator(AS_OF)).not_to_contain_text(was, timeout=PATIENCE)
    running = desk.status(Settings(home=house.servers[0].home))
    assert running.alive
    wait_until(lambda: any("its engine is used here too" in one.log.read_text() for one in house.servers))


def test_programs_without_a_seat_are_let_through(house: House) -> None:
    answers = [httpx.get(f"{house.url}/readyz", trust_env=False) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {200}
    seats = {answer.cookies["holdfast_seat"] for answer in answers}
    assert len(seats) == len(answers)
    assert len({process for seat in seats for process in house.served_by(seat)}) == 2


def test_a_browser_keeps_its_process_and_goes_on_with_the_other_when_that_dies(
    browser: Browser, house: House
) -> None:
    page = visit(browser, house.url)
    expect(page.locator(AS_OF)).to_have_text(re.compile("^as of"), timeout=PATIENCE)
    page.goto(f"{house.url}/cohorts")
    page.locator(SETTLED).wait_for()
    seat = seat_of(page)
    (process,) = house.served_by(seat)

    (its,) = (server for server in house.servers if server.url.endswith(process))
    its.process.terminate()
    its.process.wait(timeout=30)
    page.goto(f"{house.url}/revenue")
    expect(page.locator("h1")).to_have_text("Revenue", timeout=PATIENCE)
    expect(page.locator(AS_OF)).to_have_text(re.compile("^as of"), timeout=PATIENCE)
    assert len(house.served_by(seat)) > 1
    assert seat_of(page) == seat
