"""Audits: each one finds what it is there for, and a failed one leaves the edition before."""

from collections.abc import Iterator

import pytest

from data.errors import AuditFailed
from data.settings import Settings
from data.store.warehouse import Warehouse
from metrics import read
from metrics.audit import AUDITS, audit, audit_side_by_side, first_row
from metrics.compute import MAY_STAND_STILL, Computed, compute, create
from metrics.files import ROOM, read_file, read_folder
from metrics.plan import file_named
from metrics.publish import publish
from metrics.session import Session
from tests.metrics.facts import Facts, at

AS_OF = at("2024-02-20T12:00:00")
TAMPERED = {
    "movements_add_up": "update edition.movements set expansion = expansion + 0.0001 where grain = 'month'",
    "closing_is_what_subscriptions_say": (
        "update edition.movements set opening = opening + 1, closing = closing + 1 where grain = 'month'"
    ),
    "opening_is_the_closing_before": (
        "update edition.movements set opening = opening + 1, new = new - 1 "
        "where grain = 'month' and period_start = date '2024-02-01'"
    ),
    "days_add_up": "update edition.movements set new = new + 1, churned = churned - 1 where grain = 'week'",
    "segments_add_up": (
        "update edition.figures set value = value + 1 where metric = 'active_accounts' and dimension = 'plan'"
    ),
    "rates_are_shares": "update edition.figures set value = 2 where metric = 'logo_churn_rate' and value = 0",
    "retained_is_part_of_the_cohort": "update edition.cohorts set retained = size + 1",
    "keys_are_unique": "insert into edition.cohorts from edition.cohorts limit 1",
}


@pytest.fixture
def warehouse(settings: Settings) -> Iterator[Warehouse]:
    facts = Facts(settings)
    for number in range(6):
        facts.account(f"a{number}", f"2024-01-0{1 + number}T00:00:00", plan=("pro", "free")[number % 2])
        for step in settings.activation.steps:
            facts.event(f"a{number}", f"2024-01-0{1 + number}T01:00:00", step)
        facts.change(f"a{number}", f"2024-01-1{number}T00:00:00", str(10 + number))
        facts.change(f"a{number}", f"2024-02-1{number}T00:00:00", str(20 - 4 * number))
    with Warehouse.open(settings) as opened:
        facts.store(opened)
        yield opened


@pytest.fixture
def computed(warehouse: Warehouse, settings: Settings) -> Iterator[Computed]:
    with compute(warehouse, settings, as_of=AS_OF) as made:
        yield made


def test_every_audit_is_tried_here_and_says_what_it_holds_to() -> None:
    found = read_folder(AUDITS)
    assert {file.name for file in found} == TAMPERED.keys()
    assert all(file.says.get("says") for file in found)


def test_an_audit_finds_figures_that_were_tampered_with(computed: Computed) -> None:
    audit(computed.connection)
    for file in read_folder(AUDITS):
        computed.run("begin")
        computed.run(TAMPERED[file.name])
        assert "segment" in first_row(computed.connection, file), file.name
        computed.run("rollback")
    audit(computed.connection)


def test_the_identity_fails_where_a_movement_is_lost_on_the_way(
    warehouse: Warehouse, settings: Settings, computed: Computed
) -> None:
    """The states of the subscriptions are the witness: a change that a step dropped is missed there."""
    computed.run(f"update {computed.place}.revenue_flow set net = net - contraction, contraction = 0")
    for name in ("revenue_moved", "revenue_period"):
        computed.run(f"drop table steps.main.{name}")
        create(computed, file_named(name), Session(warehouse.connection, computed.place))
    computed.run(
        "create or replace table edition.movements as " + read_file(ROOM / "tables" / "movements.sql").sql
    )
    with pytest.raises(AuditFailed, match="closing_is_what_subscriptions_say"):
        audit(computed.connection)


def test_a_failed_audit_leaves_the_edition_before(warehouse: Warehouse, settings: Settings) -> None:
    with compute(warehouse, settings, as_of=AS_OF) as good:
        before = publish(good, published_at=AS_OF)
    with compute(warehouse, settings, as_of=AS_OF, full=True) as bad:
        bad.run(TAMPERED["movements_add_up"])
        with pytest.raises(AuditFailed, match=r"do not add up .* Nothing was published"):
            publish(bad, published_at=AS_OF)
    assert read.current(settings) == before.name
    assert len(list(settings.published.glob("*.duckdb"))) == 1
    with compute(warehouse, settings, as_of=AS_OF) as mended:
        assert publish(mended, published_at=AS_OF).name > before.name


def test_an_audit_of_something_looks_only_where_some_of_that_was_written(computed: Computed) -> None:
    computed.run(TAMPERED["days_add_up"])
    with computed.sessions() as sessions:
        audit_side_by_side(sessions, frozenset({"activity_period"}))
        with pytest.raises(AuditFailed, match="days_add_up"):
            audit_side_by_side(sessions, frozenset({"revenue_period"}))
        with pytest.raises(AuditFailed, match="days_add_up"):
            audit_side_by_side(sessions, None)


def test_audits_name_what_can_stand_still() -> None:
    named = {name for file in read_folder(AUDITS) for name in file.says.get("of", "").split()}
    assert named <= MAY_STAND_STILL
