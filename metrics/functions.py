"""The named functions of the portable SQL: macros on DuckDB, spelled out when rendered for Spark."""

from dataclasses import dataclass

from data.store.local_time import day_of

Z = 1.959963984540054  # the 97.5 % point of the normal distribution: a two-sided 95 % interval


@dataclass(frozen=True)
class NamedFunction:
    """One meaning, two spellings; what stands in braces is filled from the settings."""

    name: str
    parameters: tuple[str, ...]
    duckdb: str
    spark: str


def wilson(sign: str, edge: str, at_edge: str) -> str:
    """Wilson's score interval for `hits` of `tries`, exact where nobody or everybody hit (Wilson 1927)."""
    z2, k, n = Z * Z, "cast(hits as double)", "cast(tries as double)"
    root = f"sqrt({z2!r} + 4.0 * {k} * (1.0 - {k} / nullif({n}, 0)))"
    return (
        f"case when tries = 0 then null when hits = {edge} then {at_edge} "
        f"else (2.0 * {k} + {z2!r} {sign} {Z!r} * {root}) / nullif(2.0 * ({n} + {z2!r}), 0) end"
    )


LOWER = wilson("-", "0", "0.0")
UPPER = wilson("+", "tries", "1.0")

FUNCTIONS = (
    NamedFunction(
        "local_date",
        ("instant",),
        "{local_date}",
        "to_date(from_utc_timestamp(instant, :zone))",
    ),
    NamedFunction(
        "week_of",
        ("day",),
        "cast(day - cast((isodow(day) + 6 - {week_start}) % 7 as integer) as date)",
        "date_sub(day, (weekday(day) + 7 - :week_start) % 7)",
    ),
    NamedFunction("month_of", ("day",), "cast(date_trunc('month', day) as date)", "trunc(day, 'MM')"),
    NamedFunction(
        "add_days", ("day", "days"), "cast(day + cast(days as integer) as date)", "date_add(day, days)"
    ),
    NamedFunction(
        "days_between", ("first", "last"), "date_diff('day', first, last)", "datediff(last, first)"
    ),
    NamedFunction(
        "ratio",
        ("part", "whole"),
        "cast(part as double) / nullif(cast(whole as double), 0)",
        "cast(part as double) / nullif(cast(whole as double), 0)",
    ),
    NamedFunction(
        "quantile_exact",
        ("measure", "share"),
        "quantile_cont(measure, share)",
        "percentile(measure, share)",
    ),
    NamedFunction("wilson_lower", ("hits", "tries"), LOWER, LOWER),
    NamedFunction("wilson_upper", ("hits", "tries"), UPPER, UPPER),
)
BY_NAME = {function.name: function for function in FUNCTIONS}


def macros(zone: str, week_start: int, place: str = "") -> list[str]:
    """The statements that teach DuckDB the named functions: in the schema `place`, or in one session."""
    local_date = day_of("instant", zone)
    kind, prefix = ("macro", f"{place}.") if place else ("temp macro", "")
    return [
        f"create or replace {kind} {prefix}{function.name}({', '.join(function.parameters)}) as "
        + function.duckdb.format(local_date=local_date, week_start=week_start)
        for function in FUNCTIONS
    ]
