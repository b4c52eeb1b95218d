"""A channel of Slack, by an incoming webhook or as an app that may also show the picture."""

from typing import Self
from urllib.parse import quote

from pydantic import Field, SecretStr, model_validator

from data import params
from data.speech import english

TITLE = "Slack"
ABOUT = "A channel of Slack. An incoming webhook shows text and link; an app's token the trend as well."
PICTURE = "attached, with an app's token"
FORM = "text"  # in its own marks Apprise leaves names alone in which somebody calls @here
PACE = 1.0  # Slack takes one message a second
HOOKS = ("https://hooks.slack.com/", "https://hooks.slack-gov.com/")


class Params(params.Params):
    webhook: SecretStr | None = Field(
        None, description="The address of an incoming webhook, https://hooks.slack.com/services/…"
    )
    token: SecretStr | None = Field(
        None, description="In its place an app's token, xoxb-…, that may write messages and files"
    )
    channel: str | None = Field(
        None, pattern=r"^[#@]?[A-Za-z0-9._\-]+$", description="With a token: the channel, such as #team"
    )

    @model_validator(mode="after")
    def one_way(self) -> Self:
        if (self.webhook is None) == (self.token is None):
            raise ValueError(english("give either 'webhook' or 'token'"))
        if self.webhook is not None and not self.webhook.get_secret_value().startswith(HOOKS):
            raise ValueError(english("'webhook' must begin with https://hooks.slack.com/"))
        if self.token is not None and not self.channel:
            raise ValueError(english("'channel' must say where the app writes"))
        return self


def reaches(params: Params) -> str:
    return f"Slack, {params.channel}" if params.channel else "Slack, by a webhook"


def url(params: Params) -> str:
    if params.webhook is not None:
        return params.webhook.get_secret_value()
    assert params.token is not None
    return f"slack://{quote(params.token.get_secret_value(), safe='')}/{quote(params.channel or '', safe='')}"
