"""The curve of reaching value is the same to the last bit, whatever stands beside it when it is computed."""

from random import Random

import duckdb
import polars as pl

from metrics import plan

CURVES, LARGEST, SEGMENTS = 40, 900, 3
MADE_OF = (
    f"create table profile_segment as select range as profile_key, 0 as segment_key from range({SEGMENTS})",
    "insert into profile_segment select profile_key, 1 + profile_key from profile_segment",
    "create table curve_count as select curve, segment_key, count(*) as ended from newcomer "
    "join profile_segment using (profile_key) group by all",
)


def accounts() -> pl.DataFrame:
    """Of each curve so many accounts in the order of time; some have not reached value by their age."""
    random = Random(7)
    rows = [
        {
            "curve": curve,
            "place": place,
            "profile_key": random.randrange(SEGMENTS),
            "value_us": None if random.random() < 0.3 else place * 1_000,
            "hours": place % 700,
            "outlasts_all": False,
        }
        for curve in range(CURVES)
        for place in range(random.randint(1, LARGEST))
    ]
    return pl.DataFrame(rows, infer_schema_length=None)


def shares(newcomer: pl.DataFrame) -> dict[tuple[int, int, int], float]:
    """By curve, segment and place in the order."""
    with duckdb.connect() as box:
        box.register("newcomer", newcomer)
        for statement in MADE_OF:
            box.execute(statement)
        asked = f"select curve, segment_key, nth, share_waiting from ({plan.file_named('survival').sql})"
        return {(curve, key, nth): share for curve, key, nth, share in box.execute(asked).fetchall()}


def test_a_curve_alone_says_what_it_says_among_others() -> None:
    rows = accounts()
    together = shares(rows)
    for curve in range(CURVES):
        alone = shares(rows.filter(pl.col("curve") == curve))
        assert alone == {key: share for key, share in together.items() if key[0] == curve}
    assert min(together.values()) == 0.0
