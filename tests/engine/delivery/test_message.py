from datetime import datetime
from html.parser import HTMLParser
from typing import Any

import pytest

from data.speech.figures import THIN
from engine.delivery.content import Content
from engine.delivery.outside import JOIN, tame
from engine.delivery.parcel import packed
from tests.engine.delivery.made import ADDRESS, HOSTILE, content, parcel, told


def plain(text: str) -> str:
    return text.replace(THIN, " ")


def test_a_message_says_what_happened_since_when_how_big_and_what_to_do() -> None:
    said = plain(parcel().text)
    for part in (
        "Activation rate of plan pro was 31.0 %, below 35.0 % in the week of 26 Oct 2026; usual is 42.0 %.",
        "https://holdfast.example/alerts?alert=1",
        "Rule: activation stalls: Activation rate falls below 35.0 %",
        "Firing since: 1 Oct 2026, 02:00 (Europe/Warsaw), 36 d ago",
        "Owner: Ewa & Co.",
        "What to do: Read https://wiki.example/activation_stalls first.\nThen call <support>.",
        "12 accounts signed up in the period and have not activated:",
        "and 10 more",
    ):
        assert part in said


@pytest.mark.parametrize(
    ("given", "subject"),
    [
        ({}, "[Warning] activation stalls: plan pro at 31.0 %, below 35.0 %"),
        ({"severity": "critical"}, "[Critical] activation stalls: plan pro at 31.0 %, below 35.0 %"),
        ({"what": "worse"}, "[Warning] activation stalls got worse: plan pro at 31.0 %, below 35.0 %"),
        ({"what": "repeat"}, "[Warning] activation stalls still fires: plan pro at 31.0 %, below 35.0 %"),
        ({"dimension": "all"}, "[Warning] activation stalls: at 31.0 %, below 35.0 %"),
        (
            {"name": "two\nlines\r\nBcc: eve@x"},
            "[Warning] two lines Bcc: eve@x: plan pro at 31.0 %, below 35.0 %",
        ),
    ],
)
def test_a_subject_is_one_line_that_says_it_all(given: dict[str, Any], subject: str) -> None:
    assert plain(parcel(**given).subject) == subject


def test_a_subject_of_many_names_the_worst() -> None:
    many = parcel(told(1, "pro"), told(2, "free"), told(3, "team"))
    assert (
        plain(many.subject)
        == "[Warning] activation stalls: 3 segments, plan pro worst at 31.0 %, below 35.0 %"
    )


def test_a_resolved_message_says_from_when_until_when_and_no_advice() -> None:
    found = parcel(told(value=0.42, beyond=0.0), what="resolved")
    assert plain(found.subject) == "[Resolved] activation stalls: plan pro is back at 42.0 %"
    said = plain(found.text)
    assert "Activation rate of plan pro is back at 42.0 % in the week of 26 Oct 2026" in said
    assert "Fired: from 1 Oct 2026, 02:00 (Europe/Warsaw) until 5 Nov 2026, 13:00" in said
    assert "What to do" not in said


def test_what_no_period_brought_about_is_explained() -> None:
    ended = parcel(told(because="rule_changed"), what="resolved")
    assert "The alert on Activation rate of plan pro is over: the rule was changed." in ended.text
    assert ended.subject == "[Resolved] activation stalls: plan pro, the rule was changed"
    assert "Because: figures of the past came in late" in parcel(told(because="history_filled")).text
    assert "Because" not in parcel(told(because="held")).text


def test_a_figure_above_its_bound_and_one_that_is_missing_have_their_words() -> None:
    high = told(value=1_240_000.0, low=None, high=1_000_000.0, usual=None)
    assert "$1.24M, above $1.00M" in parcel(high, unit="money").text
    gone = told(value=None, low=None, usual=None)
    assert "Activation rate of plan pro has no figure" in parcel(gone, condition="has no figure").text


def test_all_segments_are_listed_up_to_fifty_the_rest_counted() -> None:
    found = parcel(*(told(at, f"segment {at}") for at in range(1, 61)))
    assert "plan segment 50 " in found.text
    assert "plan segment 51 " not in found.text
    for form in (found.text, found.html, found.markdown):
        assert "and 10 more" in form
        assert "alerts?alert=1" in form
    assert len(found.facts["alerts"]) == 60


@pytest.mark.parametrize(
    ("alerts", "given", "subject"),
    [
        (1, {}, "[Ostrzeżenie] activation stalls: plan: pro, 31,0%, poniżej 35,0%"),
        (1, {"what": "resolved"}, "[Rozwiązany] activation stalls: plan: pro, znów 31,0%, poniżej 35,0%"),
        (3, {}, "[Ostrzeżenie] activation stalls: 3 segmenty, najgorzej plan: pro: 31,0%, poniżej 35,0%"),
        (5, {}, "[Ostrzeżenie] activation stalls: 5 segmentów, najgorzej plan: pro: 31,0%, poniżej 35,0%"),
        (
            1,
            {"what": "repeat"},
            "[Ostrzeżenie] activation stalls, alert wciąż aktywny: plan: pro, 31,0%, poniżej 35,0%",
        ),
    ],
)
def test_a_message_in_polish_counts_and_writes_as_polish_does(
    alerts: int, given: dict[str, Any], subject: str
) -> None:
    found = parcel(*(told(at) for at in range(alerts)), language="pl", **given)
    assert plain(found.subject) == subject
    assert found.html.startswith('<html lang="pl">')


def test_a_polish_message_says_since_when_by_the_clock_and_the_calendar() -> None:
    said = plain(parcel(told(value=1234.5, low=2000.0), language="pl", unit="money", currency="PLN").text)
    assert "1,23 tys. zł, poniżej 2,00 tys. zł" in said
    assert "Aktywny od: 1 paź 2026, 02:00 (Europe/Warsaw), 36 dni temu" in said
    assert "12 kont: rejestracja w tym okresie, bez aktywacji:" in said


def test_a_message_of_before_there_were_languages_is_english() -> None:
    stored = content().stored
    del stored["language"]
    del stored["alerts"][0]["behind"]["step"]
    assert Content.read(stored) == content()


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links |= {value or "" for name, value in attrs if name in ("href", "src")}


def test_hostile_names_are_shown_and_nothing_else() -> None:
    hostile = parcel(told(1, HOSTILE), told(2, "free"), owner=HOSTILE, name=HOSTILE)
    seen = Tags()
    seen.feed(hostile.html)
    assert seen.tags <= {
        "html",
        "body",
        "div",
        "p",
        "b",
        "a",
        "img",
        "table",
        "tr",
        "th",
        "td",
        "ul",
        "li",
        "br",
    }
    assert {link for link in seen.links if "holdfast" not in link} <= {
        "cid:trend.png", "https://wiki.example/activation_stalls", "https://evil.example",
    }  # fmt: skip


@pytest.mark.parametrize(
    "name", [HOSTILE, "a\u202egnp.exe", "x\x00y", "l" * 500, "two\nlines", "@here", "a@b.example"]
)
def test_a_name_from_outside_is_one_short_line_that_calls_nobody(name: str) -> None:
    seen = tame(name)
    assert len(seen) <= 90
    assert not set("<>\n\x00\u202e") & set(seen)
    assert "://" not in seen
    assert not seen.startswith("@h")
    assert ("a@b.example" in seen) == ("a@b.example" in name)
    assert seen.replace(JOIN, "")[:1] == name.replace("<", "‹").replace("@", "@")[:1]


def test_markdown_takes_nothing_from_names_for_markup() -> None:
    said = parcel(told(segment=HOSTILE)).markdown
    assert r"\*bold\*" in said
    assert "[click]" not in said
    assert "<at>" not in said
    assert "[https://wiki\\.example/activation\\_stalls](https://wiki.example/activation_stalls)" in said


def test_a_mail_without_a_picture_does_not_refer_to_one() -> None:
    assert "cid:" in parcel().html
    assert "cid:" not in parcel(picture=None).html


def test_what_is_stored_is_read_back_as_it_was() -> None:
    made = content(told(), told(2, "free", behind=None, trend=()))
    assert Content.read(made.stored) == made


def test_facts_are_in_utc_and_hold_the_picture() -> None:
    body = packed(content(), "k3y", ADDRESS, b"\x89PNG").body
    assert body["alerts"][0]["since"] == "2026-10-01T00:00:00Z"
    assert body["picture"] == {"name": "trend.png", "type": "image/png", "base64": "iVBORw=="}
    assert datetime.fromisoformat(body["written_at"])
