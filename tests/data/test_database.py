"""The SQLite files of a home, opened together."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from data.intake.inbox import Inbox
from data.settings import Settings
from engine.control import jobs
from engine.control.store import Control


def test_two_files_may_be_made_at_once_in_one_process(tmp_path: Path) -> None:
    """As the web process does at its first start: doors open the inbox, pages the control store."""
    homes = [Settings(home=tmp_path / str(number)) for number in range(5)]
    with ThreadPoolExecutor(2) as pool:
        for settings in homes:
            made = [pool.submit(opener, settings) for opener in (Inbox.open, Control.open)]
            for one in made:
                one.result()
    for settings in homes:
        assert Inbox.open(settings).epoch
        assert jobs.waiting(Control.open(settings)) == 0
