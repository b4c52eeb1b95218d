"""Test deliveries: let in by their own door, and without anything that a metric would count."""

from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from data.errors import TryAgain
from data.intake.catalog import kinds
from data.intake.delivery import Delivery
from data.intake.trial import Trial, send

NOON = datetime(2026, 11, 23, 12)
SECRETS = {"chargebee": "user:password"}
DOORS = sorted(name for name, kind in kinds().items() if kind.paths)


def trial_of(name: str, credential: str) -> Trial:
    made = kinds()[name].trial
    assert made is not None, f"data.intake.kinds.{name} has no trial"
    return made(credential, NOON)


@pytest.mark.parametrize("name", DOORS)
def test_every_door_lets_its_test_delivery_in(name: str) -> None:
    kind, credential = kinds()[name], SECRETS.get(name, "hf_key")
    trial = trial_of(name, credential)
    headers = {**trial.headers, ":path": trial.path}
    assert trial.path in kind.paths
    if kind.auth == "key":
        assert kind.credentials(headers, trial.body, trial.path) == credential
    else:
        assert kind.is_authentic(trial.body, headers, credential, NOON) is None


@pytest.mark.parametrize("name", DOORS)
def test_a_test_delivery_names_no_account(name: str) -> None:
    kind, trial = kinds()[name], trial_of(name, "secret")
    headers = {**trial.headers, ":path": trial.path}
    (item,) = kind.translate(Delivery(1, "app", name, NOON, headers, trial.body))
    assert item.outcome in ("accepted", "ignored")
    assert {fact.shape for fact in item.facts} <= {"events"}


def test_two_test_deliveries_are_two() -> None:
    for name in DOORS:
        made = kinds()[name].trial
        assert made is not None
        assert made("secret", NOON).body != made("secret", NOON.replace(second=1)).body


class Refusing(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.send_response(401)
        self.end_headers()
        self.wfile.write(b'{"success": false, "message": "The write key was revoked."}')

    def log_message(self, *_: object) -> None:
        pass


def test_a_refusal_is_told_in_its_words() -> None:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    Thread(target=server.handle_request, daemon=True).start()
    tried = send(f"http://127.0.0.1:{server.server_port}", Trial("/v1/track", {}, b"{}"))
    server.server_close()
    assert (tried.status, tried.refusal, tried.items) == (401, "The write key was revoked.", ())


def test_nobody_answering_is_said_in_a_sentence() -> None:
    server = HTTPServer(("127.0.0.1", 0), Refusing)
    server.server_close()
    with pytest.raises(TryAgain, match="Nobody answered at http://127"):
        send(f"http://127.0.0.1:{server.server_port}", Trial("/v1/track", {}, b"{}"))
