"""The Account page, the search in the menu, and the tokens on the People page."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.desk import notes, tokens
from engine.desk.people import Person, Scope
from metrics import accounts, read
from pages.parts import person, search
from pages.parts.account import moments
from pages.parts.account.link import link
from pages.parts.account.reads import Fact

NOON = datetime(2026, 3, 2, 12)


@pytest.fixture
def opened(open_menu: Callable[[Path], AppTest], company: Path, tmp_path: Path) -> Callable[..., AppTest]:
    """The Account page of an id, over a copy of the company."""
    import shutil

    home = tmp_path / "home"
    shutil.copytree(company, home)

    def show(account_id: str) -> AppTest:
        page = open_menu(home).run().switch_page("watch/account.py")
        page.query_params["id"] = account_id
        return page.run()

    return show


def text_of(page: AppTest) -> str:
    assert not page.exception
    return " ".join(str(part.proto.body) for part in page.get("html"))


def as_somebody(monkeypatch: pytest.MonkeyPatch, role: str, scope: Scope | None = None) -> None:
    monkeypatch.setattr(person, "current", lambda: Person("eve", "eve", role, scope))
    monkeypatch.setattr(person, "scope_of_this_run", lambda: scope, raising=False)


def test_an_account_shows_who_it_is_where_it_stands_and_what_happened(opened) -> None:
    shown = text_of(opened("acc-001"))
    assert "Company &lt;1&gt;" in shown
    assert "Paying" in shown
    assert "Subscription" in shown
    assert "Usage is held by day and name for the last 90 days" in shown


def test_an_account_that_there_is_not_is_no_more_told_of_than_one_that_may_not_be_seen(
    opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = text_of(opened("nobody")).replace("nobody", "…")
    as_somebody(monkeypatch, "viewer", Scope("region", "Asia"))
    hidden = text_of(opened("acc-001")).replace("acc-001", "…")  # of Europe
    assert "There is no account <b>…</b> that you may see" in unknown
    assert "There is no account <b>…</b> that you may see" in hidden
    assert "Company" not in hidden
    assert "Company &lt;2&gt;" in text_of(opened("acc-002"))  # of Asia


def test_a_note_is_written_shown_as_text_and_removed_by_its_author(opened) -> None:
    page = opened("acc-001")
    page.text_area(key="account_note_text").input("called <b>them</b>")
    page.button(key="account_do_note").click().run()
    assert any("called <b>them</b>" in text.value for text in page.text)
    [remove] = [button for button in page.button if str(button.key).startswith("account_remove_")]
    remove.click().run()
    assert not any("called" in text.value for text in page.text)


def test_a_viewer_writes_no_note(opened, monkeypatch: pytest.MonkeyPatch) -> None:
    as_somebody(monkeypatch, "viewer")
    page = opened("acc-001")
    assert not page.text_area


def test_the_search_finds_by_id_name_and_mail_and_only_what_may_be_seen(company: Path) -> None:
    settings = Settings(home=company)
    edition = read.current(settings)

    def found(text: str, within: tuple[str, str] | None = None) -> list[str]:
        return accounts.find(settings, edition, text, within=within)["account_id"].to_list()

    assert found("acc-007") == ["acc-007"]
    assert found("company <7>") == ["acc-007"]
    assert found("COMPANY") == found("company")
    assert len(found("company")) == 8
    for text in ("", "%", "_", "\\", "' or 1=1 --", "\0", "zażółć"):
        assert found(text) == []
    assert found("acc-001", ("region", "Europe")) == ["acc-001"]
    assert found("acc-001", ("region", "Asia")) == []


def test_a_hit_is_told_by_name_id_and_what_it_pays() -> None:
    row = {"account_id": "a1", "name": "Ada <b>", "email": None, "mrr": 0}
    assert search.hit(row, "USD") == {"id": "a1", "name": "Ada <b>", "about": "a1", "pays": ""}


def test_a_name_leads_to_its_account_and_nowhere_else() -> None:
    told = link('a"><script>&1', "<b>Ada</b>")
    assert "<script>" not in told
    assert "<b>" not in told
    assert 'href="account?id=a%22%3E%3Cscript%3E%261"' in told


def test_an_invoice_tells_what_became_of_it_and_of_two_sayings_the_later_holds() -> None:
    facts = (
        Fact(datetime(2026, 1, 9), "invoice_updates", "i1", {"paid_at": datetime(2026, 1, 8)}),
        Fact(datetime(2026, 1, 2), "invoice_updates", "i1", {"paid_at": datetime(2026, 1, 7), "amount": 9}),
        Fact(datetime(2026, 1, 1), "invoices", "i1", {"amount": 8, "due_at": datetime(2026, 1, 15)}),
    )
    told = moments.moments(facts, empty_usage(), (), NOON)
    assert [(moment.at.day, moment.what, moment.amount) for moment in told] == [
        (8, "Invoice i1 paid", 9),
        (1, "Invoice i1 issued", 9),
    ]


def test_a_change_of_a_subscription_is_good_or_bad_against_the_one_before() -> None:
    facts = tuple(
        Fact(datetime(2026, 1, day), "subscription_changes", "s1", {"mrr": mrr, "status": status})
        for day, mrr, status in ((3, 70, "canceled"), (2, 70, "active"), (1, 50, "active"))
    )
    told = moments.moments(facts, empty_usage(), (), NOON)
    assert [(moment.amount, moment.look) for moment in told] == [(0, "bad"), (70, "good"), (50, "good")]


def test_usage_is_told_by_day_with_the_names_of_most() -> None:
    rows = [(name, count) for name, count in (("a", 5), ("b", 9), ("c", 1), ("d", 2))]
    usage = pl.DataFrame(
        [{"day": NOON.date(), "name": name, "events": count, "last_at": NOON} for name, count in rows]
    )
    [told] = moments.moments((), usage, (), NOON)
    assert (told.what, told.more) == ("17 events", "b 9, a 5, d 2, and 1 more")


def empty_usage() -> pl.DataFrame:
    return pl.DataFrame(
        schema={"day": pl.Date, "name": pl.String, "events": pl.Int64, "last_at": pl.Datetime("us")}
    )


def test_notes_of_another_account_or_author_are_not_removed(settings: Settings) -> None:
    note_id = notes.add(settings, "a1", "call", "hello", who="ada")
    for account_id, who in (("a2", Person("ada", "Ada", "admin")), ("a1", Person("bob", "Bob", "analyst"))):
        with pytest.raises(Exception, match="note"):
            notes.remove(settings, note_id, account_id, by=who)
    notes.remove(settings, note_id, "a1", by=Person("bob", "Bob", "lead"))
    assert notes.notes(settings, "a1") == []


def test_an_admin_makes_a_token_on_the_page_and_sees_it_once(
    open_menu: Callable[[Path], AppTest], company: Path, tmp_path: Path
) -> None:
    import shutil

    home = tmp_path / "home"
    shutil.copytree(company, home)
    page = open_menu(home).run().switch_page("set_up/people.py").run()
    page.text_input(key="people_token_name").input("notebook")
    page.button(key="people_do_token").click().run()
    [shown] = [code.value for code in page.code if code.value.startswith("hft_")]
    assert tokens.find(Settings(home=home), shown).name == "notebook"
    assert shown not in text_of(page)
    page.button(key="people_token_copied").click().run()
    assert not [code for code in page.code if code.value.startswith("hft_")]
    assert "notebook" in text_of(page)
