"""Params: what something has to be told, as a form, a file or a store gives it, and what is wrong with it."""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from data.errors import BadInput
from data.speech import english

OWN = "Value error, "  # before what our own validators say


class Params(BaseModel):
    """What every kind makes its own `Params` from; secrets are SecretStr, and are never shown again."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


Given = TypeVar("Given", bound=Params)


def read(params: type[Given], given: Mapping[str, Any], owner: str) -> Given:
    """The params of `owner`, which begins the sentence that tells what is wrong with them.

    Raises:
        BadInput: one sentence naming the param, what is allowed and, unless it is secret, its value.
    """
    try:
        return params(**given)
    except ValidationError as bad:
        raise BadInput(sentence(params, bad, owner)) from None


def sentence(params: type[Params], bad: ValidationError, owner: str) -> str:
    first = bad.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    reason = first["msg"].removeprefix(OWN)
    if first["type"] == "extra_forbidden":
        fields = ", ".join(params.model_fields)
        return english("{title} has no {key}; it has: {fields}.", title=owner, key=repr(key), fields=fields)
    if first["type"] == "missing":
        about = params.model_fields[key].description
        return english("{title} needs {key}: {about}.", title=owner, key=repr(key), about=about)
    if not key:
        return english("{title} does not accept this: {reason}.", title=owner, reason=reason)
    if str(first["loc"][0]) in hidden(params):
        return english("{key} is not allowed: {reason}.", key=key, reason=reason)
    given = repr(first["input"])
    return english("{key} = {given} is not allowed: {reason}.", key=key, given=given, reason=reason)


def hidden(params: type[Params]) -> frozenset[str]:
    """The params that nobody is shown."""
    fields = params.model_fields.items()
    return frozenset(name for name, field in fields if "SecretStr" in str(field.annotation))


def stored(params: Params) -> dict[str, Any]:
    """The params as a store keeps them, secrets included."""
    kept = params.model_dump(mode="json")
    secret = {name: value for name, value in dict(params).items() if isinstance(value, SecretStr)}
    return kept | {name: value.get_secret_value() for name, value in secret.items()}


def shown(params: Mapping[str, Any], secret: Iterable[str]) -> dict[str, Any]:
    """Stored params without those that are secret."""
    return {name: value for name, value in params.items() if name not in set(secret)}
