"""Weekly letters from an edition to a mailbox."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from data.errors import BadInput
from data.settings import Settings
from data.speech import speaking
from data.speech.figures import THIN
from engine.control import channel_store, outbox
from engine.control.store import Control
from engine.delivery.loop import Delivery
from engine.desk import channels, digests
from engine.desk.targets import Place, set_target
from engine.digest import posting
from tests.engine.delivery.receivers import MailReceiver, mail, ticking, until

HOSTILE = '<img src=x onerror=alert(1)> & "co"'
SET_UP = datetime(2025, 2, 1)
MONDAY = datetime(2025, 2, 17, 9, 30)  # two days after the edition's own instant
WEEK = date(2025, 2, 17)
ENGLISH_WORDS = re.compile(r"\b(?:week|of|the|and|what|driver|change|target|period|no|nothing)\b", re.I)


@pytest.fixture
def mails() -> Iterator[MailReceiver]:
    with mail() as found:
        yield found


@pytest.fixture
def control(settings: Settings, published: Path) -> Control:
    return Control.open(settings)


def channel(control: Control, name: str = "board", port: int = 25, **values: Any) -> None:
    params = {
        "host": "127.0.0.1", "port": port, "sender": "digest@example.com", "to": ["mara@example.com"],
        "security": "none",
    }  # fmt: skip
    given = {"zone": "UTC", "quiet_from": None, "quiet_until": None, "is_paused": False} | values
    with control.begin() as session:
        channel_store.add(session, name, "email", SET_UP, params=params, **given)


def digest(control: Control, **values: Any) -> int:
    from engine.control import digests as kept

    given = {"channel": "board", "dimension": "all", "segment": "all", "weekday": 0, "hour": 9, "zone": "UTC"}
    return kept.add(control, given | values, who="ada", now=SET_UP)


def waiting(control: Control) -> list[outbox.Message]:
    return outbox.listed(control, None, 100)


def test_a_week_is_written_once_however_often_one_looks(settings: Settings, control: Control) -> None:
    channel(control)
    digest(control)
    late = MONDAY + timedelta(hours=2)
    counts = [posting.post_due(settings, control, at) for at in (MONDAY, late, late, late)]
    assert counts == [0, 1, 0, 0]  # first it waits for numbers of its own day
    [message] = waiting(control)
    assert message.key == f"digest:1:{WEEK}"
    assert posting.post_due(settings, control, late + timedelta(weeks=1)) == 1


def test_an_engine_that_died_between_looking_and_writing_changes_nothing(
    settings: Settings, control: Control, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel(control)
    digest(control)
    late = MONDAY + timedelta(hours=2)

    def die(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(posting.digests, "note_sent", die)
        with pytest.raises(SystemExit):
            posting.post_due(settings, control, late)
    assert waiting(control) == []
    assert posting.post_due(settings, control, late) == 1


def test_quiet_hours_hold_it_back_until_they_end(settings: Settings, control: Control) -> None:
    channel(control, quiet_from="08:00", quiet_until="13:00")
    digest(control)
    posting.post_due(settings, control, MONDAY + timedelta(hours=2))
    [message] = waiting(control)
    assert (message.due_at, message.is_held) == (datetime(2025, 2, 17, 13), True)


def test_a_paused_channel_gets_none_and_one_that_is_gone_is_said(
    settings: Settings, control: Control
) -> None:
    channel(control, is_paused=True)
    digest(control)
    late = MONDAY + timedelta(hours=2)
    assert posting.post_due(settings, control, late) == 0
    digest(control, channel="gone")
    with pytest.raises(BadInput, match="no channel 'gone'"):
        posting.post_due(settings, control, late)


def test_one_that_cannot_be_written_stops_no_other(settings: Settings, control: Control) -> None:
    digest(control, channel="gone")
    channel(control)
    digest(control)
    with pytest.raises(BadInput):
        posting.post_due(settings, control, MONDAY + timedelta(hours=2))
    assert [message.channel for message in waiting(control)] == ["board"]


def parts(message: Message) -> dict[str, Any]:
    return {part.get_content_type(): part.get_payload(decode=True) for part in message.walk()}


def arrived(settings: Settings, control: Control, mails: MailReceiver) -> Message:
    """What is due this week, as its receiver has it."""
    posting.post_due(settings, control, MONDAY + timedelta(hours=2))
    sender = Delivery(settings, control)
    with ticking(sender.turn):
        until(lambda: bool(mails.taken), 120)
    sender.stop()
    [taken] = mails.taken
    return taken


def test_it_arrives_as_a_mail_with_its_pictures_and_a_way_back(
    settings: Settings, control: Control, mails: MailReceiver
) -> None:
    channel(control, port=mails.port)
    digest(control)
    set_target(settings, Place("mrr", "week"), 100.0, who="ada")
    taken = arrived(settings, control, mails)
    found = parts(taken)
    html = found["text/html"].decode()
    assert "[Weekly] all accounts, week of 17 Feb: nothing fires" in str(taken["subject"])
    assert f'href="{settings.pages_url.rstrip("/")}/"' in html
    assert "$50.0" in html
    assert "$50.0 short" in html
    assert found["image/png"].startswith(b"\x89PNG")
    assert sum(part.get_content_type() == "image/png" for part in taken.walk()) == html.count("cid:") == 2
    [posted] = channels.messages(settings, "sent")
    assert posted.subject.startswith("[Weekly]")


def test_it_is_written_in_the_language_that_was_chosen_for_it(
    settings: Settings, control: Control, mails: MailReceiver
) -> None:
    channel(control, port=mails.port)
    digest(control, language="pl")
    set_target(settings, Place("mrr", "week"), 1234.5, who="ada")
    taken = arrived(settings, control, mails)
    found = parts(taken)
    subject = str(make_header(decode_header(taken["subject"])))
    assert subject == "[Tydzień] wszystkie konta, tydzień od 17 lut: brak aktywnych alertów, MRR 50,0 $"
    html, plain = (found[kind].decode().replace(THIN, " ") for kind in ("text/html", "text/plain"))
    for said in (html, plain):
        assert "Tydzień w liczbach: wszystkie konta, stan na 15 lut 2025, " in said
        assert "1,23 tys. $, brakuje 1,18 tys. $" in said
        assert "Ostatni pełny okres" in said
        assert ENGLISH_WORDS.findall(said) == []
    assert 'alt="MRR zyskane i utracone miesięcznie"' in html
    [posted] = channels.messages(settings, "sent")
    assert posted.subject == subject


def test_unless_another_is_chosen_its_language_is_that_of_whoever_sets_it_up(
    settings: Settings, control: Control
) -> None:
    channel(control)
    given = {"channel": "board", "dimension": "all", "segment": "all", "weekday": 0, "hour": 9, "zone": "UTC"}
    digests.add(settings, given, who="ada")
    with speaking("pl"):
        digests.add(settings, given, who="ewa")
        digests.add(settings, given | {"language": "en"}, who="ewa")
    assert [one.language for one in digests.known(settings)] == ["en", "pl", "en"]


def test_one_can_be_sent_at_once_whatever_the_hour_and_the_week_still_gets_its_own(
    settings: Settings, control: Control
) -> None:
    channel(control, quiet_from="00:00", quiet_until="23:59")
    digest(control)
    [one] = digests.known(settings)
    digests.send_now(settings, one)
    [message] = waiting(control)
    assert not message.is_held
    assert posting.post_due(settings, control, MONDAY + timedelta(hours=2)) == 1
    assert len(waiting(control)) == 2


def test_names_from_outside_are_text_in_every_form(settings: Settings, control: Control) -> None:
    channel(control)
    digest(control, dimension="plan", segment=HOSTILE)
    [one] = digests.known(settings)
    letter = posting.preview(settings, control, one, MONDAY)
    from engine.digest.setting import packed

    parcel = packed(letter, "key", "http://127.0.0.1", [])
    assert "<img" not in parcel.html
    assert "<img" not in parcel.markdown


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"language": "tlh"}, "language = 'tlh'"),
        ({"weekday": 7}, "weekday = 7"),
        ({"hour": 24}, "hour = 24"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"channel": "nobody"}, "no channel 'nobody'"),
        ({"dimension": "colour", "segment": "red"}, "no dimension 'colour'"),
        ({"dimension": "all", "segment": "pro"}, "has the segment 'all'"),
        ({"colour": 1}, "has no 'colour'"),
    ],
)
def test_what_cannot_be_is_refused(
    settings: Settings, control: Control, given: dict[str, Any], said: str
) -> None:
    channel(control)
    digest(control)
    with pytest.raises(BadInput, match=said):
        digests.change(settings, 1, given, who="bo")
