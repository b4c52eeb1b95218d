"""Cells of the cohort triangle as metrics for rules: `cohort_retention.4` is retention in week 4."""

NAMES = {
    "cohort_retention": "Retention of sign-ups",
    "cohort_net_revenue_retention": "Net revenue retention of sign-ups",
}
UNITS = {
    "cohort_retention": "rate",
    "cohort_net_revenue_retention": "ratio",
}  # a share of money is not of cases
MOST = 12  # periods since sign-up that can be watched


def index_of(metric: str) -> int | None:
    """How many periods after sign-up a metric looks; None where it is no cell of the triangle."""
    name, _, index = metric.partition(".")
    return int(index) if name in NAMES and index.isdecimal() else None


def is_cell(metric: str) -> bool:
    """Whether rules can watch it."""
    index = index_of(metric)
    return index is not None and 1 <= index <= MOST


def unit_of(metric: str) -> str:
    """A rate of accounts, or a ratio of money; empty where it is no cell."""
    return UNITS[metric.partition(".")[0]] if is_cell(metric) else ""
