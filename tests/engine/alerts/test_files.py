"""Rules go into a file and come back as they were; a file is taken in whole or not at all."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from data.errors import BadInput
from data.settings import Settings
from engine.alerts import late
from engine.alerts.files import read_file, read_text, text_of
from engine.alerts.fitting import Home, fitted
from engine.alerts.kinds import kinds
from engine.alerts.rule import SEVERITIES, Rule

SETTINGS = Settings(home=Path("/nowhere"), segments=("plan", "region"))
HOME = Home(SETTINGS)
EXAMPLE = """
[[rule]]
name = "activation stalls"
metric = "activation_rate"
grain = "week"
dimension = "plan"            # each segment on its own; "all" for the whole company
kind = "limit"
params = { below = 0.35, recover = 0.40, periods = 2, minimum_n = 30 }
severity = "warning"
channels = ["team"]
"""
hostile = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)
names = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=80)
numbers = st.one_of(st.floats(-1e9, 1e9), st.floats(0, 1), st.integers(0, 400))


def value_of(field: FieldInfo) -> st.SearchStrategy[Any]:
    """Something for a param, right or wrong; wrong ones are left out by the kind itself."""
    choices = [one for one in getattr(field.annotation, "__args__", ()) if isinstance(one, str)]
    return st.one_of(numbers, st.booleans(), *([st.sampled_from(choices)] if choices else []))


def is_taken(model: type[BaseModel], params: dict[str, Any]) -> bool:
    try:
        model(**params)
    except ValueError:
        return False
    return True


@st.composite
def params_of(draw: st.DrawFn, model: type[BaseModel]) -> dict[str, Any]:
    """Params of a kind, each drawn so that the kind takes it, as far as it does."""
    taken: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        if field.is_required() or draw(st.booleans()):
            taken |= {name: draw(value_of(field))}
            if not is_taken(model, taken) and not field.is_required():
                del taken[name]
    if not is_taken(model, taken) and "below" in model.model_fields:
        taken = {"below": draw(st.floats(-1e9, 1e9))}
    return taken if is_taken(model, taken) else {}


@st.composite
def rules(draw: st.DrawFn) -> Rule:
    kind = draw(st.sampled_from(sorted(kinds())))
    dimension = draw(st.sampled_from(HOME.dimensions)) if kind != late.KIND else "all"
    metric = draw(st.sampled_from([*HOME.metrics, "cohort_retention.4"]))
    told = {
        "name": draw(names),
        "metric": late.METRIC if kind == late.KIND else metric,
        "grain": draw(st.sampled_from(("week", "month"))),
        "dimension": dimension,
        "segment": draw(st.none() | hostile) if dimension != "all" else None,
        "kind": kind,
        "params": draw(params_of(kinds()[kind].params)),
        "severity": draw(st.sampled_from(SEVERITIES)),
        "channels": draw(st.lists(hostile, max_size=3)),
        "owner": draw(hostile),
        "about": draw(hostile),
        "repeat_hours": draw(st.none() | st.floats(0.1, 2000)),
    }
    return fitted(told, SETTINGS)


@given(st.lists(rules(), max_size=5, unique_by=lambda rule: rule.name))
def test_rules_come_back_from_a_file_as_they_went(given_rules: list[Rule]) -> None:
    text = text_of(given_rules)
    back = read_text(text, SETTINGS, "rules.toml")
    assert back == given_rules
    assert text_of(back) == text


def test_every_kind_goes_into_a_file() -> None:
    """The property above must not have passed over a kind."""
    for kind in kinds().values():
        params = {"below": 1.0} if "below" in kind.params.model_fields else {}
        metric = late.METRIC if kind.name == late.KIND else "mrr"
        rule = fitted({"name": "x", "metric": metric, "kind": kind.name, "params": params}, SETTINGS)
        assert read_text(text_of([rule]), SETTINGS, "rules.toml") == [rule]


def test_the_example_is_read_and_written_in_the_same_form() -> None:
    (rule,) = read_text(EXAMPLE, SETTINGS, "rules.toml")
    assert (rule.name, rule.dimension, rule.segment, rule.channels) == (
        "activation stalls", "plan", None, ("team",)
    )  # fmt: skip
    assert rule.params == {"below": 0.35, "recover": 0.40, "periods": 2, "minimum_n": 30}
    assert text_of([rule]) == (
        '[[rule]]\nname = "activation stalls"\nmetric = "activation_rate"\ngrain = "week"\n'
        'dimension = "plan"\nkind = "limit"\n'
        "params = { periods = 2, minimum_n = 30, below = 0.35, recover = 0.4 }\n"
        'severity = "warning"\nchannels = ["team"]\n'
    )


@pytest.mark.parametrize(
    ("line", "becomes", "sentence"),
    [
        ('name = "activation stalls"', "", "Rule number 1: 'name' is missing"),
        ('metric = "activation_rate"', 'metric = "activatoin_rate"', "did you mean 'activation_rate'"),
        (
            'metric = "activation_rate"',
            'metric = "cohort_retention.13"',
            "cohort_retention.1 to cohort_reten",
        ),
        ('grain = "week"', 'grain = "year"', "grain = 'year' is not allowed"),
        (
            'dimension = "plan"',
            'dimension = "channel"',
            "dimension = 'channel' is not configured; there are all",
        ),
        ('dimension = "plan"', 'dimension = "all"\nsegment = "pro"', "segment = 'pro' needs a dimension"),
        ('kind = "limit"', 'kind = "limits"', "There is no kind of rule 'limits'; there are"),
        ("below = 0.35, ", "", "give either 'below' or 'above'"),
        ("below = 0.35", "below = nan", "below = nan is not allowed: it must be a finite number"),
        ("below = 0.35", "under = 0.35", "has no 'under'; it has:"),
        ("periods = 2", "periods = 0", "periods = 0 is not allowed"),
        ("recover = 0.40", "recover = 0.2", "recover = 0.2 must not lie under below = 0.35"),
        ('severity = "warning"', 'severity = "loud"', "severity = 'loud' is not allowed"),
        ('channels = ["team"]', 'channels = "team"', "channels = 'team' is not allowed"),
        ('channels = ["team"]', "repeat_hours = -1", "repeat_hours = -1 is not allowed"),
        ('channels = ["team"]', 'channel = ["team"]', "there is no key 'channel'; there are name"),
        ('metric = "activation_rate"', 'metric = "source_silence"', "go together, and with no other"),
    ],
)
def test_what_is_wrong_is_named_with_its_rule_and_key(line: str, becomes: str, sentence: str) -> None:
    assert line in EXAMPLE
    with pytest.raises(BadInput) as bad:
        read_text(EXAMPLE.replace(line, becomes, 1), SETTINGS, "rules.toml")
    assert sentence in str(bad.value)
    assert "Rule 'activation stalls': " in str(bad.value) or "Rule number 1" in str(bad.value)
    assert str(bad.value).startswith("rules.toml: nothing was imported. ")
    assert "\n" not in str(bad.value)


def test_cohorts_are_not_watched_by_the_day() -> None:
    wrong = EXAMPLE.replace("activation_rate", "cohort_retention.4").replace('"week"', '"day"')
    with pytest.raises(BadInput, match="cohorts are by week or month"):
        read_text(wrong, SETTINGS, "rules.toml")


def test_every_rule_that_is_wrong_is_named() -> None:
    many = "\n".join(
        EXAMPLE.replace("activation stalls", f"rule {n}").replace("limit", "x") for n in range(14)
    )
    with pytest.raises(BadInput) as bad:
        read_text(many, SETTINGS, "rules.toml")
    assert all(f"Rule 'rule {number}': " in str(bad.value) for number in range(10))
    assert str(bad.value).endswith("And 4 more.")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[rule]", "rules.toml is not valid TOML: "),
        ("[rule]\nname = 'x'", "must hold each rule as a table [[rule]], with double brackets"),
        ("rule = 3", "must hold each rule as a table"),
        ("rule = [3]", "must hold each rule as a table"),
        ("[[rules]]\nname = 'x'", "has a key 'rules'; there is only [[rule]]"),
        ("[[rule]]\nname = 7", "Rule number 1: name = 7 is not allowed"),
        (EXAMPLE + EXAMPLE, "Rule 'activation stalls' is there more than once"),
    ],
)
def test_what_is_no_file_of_rules_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(BadInput) as bad:
        read_text(text, SETTINGS, "rules.toml")
    assert sentence in str(bad.value)


def test_a_file_without_rules_holds_none() -> None:
    assert read_text("", SETTINGS, "rules.toml") == []
    assert text_of([]) == ""


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"nowhere.toml cannot be read: No such file"):
        read_file(tmp_path / "nowhere.toml", SETTINGS)
    (tmp_path / "latin.toml").write_text("# Zürich", encoding="latin-1")
    with pytest.raises(BadInput, match="is not UTF-8 text"):
        read_file(tmp_path / "latin.toml", SETTINGS)
