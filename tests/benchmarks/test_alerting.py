"""The benchmark of alerting does what it says, at a size at which nothing is measured."""

from argparse import Namespace
from pathlib import Path

import pytest

from benchmarks import alerting


def test_rules_are_judged_and_rehearsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    alerting.measure(tmp_path, Namespace(rules=6, segments=3, days=70, rounds=1))
    told = capsys.readouterr().out
    assert told.splitlines()[0] == "6 rules x 3 segments, 70 days, 840 figures"
    assert "every rule on a new day, committed" in told
    assert "rehearsal" in told
