"""One kind of channel a file: how people are reached. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from data.errors import BadDefinition, BadInput
from data.speech import english
from engine.delivery.outcome import Outcome, Refused
from engine.delivery.parcel import Parcel
from engine.delivery.scrub import secrets_of

NEEDED = ("TITLE", "ABOUT", "PICTURE", "Params", "reaches")
UNKNOWN = english("Its address is not one that can be sent to: copy it again, as a whole.")
Form = Literal["text", "html", "markdown", "own"]
Send = Callable[[Any, Parcel], Outcome]
Url = Callable[[Any], str]


class Params(BaseModel):
    """What a kind of channel must be told; secrets are SecretStr, and are never shown again."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


@dataclass(frozen=True)
class ChannelKind:
    """A kind of channel.

    It has `url(params)`, an address that Apprise knows, and the `form` that it shows, or it hands parcels
    over by itself with `own_send(params, parcel)`. `reaches(params)`: whom it reaches, without secrets.
    `picture`: how the trend travels. `pace`: seconds between two messages.
    """

    name: str
    title: str
    about: str
    picture: str
    params: type[Params]
    reaches: Callable[[Any], str]
    own_send: Send | None
    url: Url | None
    form: Form
    pace: float

    def read(self, given: Mapping[str, Any]) -> Params:
        """The params of a channel, from a form or as they were stored.

        Raises:
            BadInput: one sentence naming the param, what is allowed and, unless it is secret, its value.
        """
        try:
            return self.params(**given)
        except ValidationError as bad:
            raise BadInput(self._sentence(bad)) from None

    def check(self, params: Params) -> None:
        """Look whether it can be sent to with these params, without sending.

        Raises:
            BadInput: Apprise does not know such an address.
        """
        from engine.delivery.through_apprise import plugin_of  # noqa: PLC0415 (loads a hundred plugins)

        if self.url is not None and plugin_of(self.url(params)) is None:
            raise BadInput(english("{title}: {unknown}", title=self.title, unknown=UNKNOWN))

    def send(self, params: Params, parcel: Parcel) -> Outcome:
        """Hand a parcel over, once; what became of it, in words without secrets."""
        if self.own_send is not None:
            return self.own_send(params, parcel)
        from engine.delivery.through_apprise import hand_over, plugin_of  # noqa: PLC0415 (as above)

        assert self.url is not None
        plugin = plugin_of(self.url(params))
        return hand_over(plugin, parcel, self.form, secrets_of(params)) if plugin else Refused(UNKNOWN)

    @property
    def hidden(self) -> frozenset[str]:
        """The params that nobody is shown."""
        fields = self.params.model_fields.items()
        return frozenset(name for name, field in fields if "SecretStr" in str(field.annotation))

    def _sentence(self, bad: ValidationError) -> str:
        first = bad.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        reason = first["msg"].removeprefix("Value error, ")
        if first["type"] == "extra_forbidden":
            fields = ", ".join(self.params.model_fields)
            return english(
                "{title} has no {key}; it has: {fields}.", title=self.title, key=repr(key), fields=fields
            )
        if first["type"] == "missing":
            about = self.params.model_fields[key].description
            return english("{title} needs {key}: {about}.", title=self.title, key=repr(key), about=about)
        if not key:
            return english("{title}: {reason}.", title=self.title, reason=reason)
        if str(first["loc"][0]) in self.hidden:
            return english("{key} is not allowed: {reason}.", key=key, reason=reason)
        given = repr(first["input"])
        return english("{key} = {given} is not allowed: {reason}.", key=key, given=given, reason=reason)


def stored(params: Params) -> dict[str, Any]:
    """The params as the control store keeps them, secrets included."""
    kept = params.model_dump(mode="json")
    secret = {name: value for name, value in dict(params).items() if isinstance(value, SecretStr)}
    return kept | {name: value.get_secret_value() for name, value in secret.items()}


@cache
def channel_kinds() -> dict[str, ChannelKind]:
    """All kinds of channel by name.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    names = sorted(found.name for found in iter_modules(__path__))
    return {name: defined(import_module(f"{__name__}.{name}")) for name in names}


def channel_kind(name: str) -> ChannelKind:
    """The kind of this name.

    Raises:
        BadInput: there is none.
    """
    if name not in channel_kinds():
        raise BadInput(
            english(
                "There is no kind of channel {name}; there are {known}.",
                name=repr(name),
                known=", ".join(channel_kinds()),
            )
        )
    return channel_kinds()[name]


def defined(module: ModuleType) -> ChannelKind:
    """The kind that a module defines.

    Raises:
        BadDefinition: the module lacks a part.
    """
    missing = [part for part in NEEDED if not hasattr(module, part)]
    own_send, url = getattr(module, "send", None), getattr(module, "url", None)
    missing += [] if own_send or url else ["send or url"]
    if missing:
        raise BadDefinition(f"{module.__name__} must define {', '.join(missing)}.")
    if not issubclass(module.Params, Params):
        raise BadDefinition(f"{module.__name__}.Params must be made from engine.delivery.channels.Params.")
    name = module.__name__.rpartition(".")[2]
    words = (name, module.TITLE, module.ABOUT, module.PICTURE)
    form: Form = getattr(module, "FORM", "text")
    pace: float = getattr(module, "PACE", 0.0)
    return ChannelKind(*words, module.Params, module.reaches, own_send, url, form, pace)
