import polars as pl
import pytest

from metrics.runs import completed, runs


def test_rows_that_stand_together_are_taken_apart_in_their_order() -> None:
    rows = pl.DataFrame({"metric": ["a", "a", "b"], "grain": ["day", "week", "week"], "value": [1, 2, 3]})
    assert [(key, part["value"].to_list()) for key, part in runs(rows, "metric").items()] == [
        (("a",), [1, 2]),
        (("b",), [3]),
    ]
    assert list(runs(rows, "grain", "metric")) == [("day", "a"), ("week", "a"), ("week", "b")]
    assert runs(rows.clear(), "metric") == {}


def test_rows_that_stand_apart_are_found_all_the_same() -> None:
    rows = pl.DataFrame({"metric": ["a", "b", "a"], "value": [1, 2, 3]})
    found = {key: part["value"].to_list() for key, part in runs(rows, "metric").items()}
    assert found == {("a",): [1, 3], ("b",): [2]}


@pytest.mark.parametrize("known", [[True, True, False], [False, True, True], [False], []])
def test_what_is_complete_is_the_same_wherever_it_stands(known: list[bool]) -> None:
    rows = pl.DataFrame(
        {"complete": known, "value": range(len(known))}, schema={"complete": bool, "value": int}
    )
    assert completed(rows).equals(rows.filter("complete"))
