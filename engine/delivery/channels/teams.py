"""A channel of Microsoft Teams, by a workflow that posts what it is sent."""

from typing import Self

from pydantic import Field, SecretStr, model_validator

from data import params
from data.speech import english

TITLE = "Microsoft Teams"
ABOUT = "A channel of Teams, by a workflow of the kind 'when a webhook request is received'."
PICTURE = "behind the link"
FORM = "markdown"
PACE = 0.5


class Params(params.Params):
    webhook: SecretStr = Field(
        description="The address that the workflow shows, https://…/workflows/…?…&sig=…"
    )

    @model_validator(mode="after")
    def is_a_workflow(self) -> Self:
        address = self.webhook.get_secret_value()
        if not address.startswith("https://") or "/workflows/" not in address or "sig=" not in address:
            raise ValueError(english("'webhook' must be the whole address of a workflow, with its sig=…"))
        return self


def reaches(params: Params) -> str:  # noqa: ARG001 (an address says nothing to people)
    return "Teams, by a workflow"


def url(params: Params) -> str:
    return params.webhook.get_secret_value()
