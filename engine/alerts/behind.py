"""The accounts behind an alert: who signed up and did not activate, who left, who was not seen again."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from data.calendar import Calendar, Period
from data.settings import Settings
from data.speech import later
from engine.alerts import cohorts
from engine.alerts.rule import ALL, Rule
from engine.delivery.happening import in_common
from metrics import read
from metrics.read import AccountFilter

SHOWN = 10
STEP = "{step}"


@dataclass(frozen=True)
class Behind:
    """`sentence` says in English what the accounts have in common; `count` is how many there are.

    `step`: the one that it names as {step}.
    """

    sentence: str
    where: AccountFilter
    count: int
    names: tuple[tuple[str, str | None], ...]  # account_id and name of the first of them
    step: str = ""

    @property
    def said(self) -> str:
        return in_common(self.sentence, self.step)


@dataclass(frozen=True)
class Asked:
    """A period of a metric, and the period that the triangle's cell looks at."""

    period: Period
    looked_at: Period
    steps: tuple[str, ...]
    step: str


def behind(settings: Settings, edition: str, rule: Rule, segment: str, start: date) -> Behind | None:
    """The accounts behind a figure of a period, as the edition knows them; None where nobody can be named."""
    asked = asked_of(settings, rule, start)
    found = WHO.get(rule.metric.partition(".")[0])
    if found is None:
        return None
    sentence, where = found(asked)
    if rule.dimension != ALL:
        where = replace(where, segments={rule.dimension: segment})
    count = read.count_accounts(settings, edition, where)
    rows = read.accounts(settings, edition, where=where, limit=SHOWN)
    names = tuple(rows.select("account_id", "name").iter_rows())
    return Behind(sentence, where, count, names, named(asked.step) if STEP in sentence else "")


def named(step: str) -> str:
    return step.replace("_", " ")


def asked_of(settings: Settings, rule: Rule, start: date) -> Asked:
    calendar = Calendar.of(settings)
    later = start
    for _ in range(cohorts.index_of(rule.metric) or 0):
        later = calendar.next_start(later, rule.grain)
    steps, step = settings.activation.steps, rule.metric.partition(".")[2]
    return Asked(calendar.period(start, rule.grain), calendar.period(later, rule.grain), steps, step)


Who = Callable[[Asked], tuple[str, AccountFilter]]


def signed_up(asked: Asked) -> AccountFilter:
    return AccountFilter(created_from=asked.period.start, created_before=asked.period.end, oldest_first=False)


def everybody_new(asked: Asked) -> tuple[str, AccountFilter]:
    return later("signed up in the period"), signed_up(asked)


def not_activated(asked: Asked) -> tuple[str, AccountFilter]:
    said = later("signed up in the period and have not activated")
    return said, replace(signed_up(asked), is_activated=False)


def stuck(asked: Asked) -> tuple[str, AccountFilter]:
    """Who reached the step before and no further."""
    reached = asked.steps.index(asked.step) if asked.step in asked.steps else 0
    where = replace(signed_up(asked), steps_reached=reached)
    return later("signed up in the period and stopped before {step}"), where


def without_value(asked: Asked) -> tuple[str, AccountFilter]:
    said = later("signed up in the period and have not reached first value")
    return said, replace(signed_up(asked), has_value=False)


def not_seen(asked: Asked) -> tuple[str, AccountFilter]:
    """Who was active in the period before, and never since."""
    length = asked.period.end - asked.period.start
    where = AccountFilter(
        last_active_from=asked.period.start - length,
        last_active_before=asked.period.start,
        oldest_first=False,
    )
    return later("were active in the period before and have not been since"), where


def not_retained(asked: Asked) -> tuple[str, AccountFilter]:
    where = replace(signed_up(asked), last_active_before=asked.looked_at.start)
    return later("signed up in the period and were last active before the one looked at"), where


def moved(sentence: str, *movements: str) -> Who:
    def who(asked: Asked) -> tuple[str, AccountFilter]:
        where = AccountFilter(
            movements=movements,
            moved_from=asked.looked_at.start,
            moved_before=asked.looked_at.end,
            oldest_first=False,
        )
        return sentence, where

    return who


lost = moved(later("stopped paying in the period"), "churned")
shrank = moved(later("stopped paying or pay less since the period"), "churned", "contraction")
WHO: dict[str, Who] = {
    "signups": everybody_new,
    "activation_rate": not_activated,
    "activations": not_activated,
    "activation_step_rate": stuck,
    **dict.fromkeys((f"time_to_first_value_p{share}" for share in (50, 75, 90)), without_value),
    **dict.fromkeys(("active_accounts", "stickiness"), not_seen),
    "cohort_retention": not_retained,
    **dict.fromkeys(("logo_churn_rate", "churned_mrr", "paying_accounts"), lost),
    **dict.fromkeys(
        ("mrr", "arpa", "net_revenue_retention", "gross_revenue_retention", "quick_ratio"), shrank
    ),
    "cohort_net_revenue_retention": shrank,
    "contraction_mrr": moved(later("pay less since the period"), "contraction"),
    "expansion_mrr": moved(later("pay more since the period"), "expansion"),
    "new_mrr": moved(later("began to pay in the period"), "new"),
    "reactivation_mrr": moved(later("pay again since the period"), "reactivation"),
}
