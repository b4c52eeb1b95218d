"""The made-up company: a believable subscription business with planted stories, as canonical files."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import polars as pl

from data.samples import billing, mail, usage, voices
from data.samples import signups as people
from data.samples.scenario import Scenario
from data.samples.world import play

TIME = "%Y-%m-%dT%H:%M:%SZ"


def write(folder: Path, *, accounts: int = 2000, months: int = 18, seed: int = 7, now: datetime) -> None:
    """Write the company's export into `folder`, one file a shape, ready for `import_folder`.

    `now` is naive UTC; the last facts lie just before it. The same arguments give the same bytes.
    Import it with the source name `demo`, which `data.samples.life` goes on with.

    Raises:
        BadInput: fewer than one account or month.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for shape, kind, frame in shapes(Scenario(accounts, months, seed, now)):
        _write(frame, folder / f"{shape}.{kind}")


def shapes(scenario: Scenario) -> Iterator[tuple[str, str, pl.DataFrame]]:
    """Each shape of the company: its name, the kind of file it is kept in, its rows."""
    world, now = play(scenario), scenario.now
    issued = billing.invoices_of(world)
    yield "accounts", "csv", people.accounts(scenario, world.signups, billing.plan_now(world))
    yield "subscription_changes", "csv", billing.changes(world).filter(pl.col("effective_at") < now)
    invoices = billing.invoices(world, issued).filter(pl.col("issued_at") < now)
    yield "invoices", "parquet", invoices
    yield (
        "invoice_lines",
        "parquet",
        billing.lines(issued).join(invoices, on="invoice_id", how="semi", maintain_order="left"),
    )
    yield "payments", "parquet", billing.payments(world, issued).filter(pl.col("attempted_at") < now)
    yield "fx_rates", "csv", billing.fx_rates(scenario).filter(pl.col("date") <= now.date())
    yield "plan_limits", "csv", billing.plan_limits()
    yield "messages", "parquet", mail.messages(world, issued)
    yield "feedback", "ndjson", voices.feedback(world)
    yield "tickets", "ndjson", voices.tickets(world, issued)
    yield "redemptions", "csv", voices.redemptions(world)
    yield "events", "parquet", usage.events(world)


def _write(frame: pl.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        frame.write_csv(path, datetime_format=TIME)
    elif path.suffix == ".ndjson":
        frame.with_columns(pl.col(pl.Datetime).dt.strftime(TIME)).write_ndjson(path)
    else:
        frame.write_parquet(path, compression="zstd", compression_level=1)
