"""What is kept between refreshes, so that the next one costs what changed: tables beside the facts."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

import duckdb

from data.calendar import WEEKDAYS
from data.settings import Settings
from data.store.warehouse import quoted
from metrics import lanes, plan
from metrics.functions import macros
from metrics.segmenting import codes

Connection = duckdb.DuckDBPyConnection
LAYOUT = "5"  # of the tables below; another one begins afresh
SCHEMA = "kept"
LONG_AGO = datetime.fromisoformat("0001-01-01")
# Settings that change what is kept; the others only change what is made of it.
COUNTS = ("timezone", "base_currency", "segments", "week_start", "activation", "value", "engagement")
TABLES = {
    "kept_state": "import_id integer, as_of timestamp, fingerprint varchar, token varchar, "
    "after_token varchar",
    "kept_account": "account_key integer, profile_key integer, created_at timestamp, name varchar, "
    "email varchar, plan varchar, region varchar, channel varchar, currency varchar, owner varchar, "
    "account_id varchar, created_day date",
    "kept_actor": "actor_key integer, first_at timestamp, first_day date, last_day date",
    "kept_month": "actor_key integer, month date, days integer",
    "kept_last": "actor_key integer, day date, last_at timestamp",
    "kept_ahead": "actor_key integer, day date, occurred_at timestamp, name_key integer",
    "kept_first_event": "account_key integer, name_key integer, first_at timestamp",
    "kept_onboarding": "account_key integer, profile_key integer, created_at timestamp, created_day date, "
    "steps_reached integer, last_step_us bigint, activated_day date, value_us bigint",
    "kept_count": "actor_key integer, day date, events integer",
    "kept_early": "account_key integer, name_key integer, since utinyint, events integer",
    "kept_first_day": "account_key integer, name_key integer, day date",
    "kept_attribute": "account_key integer, attribute varchar, value varchar",
    "kept_active": "account_key integer, last_active_day date",
    "kept_subscription_day": "account_key integer, subscription_id varchar, day date, mrr decimal(18, 4)",
    "kept_mrr_change": "account_key integer, profile_key integer, created_day date, day date, "
    "delta decimal(18, 4), mrr_before decimal(18, 4), mrr_after decimal(18, 4), movement varchar, "
    "week_opening decimal(18, 4), month_opening decimal(18, 4), paying_from date, is_yearly boolean",
    "kept_quantile": "grain varchar, period_start date, dimension varchar, segment varchar, reached bigint, "
    "p50_us bigint, p75_us bigint, p90_us bigint",
    "kept_curve": "period_start date, dimension varchar, segment varchar, hours integer, share double, "
    "lower double, upper double, reached bigint, at_risk bigint",
    "kept_next": "grain varchar, period_start date, next_at timestamp",
    "kept_size": "flow varchar, rows bigint",
}
MONEY = "decimal(18, 4)"
# The flows: keys, and what adds up over them. Rows of one key may lie there more than once: they add up too.
FLOWS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "activity_flow": (
        {"day": "date", "profile_key": "integer"},
        dict.fromkeys(("active", "first_in_week", "first_in_month", "change_28"), "bigint"),
    ),
    "cohort_activity_flow": (
        {"grain": "varchar", "cohort_start": "date", "period_start": "date", "profile_key": "integer"},
        {"retained": "bigint"},
    ),
    "onboarding_flow": (
        {"day": "date", "profile_key": "integer"},
        dict.fromkeys(("signups", "matured", "activated", "activations"), "bigint"),
    ),
    "step_flow": (
        {"day": "date", "profile_key": "integer", "steps_reached": "integer"},
        {"accounts": "bigint"},
    ),
    "revenue_flow": (
        {"grain": "varchar", "period_start": "date", "profile_key": "integer"},
        dict.fromkeys(
            ("net", "new", "reactivation", "expansion", "contraction", "churned", "paying_mrr"), MONEY
        )
        | {"paying": "bigint", "kept_net": MONEY, "kept_gross": MONEY, "lost": "bigint"},
    ),
    "cohort_revenue_flow": (
        {"grain": "varchar", "cohort_start": "date", "period_start": "date", "profile_key": "integer"},
        {"net": MONEY, "gross": MONEY},
    ),
    "paying_flow": (
        {"begun": "date", "period_start": "date", "is_yearly": "boolean", "profile_key": "integer"},
        {"accounts": "bigint", "mrr": MONEY, "squares": "decimal(38, 4)", "lost_mrr": MONEY},
    ),
}
# These change with subscriptions alone.
OF_MONEY = frozenset({"revenue_flow", "cohort_revenue_flow", "paying_flow"})


@dataclass(frozen=True)
class Kept:
    """How far the kept tables have come. `token` names this state, `after_token` the one it was made from."""

    import_id: int
    as_of: datetime
    fingerprint: str
    token: str
    after_token: str

    def followed_by(self, import_id: int, as_of: datetime, made_with: str) -> "Kept":
        return Kept(import_id, as_of, made_with, uuid4().hex, self.token)


NOTHING = Kept(0, LONG_AGO, "", "", "")


def functions(settings: Settings, place: str) -> list[str]:
    """The statements that make the named functions, which lie beside the tables."""
    return macros(settings.timezone, WEEKDAYS.index(settings.week_start), place)


def fingerprint(settings: Settings) -> str:
    """Changes when anything does that the kept tables are made with."""
    told = settings.model_dump(mode="json", include=set(COUNTS))
    files = [file.path.name + file.sql for file in (*plan.inputs(), *plan.flows())]
    return hashlib.sha256(json.dumps([LAYOUT, told, files, functions(settings, SCHEMA)]).encode()).hexdigest()


def read(connection: Connection, place: str) -> Kept:
    """The state of the kept tables in `place`, a schema; `NOTHING` where there are none."""
    try:
        rows = connection.execute(f"from {place}.kept_state").fetchall()
    except duckdb.CatalogException:
        return NOTHING
    return Kept(*rows[0]) if rows else NOTHING


def begin_afresh(connection: Connection, place: str, settings: Settings) -> None:
    """Empty tables, whatever was there before."""
    connection.execute(f"drop schema if exists {place} cascade")
    connection.execute(f"create schema {place}")
    profile = "".join(f", {code} varchar" for code in codes(settings.segments))
    tables = TABLES | lanes.TABLES | {"kept_profile": f"profile_key integer{profile}"}
    for name, columns in tables.items():
        connection.execute(f"create table {place}.{name} ({columns})")
    for name, (keys, measures) in FLOWS.items():
        columns = ", ".join(f"{column} {kind}" for column, kind in (keys | measures).items())
        connection.execute(f"create table {place}.{name} ({columns})")
    for name, sql in settled(settings).items():
        connection.execute(f"create table {place}.{name} as {sql}")
    for statement in functions(settings, place):
        connection.execute(statement)


def settled(settings: Settings) -> dict[str, str]:
    """The tables that say what the settings do: the events that mean something, the grains."""
    named = {
        "setting_step": settings.activation.steps,
        "setting_value": settings.value.events,
        "setting_engagement": settings.engagement.events,
    }
    listed = {table: ", ".join(map(quoted, events)) for table, events in named.items()}
    return {
        table: "select cast(generate_subscripts(names, 1) as integer) as step, unnest(names) as name "
        f"from (select cast([{names}] as varchar[]) as names)"
        for table, names in listed.items()
    } | {"grain_name": "select unnest(['day', 'week', 'month']) as grain"}


def write(connection: Connection, place: str, now: Kept) -> None:
    """Record how far the tables have come, in the transaction that brought them there."""
    connection.execute(f"delete from {place}.kept_state")
    connection.execute(
        f"insert into {place}.kept_state values ($1, $2, $3, $4, $5)", list(vars(now).values())
    )


def look_in(session: Connection, place: str, *first: str) -> None:
    """A bare name is a table of `first`, or else kept in `place`, or else a table of facts."""
    facts, _ = place.split(".")
    if facts == "past":
        session.execute("reset search_path")
        [(facts,)] = session.execute("select current_database()").fetchall()
    session.execute(f"set search_path = {quoted(','.join([*first, place, f'{facts}.main']))}")
