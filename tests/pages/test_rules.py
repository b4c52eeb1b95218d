"""The Rules page over real editions, in this process: what it says, what it keeps, in which state."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from re import search
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.settings import Settings
from engine.desk import rules
from tests.pages.alarmed import HOSTILE, LEAD, OVER, PENDING
from tests.pages.test_pages import go, said

Open = Callable[[Path], AppTest]
PAGE = "set_up/rules.py"
SHIPPED = "Activation stalls"


def opened(app: AppTest, rule_id: int | str) -> AppTest:
    """The page with a rule open, as a link shows it."""
    go(app, PAGE)
    app.query_params["rule"] = str(rule_id)
    return app.run()


def id_of(home: Path, name: str) -> int:
    return next(view.rule_id for view in rules.rules(Settings(home=home)) if view.rule.name == name)


def field(app: AppTest, kind: str, name: str) -> Any:
    """The field of a draft by the beginning of its key."""
    (found,) = [each for each in getattr(app, kind) if each.key and each.key.startswith(f"rules_{name}")]
    return found


def button(app: AppTest, key: str) -> Any:
    return app.button(key=key)


def entry(text: str, name: str) -> str:
    """What the list says of a rule."""
    return text.split(f">{name}</button>")[1].split("</li>", maxsplit=1)[0]


@pytest.fixture
def home(alarmed: Path, tmp_path: Path) -> Path:
    """The company with rules, to be changed."""
    shutil.copytree(alarmed, tmp_path / "home")
    return tmp_path / "home"


def test_before_the_first_edition_the_rules_are_there_and_say_what_they_lack(
    open_menu: Open, tmp_path: Path
) -> None:
    app = opened(open_menu(tmp_path / "empty"), 1)
    assert not app.exception
    assert "There is no history to rehearse on yet" in said(app)
    assert "python -m engine refresh" in said(app)
    assert "Not judged" in entry(said(app), SHIPPED)


def test_a_home_without_rules_says_how_to_begin(open_menu: Open, tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "empty")
    for view in rules.rules(settings):
        rules.remove_rule(settings, view.rule_id, who=LEAD)
    app = go(open_menu(tmp_path / "empty"), PAGE)
    assert not app.exception
    assert "No rule yet" in said(app)
    assert "Make the first with New rule" in said(app)


def test_every_rule_is_listed_with_its_state_its_last_firing_and_its_owner(
    open_menu: Open, alarmed: Path
) -> None:
    text = said(go(open_menu(alarmed), PAGE))
    fires = entry(text, "visits &lt;b&gt;fall&lt;/b&gt; *now*")
    assert "</i>Firing · 2</span>" in fires
    assert "fired" in fires
    assert LEAD in fires
    assert "critical" in fires
    assert "</i>Pending</span>" in entry(text, PENDING)
    assert "never fired" in entry(text, PENDING)


def test_what_fires_stands_first(open_menu: Open, alarmed: Path) -> None:
    listed = said(go(open_menu(alarmed), PAGE)).split('<ol class="hf-rules">')[1].split("</ol>")[0]
    states = ["Firing" in entry for entry in listed.split("<li")[1:]]
    assert states == sorted(states, reverse=True)
    assert any(states)


def test_a_paused_rule_says_so(open_menu: Open, home: Path) -> None:
    settings = Settings(home=home)
    rules.pause_rule(settings, id_of(home, PENDING), is_paused=True, who=LEAD)
    assert "</i>Paused</span>" in entry(said(go(open_menu(home), PAGE)), PENDING)


def test_the_search_looks_at_names_metrics_owners_and_states(open_menu: Open, alarmed: Path) -> None:
    app = go(open_menu(alarmed), PAGE)
    for wanted, name in (("PENDING", PENDING), ("activation_rate", OVER), ("critical", "visits &lt;b")):
        text = said(app.text_input(key="rules_search").set_value(wanted).run())
        assert name in text
    app.text_input(key="rules_search").set_value("<i>nothing").run()
    assert "No rule has “&lt;i&gt;nothing”" in said(app)


def test_an_opened_rule_is_a_sentence_of_fields_in_the_metrics_unit(open_menu: Open, alarmed: Path) -> None:
    app = opened(open_menu(alarmed), id_of(alarmed, OVER))
    assert not app.exception
    assert field(app, "selectbox", "metric").value == "activation_rate"
    assert field(app, "selectbox", "grain").value == "week"
    assert field(app, "selectbox", "place").value == ("plan", None)
    assert field(app, "number_input", "threshold").value == 90.0
    assert field(app, "number_input", "periods").value == 2
    assert "complete weeks in a row, it fires." in said(app)


def test_nothing_is_changed_by_looking(open_menu: Open, alarmed: Path) -> None:
    for view in rules.rules(Settings(home=alarmed)):
        app = opened(open_menu(alarmed), view.rule_id)
        assert not app.exception
        assert button(app, "rules_save").disabled, view.rule.name
        assert "edited" not in said(app)


def test_a_change_is_rehearsed_beside_what_is_saved(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, OVER))
    before = said(app)
    assert search("It would not have fired in [67] months", before)  # seven on some days
    assert "The saved rule" not in before
    field(app, "number_input", "threshold").set_value(101.0).run()
    assert not app.exception
    assert "It would have fired" in said(app)
    assert "The saved rule: never." in said(app)
    assert "As saved" in said(app)
    assert not button(app, "rules_save").disabled


def test_unsaved_edits_outlive_other_rules_the_history_and_other_pages(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, OVER))
    field(app, "number_input", "threshold").set_value(55.5).run()
    app.query_params["rule"] = str(id_of(home, PENDING))
    app.run()
    assert field(app, "number_input", "threshold").value == 60.0
    assert "edited" in entry(said(app), OVER)
    app.switch_page("set_up/metrics.py").run()
    app = opened(app, id_of(home, OVER))
    assert field(app, "number_input", "threshold").value == 55.5
    field(app, "text_input", "owner").set_value("Ann").run()
    assert field(app, "number_input", "threshold").value == 55.5
    assert field(app, "text_input", "owner").value == "Ann"


def test_edits_stay_when_another_lead_saves_and_it_is_said_who_did(open_menu: Open, home: Path) -> None:
    settings, rule_id = Settings(home=home), id_of(home, OVER)
    app = opened(open_menu(home), rule_id)
    field(app, "number_input", "threshold").set_value(55.5).run()
    theirs = rules.rule(settings, rule_id).rule.model_dump() | {"severity": "critical"}
    rules.change_rule(settings, rule_id, theirs, version=1, who="<b>Ben</b>", reason="it matters")
    app.run()
    assert field(app, "number_input", "threshold").value == 55.5
    assert "<b>&lt;b&gt;Ben&lt;/b&gt;</b> saved version 2" in said(app)
    assert "Your edits are still here" in said(app)
    button(app, "rules_show_theirs").click().run()
    assert field(app, "number_input", "threshold").value == 90.0
    assert field(app, "button_group", "severity").value == "critical"
    assert "saved version 2" not in said(app)


def test_edits_are_put_away_when_asked(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, OVER))
    field(app, "number_input", "periods").set_value(7).run()
    button(app, "rules_discard").click().run()
    assert field(app, "number_input", "periods").value == 2
    assert button(app, "rules_save").disabled


def test_what_is_wrong_stands_under_its_field(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, OVER))
    field(app, "number_input", "limit_recover").set_value(20.0).run()
    wrong = [text for text in said(app).split("\n") if "hf-wrong" in text]
    assert any("recover = 0.2 must not lie under below = 0.9" in text for text in wrong)
    assert button(app, "rules_save").disabled


def test_a_rule_of_a_metric_that_is_gone_says_so(
    open_menu: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(home=home)
    given = {"name": "a step", "metric": "activation_step_rate.first_action", "params": {"below": 0.5}}
    rule_id = rules.create_rule(settings, given, who=LEAD)
    monkeypatch.setenv("HOLDFAST_ACTIVATION", json.dumps({"steps": ["welcome_seen"]}))
    app = opened(open_menu(home), rule_id)
    assert not app.exception
    assert "metric = &#x27;activation_step_rate.first_action&#x27; is not known" in said(app)
    assert field(app, "selectbox", "metric").value == "activation_step_rate.first_action"


def test_a_rule_by_an_attribute_that_is_gone_says_so(
    open_menu: Open, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule_id = id_of(home, OVER)
    monkeypatch.setenv("HOLDFAST_SEGMENTS", json.dumps(["region"]))
    app = opened(open_menu(home), rule_id)
    assert not app.exception
    assert "dimension = &#x27;plan&#x27; is not configured" in said(app)


def test_a_new_rule_begins_with_a_bound_that_history_suggests(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), "new")
    assert not app.exception
    assert button(app, "rules_save").disabled
    assert 0 <= field(app, "number_input", "threshold").value < 100  # nothing but 0 on some days
    field(app, "text_input", "name").set_value("mine").run()
    assert not button(app, "rules_save").disabled


def test_another_metric_brings_a_bound_of_its_own(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), "new")
    field(app, "selectbox", "metric").select("mrr").run()
    assert not app.exception
    assert field(app, "number_input", "threshold").value > 100
    assert "$" in said(app)


def test_every_kind_is_a_sentence_that_can_be_rehearsed(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), "new")
    for kind in rules.kinds_of_rules():
        if kind.name == "late":
            continue
        field(app, "button_group", "kind").set_value(kind.name).run()
        assert not app.exception
        assert kind.about in said(app).replace("&#x27;", "'")
        assert "It would" in said(app)


def test_a_rule_for_late_sources_asks_nothing_that_it_would_not_heed(open_menu: Open, alarmed: Path) -> None:
    app = opened(open_menu(alarmed), id_of(alarmed, "A source is late"))
    assert not app.exception
    assert not [each for each in app.number_input if "threshold" in each.key]
    assert "late by the clock" in said(app)


def test_what_no_field_asks_for_is_left_as_it_is(open_menu: Open, home: Path) -> None:
    settings, rule_id = Settings(home=home), id_of(home, "A source is late")
    given = rules.rule(settings, rule_id).rule.model_dump() | {"params": {"periods": 3}}
    rules.change_rule(settings, rule_id, given, version=1, who=LEAD, reason="patience")
    app = opened(open_menu(home), rule_id)
    assert button(app, "rules_save").disabled
    field(app, "text_input", "owner").set_value("Ann").run()
    assert app.session_state["rules_drafts"][str(rule_id)].given["params"] == {"periods": 3}


def test_the_suggested_threshold_is_taken_over_by_one_click(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, OVER))
    take = button(app, "rules_take")
    wanted = float(take.label.removeprefix("Use").replace("%", "").strip())
    take.click().run()
    assert field(app, "number_input", "threshold").value == wanted
    assert not button(app, "rules_save").disabled


def test_pausing_resuming_and_duplicating_are_one_click(open_menu: Open, home: Path) -> None:
    app = opened(open_menu(home), id_of(home, PENDING))
    button(app, "rules_pause").click().run()
    assert "</i>Paused</span>" in entry(said(app), PENDING)
    button(app, "rules_pause").click().run()
    assert "</i>Pending</span>" in entry(said(app), PENDING)
    button(app, "rules_duplicate").click().run()
    assert f"{PENDING} (copy)" in said(app)
    assert field(app, "text_input", "name").value == f"{PENDING} (copy)"


def test_a_rule_that_somebody_removed_meanwhile_keeps_the_edits(open_menu: Open, home: Path) -> None:
    rule_id = id_of(home, OVER)
    app = opened(open_menu(home), rule_id)
    field(app, "number_input", "threshold").set_value(44.0).run()
    rules.remove_rule(Settings(home=home), rule_id, who=LEAD)
    app.run()
    assert "(any more)" in said(app)
    button(app, "rules_rescue").click().run()
    assert not app.exception
    assert field(app, "text_input", "name").value == OVER
    assert field(app, "number_input", "threshold").value == 44.0


def test_names_are_text_and_never_markup(open_menu: Open, home: Path) -> None:
    settings = Settings(home=home)
    nasty = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png)"
    rule_id = id_of(home, HOSTILE)
    given = rules.rule(settings, rule_id).rule.model_dump() | {"name": nasty, "owner": nasty, "about": nasty}
    rules.change_rule(settings, rule_id, given, version=1, who=nasty, reason=nasty)
    app = opened(open_menu(home), rule_id)
    app.query_params["rules_tab"] = "History"
    app.run()
    assert not app.exception
    assert "<img" not in said(app)
    assert not any("evil" in element.value for element in (*app.markdown, *app.error, *app.caption))


def test_the_history_has_every_version_and_who_did_what(open_menu: Open, home: Path) -> None:
    settings, rule_id = Settings(home=home), id_of(home, OVER)
    given = rules.rule(settings, rule_id).rule.model_dump() | {"params": {"below": 0.8, "periods": 2}}
    rules.change_rule(settings, rule_id, given, version=1, who="Ann", reason="too loud")
    app = go(open_menu(home), PAGE)
    app.query_params["rule"], app.query_params["rules_tab"] = str(rule_id), "History"
    text = said(app.run())
    assert not app.exception
    assert "Falls below 90\u00a0% → 80\u00a0%" in text
    assert "too loud" in text
    assert "in force" in text
    assert 'data-open="version:1"' in text
    assert "<b>Ann</b> changed" in text


def test_a_control_store_that_cannot_be_read_is_said_in_a_sentence(
    open_menu: Open, alarmed: Path, home: Path
) -> None:
    (home / "control.sqlite").write_bytes(b"not a database at all, but long enough" * 50)
    for side in ("control.sqlite-wal", "control.sqlite-shm"):
        (home / side).unlink(missing_ok=True)
    app = go(open_menu(home), PAGE)
    assert not app.exception
    assert "The control store" in said(app)


def test_an_address_of_no_rule_shows_the_list(open_menu: Open, alarmed: Path) -> None:
    for wrong in ("999", "-1", "<b>", "²"):
        app = opened(open_menu(alarmed), wrong)
        assert not app.exception
        assert "How a rule lives" in said(app)
