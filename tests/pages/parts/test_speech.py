from datetime import date, timedelta

import pytest

from pages.parts import captions, charts, frames, speech, words
from pages.parts.speech import say, say_as, several

NB = words.THIN
MINUS = words.MINUS
MONDAY = date(2026, 11, 9)


def test_english_texts_are_said_as_they_are_written() -> None:
    assert say("Up to {period}", period="9 Nov") == "Up to 9 Nov"
    assert several(1_204, "{count} alert firing", "{count} alerts firing") == "1,204 alerts firing"
    assert several(1, "{count} alert firing", "{count} alerts firing") == "1 alert firing"


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 aktywny alert"),
        (3, "3 aktywne alerty"),
        (5, "5 aktywnych alertów"),
        (12, "12 aktywnych alertów"),
        (22, "22 aktywne alerty"),
        (1_204, f"1{NB}204 aktywne alerty"),
    ],
)
def test_polish_has_three_plurals(count: int, said: str) -> None:
    with speech.speaking("pl"):
        assert several(count, "{count} alert firing", "{count} alerts firing") == said


def test_a_word_of_several_meanings_is_said_by_the_one_that_is_meant() -> None:
    with speech.speaking("pl"):
        assert say("Change") == "Zmiana"
        assert say_as("verb", "Change") == "Zmień"


def test_braces_in_values_and_texts_that_are_unknown_stay_as_they_are() -> None:
    with speech.speaking("pl"):
        assert say("No such text, {name}", name="{x}") == "No such text, {x}"
        assert say("Up to {period}", period="{period.__class__}") == "Do {period.__class__}"


def test_the_point_of_an_abbreviation_ends_the_sentence() -> None:
    with speech.speaking("pl"):
        told = say(
            "{source} is late: nothing came for {span}.", source="app", span=words.ago(timedelta(hours=3))
        )
    assert told.endswith(f"3{NB}godz.")


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.421, "rate", "42,1%"),
        (-0.021, "rate", f"{MINUS}2,10%"),
        (1_240_512.3, "money", f"1,24{NB}mln{NB}$"),
        (842.0, "money", f"842{NB}$"),
        (1_000.0, "money", f"1,00{NB}tys.{NB}$"),
        (-1_330.5, "money", f"{MINUS}1,33{NB}tys.{NB}$"),
        (1_204.0, "count", f"1{NB}204"),
        (2.5e9, "count", f"2,50{NB}mld"),
        (3.2, "hours", f"3,2{NB}godz."),
        (0.5, "hours", f"30{NB}min"),
        (60.0, "hours", f"2,5{NB}dnia"),
        (2.414, "ratio", "2,41"),
        (None, "rate", "—"),
    ],
)
def test_figures_are_written_as_in_poland(value: float | None, unit: str, shown: str) -> None:
    with speech.speaking("pl"):
        assert words.value(value, unit) == shown


def test_amounts_changes_and_ranges_are_written_as_in_poland() -> None:
    with speech.speaking("pl"):
        assert words.cents(1_234.5, "PLN") == f"1{NB}234,50{NB}zł"
        assert words.money_exact(1_234.5, "CHF") == f"1{NB}234,50{NB}CHF"
        assert words.change(0.421, 0.4, "rate") == f"+2,1{NB}p.p."
        assert words.is_nothing(words.change(0.4, 0.4, "rate"))
        assert words.change(104.0, 100.0, "money") == "+4%"
        assert words.interval(4_630.0, 7_880.0, "money") == f"4,63–7,88{NB}tys.{NB}$"
        assert words.interval(0.401, 0.442, "rate") == "40,1–44,2%"


def test_dates_and_spans_are_written_as_in_poland() -> None:
    with speech.speaking("pl"):
        assert words.day_of(MONDAY) == f"9{NB}lis{NB}2026"
        assert words.period(MONDAY, "day") == f"pon. 9{NB}lis"
        assert words.period(MONDAY, "week") == f"tydzień od 9{NB}lis"
        assert words.period(MONDAY, "month") == f"lis{NB}2026"
        spans = (timedelta(seconds=12), timedelta(minutes=4), timedelta(hours=3), timedelta(days=12))
        said = [words.ago(span).replace(NB, " ") for span in spans]
        assert said == ["12 s", "4 min", "3 godz.", "12 dni"]


def test_a_chart_speaks_polish_and_its_specification_stays_as_it_was() -> None:
    before = str(charts.MOVEMENTS["month"])
    with speech.speaking("pl"):
        drawn = captions.spoken(charts.MOVEMENTS["month"])
    assert str(charts.MOVEMENTS["month"]) == before
    assert captions.spoken(charts.MOVEMENTS["month"]) is charts.MOVEMENTS["month"]
    assert "Odejścia" in str(drawn)
    assert "Churned" not in str(drawn)
    assert drawn["config"]["locale"]["number"]["decimal"] == ","
    assert drawn["config"]["locale"]["time"]["shortMonths"][10] == "lis"


def test_our_words_in_a_frame_are_those_of_the_chart() -> None:
    row = dict.fromkeys((*frames.STEPS, "net"), 1.0)
    with speech.speaking("pl"):
        bridge = captions.worded(frames.bridge(row, "USD"), captions.OURS)
        scale = captions.spoken(charts.BRIDGE)["encoding"]["color"]["scale"]["domain"]
    assert bridge["movement"].to_list() == scale


def test_only_the_point_of_an_abbreviation_is_taken_for_the_end_of_a_sentence() -> None:
    assert say("It took {time}.", time="3 godz.") == "It took 3 godz."
    assert say("{name} left.", name="A..b Inc.") == "A..b Inc. left."
    assert say("More of {name} …", name="../x") == "More of ../x …"
