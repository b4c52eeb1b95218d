"""The routes of the API: who asks, for what, and whatever goes wrong becomes one sentence of JSON."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from urllib.parse import urlencode

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from data.errors import HoldfastError
from data.settings import Settings
from engine.api import answers, formats, noting, openapi, problems
from engine.api.access import Caller, Gate
from engine.api.figures import COHORTS, METRICS
from engine.api.happenings import ALERTS, ANNOTATIONS, annotation_row, in_json
from engine.api.parameters import read_query
from engine.api.problems import Problem, quoted
from engine.api.resource import Asked, Page, Resource

ROOT = "/api/v1"
RESOURCES = (METRICS, COHORTS, ALERTS, ANNOTATIONS)
NOTE_TOKENS_EVERY = 30.0  # seconds
READING = ("GET", "HEAD")
log = logging.getLogger("holdfast.api")


class Api:
    """The API of one process. Open it before the first request comes.

    Args:
        now: gives the present instant, naive UTC.
    """

    def __init__(self, settings: Settings, now: Callable[[], datetime]) -> None:
        self.settings, self.now = settings, now
        self.gate = Gate(settings)
        paths = [Route(f"{ROOT}/{resource.name}", Shelf(resource, self)) for resource in RESOURCES]
        self.routes = [
            *paths,
            Route(f"{ROOT}/openapi.json", Document(self)),
            Route(ROOT + "{_:path}", Nothing()),
        ]

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        tending = asyncio.create_task(self._tend())
        try:
            yield
        finally:
            tending.cancel()
            self._note_uses()

    async def _tend(self) -> None:
        while True:
            await asyncio.sleep(NOTE_TOKENS_EVERY)
            await asyncio.to_thread(self._note_uses)

    def _note_uses(self) -> None:
        try:
            self.gate.note_uses()
        except HoldfastError as closed:
            log.warning("%s", closed)

    @cached_property
    def document(self) -> bytes:
        return orjson.dumps(openapi.document(release(), RESOURCES, self.settings.pages_url + ROOT))


def release() -> str:
    try:
        return version("holdfast")
    except PackageNotFoundError:  # run from its folder
        return "0.1.0"


class Place:
    """A path of the API, as an ASGI application."""

    @property
    def methods(self) -> tuple[str, ...]:
        return READING

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self.answer(request)
        except ClientDisconnect:
            return
        except HoldfastError as fault:
            response = answers.refusal(request, problems.of_fault(fault))
        except Exception as fault:  # the edge of the API
            log.error("The API stumbled over a request to %s.", request.url.path, exc_info=fault)
            response = answers.refusal(request, problems.stumbled())
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        raise NotImplementedError

    def refuse_method(self, request: Request) -> None:
        if request.method not in self.methods:
            allowed = ", ".join(self.methods)
            sentence = f"{request.url.path} takes {allowed}, not {quoted(request.method)}."
            raise Problem(405, "method", sentence, headers={"allow": allowed})


class Nothing(Place):
    """Every other path."""

    async def answer(self, request: Request) -> Response:
        there_are = ", ".join(
            [*(f"{ROOT}/{resource.name}" for resource in RESOURCES), f"{ROOT}/openapi.json"]
        )
        sentence = f"There is nothing at {quoted(request.url.path)}; there are {there_are}."
        raise Problem(404, "no_path", sentence)


@dataclass(frozen=True)
class Document(Place):
    """What may be asked; it says nothing of the company, so nobody needs a token for it."""

    api: Api

    async def answer(self, request: Request) -> Response:
        self.refuse_method(request)
        return answers.answer(request, self.api.document, formats.JSON.media, {})


@dataclass(frozen=True)
class Shelf(Place):
    """A resource: read page by page; annotations are added to as well."""

    resource: Resource
    api: Api

    @property
    def methods(self) -> tuple[str, ...]:
        return (*READING, "POST") if self.resource.name == "annotations" else READING

    async def answer(self, request: Request) -> Response:
        now = self.api.now()
        caller = await run_in_threadpool(self.api.gate.admit, request.headers, now)
        self.refuse_method(request)
        if request.method == "POST":
            caller.require("lead")
            body = await noting.body_of(request)
            return await run_in_threadpool(self.add, request, caller, body)
        caller.require("viewer")
        return await run_in_threadpool(self.read, request, caller)

    def add(self, request: Request, caller: Caller, body: bytes) -> Response:
        read_query((), request.query_params.multi_items())
        row = in_json(annotation_row(noting.add(self.api.settings, caller, body)))
        return answers.answer(request, orjson.dumps(row), formats.JSON.media, {}, status=201)

    def read(self, request: Request, caller: Caller) -> Response:
        """A page: not even read where whoever asks has it already."""
        query = read_query(self.resource.declared, request.query_params.multi_items())
        form = formats.chosen(request.headers.get("accept", ""), query["format"])
        asked = Asked(self.api.settings, caller, query, self.resource.name)
        place = (asked.digest, query["cursor"], asked.limit, form.name, request.url.query)
        stamp = self.resource.stamp(asked)
        tag = answers.etag(request, stamp, *place)
        if stamp and answers.is_known(request, tag):
            return answers.unchanged(tag, {})
        page = self.resource.page(asked)
        following = self.following(request, page)
        body = form.render(page.rows, {**page.beside, "next": following})
        if stamp is None:
            tag = answers.etag(request, body, *place)
            if answers.is_known(request, tag):
                return answers.unchanged(tag, {})
        link = {"link": f'<{following}>; rel="next"'} if following else {}
        return answers.answer(request, body, form.media, {"etag": tag, **link, **page.headers})

    def following(self, request: Request, page: Page) -> str | None:
        """The address of the next page, on the host that was asked."""
        if page.following is None:
            return None
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != "cursor"]
        query = urlencode([*kept, ("cursor", page.following.text)])
        return f"{ROOT}/{self.resource.name}?{query}"
