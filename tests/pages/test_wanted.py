"""Whoever signs in is led to a page of ours and nowhere else."""

import pytest

from pages import wanted


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://holdfast.example",
        "https://holdfast.example//evil.example/x",
        "https://holdfast.example/\\evil.example",
        "https://holdfast.example/a b",
        "https://holdfast.example/" + "x" * wanted.LONGEST,
    ],
)
def test_what_may_be_the_name_of_another_site_is_no_place(url: str) -> None:
    assert wanted.place_of(url) == ""


def test_a_place_is_a_path_with_what_it_asks_for() -> None:
    assert (
        wanted.place_of("https://holdfast.example/cohorts?grain=week&by=plan#x")
        == "/cohorts?grain=week&by=plan"
    )
