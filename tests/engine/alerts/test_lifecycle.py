"""The life of an alert: a table of every step, and what holds of all lives."""

from datetime import datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.alerts.lifecycle import QUIET, Life, Policy, Reason, Status, Verdict, step

INCONCLUSIVE, BETWEEN, RECOVERED, BREACH = Verdict
BEFORE, AT = datetime(2024, 5, 1), datetime(2024, 5, 2)

AT_ONCE, SECOND, THIRD = Policy(), Policy(periods=2), Policy(periods=3)
LINGERS, BOTH = Policy(keep_firing=1), Policy(periods=2, keep_firing=2)

PENDING = Life("pending", BEFORE, breaches=1)
PENDING_TWICE = Life("pending", BEFORE, breaches=2)
FIRING = Life("firing", BEFORE, breaches=3)
CALMING = Life("firing", BEFORE, breaches=3, recoveries=1)
CALM = Life("firing", BEFORE, breaches=3, recoveries=2)
RESOLVED = Life("resolved", BEFORE)
LIVES = (QUIET, PENDING, PENDING_TWICE, FIRING, CALMING, CALM, RESOLVED)
POLICIES = (AT_ONCE, SECOND, THIRD, LINGERS, BOTH)

Outcome = tuple[Status, Reason | None]
STAYS: dict[Status, Outcome] = {
    status: (status, None) for status in ("quiet", "pending", "firing", "resolved")
}
BEGINS: tuple[Outcome, ...] = (
    ("firing", "breached"),
    ("pending", "breached"),
    ("pending", "breached"),
    ("firing", "breached"),
    ("pending", "breached"),
)
HELD: Outcome = ("firing", "held")
CALMED: Outcome = ("quiet", "calmed")
ENDS: Outcome = ("resolved", "recovered")
# What each life comes to: on a breach and on a recovery, by policy; on what lies between, for all.
BREACHES: dict[Life, tuple[Outcome, ...]] = {
    QUIET: BEGINS,
    PENDING: (HELD, HELD, STAYS["pending"], HELD, HELD),
    PENDING_TWICE: (HELD,) * 5,
    FIRING: (STAYS["firing"],) * 5,
    CALMING: (STAYS["firing"],) * 5,
    CALM: (STAYS["firing"],) * 5,
    RESOLVED: BEGINS,
}
RECOVERIES: dict[Life, tuple[Outcome, ...]] = {
    QUIET: (STAYS["quiet"],) * 5,
    PENDING: (CALMED,) * 5,
    PENDING_TWICE: (CALMED,) * 5,
    FIRING: (ENDS, ENDS, ENDS, STAYS["firing"], STAYS["firing"]),
    CALMING: (ENDS, ENDS, ENDS, ENDS, STAYS["firing"]),
    CALM: (ENDS,) * 5,
    RESOLVED: (STAYS["resolved"],) * 5,
}
BETWEENS: dict[Life, Outcome] = {
    QUIET: STAYS["quiet"],
    PENDING: CALMED,
    PENDING_TWICE: CALMED,
    FIRING: STAYS["firing"],
    CALMING: STAYS["firing"],
    CALM: STAYS["firing"],
    RESOLVED: STAYS["resolved"],
}
STEPS = list(product(LIVES, Verdict, POLICIES))


def expected(life: Life, verdict: Verdict, policy: Policy) -> Outcome:
    if verdict is INCONCLUSIVE:
        return life.status, None
    if verdict is BETWEEN:
        return BETWEENS[life]
    table = BREACHES if verdict is BREACH else RECOVERIES
    return table[life][POLICIES.index(policy)]


@pytest.mark.parametrize(("life", "verdict", "policy"), STEPS)
def test_every_step_leads_where_the_table_says(life: Life, verdict: Verdict, policy: Policy) -> None:
    after, reason = step(life, verdict, AT, policy)
    assert (after.status, reason) == expected(life, verdict, policy)


@pytest.mark.parametrize(("life", "verdict", "policy"), STEPS)
def test_since_is_the_instant_of_the_last_move(life: Life, verdict: Verdict, policy: Policy) -> None:
    after, reason = step(life, verdict, AT, policy)
    assert after.since == (AT if reason else life.since)


@pytest.mark.parametrize(("life", "verdict", "policy"), STEPS)
def test_a_reason_is_given_exactly_where_the_status_changes(
    life: Life, verdict: Verdict, policy: Policy
) -> None:
    after, reason = step(life, verdict, AT, policy)
    assert (reason is not None) == (after.status != life.status)


def test_a_breach_and_what_lies_between_begin_the_count_of_recoveries_afresh() -> None:
    assert step(CALMING, BREACH, AT, BOTH)[0].recoveries == 0
    assert step(CALMING, BETWEEN, AT, BOTH)[0].recoveries == 0
    assert step(CALMING, RECOVERED, AT, BOTH)[0].recoveries == 2


def test_breaches_go_on_being_counted_while_it_fires() -> None:
    assert step(FIRING, BREACH, AT, AT_ONCE)[0].breaches == 4


def test_alerts_begin_quiet_since_no_instant() -> None:
    assert (Life() == QUIET, QUIET.status, QUIET.since) == (True, "quiet", None)


verdicts = st.lists(st.sampled_from(Verdict), max_size=40)
policies = st.builds(Policy, periods=st.integers(1, 4), keep_firing=st.integers(0, 3))


def lived(given: list[Verdict], policy: Policy, life: Life = QUIET, first: int = 0) -> list[Life]:
    """Where the alert stood after each verdict, a day apart."""
    found = []
    for day, verdict in enumerate(given, start=first):
        life, _ = step(life, verdict, AT + timedelta(days=day), policy)
        found.append(life)
    return found


def told(given: list[Verdict], policy: Policy) -> list[Status]:
    """The same, told by looking back over everything at each verdict instead of step by step."""
    conclusive: list[Verdict] = []
    status: Status = "quiet"
    found: list[Status] = []
    for verdict in given:
        if verdict is not INCONCLUSIVE:
            conclusive.append(verdict)
            calm = conclusive[-policy.keep_firing - 1 :]
            has_held = len(conclusive) >= policy.periods and set(conclusive[-policy.periods :]) == {BREACH}
            if status == "firing":
                is_calm = len(calm) > policy.keep_firing and set(calm) == {RECOVERED}
                status = "resolved" if is_calm else "firing"
            elif verdict is BREACH:
                status = "firing" if has_held else "pending"
            elif status == "pending":
                status = "quiet"
        found.append(status)
    return found


@given(verdicts, policies)
def test_it_fires_and_resolves_as_one_would_tell_from_the_whole_past(
    given: list[Verdict], policy: Policy
) -> None:
    assert [life.status for life in lived(given, policy)] == told(given, policy)


@given(verdicts, policies, st.data())
def test_what_is_inconclusive_changes_nothing_wherever_it_comes(
    given: list[Verdict], policy: Policy, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given)))
    conclusive = [verdict for verdict in given if verdict is not INCONCLUSIVE]
    more = [*given[:place], INCONCLUSIVE, *given[place:]]
    last = [lived(each, policy)[-1:] for each in (conclusive, given, more)]
    standings = [[(life.status, life.breaches, life.recoveries) for life in each] for each in last]
    assert standings[1] == (standings[0] or standings[1])
    assert standings[2] == (standings[0] or standings[2])


@given(verdicts, policies)
def test_it_starts_to_fire_only_after_so_many_breaches_in_a_row(given: list[Verdict], policy: Policy) -> None:
    before = QUIET
    for place, life in enumerate(lived(given, policy)):
        if life.status == "firing" and before.status != "firing":
            conclusive = [verdict for verdict in given[: place + 1] if verdict is not INCONCLUSIVE]
            assert len(conclusive) >= policy.periods
            assert set(conclusive[-policy.periods :]) == {BREACH}
            assert life.since == AT + timedelta(days=place)
        before = life


@given(verdicts, policies, st.data())
def test_two_halves_come_to_the_same_as_the_whole(
    given: list[Verdict], policy: Policy, data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given)))
    first = lived(given[:place], policy)
    second = lived(given[place:], policy, first[-1] if first else QUIET, place)
    assert first + second == lived(given, policy)
