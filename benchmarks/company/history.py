"""The past of a company, written straight into the tables, for importing so many events takes minutes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.store.warehouse import Warehouse

BEGIN = datetime.fromisoformat("2023-01-01")
SETTLED = 0.98  # share of the time in which accounts sign up: the newest are a few days old
STEPS = ("welcome_seen", "value_demonstrated", "first_action")
USAGE = ("login", "report_opened", "file_shared", "comment_added", "export_made")
PLANS = ("starter", "team", "scale")
REGIONS = ("americas", "europe", "asia", "africa")
CHANNELS = ("ads", "search", "partner", "referral")
PRICES = (29, 49, 99, 149, 499)
AT_ONCE = 5_000_000  # events an INSERT


@dataclass(frozen=True)
class Company:
    """How much of it there is. Accounts sign up evenly, `a1` first; `begin` is when the first does.

    What is assumed: an account is active from its sign-up on and never before; the oldest half causes seven
    of ten events; of every hundred accounts 80, 65 and 45 take the steps of onboarding, most within days and
    a tenth over weeks; a third pays, and changes its subscription up to three times.
    """

    events: int
    accounts: int = 50_000
    days: int = 548
    begin: datetime = BEGIN

    @property
    def end(self) -> datetime:
        return self.begin + timedelta(days=self.days)

    @property
    def seconds(self) -> float:
        return self.days * 86_400.0

    @property
    def signup_every(self) -> float:
        """Seconds between two sign-ups."""
        return self.seconds * SETTLED / self.accounts

    def signed_up(self, second: float) -> int:
        """How many accounts there are so many seconds after the beginning."""
        return min(self.accounts, 1 + int(second / self.signup_every))


def share(salt: int, of: str = "i") -> str:
    """SQL for a number in [0, 1) that is the same whenever it is asked for."""
    return f"((hash({of}, {salt}) % 1000003) / 1000003.0)"


def pick(choices: Sequence[object], by: str) -> str:
    """SQL for one of some values, the same one whenever it is asked for."""
    return f"{list(choices)}[cast(1 + hash({by}) % {len(choices)} as bigint)]"


def moment(company: Company, seconds: str) -> str:
    return f"timestamp '{company.begin}' + to_microseconds(cast(({seconds}) * 1e6 as bigint))"


def delay(of: str) -> str:
    """SQL for the seconds an account takes for a step: a day in the mean, for one in ten a month."""
    mean = f"case when {share(11, of)} < 0.1 then 30 else 1 end"
    return f"(-ln(1 - {share(12, of)}) * {mean} * 86400)"


def write(warehouse: Warehouse, company: Company) -> None:
    """The whole past, as the first import of source `history`."""
    with warehouse.transaction():
        warehouse.run("insert into sources values (1, 'history')")
        warehouse.run("update last_import set import_id = 1")
        write_names(warehouse, company)
        write_accounts(warehouse, company)
        write_changes(warehouse, company)
    write_events(warehouse, company)
    count(warehouse, company)


def write_names(warehouse: Warehouse, company: Company) -> None:
    numbered = f"range(1, {company.accounts} + 1) as t(i)"
    warehouse.run(f"insert into account_keys select i, 'a' || i from {numbered}")
    for number, name in enumerate((*STEPS, *USAGE), start=1):
        warehouse.run("insert into event_names values ($number, $name)", {"number": number, "name": name})


def write_accounts(warehouse: Warehouse, company: Company) -> None:
    created = moment(company, f"(i - 1) * {company.signup_every}")
    warehouse.run(f"""
        insert into accounts by name
        select
            i as fact_id, i as seq, 1 as source_key, 1 as import_id, i as account_key, 'a' || i as account_id,
            {created} as created_at, 'Account ' || i as name,
            {pick(PLANS, "i, 1")} as plan, {pick(REGIONS, "i, 2")} as region,
            {pick(CHANNELS, "i, 3")} as channel,
        from range(1, {company.accounts} + 1) as t(i)
    """)


def write_changes(warehouse: Warehouse, company: Company) -> None:
    """The first subscription within weeks of the sign-up, then a change every few months."""
    later = f"(n * 100 + {share(4, 'i, n')} * 40) * 86400"
    warehouse.run(f"""
        insert into subscription_changes by name
        with changed as (
            select i, n, (i - 1) * {company.signup_every} + {later} as second
            from range(1, {company.accounts} + 1) as t(i), range(4) as u(n)
            where hash(i, 5) % 3 = 0 and (n = 0 or hash(i, n, 6) % 10 < 6)
        )
        select
            1000 + i * 4 + n as fact_id, i * 4 + n as seq, 1 as source_key, 1 as import_id,
            i as account_key, 's' || i as subscription_id, {moment(company, "second")} as effective_at,
            cast({pick(PRICES, "i, n, 7")} as decimal(18, 4)) as mrr,
            case
                when n > 0 and hash(i, n, 8) % 10 < 2 then 'canceled'
                when n = 0 and hash(i, 8) % 10 < 3 then 'trialing'
                else 'active'
            end as status,
            false as ends_span,
        from changed
        where second < {company.seconds}
        order by second
    """)


def write_events(warehouse: Warehouse, company: Company) -> None:
    """In the order in which they happened, more or less, as they would have come in."""
    write_steps(warehouse, company)
    usage = company.events - int(warehouse.value("select count(*) from steps_taken"))
    every = company.seconds / usage
    for first in range(0, usage, AT_ONCE):
        last = min(usage, first + AT_ONCE)
        write_stretch(warehouse, company, (first, last), every)
    warehouse.run("drop table steps_taken")
    warehouse.run("checkpoint")


def write_steps(warehouse: Warehouse, company: Company) -> None:
    """Who took which step of onboarding when, but for more than there is room for."""
    warehouse.run(f"""
        create temp table steps_taken as
        with taken as (
            select i, step, (i - 1) * {company.signup_every} + step * {delay("i, step")} + 60 as second
            from range(1, {company.accounts} + 1) as t(i), range(1, 4) as u(step)
            where hash(i, 9) % 100 < [80, 65, 45][step]
        )
        select i, step, second
        from taken
        where second < {company.seconds}
        order by second
        limit {company.events // 2}
    """)


def write_stretch(warehouse: Warehouse, company: Company, numbers: tuple[int, int], every: float) -> None:
    """Everyday events of some numbers, with the steps that were taken in the same time."""
    first, last = numbers
    there = f"least({company.accounts}, 1 + floor(i * {every / company.signup_every}))"
    until = company.seconds if last * every > company.seconds - every else last * every
    warehouse.run(f"""
        insert into events by name
        with happened as (
            select
                'usage' as kind, i, 1 + cast(floor({there} * pow({share(1)}, 2)) as integer) as account_key,
                i * {every} as second,
                cast({len(STEPS) + 1} + hash(i, 2) % {len(USAGE)} as integer) as name_key,
            from range({first}, {last}) as t(i)
            union all
            select 'step' || step, i, i, second, step
            from steps_taken
            where second >= {first * every} and second < {until}
        )
        select
            md5_number(kind || i) as fact_id, 1 as source_key, 1 as import_id,
            account_key, {moment(company, "second")} as occurred_at,
            cast({moment(company, "second")} as date) as day, name_key,
        from happened
    """)


def count(warehouse: Warehouse, company: Company) -> None:
    """What a load would have noted about itself."""
    for shape, happened_at in (
        ("accounts", "created_at"), ("subscription_changes", "effective_at"), ("events", "occurred_at"),
    ):  # fmt: skip
        warehouse.run(
            f"insert into source_counts select 1, '{shape}', count(*), max({happened_at}), $now, "
            f"count(*), count(*), 0 from {shape}",
            {"now": company.end},
        )
