from pages.parts.rules import fields, wrong
from pages.parts.rules.units import PER_CENT, WHOLE


def test_options_that_read_the_same_are_told_apart() -> None:
    labels = fields.apart(["a", "b", "c"], {"a": "Rate", "b": "Rate", "c": "Sum"}.__getitem__)
    assert labels == {"a": "Rate (a)", "b": "Rate (b)", "c": "Sum"}


def test_only_what_was_typed_differs_from_what_was() -> None:
    third = 1 / 3
    assert fields.told(PER_CENT.read(PER_CENT.shown(third)), third) == third
    assert fields.told(0.34, third) == 0.34
    assert fields.told(None, third) is None


def test_a_label_names_its_unit() -> None:
    assert fields.label_of("recover", PER_CENT) == "Recovers at, %"
    assert fields.label_of("periods", WHOLE) == "Periods in a row"
    assert fields.label_of("how_much") == "How much"


def test_a_sentence_leaves_out_the_rule_that_everybody_sees() -> None:
    assert wrong.bare("Rule 'a': recover = 1 must not.") == "recover = 1 must not."
    assert wrong.bare('Rule "it\'s": Rule "it\'s": periods = 0 is not.') == "periods = 0 is not."
    assert wrong.bare("A rule: name is missing.") == "name is missing."
    assert wrong.bare("The control store did not answer.") == "The control store did not answer."
