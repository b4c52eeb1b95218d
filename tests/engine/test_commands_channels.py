import json
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.settings import Settings
from engine import clock
from engine.control.store import Control
from tests.engine.conftest import Command, Start
from tests.engine.delivery.receivers import WebReceiver, free_port, web
from tests.engine.delivery.scene import Scene


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web() as found:
        yield found


def told(receiver: WebReceiver, tmp_path: Path) -> str:
    file = tmp_path / "params.json"
    file.write_text(json.dumps({"url": receiver.url}))
    return f"@{file}"


def test_a_channel_is_added_tried_shown_and_removed_without_its_secret(
    command: Command, receiver: WebReceiver, tmp_path: Path
) -> None:
    added = command(
        "channel", "add", "webhook", "team", "--params", told(receiver, tmp_path), "--quiet", "22:00-07:00"
    )
    tried, shown = command("channel", "test", "team"), command("channel", "list")
    assert (added.returncode, tried.returncode, shown.returncode) == (0, 0, 0)
    assert tried.stdout == "A test message was handed over to 127.0.0.1: answered 200.\n"
    assert receiver.taken[0].json["what"] == "test"
    assert receiver.taken[0].json["picture"]
    assert "team  webhook  127.0.0.1  no      22:00-07:00" in shown.stdout
    assert command("channel", "remove", "team").returncode == 0
    assert "team" not in command("channel", "list").stdout
    written = "".join(one.stdout + one.stderr for one in (added, tried, shown))
    assert "s3cr3t" not in written


def test_a_secret_may_come_from_a_file(command: Command, receiver: WebReceiver, tmp_path: Path) -> None:
    file = tmp_path / "address"
    file.write_text(receiver.url + "\n")
    assert command("channel", "add", "webhook", "--secret-file", file).returncode == 0
    assert command("channel", "test", "webhook").returncode == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("add", "pigeon"),
            "There is no kind of channel 'pigeon'; there are apprise, email, slack, teams, webhook.\n",
        ),
        (("add", "webhook", "--quiet", "late"), "--quiet 'late' is not like 22:00-07:00.\n"),
        (("test", "nobody"), "There is no channel 'nobody'; there are: none yet.\n"),
        (("remove", "nobody"), "There is no channel 'nobody'; there are: none yet.\n"),
        (("retry", "7"), "There is no message 7.\n"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(command: Command, words: tuple[str, ...], said: str) -> None:
    done = command("channel", *words)
    assert (done.returncode, done.stderr) == (1, said)


def test_a_test_that_does_not_arrive_says_why(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "params.json"
    file.write_text(json.dumps({"url": f"http://127.0.0.1:{free_port()}/s3cr3t"}))
    command("channel", "add", "webhook", "team", "--params", f"@{file}")
    done = command("channel", "test", "team")
    assert done.returncode == 1
    assert done.stderr == (
        "The test message by 'team' did not arrive. "
        "It could not be reached, or closed the connection before it answered.\n"
    )


def test_an_engine_delivers_and_stops_quickly_though_a_channel_hangs(
    settings: Settings, start: Start, receiver: WebReceiver, eventually: Callable[..., None]
) -> None:
    scene = Scene(settings, Control.open(settings), clock.now())
    with web() as hanging:
        hanging.always = "hang"
        scene.channel("team", params={"url": receiver.url})
        scene.channel("hanging", params={"url": hanging.url})
        scene.fires(scene.rule(channels=["team", "hanging"]), "pro")
        engine = start("run")
        eventually(lambda: receiver.taken and hanging.asked, "both were sent to", 60)
        began = time.monotonic()
        engine.send_signal(signal.SIGTERM)
        assert engine.wait(20) == 0
        assert time.monotonic() - began < 10
        hanging.end.set()
    assert {one.channel: one.state for one in scene.messages()} == {"team": "sent", "hanging": "waiting"}


def test_the_doctor_says_which_channel_fails_and_what_was_given_up(
    command: Command, settings: Settings, receiver: WebReceiver
) -> None:
    from datetime import timedelta

    from engine.control import outbox
    from engine.control.outbox import Failure

    assert "Nobody is told of alerts" in command("doctor").stdout
    scene = Scene(settings, Control.open(settings), clock.now())
    channel_id = scene.channel("team", params={"url": receiver.url})
    scene.fires(scene.rule(channels=["team"]), "pro", "free")
    [message] = [outbox.claim(scene.control, channel_id, scene.now, timedelta(minutes=1))]
    assert message is not None
    later = scene.now + timedelta(minutes=1)
    outbox.put_off(scene.control, message, Failure("It answered 503.", later, later), scene.now)
    told = command("doctor")
    assert "wrong  The channel 'team' has failed 1 times since" in told.stdout
    assert "It answered 503. Mend it, then `python -m engine channel test team`." in told.stdout
    outbox.refuse(scene.control, message, "It answered 404.")
    told = command("doctor")
    assert "The channel 'team' has nothing against it." in told.stdout
    assert "1 messages by the channel 'team' were given up" in told.stdout
    assert "set public_url" in told.stdout
