"""Real receivers that fail, hang, ask for patience and die in the middle."""

import base64
import io
import logging
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from data.speech.figures import THIN
from engine import clock
from engine.delivery.backoff import Backoff
from engine.delivery.loop import Delivery
from engine.delivery.sending import Policy
from tests.engine.delivery.receivers import (
    MailReceiver,
    WebReceiver,
    free_port,
    mail,
    picture_of,
    ticking,
    until,
    web,
)
from tests.engine.delivery.scene import Scene

QUICK = Policy(message=Backoff(0.05, 0.2), channel=Backoff(0.02, 0.1), lease=timedelta(seconds=60))
PNG = b"\x89PNG\r\n"


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web() as found:
        yield found


@pytest.fixture
def mails() -> Iterator[MailReceiver]:
    with mail() as found:
        yield found


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.now = clock.now()
    return scene


def hook(scene: Scene, receiver: WebReceiver, name: str = "team", **params: Any) -> int:
    return scene.channel(name, "webhook", params={"url": receiver.url, **params})


def post(
    scene: Scene, receiver: MailReceiver, name: str = "mail", language: str = "en", **params: Any
) -> int:
    given = {
        "host": "127.0.0.1", "port": receiver.port, "sender": "alerts@example.com",
        "to": ["lead@example.com", "deputy@example.com"], "security": "none",
    }  # fmt: skip
    return scene.channel(name, "email", params=given | params, language=language)


def delivery(scene: Scene, **more: Any) -> Delivery:
    return Delivery(scene.settings, scene.control, **({"policy": QUICK} | more))


def settle(scene: Scene, *states: str, seconds: float = 120.0, **more: Any) -> None:
    """Deliver until every message is in one of these states."""
    wanted = states or ("sent",)
    sender = delivery(scene, **more)
    with ticking(sender.turn):
        until(lambda: all(one.state in wanted for one in scene.messages()), seconds)
    sender.stop()


def test_a_message_arrives_with_its_key_and_its_picture(scene: Scene, receiver: WebReceiver) -> None:
    hook(scene, receiver, token="t0ken", signing="s1gn")
    [alert_id] = scene.fires(scene.rule(channels=["team"]), "pro")
    settle(scene)
    [posted] = receiver.taken
    [message] = scene.messages()
    assert (posted.key, posted.json["key"]) == (message.key, message.key)
    assert posted.headers["Authorization"] == "Bearer t0ken"
    assert posted.headers["X-Holdfast-Signature"].startswith("sha256=")
    assert base64.b64decode(posted.json["picture"]["base64"]).startswith(PNG)
    [told] = posted.json["alerts"]
    assert (told["alert_id"], told["segment"], told["value"]) == (alert_id, "pro", 0.25)
    assert told["behind"]["count"] == 14
    assert told["url"] == f"http://127.0.0.1:8501/alerts?alert={alert_id}"
    assert (message.state, message.outcome, message.attempts) == ("sent", "answered 200", 1)


def test_a_mail_shows_the_picture_in_its_text(scene: Scene, mails: MailReceiver) -> None:
    post(scene, mails)
    scene.fires(scene.rule(channels=["mail"]), "pro")
    settle(scene)
    [got] = mails.taken
    assert mails.recipients == [["lead@example.com", "deputy@example.com"]]
    assert got["Subject"] == "[Warning] activation stalls: plan pro at 25.0 %, below 35.0 %".replace(
        "\xa0", "\xa0"
    )
    assert got["Idempotency-Key"] == scene.messages()[0].key
    assert picture_of(got).startswith(PNG)
    kinds = {part.get_content_type(): part for part in got.walk()}
    text = kinds["text/html"].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "cid:trend.png" in text
    assert "<script>" not in text
    assert kinds["image/png"]["Content-ID"] == "<trend.png>"
    bare = kinds["text/plain"].get_payload(decode=True).decode()  # type: ignore[union-attr]
    assert "25.0" in bare
    assert "http://127.0.0.1:8501/alerts?alert=1" in bare


def test_a_channel_is_told_in_its_language(scene: Scene, mails: MailReceiver, receiver: WebReceiver) -> None:
    hook(scene, receiver)
    post(scene, mails, language="pl")
    scene.fires(scene.rule(channels=["team", "mail"]), "pro")
    settle(scene)
    [got], [posted] = mails.taken, receiver.taken
    assert got["Subject"] == "[Ostrzeżenie] activation stalls: plan: pro, 25,0%, poniżej 35,0%"
    kinds = {part.get_content_type(): part for part in got.walk()}
    html = kinds["text/html"].get_payload(decode=True).decode().replace(THIN, " ")  # type: ignore[union-attr]
    assert (
        "Wskaźnik aktywacji (plan: pro): 25,0%, poniżej 35,0% w tygodniu od 27 kwi 2026; zwykle 41,0%."
        in html
    )
    assert "<b>Reguła:</b> activation stalls – Wskaźnik aktywacji: spadek poniżej 35,0%" in html
    assert "14 kont: rejestracja w tym okresie, bez aktywacji" in html
    assert "i jeszcze 12" in html
    assert 'alt="Przebieg z granicą"' in html
    assert "falls below 35.0" in posted.json["rule"]["condition"]  # the other channel reads English


@pytest.mark.parametrize(
    "trouble",
    [[503], [500, 502, 429, 408, 425], ["close"], ["close early", "close"], ["close", 500, "close early"]],
    ids=lambda trouble: "-".join(map(str, trouble)),
)
def test_what_passes_is_tried_again_until_it_arrives(
    scene: Scene, receiver: WebReceiver, trouble: list[int | str]
) -> None:
    receiver.todo = list(trouble)
    hook(scene, receiver)
    scene.fires(scene.rule(channels=["team"]), "pro")
    settle(scene)
    [message] = scene.messages()
    assert (len(receiver.taken), message.attempts) == (1, len(trouble) + 1)
    assert {one.key for one in receiver.asked} == {message.key}
    assert len({one.body for one in receiver.asked}) == 1  # and says the same each time


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 422, 301])
def test_what_is_refused_is_dead_at_once(scene: Scene, receiver: WebReceiver, status: int) -> None:
    receiver.always = status
    hook(scene, receiver)
    scene.fires(scene.rule(channels=["team"]), "pro")
    settle(scene, "dead")
    [message] = scene.messages()
    assert (len(receiver.asked), message.attempts) == (1, 1)
    assert str(status) in str(message.outcome)
    assert "s3cr3t" not in str(message.outcome)


@pytest.mark.parametrize("given", ["120", "date"])
def test_a_retry_after_is_waited_for_by_the_whole_channel(
    scene: Scene, receiver: WebReceiver, given: str
) -> None:
    from email.utils import format_datetime

    at = clock.now() + timedelta(seconds=120)
    receiver.always = 429
    receiver.headers = {"Retry-After": format_datetime(at) if given == "date" else given}
    hook(scene, receiver)
    scene.fires(scene.rule(channels=["team"]), "pro")
    scene.fires(scene.rule(name="other", channels=["team"]), "pro")
    sender = delivery(scene)
    with ticking(sender.turn):
        until(lambda: any(one.last_error for one in scene.messages()))
        time.sleep(0.3)
    sender.stop()
    assert len(receiver.asked) == 1
    [first] = [one for one in scene.messages() if one.last_error]
    assert timedelta(seconds=110) < first.due_at - clock.now() < timedelta(seconds=121)


@pytest.mark.parametrize(
    "trouble",
    [["451 4.3.0 Try later"], ["554 5.6.0 Could not process"], ["close"], ["421 Busy", "close", "451 Later"]],
    ids=lambda trouble: "-".join(line[:5] for line in trouble),
)
def test_mail_is_tried_again_until_it_arrives(scene: Scene, mails: MailReceiver, trouble: list[str]) -> None:
    mails.todo = list(trouble)
    post(scene, mails)
    scene.fires(scene.rule(channels=["mail"]), "pro")
    settle(scene)
    assert (len(mails.taken), mails.tries) == (1, len(trouble) + 1)
    assert picture_of(mails.taken[0]).startswith(PNG)


def test_mail_logs_in_with_any_password(scene: Scene) -> None:
    from aiosmtpd.smtp import AuthResult, LoginPassword

    word = "p@ss:/w%rd +?#&='\"\\"
    seen: list[tuple[bytes, bytes]] = []

    def allowed(
        server: object, session: object, envelope: object, way: str, data: LoginPassword
    ) -> AuthResult:
        seen.append((data.login, data.password))
        return AuthResult(success=data.password == word.encode(), handled=False)

    with mail(authenticator=allowed, auth_required=True, auth_require_tls=False) as mails:
        post(scene, mails, user="ada@example.com", password=word)
        post(scene, mails, "wrong", user="ada@example.com", password="another")
        scene.fires(scene.rule(channels=["mail", "wrong"]), "pro")
        settle(scene, "sent", "dead")
    assert len(mails.taken) == 1
    assert (b"ada@example.com", word.encode()) in seen
    states = {one.channel: (one.state, str(one.outcome)) for one in scene.messages()}
    assert states["mail"][0] == "sent"
    assert states["wrong"] == (
        "dead",
        "The mail server answered 535: 5.7.8 Authentication credentials invalid.",
    )


def test_mail_to_somebody_who_is_not_there_is_dead_with_the_reason(scene: Scene, mails: MailReceiver) -> None:
    mails.refused = {"lead@example.com"}
    post(scene, mails, to=["lead@example.com"])
    scene.fires(scene.rule(channels=["mail"]), "pro")
    settle(scene, "dead")
    assert "550" in str(scene.messages()[0].outcome)
    assert mails.tries == 0


def test_mail_that_one_of_several_refuses_is_not_sent_to_the_others_again(
    scene: Scene, mails: MailReceiver
) -> None:
    mails.refused = {"deputy@example.com"}
    post(scene, mails)
    scene.fires(scene.rule(channels=["mail"]), "pro")
    settle(scene)
    assert len(mails.taken) == 1
    assert scene.messages()[0].outcome == "but not to deputy@example.com (550)"


def test_a_channel_that_hangs_or_fails_holds_up_no_other(scene: Scene, receiver: WebReceiver) -> None:
    with web() as hanging, web() as dripping, web() as failing, mail() as silent:
        hanging.always, dripping.always, failing.always, silent.always = "hang", "drip", 503, "hang"
        hook(scene, receiver)
        for name, bad in (("hanging", hanging), ("dripping", dripping), ("failing", failing)):
            hook(scene, bad, name)
        post(scene, silent, "silent")
        scene.channel("nobody", params={"url": f"http://127.0.0.1:{free_port()}/"})
        names = ["hanging", "dripping", "failing", "silent", "nobody", "team"]
        for at in range(10):
            scene.fires(scene.rule(name=f"rule {at}", channels=names), "pro")
        sender = delivery(scene)
        with ticking(sender.turn):
            until(lambda: len(receiver.taken) == 10 and hanging.asked and dripping.asked)
            assert len(hanging.asked) == len(dripping.asked) == 1
        began = time.monotonic()
        sender.stop(wait=0.5)
        assert time.monotonic() - began < 2
        for bad in (hanging, dripping):
            bad.end.set()


def test_a_send_that_never_ends_is_left_and_tried_again(scene: Scene, receiver: WebReceiver) -> None:
    receiver.todo = ["drip"]
    hook(scene, receiver)
    scene.fires(scene.rule(channels=["team"]), "pro")
    settle(scene, patience=2.5)
    [message] = scene.messages()
    assert (len(receiver.asked), len(receiver.taken), message.attempts) == (2, 1, 2)
    assert {one.key for one in receiver.asked} == {message.key}


def test_threads_that_are_stuck_do_not_pile_up(scene: Scene, receiver: WebReceiver) -> None:
    receiver.always = "hang"
    hook(scene, receiver)
    scene.fires(scene.rule(channels=["team"]), "pro")
    before = threading.active_count()
    sender = delivery(scene, patience=0.05)
    with ticking(sender.turn):
        until(lambda: len(receiver.asked) == 3)
        time.sleep(0.5)
    assert len(receiver.asked) == 3
    assert threading.active_count() - before <= 2 * 3 + 1  # of ours, and of the receiver's
    receiver.end.set()
    sender.stop()


def test_an_engine_that_starts_with_a_thousand_messages_to_a_dead_host_does_not_hammer_it(
    scene: Scene,
) -> None:
    with web() as dead:
        dead.always = 503
        hook(scene, dead)
        for at in range(40):
            scene.fires(scene.rule(name=f"rule {at}", channels=["team"]), *(f"s{n}" for n in range(1)))
        from sqlalchemy import insert, select

        from engine.control.delivery_tables import MessageRow

        with scene.control.begin() as session:
            [first] = session.execute(select(MessageRow).limit(1)).scalars()
            row = {column.name: getattr(first, column.name) for column in MessageRow.__table__.columns}
            del row["message_id"]
            session.execute(
                insert(MessageRow), [row | {"key": f"k{at}", "rule_id": 1000 + at} for at in range(960)]
            )
        slow = Policy(channel=Backoff(30, 600))
        for _ in range(5):  # each start sees that the channel rests
            sender = delivery(scene, policy=slow)
            with ticking(sender.turn):
                time.sleep(0.2)
            until(lambda: bool(dead.asked))
            sender.stop()
        assert len(dead.asked) == 1


def test_a_channel_that_is_well_again_gets_all_that_waited(scene: Scene, receiver: WebReceiver) -> None:
    receiver.todo = [503] * 3
    hook(scene, receiver)
    for at in range(25):
        scene.fires(scene.rule(name=f"rule {at}", channels=["team"]), "pro")
    settle(scene)
    assert len(receiver.taken) == 25
    assert len({one.key for one in receiver.taken}) == 25


def test_what_a_segment_resolved_meanwhile_is_said(scene: Scene, receiver: WebReceiver) -> None:
    hook(scene, receiver)
    pro, _ = scene.fires(scene.rule(channels=["team"]), "pro", "free")
    scene.set(pro, status="resolved")
    settle(scene)
    told = {one["segment"]: one["has_resolved"] for one in receiver.taken[0].json["alerts"]}
    assert told == {"pro": True, "free": False}
    assert "resolved meanwhile" in receiver.taken[0].json["text"]


@pytest.fixture
def everything_logged() -> Iterator[io.StringIO]:
    """What a program hears that wants to hear all."""
    root, stream = logging.getLogger(), io.StringIO()
    handler, level = logging.StreamHandler(stream), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_nothing_secret_is_logged_or_kept_as_a_reason(
    scene: Scene, receiver: WebReceiver, everything_logged: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    receiver.always = 500
    secrets = ["s3cr3t-path", "t0k3n-of-hook", "p4ss-word", "p4th-part", "qu3ry"]
    hook(scene, receiver, token="t0k3n-of-hook", signing="t0k3n-of-hook")
    url = f"json://user:p4ss-word@127.0.0.1:{receiver.port}/p4th-part?-x=qu3ry"
    scene.channel("apprise", "apprise", params={"url": url})
    gone = f"json://user:p4ss-word@127.0.0.1:{free_port()}/p4th-part"
    scene.channel("gone", "apprise", params={"url": gone})
    with mail() as mails:
        mails.always = "451 p4ss-word is not the word"
        post(scene, mails, user="ada", password="p4ss-word")
        scene.fires(scene.rule(channels=["team", "apprise", "gone", "mail"]), "pro")
        sender = delivery(scene)
        with ticking(sender.turn):
            until(lambda: all(one.attempts >= 2 and one.last_error for one in scene.messages()))
        sender.stop()
    logging.getLogger("holdfast.engine").warning("the log is read")
    written = everything_logged.getvalue() + "".join(capfd.readouterr())
    assert "the log is read" in written
    written += "".join(f"{one.last_error} {one.outcome} {one!r}" for one in scene.messages())
    assert [secret for secret in secrets if secret in written] == []
    assert {one.channel: one.last_error for one in scene.messages()} == {
        "team": "It answered 500: /•••/••• said 500.",
        "apprise": "It answered 500.",
        "gone": "It could not be reached: [Errno 111] Connection refused.",
        "mail": "It could not be reached: SMTP AUTH extension not supported by server.",
    }


def test_what_cannot_be_read_or_sent_by_is_dead_with_the_reason(scene: Scene, receiver: WebReceiver) -> None:
    from sqlalchemy import update

    from engine.control.delivery_tables import MessageRow

    hook(scene, receiver)
    scene.channel("old", "pigeon")
    scene.fires(scene.rule(channels=["old", "team"]), "pro")
    with scene.control.begin() as session:
        session.execute(update(MessageRow).where(MessageRow.channel == "team").values(payload={"what": "?"}))
    settle(scene, "dead")
    assert [one.outcome for one in scene.messages()] == [
        "There is no kind of channel 'pigeon'; there are apprise, email, slack, teams, webhook.",
        "It was written by another version, and cannot be read.",
    ]
    assert receiver.asked == []
