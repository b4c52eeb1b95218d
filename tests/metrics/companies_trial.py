"""Takes a company through the product and through the oracle, and finds where they part."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from data.settings import Settings
from data.store.warehouse import Warehouse
from data.unify.load import import_folder
from engine.refresh import refresh
from metrics.read import table
from tests.metrics.companies import Company, Row
from tests.metrics.companies_compare import (
    differences_of_cohorts,
    differences_of_metrics,
    differences_of_movements,
    readable,
)
from tests.metrics.companies_files import write_batch
from tests.metrics.oracle import metrics_table
from tests.metrics.oracle_facts import Rules, Seen, read_facts, seen_at
from tests.metrics.oracle_retention import cohorts_table
from tests.metrics.oracle_revenue import movements_table


def settings_of(rules: Rules, home: Path) -> Settings:
    return Settings(
        home=home,
        timezone=rules.timezone,
        base_currency=rules.base_currency,
        segments=rules.segments,
        week_start=rules.week_start,
        activation={"steps": rules.steps, "within_days": rules.within_days},
        value={"events": rules.value_events},
        engagement={"events": rules.engagement_events},
        memory="500MB",
    )


def trouble_with(company: Company) -> str | None:
    """What differs after any of the company's batches; nothing where all agree."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        settings = settings_of(company.rules, home / "home")
        with Warehouse.open(settings) as warehouse:
            for number, batch in enumerate(company.batches):
                written = home / f"batch{number}"
                write_batch(batch, written, company.seed)
                now = batch.as_of + timedelta(days=1)
                import_folder(warehouse, written, source=batch.source, zone=batch.zone, now=now)
                edition = refresh(settings, warehouse, batch.as_of).name
                found = "\n".join(differing_tables(company, number, settings, edition))
                if found:
                    return f"after batch {number}, as of {batch.as_of}:\n{found}"
    return None


def differing_tables(company: Company, number: int, settings: Settings, edition: str) -> Iterator[str]:
    seen = seen_by_oracle(company, number)
    found = {
        "metrics": differences_of_metrics(metrics_table(seen), table(settings, edition, "metrics")),
        "cohorts": differences_of_cohorts(cohorts_table(seen), table(settings, edition, "cohorts")),
        "movements": differences_of_movements(movements_table(seen), table(settings, edition, "movements")),
    }
    for name, differences in found.items():
        if differences:
            yield readable(name, differences)


def seen_by_oracle(company: Company, number: int) -> Seen:
    facts = read_facts(company.arrivals(number), company.rules)
    return seen_at(facts, company.rules, company.batches[number].as_of)


def smallest(company: Company, attempts: int = 150) -> Company:
    """The company with as much taken away as leaves the trouble: batches, then rows."""
    done = 0
    progress = True
    while progress and done < attempts:
        progress = False
        for smaller in without_a_piece(company):
            done += 1
            if done > attempts:
                break
            if trouble_with(smaller):
                company, progress = smaller, True
                break
    return company


def without_a_piece(company: Company) -> Iterator[Company]:
    """Every company that lacks one account with its facts, one file, or one row."""
    every = [(shape, row) for batch in company.batches for shape, rows in batch.rows.items() for row in rows]
    pieces = [
        *(
            {id(row) for _, row in every if owner(row) == key}
            for key in sorted({owner(row) for _, row in every})
        ),
        *(
            {id(row) for shape, row in every if shape == name}
            for name in sorted({shape for shape, _ in every})
        ),
        *({id(row)} for _, row in every),
    ]
    for piece in pieces:
        yield without(company, piece)


def owner(row: Row) -> str:
    return str(row.values.get("account_id"))


def without(company: Company, piece: set[int]) -> Company:
    batches = [
        replace(
            batch,
            rows={shape: [row for row in rows if id(row) not in piece] for shape, rows in batch.rows.items()},
        )
        for batch in company.batches
    ]
    return replace(company, batches=batches)


def described(company: Company) -> str:
    """The settings and every file of the company, as a reader needs them to try by hand."""
    lines = [f"seed {company.seed}: {company.rules}"]
    with TemporaryDirectory() as folder:
        for number, batch in enumerate(company.batches):
            lines.append(f"batch {number}: source {batch.source}, zone {batch.zone}, as of {batch.as_of}")
            write_batch(batch, Path(folder) / str(number), company.seed)
            for path in sorted((Path(folder) / str(number)).iterdir()):
                lines.append(f"-- {path.name}")
                text = path.suffix in (".csv", ".ndjson")
                rows = batch.rows[path.name.split(".")[0]]
                lines.append(path.read_text() if text else "\n".join(str(row.values) for row in rows))
    return "\n".join(lines)
