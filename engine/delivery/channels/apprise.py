"""Anything that Apprise reaches, by its own address."""

from urllib.parse import urlsplit

from pydantic import Field, SecretStr

from data import params

TITLE = "Apprise"
ABOUT = "One of the hundred services that Apprise knows, by the address that its guide shows."
PICTURE = "attached, where the service takes files"
FORM = "own"
PACE = 0.5


class Params(params.Params):
    url: SecretStr = Field(
        description="Such as discord://…, tgram://…, pover://…, ntfy://…: see appriseit.com"
    )


def reaches(params: Params) -> str:
    return f"{urlsplit(params.url.get_secret_value()).scheme or 'an unknown service'}, through Apprise"


def url(params: Params) -> str:
    return params.url.get_secret_value()
