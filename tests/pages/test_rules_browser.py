"""The Rules page in a real browser, while data streams in and other leads decide."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from data.settings import Settings
from engine.desk import people, rules
from tests.pages.alarmed import HOSTILE, OVER, PENDING
from tests.pages.browsing import AS_OF, PATIENCE, SETTLED, SIDEWAYS, as_of, tab, visit
from tests.pages.company import account, stamp, write
from tests.pages.serving import Server, engine, serve
from tests.pages.test_rules import id_of

pytestmark = pytest.mark.browser
BEN = "Ben <b>"


@pytest.fixture(scope="module")
def served(alarmed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with its engine over a copy of the company with rules; each test has a rule of its own."""
    base = tmp_path_factory.mktemp("rules")
    shutil.copytree(alarmed, base / "home")
    with serve(base / "home", base / "log") as running:
        yield running


def made(server: Server, name: str, **changed: Any) -> int:
    """A rule for a test to change."""
    given = {
        "name": name,
        "metric": "active_accounts",
        "grain": "week",
        "dimension": "region",
        "params": {"below": 15.0, "periods": 2},
        "owner": "Mara",
    }
    return rules.create_rule(Settings(home=server.home), given | changed, who="Mara")


def opened(browser: Browser, server: Server, rule: int | str, *, width: int = 1440) -> Page:
    page = visit(browser, f"{server.url}/rules?rule={rule}", width=width)
    expect(page.locator(".hf-score").first).to_be_visible(timeout=PATIENCE)
    page.evaluate("() => { window.sameDocument = true }")
    return page


def threshold(page: Page) -> Locator:
    return page.locator("[class*=st-key-rules_threshold_] input:visible").first


def type_into(field: Locator, text: str) -> None:
    field.fill(text)
    field.press("Enter")


def new_edition(server: Server, page: Page, number: int, folder: Path) -> None:
    """Facts come in, and the page shows the edition that has them."""
    shown = as_of(page)
    now = datetime.now(UTC)
    write(folder, "accounts", [account(number, now)])
    visited = {"account_id": f"acc-{number}", "occurred_at": stamp(now), "name": "visited"}
    write(folder, "events", [{"event_id": f"new-{number}", **visited}])
    engine(server.home, "import", str(folder))
    expect(page.locator(AS_OF)).not_to_contain_text(shown, timeout=PATIENCE)


def save(page: Page, reason: str) -> None:
    page.locator(".st-key-rules_save button:visible").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why?").fill(reason)
    dialog.get_by_role("button", name="Save", exact=True).click()


def saved(server: Server, rule_id: int) -> rules.RuleView:
    return rules.rule(Settings(home=server.home), rule_id)


def change(server: Server, rule_id: int, **changed: Any) -> None:
    """Another lead saves the rule."""
    view = saved(server, rule_id)
    given = view.rule.model_dump() | changed
    rules.change_rule(
        Settings(home=server.home), rule_id, given, version=view.version, who=BEN, reason="too many"
    )


def held(page: Page) -> tuple[Locator, float, float, float]:
    """The slider with its knob held down; where it is held, and how wide it is."""
    slider = page.locator(".drag input")
    expect(slider).to_have_attribute("max", re.compile("."), timeout=PATIENCE)  # it has come to life
    least, most = (float(slider.get_attribute(name) or 0) for name in ("min", "max"))
    share = (float(slider.input_value()) - least) / (most - least)
    box = slider.bounding_box()
    assert box is not None
    place = 9 + (box["width"] - 18) * share
    slider.hover(position={"x": place, "y": box["height"] / 2})  # once it stands still, and in sight
    page.mouse.down()
    found = slider.bounding_box()
    assert found is not None
    return slider, found["x"] + place, found["y"] + found["height"] / 2, found["width"]


def test_the_rehearsal_is_redrawn_while_the_threshold_is_dragged(browser: Browser, served: Server) -> None:
    page = opened(browser, served, made(served, "dragged"))
    slider, x, y, width = held(page)
    page.mouse.move(x + width / 8, y, steps=4)
    expect(page.locator(".hf-score")).to_contain_text("The saved rule", timeout=PATIENCE)  # still held
    first = page.locator(".hf-score").inner_text()
    page.mouse.move(x + width / 3, y, steps=6)
    expect(page.locator(".hf-score")).not_to_have_text(first, timeout=PATIENCE)
    page.mouse.up()
    expect(threshold(page)).to_have_value(slider.input_value(), timeout=PATIENCE)
    expect(page.locator(".st-key-rules_save button:visible")).to_be_enabled()


def test_a_slow_page_does_not_take_the_slider_back(browser: Browser, served: Server) -> None:
    """Answers that come after seconds, when the next was told long ago, are not taken for the newest."""
    page = tab(browser)
    late = Late(page)
    page.route_web_socket(re.compile("_stcore/stream"), late.connect)
    page.goto(f"{served.url}/rules?rule={made(served, 'slow')}")
    expect(page.locator(".hf-score").first).to_be_visible(timeout=PATIENCE)
    slider, x, y, width = held(page)
    late.is_holding = True
    page.mouse.move(x + width / 8, y)
    while not late.has_drawn():
        page.wait_for_timeout(50)  # lets the messages come in
    page.mouse.move(x + width / 3, y)
    page.mouse.up()
    let_go = slider.input_value()
    page.evaluate("() => { window.since = performance.now() }")
    page.wait_for_function("() => performance.now() - window.since > 2000")  # longer than the slider waits
    late.flow()
    expect(threshold(page)).to_have_value(let_go, timeout=PATIENCE)
    assert slider.input_value() == let_go


class Late:
    """Holds back what the server says, until it flows again."""

    def __init__(self, tab: Page) -> None:
        self.tab, self.is_holding = tab, False
        self.held: list[str | bytes] = []

    def connect(self, page: WebSocketRoute) -> None:
        self.page, server = page, page.connect_to_server()
        page.on_message(server.send)
        server.on_message(self.said)

    def said(self, message: str | bytes) -> None:
        if self.is_holding:
            self.held.append(message)
        else:
            self.page.send(message)

    def has_drawn(self) -> bool:
        return any(
            ForwardMsg.FromString(message).HasField("script_finished")
            for message in self.held
            if isinstance(message, bytes)
        )

    def flow(self) -> None:
        """One after the other, each drawn by itself."""
        while self.held:
            self.page.send(self.held.pop(0))
            self.tab.wait_for_timeout(50)
        self.is_holding = False


def test_a_threshold_is_changed_and_saved_with_its_reason(browser: Browser, served: Server) -> None:
    rule_id = made(served, "saved")
    page = opened(browser, served, rule_id)
    type_into(threshold(page), "18")
    expect(page.locator(".hf-score")).to_contain_text("The saved rule", timeout=PATIENCE)
    page.locator(".st-key-rules_save button:visible").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".hf-diff")).to_contain_text("Falls below", timeout=PATIENCE)
    expect(dialog.locator(".hf-sub").first).to_contain_text("firings")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(dialog.locator(".hf-wrong")).to_contain_text("Say why", timeout=PATIENCE)
    dialog.get_by_label("Why?").fill("we grew")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    expect(page.locator(".st-key-rules_save button:visible")).to_be_disabled(timeout=PATIENCE)
    expect(threshold(page)).to_have_value("18")
    view = saved(served, rule_id)
    assert (view.version, view.rule.params["below"], view.changed_by) == (2, 18.0, people.who())
    assert rules.versions(Settings(home=served.home), rule_id)[0].reason == "we grew"


def test_nothing_is_lost_or_closed_while_data_streams_in(
    browser: Browser, served: Server, tmp_path: Path
) -> None:
    page = opened(browser, served, made(served, "streamed"))
    type_into(threshold(page), "17")
    expect(page.locator(".hf-score")).to_contain_text("The saved rule", timeout=PATIENCE)
    owner = page.locator("[class*=st-key-rules_owner] input")
    page.get_by_text("Whom it tells, and what to do").click()
    owner.fill("Ann")
    about = page.locator("[class*=st-key-rules_about] textarea")
    about.click()
    about.press_sequentially("half a sent")  # and not committed
    new_edition(served, page, 910, tmp_path / "one")
    expect(threshold(page)).to_have_value("17")
    expect(owner).to_have_value("Ann")
    expect(about).to_have_value("half a sent")
    expect(about).to_be_visible()
    about.press_sequentially("ence")
    page.locator(".st-key-rules_save button:visible").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why?").fill("a reason that is still being ty")
    engine(served.home, "refresh")
    page.wait_for_timeout(2000)  # a page that reruns under a dialog would have by now
    expect(dialog.get_by_label("Why?")).to_have_value("a reason that is still being ty")
    dialog.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    view = next(each for each in rules.rules(Settings(home=served.home)) if each.rule.name == "streamed")
    assert (view.rule.params["below"], view.rule.owner) == (17.0, "Ann")
    assert view.rule.about == "half a sentence"
    assert page.evaluate("() => window.sameDocument")


def test_the_second_lead_sees_what_the_first_changed_and_keeps_both(
    browser: Browser, served: Server, tmp_path: Path
) -> None:
    rule_id = made(served, "both")
    page = opened(browser, served, rule_id)
    type_into(threshold(page), "16")
    change(served, rule_id, severity="critical")
    new_edition(served, page, 920, tmp_path / "two")
    expect(page.locator(".hf-news")).to_contain_text(f"{BEN} saved version 2", timeout=PATIENCE)
    expect(threshold(page)).to_have_value("16")
    save(page, "mine")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".hf-fix")).to_contain_text(f"{BEN} saved version 2", timeout=PATIENCE)
    expect(dialog.locator(".hf-diff")).to_contain_text("Critical")
    assert saved(served, rule_id).version == 2
    dialog.get_by_label("Why?").fill("both")
    dialog.get_by_role("button", name="Keep both").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    view = saved(served, rule_id)
    assert (view.version, view.rule.params["below"], view.rule.severity) == (3, 16.0, "critical")
    expect(threshold(page)).to_have_value("16", timeout=PATIENCE)


def test_of_two_values_for_one_thing_somebody_has_to_choose(browser: Browser, served: Server) -> None:
    rule_id = made(served, "clash")
    page = opened(browser, served, rule_id)
    type_into(threshold(page), "16")
    expect(page.locator(".st-key-rules_save button:visible")).to_be_enabled(timeout=PATIENCE)
    change(served, rule_id, params={"below": 12.0, "periods": 2})
    save(page, "mine")
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("tr.hf-clash")).to_contain_text("Falls below", timeout=PATIENCE)
    expect(dialog.get_by_role("button", name="Keep both")).to_have_count(0)
    assert saved(served, rule_id).rule.params["below"] == 12.0
    dialog.get_by_label("Why?").fill("I am sure")
    dialog.get_by_role("button", name="Put mine on top").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    known = rules.versions(Settings(home=served.home), rule_id)
    assert [(each.version, each.author, each.rule.params["below"]) for each in known] == [
        (3, people.who(), 16.0),
        (2, BEN, 12.0),
        (1, "Mara", 15.0),
    ]


def test_theirs_can_be_taken(browser: Browser, served: Server) -> None:
    rule_id = made(served, "theirs")
    page = opened(browser, served, rule_id)
    type_into(threshold(page), "16")
    expect(page.locator(".st-key-rules_save button:visible")).to_be_enabled(timeout=PATIENCE)
    change(served, rule_id, params={"below": 11.0, "periods": 2})
    save(page, "mine")
    page.get_by_role("dialog").get_by_role("button", name="Take theirs").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    expect(threshold(page)).to_have_value("11", timeout=PATIENCE)
    assert saved(served, rule_id).version == 2


def test_a_new_rule_is_made_and_opened(browser: Browser, served: Server) -> None:
    page = visit(browser, f"{served.url}/rules")
    page.locator(".st-key-rules_new button:visible").click()
    page.wait_for_url("**rule=new*")
    expect(page.locator(".hf-score")).to_be_visible(timeout=PATIENCE)
    page.get_by_placeholder("What is this rule called?").fill("made here")
    expect(page.locator(".st-key-rules_save button:visible")).to_be_enabled(timeout=PATIENCE)
    save(page, "")
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    rule_id = id_of(served.home, "made here")
    page.wait_for_url(f"**rule={rule_id}*")
    expect(page.locator("li[aria-current]")).to_contain_text("made here", timeout=PATIENCE)


def test_a_version_is_brought_back(browser: Browser, served: Server) -> None:
    rule_id = made(served, "restored")
    change(served, rule_id, params={"below": 3.0, "periods": 2})
    page = opened(browser, served, rule_id)
    page.get_by_role("tab", name="History").click()
    page.locator("[data-open='version:1']").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".hf-diff")).to_contain_text("Falls below", timeout=PATIENCE)
    dialog.get_by_role("button", name="Restore it").click()
    expect(page.locator(".hf-versions")).to_contain_text("version 1 restored", timeout=PATIENCE)
    assert saved(served, rule_id).rule.params["below"] == 15.0
    page.get_by_role("tab", name="Rule", exact=True).click()
    expect(threshold(page)).to_have_value("15", timeout=PATIENCE)


def test_a_rule_is_removed_only_after_a_question(browser: Browser, served: Server) -> None:
    rule_id = made(served, "removed")
    page = opened(browser, served, rule_id)
    page.locator(".st-key-rules_remove button:visible").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("cannot be undone", timeout=PATIENCE)
    dialog.get_by_role("button", name="Remove it").click()
    expect(page.get_by_text("How a rule lives")).to_be_visible(timeout=PATIENCE)
    assert rule_id not in [view.rule_id for view in rules.rules(Settings(home=served.home))]


def test_rules_go_out_and_in_as_toml_with_a_look_at_what_changes(
    browser: Browser, served: Server, tmp_path: Path
) -> None:
    made(served, "exported")
    page = visit(browser, f"{served.url}/rules")
    with page.expect_download() as download:
        page.locator(".st-key-rules_export button:visible").click()
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert 'name = "exported"' in text
    table = next(part for part in text.split("[[rule]]") if 'name = "exported"' in part)
    changed = re.sub(r"below = 15(\.0)?", "below = 9", table)
    fresh = table.replace('name = "exported"', 'name = "from a file"')
    (tmp_path / "mine.toml").write_text(f"[[rule]]{changed}\n[[rule]]{fresh}", encoding="utf-8")
    page.locator(".st-key-rules_import button:visible").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "mine.toml")
    expect(dialog.locator(".hf-diff")).to_contain_text("Falls below 15 → 9", timeout=PATIENCE)
    expect(dialog.locator(".hf-diff")).to_contain_text("from a file")
    change(served, id_of(served.home, "exported"), owner="Ben")
    dialog.get_by_role("button", name="Import them").click()
    expect(dialog.locator(".hf-wrong")).to_contain_text("Somebody changed rules meanwhile", timeout=PATIENCE)
    assert saved(served, id_of(served.home, "exported")).rule.owner == "Ben"
    dialog.get_by_role("button", name="Import them").click()
    expect(page.get_by_role("dialog")).to_have_count(0, timeout=PATIENCE)
    assert saved(served, id_of(served.home, "exported")).rule.params["below"] == 9.0
    assert id_of(served.home, "from a file")


def test_a_file_that_is_no_file_of_rules_is_refused_with_a_sentence(
    browser: Browser, served: Server, tmp_path: Path
) -> None:
    (tmp_path / "bad.toml").write_text('[[rule]]\nname = "x"\nmetric = "nothing"\nkind = "limit"\n')
    page = visit(browser, f"{served.url}/rules")
    page.locator(".st-key-rules_import button:visible").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("input[type=file]").set_input_files(tmp_path / "bad.toml")
    expect(dialog.locator(".hf-wrong")).to_contain_text("bad.toml: nothing was imported", timeout=PATIENCE)


def test_a_click_on_a_segment_shows_its_trend(browser: Browser, served: Server) -> None:
    page = opened(browser, served, made(served, "by region"))
    rows = page.locator(".hf-lanes tbody tr")
    other = rows.nth(1).locator("button")
    name = other.inner_text()
    other.click()
    expect(page.locator(".hf-lanes tr[aria-current]")).to_contain_text(name, timeout=PATIENCE)


def test_names_from_outside_ask_nothing_of_the_outside(browser: Browser, served: Server) -> None:
    nasty = "<img src=//evil.example/a.png onerror=window.hit=1> ![](http://evil.example/b.png)"
    rule_id = made(served, "nasty", owner=nasty, about=nasty)
    change(served, rule_id, name=nasty[:80], channels=(nasty,))
    page = tab(browser)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{served.url}/rules?rule={rule_id}")
    expect(page.locator(".hf-score")).to_be_visible(timeout=PATIENCE)
    page.get_by_text("Whom it tells, and what to do").click()
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".hf-versions")).to_be_visible(timeout=PATIENCE)
    assert not [url for url in asked if "evil" in url]
    assert not page.evaluate("() => window.hit")
    assert page.evaluate(SIDEWAYS) <= 0


@pytest.mark.parametrize("name", [HOSTILE, OVER, PENDING])
def test_no_opened_rule_scrolls_sideways_on_a_phone(browser: Browser, served: Server, name: str) -> None:
    page = opened(browser, served, id_of(served.home, name), width=390)
    page.locator(SETTLED).wait_for()
    assert page.evaluate(SIDEWAYS) <= 0
    page.get_by_role("tab", name="History").click()
    expect(page.locator(".hf-versions")).to_be_visible(timeout=PATIENCE)
    assert page.evaluate(SIDEWAYS) <= 0
