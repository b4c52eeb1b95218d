import json
from collections.abc import Iterator

import pytest

from data.errors import BadInput, Conflict, GiveUp, TryAgain
from data.settings import Settings
from engine.control.audit import audit
from engine.control.store import Control
from engine.desk import channels as desk
from engine.desk.channels import Hours, Route
from engine.forms import answers_of
from tests.engine.delivery.receivers import WebReceiver, web
from tests.engine.delivery.scene import Scene

SECRET = "https://example.com/hooks/s3cr3t"
NIGHT = Hours("Europe/Warsaw", "22:00", "07:00")


@pytest.fixture
def receiver() -> Iterator[WebReceiver]:
    with web() as found:
        yield found


def create(settings: Settings, name: str = "team", **more: object) -> None:
    desk.create_channel(settings, name, "webhook", {"url": SECRET, "token": "t0k3n"}, who="ada", **more)  # type: ignore[arg-type]


def test_a_channel_is_shown_without_its_secrets(settings: Settings) -> None:
    create(settings, hours=NIGHT)
    found = desk.channels(settings)["team"]
    assert (found.kind, found.title, found.reaches, found.hours) == (
        "webhook",
        "Webhook",
        "example.com",
        NIGHT,
    )
    assert (dict(found.answers), found.secrets) == ({}, ("signing", "token", "url")[1:])
    assert "s3cr3t" not in repr(found)


def test_every_kind_is_asked_for_by_a_form() -> None:
    kinds = desk.channel_kinds()
    secrets = {
        name: [one.name for one in kind.questions if one.kind == "secret"] for name, kind in kinds.items()
    }
    assert secrets == {
        "apprise": ["url"], "email": ["password"], "slack": ["webhook", "token"],
        "teams": ["webhook"], "webhook": ["url", "token", "signing"],
    }  # fmt: skip
    texts = {"host": "smtp.example.com", "sender": "a@example.com", "to": "x@example.com\ny@example.com"}
    answers = answers_of(kinds["email"].questions, texts | {"security": "tls", "verify": True})
    assert answers["to"] == ("x@example.com", "y@example.com")


def test_the_first_channel_gets_all_that_no_rule_directs_and_the_second_does_not(settings: Settings) -> None:
    create(settings)
    create(settings, "other")
    assert desk.routes(settings) == [Route(None, None, None, ("team",))]


def test_a_secret_that_is_not_given_stays_and_one_that_is_forgotten_goes(settings: Settings) -> None:
    create(settings)
    desk.change_channel(settings, "team", {"signing": "s1gn"}, version=1, hours=NIGHT, who="bo")
    assert desk.channels(settings)["team"].secrets == ("signing", "token", "url")
    desk.change_channel(settings, "team", {}, version=2, hours=NIGHT, who="bo", forget=["token"])
    found = desk.channels(settings)["team"]
    assert (found.secrets, found.version) == (("signing", "url"), 3)


def test_who_saw_an_older_version_overwrites_nothing(settings: Settings) -> None:
    create(settings)
    desk.change_channel(settings, "team", {}, version=1, hours=NIGHT, who="bo")
    with pytest.raises(Conflict, match="bo changed the channel 'team' meanwhile") as clash:
        desk.change_channel(settings, "team", {}, version=1, hours=Hours("UTC"), who="cy")
    assert (clash.value.author, clash.value.version) == ("bo", 2)
    assert desk.channels(settings)["team"].hours == NIGHT


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (Hours("Mars"), "zone: 'Mars' is not an IANA time zone"),
        (Hours("UTC", "22:00"), "need both"),
        (Hours("UTC", "22:00", "22:00"), "are none"),
        (Hours("UTC", "25:00", "07:00"), "quiet_from = '25:00' is not allowed"),
        (Hours("UTC", "22:00", "7"), "quiet_until = '7' is not allowed"),
    ],
)
def test_hours_that_cannot_be_are_refused(settings: Settings, hours: Hours, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        create(settings, hours=hours)
    assert desk.channels(settings) == {}


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "two\nlines", "\x1b[31m"])
def test_a_name_is_one_short_line(settings: Settings, name: str) -> None:
    with pytest.raises(BadInput, match="cannot be called"):
        create(settings, name)


def test_a_name_is_taken_once(settings: Settings) -> None:
    create(settings)
    with pytest.raises(BadInput, match="There is a channel 'team' already"):
        create(settings)


def test_a_removed_channel_is_in_no_route_and_its_name_is_free(settings: Settings) -> None:
    create(settings)
    create(settings, "other")
    both = [Route("critical", None, None, ("team", "other")), Route(None, None, None, ("team",))]
    desk.set_routes(settings, both, who="ada")
    desk.remove_channel(settings, "team", who="ada")
    assert desk.routes(settings) == [Route("critical", None, None, ("other",))]
    create(settings)


def test_routes_lead_somewhere_and_nobody_overwrites_unseen(settings: Settings) -> None:
    create(settings)
    seen = desk.routes(settings)
    for wrong, said in (
        (Route(None, None, None, ("gone",)), "leads to 'gone'"),
        (Route(None, None, None, ()), "leads to no channel"),
        (Route("loud", None, None, ("team",)), "severity = 'loud'"),
    ):
        with pytest.raises(BadInput, match=said):
            desk.set_routes(settings, [wrong], who="ada")
    fresh = [Route("critical", None, None, ("team",))]
    desk.set_routes(settings, fresh, who="ada", instead_of=seen)
    with pytest.raises(BadInput, match="changed the routes meanwhile"):
        desk.set_routes(settings, [], who="bo", instead_of=seen)
    assert desk.routes(settings) == fresh


def test_the_audit_trail_says_who_did_what_and_holds_no_secret(settings: Settings) -> None:
    create(settings)
    desk.change_channel(settings, "team", {"signing": "s1gn-s3cr3t"}, version=1, hours=NIGHT, who="bo")
    desk.pause_channel(settings, "team", is_paused=True, who="cy", reason="holiday")
    desk.pause_channel(settings, "team", is_paused=True, who="cy")
    desk.remove_channel(settings, "team", who="di")
    entries = audit(Control.open(settings))[::-1]
    assert [(one.who, one.action, one.subject) for one in entries] == [
        ("ada", "created", "channel:team"),
        ("ada", "changed", "routes"),
        ("bo", "changed", "channel:team"),
        ("cy", "paused", "channel:team"),
        ("di", "removed", "channel:team"),
    ]
    written = json.dumps([(one.before, one.after) for one in entries])
    assert "s3cr3t" not in written
    assert "t0k3n" not in written
    assert entries[2].after is not None
    assert entries[2].after["secrets"] == ["signing", "token", "url"]


def test_a_test_message_says_what_became_of_it(settings: Settings, receiver: WebReceiver) -> None:
    desk.create_channel(settings, "team", "webhook", {"url": receiver.url}, who="ada")
    receiver.todo = [404, 503]
    with pytest.raises(GiveUp, match=r"was refused\. It answered 404"):
        desk.send_test(settings, "team", who="ada")
    with pytest.raises(TryAgain, match=r"did not arrive\. It answered 503"):
        desk.send_test(settings, "team", who="ada")
    said = desk.send_test(settings, "team", who="ada")
    assert said == "A test message was handed over to 127.0.0.1: answered 200."
    [posted] = receiver.taken
    assert posted.json["subject"] == "[Test] Holdfast reaches you by the channel team"
    assert "This is a test of the channel 'team'" in posted.json["text"]
    last = audit(Control.open(settings), "channel:team")[0]
    assert (last.action, last.after) == ("tested", {"outcome": "answered 200", "arrived": True})


def test_a_test_message_is_written_in_the_language_of_its_channel(
    settings: Settings, receiver: WebReceiver
) -> None:
    desk.create_channel(settings, "team", "webhook", {"url": receiver.url}, who="ada", language="pl")
    said = desk.send_test(settings, "team", who="ada")
    assert said == "A test message was handed over to 127.0.0.1: answered 200."  # to whoever asked for it
    [posted] = receiver.taken
    assert posted.json["subject"] == "[Próba] Holdfast dociera do Ciebie kanałem team"
    assert "Wskaźnik aktywacji" in posted.json["text"]


def test_a_channel_keeps_its_language_until_another_is_chosen(settings: Settings) -> None:
    desk.create_channel(settings, "team", "webhook", {"url": "http://127.0.0.1:9/"}, who="ada", language="pl")
    hours = Hours("UTC")
    desk.change_channel(settings, "team", {}, version=1, hours=hours, who="ada")
    assert desk.channels(settings)["team"].language == "pl"
    desk.change_channel(settings, "team", {}, version=2, hours=hours, who="ada", language="en")
    assert desk.channels(settings)["team"].language == "en"
    with pytest.raises(BadInput, match="language = 'tlh'"):
        desk.change_channel(settings, "team", {}, version=3, hours=hours, who="ada", language="tlh")


def test_messages_are_shown_with_their_words_and_those_given_up_are_tried_again(
    settings: Settings, receiver: WebReceiver
) -> None:
    from engine.control import outbox
    from engine.delivery.sending import LEASE

    scene = Scene(settings, Control.open(settings))
    channel_id = scene.channel("team", params={"url": receiver.url})
    [alert_id] = scene.fires(scene.rule(channels=["team"]), "pro")
    message = outbox.claim(scene.control, channel_id, scene.now, LEASE)
    assert message is not None
    outbox.refuse(scene.control, message, "It answered 404.")
    [shown] = desk.messages(settings, "dead")
    assert (shown.rule, shown.alert_ids, shown.outcome) == (
        "activation stalls",
        (alert_id,),
        "It answered 404.",
    )
    assert "plan pro at 25.0" in shown.subject
    assert "What to do" in shown.text
    assert desk.channels(settings)["team"].dead == 1
    desk.retry_message(settings, shown.message_id, who="ada")
    assert desk.messages(settings, "dead") == []
    assert desk.channels(settings)["team"].waiting == 1
    with pytest.raises(BadInput, match="only what is dead or dropped"):
        desk.retry_message(settings, shown.message_id, who="ada")


def test_a_channel_of_a_kind_that_is_gone_is_shown_and_can_be_removed(settings: Settings) -> None:
    scene = Scene(settings, Control.open(settings))
    scene.channel("old", "pigeon", params={"loft": "s3cr3t"})
    scene.channel("odd", "webhook", params={"url": "s3cr3t"})
    found = desk.channels(settings)
    assert found["old"].reaches.startswith("nobody: there is no such kind")
    assert found["odd"].reaches.startswith("nobody: Webhook does not accept this: 'url' must be an address")
    assert "s3cr3t" not in repr(found)
    desk.remove_channel(settings, "old", who="ada")
