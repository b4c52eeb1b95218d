from datetime import datetime

import polars as pl

from metrics.brought import COUNTED, totals

TIMES = {"last_import_at": pl.Datetime, "last_fact_at": pl.Datetime}
SCHEMA = {"source": pl.String, "shape": pl.String, **dict.fromkeys(COUNTED, pl.Int64), **TIMES}
EARLY, LATE, LATEST = datetime(2026, 3, 1), datetime(2026, 3, 2), datetime(2026, 3, 3)


def rows(*told: tuple[str, str, int, datetime, datetime | None]) -> pl.DataFrame:
    found = [(source, shape, *[count] * len(COUNTED), at, fact) for source, shape, count, at, fact in told]
    return pl.DataFrame(found, schema=SCHEMA, orient="row")


def test_shapes_are_added_up_and_the_newest_counts() -> None:
    found = totals(
        rows(
            ("b", "events", 2, EARLY, LATE),
            ("a", "events", 1, EARLY, None),
            ("b", "accounts", 3, LATE, EARLY),
        )
    )
    assert list(found) == ["a", "b"]
    assert found["b"] == dict.fromkeys(COUNTED, 5) | {"last_delivery_at": LATE, "last_fact_at": LATE}
    assert found["a"]["last_fact_at"] is None


def test_a_rate_of_exchange_is_no_news_of_a_source() -> None:
    found = totals(rows(("a", "events", 1, EARLY, EARLY), ("a", "fx_rates", 1, LATEST, LATEST)))
    assert (found["a"]["last_delivery_at"], found["a"]["last_fact_at"]) == (LATEST, EARLY)
    assert totals(rows()) == {}
