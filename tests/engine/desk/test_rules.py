"""What the pages ask of rules is answered for the home, and decided in the name of who asked."""

from typing import Any

import pytest

from data.errors import BadInput, Conflict
from data.settings import Settings
from engine import clock
from engine.alerts.kinds import kinds
from engine.desk import alerts
from engine.desk import rules as desk

LIMIT = {
    "name": "few sign up",
    "metric": "signups",
    "grain": "week",
    "kind": "limit",
    "params": {"below": 20},
}


def changed(given: dict[str, Any], **params: Any) -> dict[str, Any]:
    return given | {"params": given["params"] | params}


def test_a_new_home_shows_the_rules_that_come_with_holdfast(settings: Settings) -> None:
    assert [view.rule.name for view in desk.rules(settings)] == [
        "A source is late",
        "Activation stalls",
        "Churn rises",
        "Churn risk rises",
        "Time to first value grows",
    ]


def test_a_rule_is_created_changed_restored_and_removed(settings: Settings) -> None:
    began = clock.now()
    rule_id = desk.create_rule(settings, LIMIT, who="ada")
    assert (
        desk.change_rule(settings, rule_id, changed(LIMIT, below=15), version=1, who="ben", reason="calm")
        == 2
    )
    assert desk.restore_rule(settings, rule_id, 1, version=2, who="ada") == 3
    assert [(one.version, one.author) for one in desk.versions(settings, rule_id)] == [
        (3, "ada"), (2, "ben"), (1, "ada")
    ]  # fmt: skip
    view = desk.rule(settings, rule_id)
    assert view.rule.params == {"below": 20}
    assert began <= view.created_at <= view.changed_at <= clock.now()
    desk.pause_rule(settings, rule_id, is_paused=True, who="ada")
    copy = desk.duplicate_rule(settings, rule_id, who="ada")
    desk.remove_rule(settings, rule_id, who="ada", reason="done")
    assert desk.rule(settings, copy).rule.name == "few sign up (copy)"
    with pytest.raises(BadInput, match="There is no rule"):
        desk.rule(settings, rule_id)
    done = [entry.action for entry in alerts.audit(settings, f"rule:{rule_id}")]
    assert done == ["removed", "paused", "changed", "changed", "created"]


def test_a_second_lead_is_shown_the_difference(settings: Settings) -> None:
    rule_id = desk.create_rule(settings, LIMIT, who="ada")
    desk.change_rule(settings, rule_id, changed(LIMIT, below=15), version=1, who="ben", reason="calm")
    with pytest.raises(Conflict) as conflict:
        desk.change_rule(settings, rule_id, changed(LIMIT, below=25), version=1, who="ada", reason="loud")
    (only,) = conflict.value.differences
    assert (only.field, only.before, only.theirs, only.yours, only.is_clash) == (
        "params.below", 20, 15, 25, True
    )  # fmt: skip


def test_what_the_home_cannot_judge_is_refused(settings: Settings) -> None:
    with pytest.raises(BadInput, match="Rule 'few sign up': dimension = 'shoe size' is not configured"):
        desk.create_rule(settings, LIMIT | {"dimension": "shoe size"}, who="ada")


def test_an_old_version_that_the_home_cannot_judge_any_more_stays_old(settings: Settings) -> None:
    rule_id = desk.create_rule(settings, LIMIT | {"dimension": "region"}, who="ada")
    desk.change_rule(settings, rule_id, LIMIT, version=1, who="ada", reason="all at once")
    fewer = settings.model_copy(update={"segments": ("plan",)})
    with pytest.raises(BadInput, match="dimension = 'region' is not configured; there are all, plan"):
        desk.restore_rule(fewer, rule_id, 1, version=2, who="ada")
    assert desk.restore_rule(settings, rule_id, 1, version=2, who="ada") == 3


def test_a_form_can_ask_for_every_kind_and_name_every_metric(settings: Settings) -> None:
    asked = {kind.name: kind for kind in desk.kinds_of_rules()}
    assert asked.keys() == kinds().keys()
    for kind in asked.values():
        assert kind.title
        assert kind.about
        assert {question.name for question in kind.questions} >= {"periods", "keep_firing", "minimum_n"}
        assert all(question.about for question in kind.questions)
    known = desk.metrics(settings)
    assert known.keys() >= {"activation_rate", "cohort_retention.1", "cohort_retention.12", "source_silence"}
    assert all(known.values())
    for metric in ("mrr", "cohort_retention.12"):
        assert desk.checked(settings, LIMIT | {"name": metric, "metric": metric}).metric == metric
    assert desk.dimensions(settings) == ("all", "plan", "region", "channel")


def test_rules_leave_and_enter_as_text(settings: Settings) -> None:
    desk.create_rule(settings, LIMIT, who="ada")
    text = desk.export_rules(settings)
    done = desk.import_rules(
        settings, text.replace("below = 20", "below = 30"), place="rules.toml", who="ben"
    )
    assert (done.changed, len(done.unchanged)) == (("few sign up",), 5)
    newest = {view.rule.name: view for view in desk.rules(settings)}["few sign up"]
    assert (newest.version, newest.changed_by) == (2, "ben")
