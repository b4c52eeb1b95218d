import subprocess
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest

from data.settings import Settings
from engine import desk, work
from engine.alerts.history import History
from engine.judging import Judging

NOW = datetime(2026, 3, 1, 12)


def test_an_edition_is_judged_when_the_one_before_it_has_been(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    may_end = Event()

    def attend(_: Settings, edition: str, now: datetime) -> str | None:
        seen.append(f"{edition} begins")
        may_end.wait()
        seen.append(f"{edition} ends")
        return f"{edition} had a problem"

    monkeypatch.setattr(work, "attend", attend)
    judging = Judging(settings)
    assert judging.ended() is None
    judging.begin("1", NOW)
    assert judging.is_busy
    assert judging.ended() is None
    may_end.set()
    judging.begin("2", NOW)
    judging.wait()
    assert seen == ["1 begins", "1 ends", "2 begins", "2 ends"]
    assert judging.ended() == ("2 had a problem",)
    assert judging.ended() is None


def test_a_running_engine_records_what_its_editions_completed(
    settings: Settings, engine: "subprocess.Popen[str]", company: Path, eventually: Callable[..., None]
) -> None:
    desk.import_folder(settings, company)
    eventually(lambda: desk.status(settings).edition, "it publishes")
    eventually(lambda: History(settings).newest_batch, "what the edition completed is part of the history")
    assert desk.status(settings).last_error is None
    assert engine.poll() is None
