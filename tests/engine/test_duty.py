import subprocess
from collections.abc import Callable
from pathlib import Path

from data.settings import Settings
from engine import desk


def test_a_refresh_that_fails_is_told_and_tried_again(
    settings: Settings, engine: "subprocess.Popen[str]", company: Path, eventually: Callable[..., None]
) -> None:
    settings.published.write_text("a file where the editions should go")
    desk.import_folder(settings, company)
    eventually(lambda: desk.status(settings).last_error, "the engine tells what is wrong")
    assert f"{settings.published} must be a folder, and is a file" in (desk.status(settings).last_error or "")
    assert engine.poll() is None
    settings.published.unlink()
    eventually(lambda: desk.status(settings).edition, "it publishes after all")
    eventually(lambda: desk.status(settings).last_error is None, "nothing is wrong any more")
