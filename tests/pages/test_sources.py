"""The Sources page over real editions, in this process: what it says, in which state."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine import desk, lateness, sources
from metrics import read
from pages.parts.numbers import Brought
from pages.parts.sources import aside
from pages.parts.sources.standing import Times, state_of
from tests.pages.connected import UNREADABLE, UNTIMELY
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
PAGE = "set_up/sources.py"
NOON = datetime(2026, 11, 23, 12)
HOUR = timedelta(hours=1)


def opened(app: AppTest, name: str) -> AppTest:
    return go(app, PAGE).selectbox(key="source").select(name).run()


def row_of(text: str, name: str) -> str:
    return text.split(f'data-open="{name}"')[1].split("</tr>", maxsplit=1)[0]


def test_a_home_without_sources_says_how_to_begin(open_menu: Open, tmp_path: Path) -> None:
    app = go(open_menu(tmp_path / "empty"), PAGE)
    assert not app.exception
    assert "No source is set up and nothing was imported yet" in said(app)


def test_imported_files_are_a_source_that_is_never_late(open_menu: Open, company: Path) -> None:
    text = said(go(open_menu(company), PAGE))
    assert "Imported" in row_of(text, "files")
    assert "Imported files" in text


def test_every_source_has_a_row_with_its_state(
    open_menu: Open, connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Soon after: the company may have been made long before this test's turn."""
    settings = Settings(home=connected)
    found = read.edition(settings, read.current(settings) or "").as_of
    monkeypatch.setattr("engine.clock.now", lambda: found + timedelta(minutes=1))
    text = said(go(open_menu(connected), PAGE))
    assert "</i>Late</span>" in row_of(text, "app")
    assert "</i>Receiving</span>" in row_of(text, "billing")
    assert "</i>Nothing yet</span>" in row_of(text, "new")
    assert "4 sources: 1 late, 1 receiving, 1 imported, 1 nothing yet" in text


def test_a_row_counts_what_waits_and_what_was_set_aside(open_menu: Open, connected: Path) -> None:
    text = said(go(open_menu(connected), PAGE))
    assert f'<td class="hf-aside">{UNREADABLE + UNTIMELY}</td>' in row_of(text, "app")
    assert '<td>1</td><td class="hf-nought">0</td>' in row_of(text, "billing")


def test_a_late_source_marks_the_metrics_made_of_what_it_brings(open_menu: Open, connected: Path) -> None:
    text = said(open_menu(connected).run())
    cards = {card.split("<button")[0]: card for card in text.split('<section class="hf-card">')[1:]}
    marked = [name for name in cards if "app is late: nothing came for 3\u00a0h." in name]
    assert any("Activation rate" in name for name in marked)
    assert not any(">MRR" in name for name in marked)


def test_a_silence_that_the_settings_allow_marks_nothing(
    open_menu: Open, connected: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOLDFAST_SOURCES", json.dumps({"app": {"late_after_minutes": 0}}))
    app = open_menu(connected).run()
    assert "app is late" not in said(app)
    assert "</i>Quiet</span>" in row_of(said(go(app, PAGE)), "app")


def test_a_source_switched_off_is_not_late(open_menu: Open, connected: Path, tmp_path: Path) -> None:
    shutil.copytree(connected, tmp_path / "home")
    sources.switch_source(Settings(home=tmp_path / "home"), "app", on=False)
    app = open_menu(tmp_path / "home")
    assert "</i>Off</span>" in row_of(said(go(app, PAGE)), "app")
    assert "app is late" not in said(app)


def test_an_opened_source_shows_its_shapes_and_waits_for_its_first_event(
    open_menu: Open, connected: Path
) -> None:
    app = opened(open_menu(connected), "app")
    assert not app.exception
    assert "Connected." in said(app)
    assert "<th>events</th>" in said(app)
    assert "segment <small>unreadable</small>" in said(app)
    assert "Waiting for the first event" in said(opened(open_menu(connected), "new"))


def test_rows_set_aside_come_in_pages_and_by_reason(open_menu: Open, connected: Path) -> None:
    app = opened(open_menu(connected), "app")
    assert said(app).count('data-open="fix:') == aside.PAGE
    reasons = app.selectbox(key="sources_fault")
    assert reasons.options[1].startswith(f"{UNREADABLE} × segment")
    reasons.select("1").run()
    assert said(app).count('data-open="fix:') == UNTIMELY
    assert "Replay 5" in [button.label for button in app.button]


def test_what_came_in_is_text_and_never_markup(open_menu: Open, connected: Path) -> None:
    app = opened(open_menu(connected), "app")
    app.selectbox(key="sources_fault").select("1").run()
    (rows,) = [table for table in said(app).split("</table>") if 'class="hf-table hf-rows"' in table]
    assert "<b>" not in rows.split('class="hf-table hf-rows"')[1]
    assert "&lt;b&gt;" in said(app)


def test_a_source_without_a_secret_says_that_all_is_refused(open_menu: Open, connected: Path) -> None:
    app = opened(open_menu(connected), "billing")
    assert "Not set yet: every delivery is refused." in said(app)
    (send,) = [button for button in app.button if button.label == "Send a test delivery"]
    assert send.disabled
    assert "/webhooks/stripe/billing" in app.code[0].value


def test_a_new_key_is_shown_once_and_stands_in_the_snippet(
    open_menu: Open, connected: Path, tmp_path: Path
) -> None:
    shutil.copytree(connected, tmp_path / "home")
    app = opened(open_menu(tmp_path / "home"), "app")
    assert "YOUR_WRITE_KEY" in app.code[0].value
    app.button(key="sources_do_key").click().run()
    snippet, key = (code.value for code in app.code)
    assert key in snippet
    assert key.startswith("hf_")
    app.button(key="sources_copied").click().run()
    assert [key in code.value for code in app.code] == [False]


def test_an_inbox_that_cannot_be_read_is_said_in_a_sentence(
    open_menu: Open, company: Path, tmp_path: Path
) -> None:
    shutil.copytree(company, tmp_path / "home")
    (tmp_path / "home" / "inbox.sqlite").write_bytes(b"not a database at all, but long enough" * 50)
    app = open_menu(tmp_path / "home").run()
    assert not app.exception
    assert "The inbox" in go(app, PAGE).error[0].value


def brought(facts: int = 3, quarantined: int = 0, before: timedelta = HOUR) -> Brought:
    return Brought(facts, 3, 3, 0, 0, quarantined, NOON - before, NOON - before, None)


def added(*, enabled: bool = True, error: str | None = None) -> desk.Source:
    return desk.Source("app", "segment", enabled, NOON, False, {}, None, error, False)


@pytest.mark.parametrize(
    ("source", "came", "after", "word"),
    [
        (added(enabled=False), brought(), HOUR / 2, "Off"),
        (added(error="no answer"), brought(before=HOUR / 60), None, "Failing"),
        (added(), None, HOUR, "Nothing yet"),
        (added(), brought(facts=0, quarantined=3), None, "Failing"),
        (added(), brought(), HOUR / 2, "Late"),
        (added(), brought(before=HOUR / 60), HOUR, "Receiving"),
        (added(), brought(), HOUR * 2, "Quiet"),
        (None, brought(), None, "Imported"),
    ],
)
def test_the_most_important_thing_is_its_state(
    source: desk.Source | None, came: Brought | None, after: timedelta | None, word: str
) -> None:
    assert state_of(source, came, after, Times(NOON, NOON), by_hand=source is None).word == word


def test_what_waits_in_the_inbox_makes_no_source_late() -> None:
    assert state_of(added(), brought(), HOUR / 2, Times(NOON, NOON - HOUR)).word == "Quiet"


@pytest.mark.parametrize(
    ("text", "wrong"), [('{"a": 1}', None), ("[1]", "A row is a JSON object"), ("{", "This is not JSON")]
)
def test_a_correction_is_a_json_object(text: str, wrong: str | None) -> None:
    found = aside.fault_in(text)
    assert found is None if wrong is None else found is not None and found.startswith(wrong)


def test_kinds_whose_facts_come_as_files_are_known_ways() -> None:
    assert set(lateness.FILES) <= sources.ways().keys()
