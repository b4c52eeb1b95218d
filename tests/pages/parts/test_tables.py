"""Tables as files: nothing in them runs when a spreadsheet opens them."""

import polars as pl
import pytest

from pages.parts.tables import csv


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum(a)", "\t=1", "\r=1", " =1+1", "＝1"])
def test_text_that_would_run_as_a_formula_gets_an_apostrophe(text: str) -> None:
    found = pl.read_csv(csv(pl.DataFrame({"name": [text]})))
    assert found["name"][0].startswith("'")


def test_ordinary_text_and_numbers_stay_as_they_are() -> None:
    frame = pl.DataFrame({"name": ["Ada & Söhne", None, "a=b"], "mrr": [-12.5, 0.0, None]})
    assert csv(frame).decode() == "name,mrr\nAda & Söhne,-12.5\n,0.0\na=b,\n"
