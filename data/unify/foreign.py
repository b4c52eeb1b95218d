"""Facts in a currency that has no rate yet: stored, listed as set aside until a rate comes."""

from collections.abc import Callable

import polars as pl

from data.errors import BadInput
from data.store.known import whole
from data.unify.insert import Facts
from data.unify.loading import Load

RawRows = Callable[[], pl.DataFrame]


def remember(load: Load, facts: Facts, fresh: pl.DataFrame, raw_rows: RawRows) -> None:
    """Note where the facts stand that came in a currency without a rate on or before their day.

    `raw_rows` gives the rows as they came: `position`, `file`, `raw`.
    """
    if not facts.shape.has_currency:
        return
    base = load.warehouse.settings.base_currency
    foreign = fresh.filter(pl.col("currency") != base).with_columns(place=facts.place)
    foreign = foreign.unique("place", keep="first", maintain_order=True)
    if foreign.height and (without := _without_rate(load, facts, foreign)):
        load.has_foreign = True
        rows = foreign.filter(pl.col("place").is_in(without))
        _keep(load, facts, rows.join(raw_rows(), left_on="place", right_on="position", maintain_order="left"))


def _without_rate(load: Load, facts: Facts, foreign: pl.DataFrame) -> list[int]:
    zone = load.warehouse.settings.timezone
    day = f"cast(timezone('{zone}', timezone('UTC', f.{facts.shape.happened_at})) as date)"
    with load.warehouse.given(foreigners=foreign):
        found = load.warehouse.rows(
            "select f.place from foreigners as f where not exists "
            f"(select 1 from fx_rates as x where x.currency = f.currency and x.date <= {day})"
        )
    return [place for (place,) in found]


def count_foreign(load: Load, *, strict: bool) -> None:
    """Count these facts as set aside, though they are stored and wait for a rate.

    Raises:
        BadInput: there are some, and the import is strict.
    """
    if not load.has_foreign:
        return
    found = load.warehouse.rows(
        "select shape, file, row, currency, count(*) over (partition by shape) from still_unconverted "
        "where import_id = $import_id order by shape, file, row",
        {"import_id": load.import_id},
    )
    if found and strict:
        _, file, row, currency, _ = found[0]
        raise BadInput(f"{file}, row {row}: currency '{currency}' has no rate; nothing was loaded.")
    for shape, count in {(shape, count) for shape, *_, count in found}:
        load.tally(shape).added -= count
        load.tally(shape).quarantined += count


def _keep(load: Load, facts: Facts, rows: pl.DataFrame) -> None:
    with load.warehouse.given(foreigners=rows):
        load.warehouse.run(
            f"""
            insert into unconverted by name
            select
                {whole("f.")} as fact_id, $shape as shape, $source_key as source_key, $import_id as import_id,
                f.{facts.shape.happened_at} as occurred_at, f.currency, f.file, f.row, f.raw,
                $now as quarantined_at
            from foreigners as f
            """,
            {**load.keys, "shape": facts.came_as, "now": load.now},
        )
