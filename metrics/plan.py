"""Which files a number is made of, and the order in which they are computed."""

from functools import lru_cache
from pathlib import Path

from metrics.files import ROOM, SqlFile, read_folder

NOT_ROOMS = frozenset({"inputs", "flows", "steps", "tables", "audits"})
SHAPE_TABLES = frozenset(
    {
        "accounts", "events", "subscription_changes", "invoices", "invoice_lines", "payments", "messages",
        "feedback", "tickets", "plan_limits", "redemptions", "fx_rates", "invoice_updates",
    }
)  # fmt: skip
# The steps that a figure is a row of: (what tells a row apart). A figure changes when its row does.
ROWS = (
    dict.fromkeys(
        ("onboarding_period", "activity_period", "value_period", "revenue_period"),
        ("grain", "period_start", "dimension", "segment"),
    )
    | {"step_period": ("grain", "period_start", "dimension", "segment", "step")}
    | dict.fromkeys(
        ("cohort_retained", "cohort_paid"),
        ("grain", "cohort_start", "dimension", "segment", "period_index"),
    )
)
# Steps with a row of every segment in every period: none ever goes.
DENSE = ROWS.keys() - {"cohort_retained", "cohort_paid"}
# Steps whose periods can be computed each by itself.
BY_PERIOD = ("onboarding_period", "step_period", "value_period")
# Steps that change only where something was touched: the table that says what.
FED_BY = (
    dict.fromkeys(("revenue_moved", "revenue_period"), "more_revenue_flow")
    | dict.fromkeys(("activity_day", "activity_period"), "more_activity_flow")
    | dict.fromkeys(BY_PERIOD, "touched_period")
    | {"value_period": "stale_period", "cohort_retained": "cohort_cell", "cohort_paid": "cohort_wanted"}
    | {"kept_subscription_day": "paying_scope"}
    | dict.fromkeys(("kept_risk", "risk_period"), "risk_change")
    | {"made_lifetime": "more_paying_flow"}
)
# Steps that have a row of every segment whatever was touched.
OF_SEGMENTS = frozenset({"revenue_moved", "activity_day"}) | DENSE
# The part of a step that can have changed, where it is known beforehand: what lists it, by which keys.
PARTS = dict.fromkeys(BY_PERIOD, ("touched_period", ("grain", "period_start"))) | {
    "cohort_retained": ("cohort_cell", ("grain", "cohort_start", "period_index")),
    "cohort_paid": ("cohort_wanted", ("grain", "cohort_start")),
}
# What is told of the risk of accounts: it stands still, and all that is made of it, until the day turns.
OF_RISK = frozenset(
    {"kept_risk", "kept_risk_reason", "kept_risk_part", "kept_risk_model", "kept_risk_card", "risk_period"}
)
# What is estimated of lifetime value: it stands still while nobody pays otherwise than before.
OF_LIFETIME = frozenset(
    {"made_lifetime", "made_lifetime_backtest", "made_survival", "made_projection", "made_mrr_projection"}
)
# Tables that read nothing but what imports leave.
OF_FACTS = frozenset({"arrivals", "rhythm", "quarantine", "sources"})
# Tables that come along with another one.
BESIDE = dict.fromkeys(
    ("calendar", "day_period", "segment", "profile_segment", "profile_spread", "profile_dimension"), "frame"
) | dict.fromkeys(OF_LIFETIME - {"made_lifetime"}, "made_lifetime")
# What the kept tables are made of, for whoever asks which shapes are behind a figure.
KEPT: dict[str, tuple[str, ...]] = {
    "kept_account": ("accounts", "account_updates", "first_seen"),
    "kept_month": ("events",),
    "kept_last": ("events",),
    "kept_actor": ("events",),
    "kept_first_event": ("events",),
    "kept_onboarding": ("account_onboarding",),
    "kept_quantile": ("account_onboarding",),
    "kept_curve": ("account_onboarding",),
    "kept_mrr_change": ("subscription_changes", "fx_rates"),
    "kept_subscription_day": ("subscription_changes", "fx_rates"),
    "kept_risk": ("kept_mrr_change", "events"),
    "kept_risk_reason": ("kept_risk",),
    "kept_risk_part": ("kept_risk",),
    "kept_risk_flow": ("kept_risk", "kept_account"),
    "account": ("kept_account",),
    "account_day": ("kept_month", "kept_last"),
    "first_event": ("kept_first_event",),
    "subscription_change": ("subscription_changes",),
    "fx_day": ("fx_rates",),
    "frame": ("kept_account",),
    "made_lifetime": ("paying_flow", "kept_account"),
    "cohort_cell": (),
    "cohort_wanted": (),
    "restated_account": (),
    "touched_month": (),
}


def inputs() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "inputs")


def flows() -> tuple[SqlFile, ...]:
    """What is computed of the accounts touched, and added to what is kept."""
    return read_folder(ROOM / "flows")


@lru_cache
def _named() -> dict[str, SqlFile]:
    return {file.name: file for file in (*inputs(), *flows(), *steps())}


def file_named(name: str) -> SqlFile:
    return _named()[name]


def steps() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "steps")


def tables() -> tuple[SqlFile, ...]:
    return read_folder(ROOM / "tables")


def metric_files(folder: Path = ROOM) -> tuple[SqlFile, ...]:
    """The files of every room: a folder of metrics, whatever its name."""
    rooms = sorted(room for room in folder.iterdir() if room.is_dir() and room.name not in NOT_ROOMS)
    return tuple(file for room in rooms for file in read_folder(room))


def needs(file: SqlFile) -> frozenset[str]:
    """What must be computed before a file is."""
    return frozenset(BESIDE.get(name, name) for name in file.reads - {file.name})


def rows_read(file: SqlFile) -> frozenset[str]:
    """The steps a file takes rows of."""
    return file.reads & ROWS.keys()


def is_made_of_rows(file: SqlFile) -> bool:
    """Whether every row of a file comes from one row of a step and nothing else."""
    return len(rows_read(file)) == 1 and not file.reads - ROWS.keys()


def part_read(file: SqlFile) -> str:
    """The list of what was touched that a table is restricted to, if it is."""
    return next(iter(file.reads & {"restated_account", "touched_month"}), "")


def is_of_risk(file: SqlFile) -> bool:
    """Whether a file changes with the risk of accounts alone."""
    return bool(file.reads & OF_RISK)


def is_of_lifetime(file: SqlFile) -> bool:
    """Whether a file changes with the estimates of lifetime value alone."""
    return bool(file.reads & OF_LIFETIME)


def is_joined(file: SqlFile) -> bool:
    """Whether every row of a file comes from rows of several steps that have the same keys."""
    return len(rows_read(file)) > 1 and not file.reads - ROWS.keys()


@lru_cache
def _reads() -> dict[str, frozenset[str]]:
    return {file.name: needs(file) for file in (*flows(), *steps())} | {
        name: frozenset(made_of) for name, made_of in KEPT.items()
    }


def tables_behind(file: SqlFile) -> frozenset[str]:
    """Every table that a file reads, and those that they read, and so on."""
    known = _reads()
    seen: set[str] = set()
    ahead = set(needs(file))
    while ahead:
        name = ahead.pop()
        seen.add(name)
        ahead |= known.get(name, frozenset()) - seen
    return frozenset(seen)


def shapes_behind(file: SqlFile) -> tuple[str, ...]:
    return tuple(sorted(tables_behind(file) & SHAPE_TABLES))
