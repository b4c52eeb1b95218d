"""The commands of tokens."""

import pytest
from typer.testing import CliRunner

from data.settings import Settings
from engine.__main__ import app
from engine.desk import tokens


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOLDFAST_HOME", str(settings.home))
    return lambda *words: CliRunner().invoke(app, ["token", *words])


def test_a_token_is_printed_once_listed_without_itself_and_revoked(run, settings: Settings) -> None:
    made = run("create", "notebook", "--role", "lead", "--scope", "region=Europe", "--days", "30")
    token = made.stdout.strip()
    assert token.startswith("hft_")
    assert tokens.find(settings, token).scope == {"dimension": "region", "segment": "Europe"}
    listed = run("list").stdout
    assert "notebook" in listed
    assert "region=Europe" in listed
    assert "valid" in listed
    assert token not in listed
    assert run("revoke", "1").stdout == "Token 1 is revoked.\n"
    assert "revoked" in run("list").stdout


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--scope", "Europe"], "A scope is written like region=Europe, not 'Europe'."),
        (["--scope", "country=PL"], "There is no dimension 'country'; there are plan, region, channel."),
        (["--days", "0"], "A token lives for 1 to 3650 days, not for 0."),
    ],
)
def test_what_is_not_allowed_is_said_in_a_sentence(run, words: list[str], sentence: str) -> None:
    refused = run("create", "notebook", *words)
    assert refused.exit_code == 1
    assert sentence in refused.stderr


def test_an_unknown_token_is_not_revoked(run) -> None:
    refused = run("revoke", "7")
    assert refused.exit_code == 1
    assert "There is no valid token 7" in refused.stderr
