from typing import Any

from engine.desk.rules import Rule, differences
from pages.parts.rules import diff


def rule(**changed: Any) -> Rule:
    given = {"name": "r", "metric": "activation_rate", "params": {"below": 0.35, "periods": 2}}
    return Rule(**{**given, **changed})


def test_values_are_written_as_people_edit_them() -> None:
    before, after = (
        rule(),
        rule(params={"below": 0.32, "periods": 2}, severity="critical", channels=["a", "b"]),
    )
    said = diff.line(diff.between(before, after), before, after)
    assert "Falls below 35\u00a0% → 32\u00a0%" in said
    assert "Severity Warning → Critical" in said
    assert "Channels as the routes say → a, b" in said


def test_both_changes_are_kept_where_they_do_not_clash() -> None:
    base = rule()
    theirs = rule(severity="critical", params={"below": 0.35, "periods": 3})
    yours = rule(params={"below": 0.3, "periods": 2, "recover": 0.4}, owner="me")
    both = diff.merged(differences(base, theirs, yours), theirs)
    assert both["params"] == {"below": 0.3, "periods": 3, "recover": 0.4}
    assert (both["severity"], both["owner"]) == ("critical", "me")


def test_what_you_took_away_stays_away() -> None:
    base = rule(params={"below": 0.35, "recover": 0.4})
    theirs = rule(params={"below": 0.35, "recover": 0.4}, owner="them")
    yours = rule(params={"below": 0.35})
    assert diff.merged(differences(base, theirs, yours), theirs)["params"] == {"below": 0.35}


def test_what_was_not_told_has_its_words() -> None:
    assert diff.written("segment", None, rule()) == "each"
    assert diff.written("repeat_hours", None, rule()) == "never"
    assert diff.written("params.recover", None, rule()) == "—"
    assert diff.written("kind", "gone_kind", rule()) == "gone_kind"
    assert diff.written("metric", "gone_metric", rule()) == "gone_metric"
