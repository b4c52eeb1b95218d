"""Takes an annotation in: a body of JSON, read by the declaration that the OpenAPI document shows."""

from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.requests import Request

from data.errors import BadInput
from data.settings import Settings
from engine.api.access import Caller
from engine.api.problems import Problem, quoted
from engine.desk import annotations as desk
from engine.desk.annotations import Annotation, Happening

MOST_BYTES = 20_000


class NewAnnotation(BaseModel):
    """A happening: on one local day, or from `starts_on` to `ends_on`, that day included."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: Literal["release", "incident", "other"] = Field("release", description="What kind of happening")
    title: str = Field(min_length=1, max_length=200, description="What happened")
    starts_on: date = Field(description="The local day on which it happened, or began")
    ends_on: date | None = Field(None, description="The last local day of it, where it took several")
    link: str | None = Field(None, max_length=2000, description="Where more is said of it: an https address")
    dimension: str | None = Field(None, max_length=200, description="With `segment`: whom it concerns")
    segment: str | None = Field(None, max_length=500, description="With `dimension`: whom it concerns")


async def body_of(request: Request) -> bytes:
    """Raises: Problem, 413 for a body larger than an annotation may be, 415 for one that is not JSON."""
    media = request.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem(415, "not_json", f"An annotation is application/json, not {quoted(media)}.")
    taken = bytearray()
    async for chunk in request.stream():
        taken += chunk
        if len(taken) > MOST_BYTES:
            raise Problem(413, "too_large", f"An annotation has {MOST_BYTES:,} bytes at most.")
    return bytes(taken)


def add(settings: Settings, caller: Caller, body: bytes) -> Annotation:
    """Note what a body tells.

    Raises:
        Problem: 400 for what is no JSON, 403 for another segment, 422 for a field that is not allowed.
    """
    what = Happening(**vars(read(body)))
    own = caller.scope
    if own and (what.dimension, what.segment) != (own.dimension, own.segment):
        sentence = f"This token may note what concerns {own.dimension} {own.segment} only."
        raise Problem(403, "scope", sentence)
    try:
        return desk.add(settings, what, who=caller.name, scope=own)
    except BadInput as bad:
        raise Problem(422, "bad_value", str(bad)) from None


def read(body: bytes) -> NewAnnotation:
    try:
        return NewAnnotation.model_validate_json(body)
    except ValidationError as bad:
        raise told(bad) from None


def told(bad: ValidationError) -> Problem:
    first = bad.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if first["type"] == "json_invalid":
        return Problem(400, "not_json", f"The body is no JSON: {first['msg']}.")
    if first["type"] == "extra_forbidden":
        known = ", ".join(NewAnnotation.model_fields)
        return Problem(422, "bad_value", f"There is no field {quoted(field)}; there are {known}.")
    if first["type"] == "missing":
        return Problem(422, "bad_value", f"{field} is missing.", parameter=field)
    sentence = f"{field or 'The body'} = {quoted(str(first['input']))} is not allowed: {first['msg']}."
    return Problem(422, "bad_value", sentence, parameter=field or None)


def schema() -> dict[str, Any]:
    return NewAnnotation.model_json_schema()
