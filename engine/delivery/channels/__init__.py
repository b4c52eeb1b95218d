"""One kind of channel a file: how people are reached. Dropping a file in adds it everywhere."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any, Literal

from data import params, plugins
from data.errors import BadInput
from data.params import Params
from data.speech import english
from engine.delivery.outcome import Outcome, Refused
from engine.delivery.parcel import Parcel
from engine.delivery.scrub import secrets_of

NEEDED = ("TITLE", "ABOUT", "PICTURE", "Params", "reaches")
UNKNOWN = english("Its address is not one that can be sent to: copy it again, as a whole.")
Form = Literal["text", "html", "markdown", "own"]
Send = Callable[[Any, Parcel], Outcome]
Url = Callable[[Any], str]


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
        return params.read(self.params, given, self.title)

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
        return params.hidden(self.params)


@cache
def channel_kinds() -> dict[str, ChannelKind]:
    """All kinds of channel by name.

    Raises:
        BadDefinition: a file lacks a part; the sentence says which.
    """
    return plugins.entries(__name__, defined)


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
    own_send, url = getattr(module, "send", None), getattr(module, "url", None)
    plugins.refuse(module, plugins.lacking(module, NEEDED) + ([] if own_send or url else ["send or url"]))
    plugins.refuse_other_params(module, Params)
    words = (plugins.name_of(module), module.TITLE, module.ABOUT, module.PICTURE)
    form: Form = getattr(module, "FORM", "text")
    pace: float = getattr(module, "PACE", 0.0)
    return ChannelKind(*words, module.Params, module.reaches, own_send, url, form, pace)
