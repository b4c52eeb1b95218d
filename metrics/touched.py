"""What a refresh touched, as lists that the steps are restricted to: accounts, periods, cells, cohorts."""

EVERY_PERIOD = "select grain, period_start from calendar"
CELLS = """
select
    cohort.grain, cohort.period_key as cohort_key, active_in.period_key, cohort.period_start as cohort_start,
    active_in.period_start, active_in.period_key - cohort.period_key as period_index, active_in.is_complete
from calendar as cohort
join calendar as active_in on active_in.grain = cohort.grain and active_in.period_key >= cohort.period_key
where cohort.grain <> 'day'
"""
# From the temporary tables that the refresh left.
LISTS = {
    "touched_account": "select account_key from touched",
    "restated_account": "select account_key from restated",
    "touched_month": "select period_start from stale_month",
    "touched_period": """
        select distinct day_period.grain, day_period.period_start
        from day_period
        join (select day from more_onboarding_flow union select day from more_step_flow) as touched_day
            on touched_day.day = day_period.day
        union
        select grain, period_start from stale_period
    """,
    "cohort_cell": f"""
        with cells as ({CELLS})
        select cells.* from cells
        semi join due_cell as due
            on due.grain = cells.grain and due.cohort_start = cells.cohort_start
            and due.period_start = cells.period_start
        union
        select cells.* from cells
        semi join due_signed as due
            on due.grain = cells.grain and due.cohort_start = cells.cohort_start
    """,
    "cohort_wanted": "select grain, cohort_start from due_cohort union from due_signed",
}
# The lists that are empty where all of these are: then nothing reads them, and none is made.
MADE_OF = {
    "touched_month": ("stale_month",),
    "cohort_cell": ("due_cell", "due_signed"),
    "cohort_wanted": ("due_cohort", "due_signed"),
}
# Where everything is made from nothing.
EVERYTHING_IN_VIEWS = {
    "restated_account": "select account_key from kept_account",
    "touched_month": "select distinct period_start from kept_curve",
}
EVERYTHING_IN_TABLES = {
    "cohort_cell": CELLS,
    "cohort_wanted": "select grain, period_start as cohort_start from calendar where grain <> 'day'",
}
