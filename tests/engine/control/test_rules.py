"""Rules are versioned, and of two leads who change one the second is shown what the first did."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from data.errors import BadInput, Conflict
from data.settings import ROOT, Settings
from engine.alerts.rule import Rule
from engine.control import alerts, audit, rule_views, rules
from engine.control.store import Control

NOON = datetime(2025, 3, 1, 12)
LATER = NOON + timedelta(hours=1)


def with_params(rule: Rule, **params: Any) -> Rule:
    return rule.model_copy(update={"params": rule.params | params})


def change(
    control: Control, rule_id: int, rule: Rule, version: int, who: str, *, reason: str = "too loud"
) -> int:
    return rules.change(control, rule_id, rule, version=version, who=who, now=LATER, reason=reason)


def test_a_rule_is_read_as_it_was_created(control: Control, rule_id: int, stalls: Rule) -> None:
    view = rule_views.rule(control, rule_id)
    assert (view.rule, view.version, view.is_paused) == (stalls, 1, False)
    assert (view.created_by, view.created_at, view.changed_by, view.changed_at) == ("ada", NOON, "ada", NOON)
    assert (view.status, view.counts, view.last_fired_at, view.firing) == ("quiet", {}, None, ())
    assert rule_views.rules(control) == [view]
    assert rule_views.named(control, "activation stalls") == view


def test_a_change_is_a_new_version_and_the_old_ones_stay(
    control: Control, rule_id: int, stalls: Rule
) -> None:
    lower = with_params(stalls, below=0.3)
    assert change(control, rule_id, lower, 1, "ben") == 2
    view = rule_views.rule(control, rule_id)
    assert (view.rule, view.version, view.changed_by, view.changed_at) == (lower, 2, "ben", LATER)
    told = [(one.version, one.rule, one.author, one.reason) for one in rule_views.versions(control, rule_id)]
    assert told == [(2, lower, "ben", "too loud"), (1, stalls, "ada", "")]


def test_the_second_of_two_leads_sees_what_the_first_did_and_overwrites_nothing(
    control: Control, rule_id: int, stalls: Rule
) -> None:
    theirs = with_params(stalls, below=0.3)
    change(control, rule_id, theirs, 1, "ben")
    mine = with_params(stalls, below=0.4).model_copy(update={"owner": "cy"})
    with pytest.raises(Conflict, match=r"ben changed the rule 'activation stalls' meanwhile") as conflict:
        change(control, rule_id, mine, 1, "cy")
    assert (conflict.value.version, conflict.value.author, conflict.value.changed_at) == (2, "ben", LATER)
    told = {one.field: (one.before, one.theirs, one.yours) for one in conflict.value.differences}
    assert told == {"params.below": (0.35, 0.3, 0.4), "owner": ("", "", "cy")}
    assert {one.field for one in conflict.value.differences if one.is_clash} == {"params.below"}
    assert rule_views.rule(control, rule_id).rule == theirs
    assert change(control, rule_id, mine, conflict.value.version, "cy") == 3


def test_of_many_who_change_one_version_at_once_one_succeeds(
    control: Control, rule_id: int, stalls: Rule
) -> None:
    def try_to(number: int) -> bool:
        try:
            change(control, rule_id, with_params(stalls, below=number / 100), 1, f"lead {number}")
        except Conflict:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(try_to, range(1, 17))) == 1
    assert [one.version for one in rule_views.versions(control, rule_id)] == [2, 1]


def test_a_threshold_is_not_changed_without_a_reason(control: Control, rule_id: int, stalls: Rule) -> None:
    with pytest.raises(BadInput, match="Say why"):
        change(control, rule_id, with_params(stalls, below=0.3), 1, "ben", reason="  ")
    assert change(control, rule_id, stalls.model_copy(update={"owner": "ben"}), 1, "ben", reason="") == 2


def test_a_change_that_changes_nothing_makes_no_version(control: Control, rule_id: int, stalls: Rule) -> None:
    assert change(control, rule_id, stalls, 1, "ben") == 1
    assert len(audit.audit(control, f"rule:{rule_id}")) == 1


def test_an_old_version_comes_back_as_a_new_one(control: Control, rule_id: int, stalls: Rule) -> None:
    change(control, rule_id, with_params(stalls, below=0.3), 1, "ben")
    assert rules.restore(control, rule_id, 1, version=2, who="ada", now=LATER) == 3
    newest = rule_views.versions(control, rule_id)[0]
    assert (newest.rule, newest.author, newest.reason) == (stalls, "ada", "version 1 restored")
    with pytest.raises(BadInput, match="has no version 9; it has 1, 2, 3"):
        rules.restore(control, rule_id, 9, version=3, who="ada", now=LATER)
    with pytest.raises(Conflict):
        rules.restore(control, rule_id, 2, version=2, who="ada", now=LATER)


def test_a_name_is_in_use_once(control: Control, rule_id: int, stalls: Rule) -> None:
    with pytest.raises(BadInput, match="There is a rule 'activation stalls' already"):
        rules.create(control, stalls, who="ben", now=NOON)
    other = rules.create(control, stalls.model_copy(update={"name": "other"}), who="ben", now=NOON)
    with pytest.raises(BadInput, match="already"):
        change(control, other, stalls, 1, "ben")
    rules.remove(control, rule_id, who="ben", now=NOON)
    assert change(control, other, stalls, 1, "ben") == 2


def test_of_two_processes_that_take_one_name_one_gets_it(
    settings: Settings, control: Control, environment: dict[str, str]
) -> None:
    program = (
        "import sys; from datetime import datetime; from data.settings import load;"
        "from engine.alerts.rule import rule_of; from engine.control import rules;"
        "from engine.control.store import Control;"
        "given = rule_of({'name': 'same', 'metric': 'signups', 'params': {'below': 1}});"
        "control = Control.open(load()); print('ready', flush=True); sys.stdin.readline();"
        "print(rules.create(control, given, who='x', now=datetime(2025, 3, 1)))"
    )
    line = [sys.executable, "-c", program]
    pipes: dict[str, Any] = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    takers = [subprocess.Popen(line, cwd=ROOT, env=environment, text=True, **pipes) for _ in range(4)]
    for taker in takers:
        assert taker.stdout
        assert taker.stdout.readline() == "ready\n"
    ends = [taker.communicate("go\n", timeout=60) for taker in takers]
    assert sorted(taker.returncode for taker in takers) == [0, 1, 1, 1]
    assert sum("There is a rule 'same' already" in error for _, error in ends) == 3
    assert [view.rule.name for view in rule_views.rules(control)] == ["same"]


def test_a_copy_has_a_name_of_its_own_and_is_paused(control: Control, rule_id: int, stalls: Rule) -> None:
    first, second = (rules.duplicate(control, rule_id, who="ben", now=NOON) for _ in range(2))
    views = [rule_views.rule(control, one) for one in (first, second)]
    assert [view.rule.name for view in views] == ["activation stalls (copy)", "activation stalls (copy 2)"]
    assert all(view.is_paused and view.rule.params == stalls.params for view in views)
    long = rules.create(control, stalls.model_copy(update={"name": "x" * 80}), who="ben", now=NOON)
    copy = rule_views.rule(control, rules.duplicate(control, long, who="ben", now=NOON))
    assert copy.rule.name == "x" * 73 + " (copy)"


def test_a_removed_rule_is_gone_its_alerts_end_and_its_record_stays(
    control: Control, rule_id: int, stalls: Rule, raised: Any
) -> None:
    raised(rule_id, "firing", "free")
    raised(rule_id, "pending", "pro")
    rules.remove(control, rule_id, who="ben", now=LATER, reason="replaced")
    assert rule_views.rules(control) == []
    with pytest.raises(BadInput, match="There is no rule"):
        rule_views.rule(control, rule_id)
    with pytest.raises(BadInput, match="There is no rule"):
        change(control, rule_id, stalls, 1, "ada")
    assert alerts.firing_count(control) == 0
    told = alerts.happened(control).select("segment", "state", "entered_at", "left_at", "reason").rows()
    assert told == [
        ("free", "firing", NOON, LATER, "held"),
        ("free", "resolved", LATER, None, "removed"),
        ("pro", "pending", NOON, LATER, "held"),
        ("pro", "quiet", LATER, None, "removed"),
    ]
    assert len(rule_views.versions(control, rule_id)) == 1
    assert audit.audit(control, f"rule:{rule_id}")[0].reason == "replaced"


def test_pausing_and_resuming_are_noted_and_make_no_version(control: Control, rule_id: int) -> None:
    for is_paused in (True, True, False):
        rules.pause(control, rule_id, is_paused=is_paused, who="ben", now=LATER, reason="holidays")
    assert rule_views.rule(control, rule_id).version == 1
    entries = audit.audit(control, f"rule:{rule_id}")
    assert [(one.action, one.who, one.reason) for one in entries] == [
        ("resumed", "ben", "holidays"),
        ("paused", "ben", "holidays"),
        ("created", "ada", ""),
    ]


def test_who_changed_what_is_noted_with_what_it_was(control: Control, rule_id: int, stalls: Rule) -> None:
    change(control, rule_id, with_params(stalls, below=0.3), 1, "ben")
    newest = audit.audit(control, f"rule:{rule_id}", limit=1)[0]
    assert newest.before
    assert newest.after
    assert (newest.before["params"]["below"], newest.after["params"]["below"]) == (0.35, 0.3)


def test_the_list_tells_how_each_rule_stands(
    control: Control, rule_id: int, stalls: Rule, raised: Any
) -> None:
    quiet = rules.create(control, stalls.model_copy(update={"name": "A first"}), who="ben", now=NOON)
    raised(rule_id, "firing", "pro", "free")
    raised(rule_id, "resolved", "pro", at=NOON + timedelta(days=1))
    raised(rule_id, "pending", "team")
    first, second = rule_views.rules(control)
    assert (first.rule_id, first.status) == (quiet, "quiet")
    assert (second.status, second.counts) == ("firing", {"firing": 1, "pending": 1, "resolved": 1})
    assert (second.firing, second.last_fired_at) == (("free",), NOON + timedelta(hours=1))


def test_an_import_is_all_or_nothing_and_twice_is_once(control: Control, rule_id: int, stalls: Rule) -> None:
    fresh = stalls.model_copy(update={"name": "fresh"})
    given = [with_params(stalls, below=0.2), fresh]
    rules.create(control, stalls.model_copy(update={"name": "other"}), who="ada", now=NOON)
    done = rules.put_all(control, given, who="file", now=LATER, reason="imported from rules.toml")
    assert (done.added, done.changed, done.unchanged, done.left) == (
        ("fresh",), ("activation stalls",), (), ("other",)
    )  # fmt: skip
    newest = rule_views.versions(control, rule_id)[0]
    assert (newest.version, newest.author, newest.reason) == (2, "file", "imported from rules.toml")
    again = rules.put_all(control, given, who="file", now=LATER, reason="imported from rules.toml")
    assert again.unchanged == ("activation stalls", "fresh")
    with pytest.raises(BadInput):
        rules.put_all(control, [with_params(stalls, below=0.1), fresh, fresh], who="f", now=LATER, reason="")
    assert rule_views.rule(control, rule_id).rule.params["below"] == 0.2
