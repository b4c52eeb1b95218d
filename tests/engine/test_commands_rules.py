"""Rules on the command line: from a file and back, and what they would have done."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from data.settings import Settings
from engine.control import rule_views
from engine.control.store import Control

Command = Callable[..., "subprocess.CompletedProcess[str]"]
RULE = """
[[rule]]
name = "few sign up"
metric = "signups"
grain = "week"
kind = "limit"
params = { below = 2 }
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(RULE)
    return file


def test_a_file_is_imported_once_and_exported_as_it_is(
    command: Command, file: Path, settings: Settings, tmp_path: Path
) -> None:
    first, again = (command("rules", "import", file) for _ in range(2))
    assert (first.returncode, first.stderr) == (0, "")
    assert first.stdout.splitlines()[0] == "added 1: few sign up"
    assert first.stdout.splitlines()[3].startswith(
        "not in rules.toml, and left as they are: A source is late"
    )
    assert again.stdout.splitlines()[:3] == ["added 0", "changed 0", "unchanged 1: few sign up"]
    exported = command("rules", "export").stdout
    (tmp_path / "all.toml").write_text(exported)
    assert (
        command("rules", "import", tmp_path / "all.toml").stdout.splitlines()[2].startswith("unchanged 6: ")
    )
    command("rules", "export", "--output", tmp_path / "out.toml")
    assert (tmp_path / "out.toml").read_text() == exported
    file.write_text(RULE.replace("below = 2", "below = 3"))
    assert command("rules", "import", file).stdout.splitlines()[1] == "changed 1: few sign up"
    control = Control.open(settings)
    newest = rule_views.versions(control, rule_views.named(control, "few sign up").rule_id)[0]
    assert (newest.version, newest.author, newest.reason) == (2, "file", "imported from rules.toml")


def test_a_file_with_one_wrong_rule_changes_nothing(command: Command, file: Path, settings: Settings) -> None:
    file.write_text(RULE + RULE.replace("few sign up", "second").replace("below", "bellow"))
    refused = command("rules", "import", file)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Rule 'second': The 'limit' kind of rule has no 'bellow'" in refused.stderr
    assert "few sign up" not in command("rules", "list").stdout


def test_rules_are_listed(command: Command, file: Path) -> None:
    command("rules", "import", file)
    lines = [line.split() for line in command("rules", "list").stdout.splitlines()]
    assert lines[0][:3] == ["id", "name", "metric"]
    assert next(line for line in lines if "signups" in line)[4:] == [
        "signups", "week", "all", "limit", "warning", "quiet", "–", "–"
    ]  # fmt: skip


def test_what_alerts_did_is_exported_without_an_edition(command: Command) -> None:
    told = command("export", "alerts")
    heads = "rule,segment,state,entered_at,left_at,value,reason"
    assert (told.returncode, told.stdout.strip(), told.stderr) == (0, heads, "")


def test_a_rule_is_rehearsed_only_where_there_is_history(command: Command, file: Path) -> None:
    command("rules", "import", file)
    empty = command("rules", "rehearse", "few sign up")
    assert (empty.returncode, empty.stdout) == (1, "")
    assert "no history to rehearse on yet" in empty.stderr
    assert "There is no rule 'nope'; there are: " in command("rules", "rehearse", "nope").stderr
    wrong = command("rules", "rehearse", "few sign up", "--from", "2025-02-30")
    assert wrong.stderr.strip() == "--from '2025-02-30' is not a date such as 2025-03-01."


def test_a_rule_is_rehearsed_over_the_history(
    command: Command, file: Path, company: Path, settings: Settings
) -> None:
    command("import", company)
    command("refresh", "--as-of", "2025-02-15")
    command("rules", "import", file)
    rows = command("rules", "rehearse", "few sign up").stdout.splitlines()
    assert rows[0] == "rule,segment,state,entered_at,left_at,value,reason"
    assert rows[1].startswith("few sign up,all,firing,2025-01-20T00:00:00.000000Z,,")
    later = command("rules", "rehearse", "few sign up", "--from", "2025-01-27", "--format", "json").stdout
    assert '"entered_at":"2025-02-03T00:00:00.000000Z"' in later
