"""Segments as SQL: every account has one combination of them, a profile, and facts are counted by profile."""

from data.store.warehouse import named, quoted

COLUMNS = ("name", "email", "plan", "region", "channel", "currency", "owner")
FIXED = frozenset(
    {
        "account_id", "name", "email", "owner", "created_at", "created_day", "steps_reached", "stuck_since",
        "first_value_at", "activated_at", "last_active_day", "mrr", "paying_since",
        "mrr_changed_day", "last_movement", "last_mrr_change",
    }
)  # fmt: skip


def codes(dimensions: tuple[str, ...]) -> list[str]:
    return [f"s{number}" for number, _ in enumerate(dimensions)]


def account_described(dimensions: tuple[str, ...]) -> str:
    """SELECT of every account named, from all that was `said`: column by column, what ranks highest."""
    latest = ", ".join(
        f"arg_max({column}, rank) filter ({column} is not null) as {column}" for column in COLUMNS
    )
    pairs = zip(codes(dimensions), dimensions, strict=True)
    split = "".join(
        f", coalesce(arg_max({value}, rank) filter ({value} is not null), '(none)') as {code}"
        for code, value in ((code, attribute(dimension)) for code, dimension in pairs)
    )
    return f"""
        with summed as (
            select
                root as account_key,
                coalesce(
                    arg_max(own_created_at, rank) filter (own_created_at is not null), min(any_created_at)
                ) as created_at,
                {latest}{split}
            from said
            group by root
        )
        select summed.*, account_keys.account_id, local_date(summed.created_at) as created_day
        from summed
        join account_keys on account_keys.account_key = summed.account_key
        where summed.created_at <= $as_of
    """


def attribute(dimension: str) -> str:
    """SQL for an account's segment: a column of the shape, or one of its other attributes."""
    path = quoted('$."' + dimension.replace('"', '\\"') + '"')
    found = dimension if dimension in COLUMNS else f"json_extract_string(attributes, {path})"
    return f"nullif(trim({found}), '')"


def same_profile(dimensions: tuple[str, ...], left: str, right: str) -> str:
    """SQL, true where two rows hold the same segments."""
    return " and ".join(f"{left}.{code} = {right}.{code}" for code in codes(dimensions)) or "true"


def shown(dimensions: tuple[str, ...]) -> str:
    """SELECT of a profile's segments under the names of their dimensions, but for those shown anyway."""
    pairs = zip(codes(dimensions), dimensions, strict=True)
    listed = "".join(f", {code} as {named(name)}" for code, name in pairs if name not in FIXED)
    return f"select profile_key{listed} from kept_profile"


def segments(dimensions: tuple[str, ...]) -> dict[str, str]:
    """The SELECTs, by the name of the table each makes, of segments with accounts and who is in them."""
    live = "select * from kept_profile where profile_key in (select profile_key from kept_account)"
    pairs = enumerate(zip(codes(dimensions), dimensions, strict=True), start=1)
    spread = " union all ".join(
        ["select profile_key, 'all' as dimension, 'all' as segment, 0 as place from live"]
        + [
            f"select profile_key, {quoted(name)}, {code}, {place} as place from live"
            for place, (code, name) in pairs
        ]
    )
    return {
        "profile_spread": f"with live as materialized ({live}) {spread}",
        "segment": "select cast(row_number() over (order by place, segment) as integer) as segment_key, "
        "dimension, segment from (select distinct place, dimension, segment from profile_spread)",
        "profile_segment": "select profile_spread.profile_key, segment.segment_key from profile_spread "
        "join segment on segment.dimension = profile_spread.dimension "
        "and segment.segment = profile_spread.segment",
    }
