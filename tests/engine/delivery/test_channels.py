import json
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr
from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from data.errors import BadDefinition, BadInput
from data.params import stored
from engine.delivery import channels
from engine.delivery.channels import ChannelKind, channel_kind, channel_kinds, defined
from engine.delivery.outcome import Arrived, Later, Refused, of_status
from engine.delivery.scrub import HIDDEN, scrubbed, secrets_of
from tests.engine.delivery.made import HOSTILE, parcel, told
from tests.engine.delivery.receivers import WebReceiver, free_port, web

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = (
    "https://prod-01.westus.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu"
)
MAIL = {"host": "smtp.example.com", "sender": "alerts@example.com", "to": ["lead@example.com"]}
GOOD: dict[str, dict[str, Any]] = {
    "apprise": {"url": "ntfy://ntfy.example/holdfast-s3cr3t"},
    "email": MAIL | {"user": "ada", "password": "p4ss"},
    "slack": {"webhook": SLACK},
    "teams": {"webhook": TEAMS},
    "webhook": {"url": "https://example.com/hooks/s3cr3t", "token": "t0k3n"},
}


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web() as found:
        yield found


def test_every_kind_has_an_example_and_says_what_it_is() -> None:
    assert set(GOOD) == set(channel_kinds())
    for kind in channel_kinds().values():
        assert kind.title
        assert kind.about.endswith(".")
        assert kind.picture
        assert all(field.description for field in kind.params.model_fields.values())


@pytest.mark.parametrize("name", GOOD)
def test_params_are_checked_kept_and_read_again(name: str) -> None:
    kind = channel_kind(name)
    params = kind.read(GOOD[name])
    kind.check(params)
    assert kind.read(json.loads(json.dumps(stored(params)))) == params


@pytest.mark.parametrize("name", GOOD)
def test_secrets_are_in_nothing_that_params_look_like(name: str) -> None:
    kind = channel_kind(name)
    params = kind.read(GOOD[name])
    shown = f"{params!r} {params} {kind.reaches(params)} {kind!r} {params.model_dump()}"
    for secret in secrets_of(params):
        assert secret not in shown


@pytest.mark.parametrize(
    ("name", "given", "said"),
    [
        ("pigeon", {}, "no kind of channel 'pigeon'"),
        ("email", {}, "Mail needs 'host'"),
        ("email", MAIL | {"to": ["nobody"]}, "to.0 = 'nobody' is not allowed"),
        ("email", MAIL | {"security": "some"}, "security = 'some' is not allowed"),
        ("email", MAIL | {"password": "ż-s3cr3t"}, "password is not allowed: mail is logged in to with"),
        ("email", MAIL | {"cc": "x"}, "Mail has no 'cc'"),
        ("slack", {}, "give either 'webhook' or 'token'"),
        ("slack", {"webhook": "https://evil.example/s3cr3t"}, "must begin with https://hooks.slack.com/"),
        ("slack", {"token": "xoxb-1"}, "'channel' must say where"),
        ("teams", {"webhook": "https://example.com/s3cr3t"}, "the whole address of a workflow"),
        ("webhook", {"url": "example.com/s3cr3t"}, "'url' must be an address"),
        ("webhook", {"url": ["s3cr3t"]}, "url is not allowed"),
        ("apprise", {"url": "s3cr3t"}, "Its address is not one that can be sent to"),
        ("apprise", {"url": "nothing://s3cr3t/"}, "Its address is not one that can be sent to"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_without_secrets(
    name: str, given: dict[str, Any], said: str
) -> None:
    with pytest.raises(BadInput) as bad:
        checked(name, given)
    assert said in str(bad.value)
    assert "s3cr3t" not in str(bad.value)


def test_a_file_that_lacks_a_part_says_which() -> None:
    module = ModuleType("engine.delivery.channels.pigeon")
    module.TITLE = "Pigeon"  # type: ignore[attr-defined]
    with pytest.raises(
        BadDefinition, match="pigeon must define ABOUT, PICTURE, Params, reaches, send or url"
    ):
        defined(module)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        *((status, Arrived) for status in (200, 204)),
        *((status, Refused) for status in (301, 308, 400, 404, 410)),
        *((status, Later) for status in (408, 425, 429, 500, 503, 599)),
    ],
)
def test_a_status_says_whether_trying_again_helps(status: int, outcome: type) -> None:
    assert isinstance(of_status(status), outcome)


def sent(
    kind: ChannelKind, given: dict[str, Any], receiver: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """What a service receives whose address is fixed; the receiver stands in for it."""
    whole = HTTPAdapter.send

    def send(adapter: HTTPAdapter, request: PreparedRequest, **more: Any) -> Response:
        request.url = receiver.url
        return whole(adapter, request, **more)

    monkeypatch.setattr(HTTPAdapter, "send", send)
    outcome = kind.send(kind.read(given), parcel(told(segment=HOSTILE)))
    return outcome, receiver.asked[-1].json


def test_slack_is_told_in_plain_text_in_which_names_call_nobody(
    receiver: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, body = sent(channel_kind("slack"), GOOD["slack"], receiver, monkeypatch)
    [card] = body["attachments"]
    assert isinstance(outcome, Arrived)
    assert card["title"].startswith("[Warning] activation stalls")
    assert "https://holdfast.example/alerts?alert=1" in card["text"]
    assert "<" not in card["text"] + card["title"]
    assert not body["mrkdwn"]


def test_teams_is_told_in_markdown_in_which_names_call_nobody(
    receiver: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, body = sent(channel_kind("teams"), GOOD["teams"], receiver, monkeypatch)
    card = body["attachments"][0]["content"]
    assert isinstance(outcome, Arrived)
    assert "[Open the alert](https://holdfast.example/alerts?alert=1)" in card["body"][1]["text"]
    assert "entities" not in card["msteams"]


@pytest.mark.parametrize("name", ["slack", "teams"])
def test_a_service_that_is_busy_is_tried_later_and_one_that_refuses_is_not(
    name: str, receiver: WebReceiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    receiver.todo = [429, 404]
    busy, _ = sent(channel_kind(name), GOOD[name], receiver, monkeypatch)
    gone, _ = sent(channel_kind(name), GOOD[name], receiver, monkeypatch)
    assert busy == Later("It answered 429.")
    assert gone == Refused("It answered 404.")


def test_apprise_carries_text_and_picture_to_any_service(receiver: WebReceiver) -> None:
    kind = channel_kind("apprise")
    outcome = kind.send(kind.read({"url": f"json://127.0.0.1:{receiver.port}/x"}), parcel())
    assert isinstance(outcome, Arrived)
    body = receiver.taken[0].json
    assert "Activation rate of plan pro" in body["message"]
    assert body["attachments"][0]["filename"] == "trend.png"
    assert receiver.taken[0].headers["Idempotency-Key"] == "k3y"


def test_who_is_not_there_is_tried_later() -> None:
    kind = channel_kind("webhook")
    outcome = kind.send(kind.read({"url": f"http://127.0.0.1:{free_port()}/s3cr3t"}), parcel())
    assert outcome == Later("It could not be reached, or closed the connection before it answered.")


def checked(name: str, given: dict[str, Any]) -> None:
    kind = channel_kind(name)
    kind.check(kind.read(given))


class Hidden(BaseModel):
    url: SecretStr
    password: SecretStr | None = None


@pytest.mark.parametrize(
    "text",
    [
        "posted to https://ada:p%40ss@host.example/services/T0KEN1/wörd?sig=abcd+efgh",
        "url: /services/T0KEN1/w%C3%B6rd failed",
        "login p@ss or p%40ss of ada refused",
        "Authorization: Basic YWRhOnBAc3M=",
        "sig=abcd efgh and abcd+efgh and abcd%20efgh",
        "the word is hunter2",
    ],
)
def test_every_part_of_a_secret_is_hidden_however_it_is_written(text: str) -> None:
    hidden = Hidden(
        url=SecretStr("https://ada:p%40ss@host.example/services/T0KEN1/w%C3%B6rd?sig=abcd+efgh"),
        password=SecretStr("hunter2"),
    )
    clean = scrubbed(text, secrets_of(hidden))
    assert HIDDEN in clean
    for secret in ("p@ss", "p%40ss", "T0KEN1", "wörd", "w%C3", "abcd", "YWRh", "hunter2"):
        assert secret not in clean


def test_params_of_every_kind_are_made_from_the_common_ones() -> None:
    assert all(issubclass(kind.params, channels.Params) for kind in channel_kinds().values())
