"""The commands `key` and `source`, as a shell runs them."""

import json
import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from data.intake import keys, registry, secrets
from data.intake.inbox import Inbox
from data.settings import Settings

NOON = datetime(2025, 3, 1, 12)
Told = tuple[int, str, str]
Run = Callable[..., Told]


@pytest.fixture
def inbox(settings: Settings) -> Inbox:
    return Inbox.open(settings)


@pytest.fixture
def run(command: Callable[..., "subprocess.CompletedProcess[str]"]) -> Run:
    def ran(*line: str, told: str = "") -> Told:
        made = command(*line, typed=told)
        return made.returncode, made.stdout, made.stderr

    return ran


def test_a_key_is_printed_alone_and_once(run: Run, inbox: Inbox) -> None:
    code, out, err = run("key", "create", "web", "--label", "site")
    assert code == 0
    assert keys.source_of(inbox, out.strip()) == "web"
    assert "cannot be shown again" in err
    listed = run("key", "list")[1]
    assert "site" in listed
    assert out.strip() not in listed


def test_a_key_is_revoked_by_its_id(run: Run, inbox: Inbox) -> None:
    key_id, key = keys.create(inbox, "web", NOON)
    assert run("key", "revoke", key_id)[0] == 0
    assert keys.source_of(inbox, key) is None
    assert run("key", "revoke", key_id) == (
        1,
        "",
        f"There is no valid key {key_id!r}; see `python -m engine key list`.\n",
    )


def test_a_key_is_for_a_kind_that_takes_keys(run: Run) -> None:
    code, out, err = run("key", "create", "web", "--kind", "stripe")
    assert (code, out) == (1, "")
    assert err.startswith("--kind stripe takes no keys; the kinds that do are: ")


def test_a_webhook_is_added_with_its_secret(run: Run, inbox: Inbox, tmp_path: Path) -> None:
    assert run("source", "add", "stripe", "--secret-stdin", told="whsec_1\n")[0] == 0
    assert secrets.sealed(inbox, "stripe") == secrets.Sealed("stripe", "stripe", True, "whsec_1")
    (tmp_path / "secret").write_text("shpss_1\n")
    assert run("source", "add", "shopify", "shop", "--secret-file", str(tmp_path / "secret"))[0] == 0
    assert secrets.sealed(inbox, "shop") == secrets.Sealed("shop", "shopify", True, "shpss_1")
    assert run("source", "secret", "shop", "--secret-stdin", told="shpss_2\n")[0] == 0
    assert secrets.sealed(inbox, "shop").secret == "shpss_2"
    assert "shpss" not in run("source", "list")[1]


def test_a_source_that_is_asked_is_added_with_params(run: Run, inbox: Inbox) -> None:
    code, _, err = run(
        "source", "add", "stripe", "--params", json.dumps({"api_key": "rk_test_1", "every": 0})
    )
    assert (code, "every" in err, "rk_test_1" in err) == (1, True, False)
    assert run("source", "add", "stripe", "--params", json.dumps({"api_key": "rk_test_1"}))[0] == 0
    assert registry.find(inbox, "stripe").params["api_key"] == "rk_test_1"
    assert run("source", "change", "stripe", "--params", json.dumps({"every": 600}))[0] == 0
    assert registry.find(inbox, "stripe").params["every"] == 600
    assert registry.find(inbox, "stripe").params["api_key"] == "rk_test_1"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("source", "add", "fax"), "There is no kind of source 'fax'; the kinds are: "),
        (("source", "add", "segment", "a b"), "A source cannot be named 'a b'; "),
        (("source", "add", "stripe", "--params", "{"), "--params is not JSON: "),
        (("source", "add", "stripe", "--params", "[]"), "--params is not a JSON object such as "),
        (("source", "switch", "web", "--off"), "There is no source 'web'; the sources are: none yet."),
        (("source", "secret", "web", "--secret-stdin"), "There is no source 'web'; "),
        (("source", "remove", "web"), "There is no source 'web'; "),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(run: Run, line: tuple[str, ...], sentence: str) -> None:
    code, out, err = run(*line)
    assert (code, out) == (1, "")
    assert err.startswith(sentence)


def test_a_source_is_switched_and_removed(run: Run, inbox: Inbox) -> None:
    registry.add_source(inbox, "web", "segment", {}, NOON)
    assert run("source", "switch", "web", "--off")[0] == 0
    assert registry.find(inbox, "web").enabled is False
    assert run("source", "switch", "web", "--on")[0] == 0
    assert registry.find(inbox, "web").enabled is True
    assert run("source", "remove", "web")[0] == 0
    assert registry.find(inbox, "web") is None
