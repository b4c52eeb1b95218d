"""Segments as SQL: every account has one combination of them, a profile, and facts are counted by profile."""

from data.store.warehouse import named, quoted

COLUMNS = ("name", "email", "plan", "region", "channel", "currency", "owner")
FIXED = frozenset(
    {
        "account_id", "name", "email", "owner", "created_at", "created_day", "steps_reached", "stuck_since",
        "first_value_at", "activated_at", "last_active_day", "mrr", "paying_since",
    }
)  # fmt: skip


def segmenting(dimensions: tuple[str, ...]) -> list[str]:
    """The statements that number the segments and the profiles, and give every account its profile.

    Makes account (with profile_key), account_dimension (a column a dimension),
    segment (segment_key, dimension, segment) and profile_segment (profile_key, segment_key).
    """
    codes = [f"s{number}" for number, _ in enumerate(dimensions)]
    values = "".join(f", {attribute(name)} as {code}" for code, name in zip(codes, dimensions, strict=True))
    listed = "".join(f", {code}" for code in codes)
    same = "".join(f" and profile.{code} = described.{code}" for code in codes)
    return [
        f"create table steps.described as select account_key{values} from visible_account",
        "create table steps.profile as select cast(row_number() over (order by "
        f"{', '.join(codes) or '1'}) as integer) as profile_key{listed} "
        f"from (select distinct 1{listed} from described)",
        "create table steps.account as select profile.profile_key, visible_account.* from visible_account "
        "join described on described.account_key = visible_account.account_key "
        f"join profile on true{same}",
        f"create table steps.account_dimension as select account_key{shown(dimensions)} from described",
        *segments(dimensions),
    ]


def attribute(dimension: str) -> str:
    """SQL for an account's segment: a column of the shape, or one of its other attributes."""
    path = quoted('$."' + dimension.replace('"', '\\"') + '"')
    found = dimension if dimension in COLUMNS else f"json_extract_string(attributes, {path})"
    return f"coalesce(nullif(trim({found}), ''), '(none)')"


def shown(dimensions: tuple[str, ...]) -> str:
    pairs = enumerate(dimensions)
    return "".join(f", s{number} as {named(name)}" for number, name in pairs if name not in FIXED)


def segments(dimensions: tuple[str, ...]) -> list[str]:
    spread = " union all ".join(
        ["select profile_key, 'all' as dimension, 'all' as segment, 0 as place from profile"]
        + [
            f"select profile_key, {quoted(name)}, s{number}, {number + 1} from profile"
            for number, name in enumerate(dimensions)
        ]
    )
    return [
        f"create table steps.profile_spread as {spread}",
        "create table steps.segment as select cast(row_number() over (order by place, segment) as integer) "
        "as segment_key, dimension, segment "
        "from (select distinct place, dimension, segment from profile_spread)",
        "create table steps.profile_segment as select profile_spread.profile_key, segment.segment_key "
        "from profile_spread join segment on segment.dimension = profile_spread.dimension "
        "and segment.segment = profile_spread.segment",
    ]
