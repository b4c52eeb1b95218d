"""What only the Activation page shows: the funnel, the month of a curve, and who is stuck."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Any

import streamlit as st

from pages.parts import cards, explain, numbers, sparks, words
from pages.parts.account.link import link
from pages.parts.numbers import Figure
from pages.parts.segment import Segment
from pages.parts.speech import say, whole

STUCK = 8


def step_metrics(steps: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"activation_step_rate.{step}" for step in steps)


def funnel_subtitle(figure: Figure, segment: Segment) -> str:
    if figure.last is None:
        return say("No cohort has had its full time yet")
    cohort = words.period(figure.last.start, figure.grain)
    return say("Last complete cohort, {cohort} · {segment}", cohort=cohort, segment=escape(segment.label))


def funnel(steps: Sequence[Figure]) -> None:
    """Each step's share of the sign-ups, and how many stop before it."""
    first = steps[0].last
    if first is None or not first.denominator:
        cards.note(say("No sign-ups in the last complete cohort, so there is no funnel to show."))
        return
    before: float | None = first.denominator
    items = [step_item(say("Signed up"), "", 1.0, first.denominator, None)]
    for figure in steps:
        row = figure.last
        share, reached = (row.value, row.numerator) if row else (None, None)
        title = step_title(figure.metric.name)
        items.append(step_item(title, explain.button(figure.metric.name), share, reached, before))
        before = reached
    st.html(f'<div class="hf-funnel">{"".join(items)}</div>')


def step_title(metric: str) -> str:
    return words.name_of(metric.partition(".")[2] or metric)


def step_item(
    title: str, button: str, share: float | None, reached: float | None, before: float | None
) -> str:
    count = whole(reached) if reached is not None else words.NONE
    stopped = before - reached if before is not None and reached is not None else 0
    lost = say("{count} stop before", count=whole(stopped)) if stopped else ""
    bar = sparks.bar(share or 0.0, title)
    return (
        f'<div class="hf-step"><p><span>{escape(title)} {button}</span><small>{lost}</small>'
        f"<span><b>{words.value(share, 'rate')}</b> · {count}</span></p>{bar}</div>"
    )


def month_picker(edition: str) -> date:
    """The month of sign-up whose curve is drawn; the last complete one at first."""
    rows = numbers.newest_periods(edition, ("signups",), "month", Segment(), 18)
    months: list[date] = rows["period_start"].to_list()[::-1]
    complete = rows["complete"].to_list()[::-1]
    start = complete.index(True) if True in complete else 0
    chosen = st.selectbox(
        say("Month of sign-up"),
        months,
        index=start,
        format_func=lambda month: say("Signed up in {month}", month=words.month(month)),
        key="activation_month",
        label_visibility="collapsed",
        width=220,
    )
    return chosen or months[start]


def stuck(edition: str, info: Any, segment: Segment) -> None:
    """The oldest first at each step, each with how long they have stood there."""
    columns = st.columns(len(info.steps))
    for place, column in enumerate(columns):
        rows = numbers.stuck(edition, place, segment, STUCK)
        with column:
            st.html(stuck_list(info.steps[place], rows, info))


def stuck_list(step: str, rows: Sequence[dict[str, Any]], info: Any) -> str:
    title = f"<h3>{say('Before “{step}”', step=escape(words.name_of(step)))}</h3>"
    if not rows:
        nobody = say("Nobody is stuck here.")
        return f'<div class="hf-stuck">{title}<p class="hf-sub">{nobody}</p></div>'
    items = "".join(stuck_item(row, info) for row in rows)
    return f'<div class="hf-stuck">{title}<table class="hf-table"><tbody>{items}</tbody></table></div>'


def stuck_item(row: dict[str, Any], info: Any) -> str:
    since: datetime = row["stuck_since"]
    moment = words.moment(since, info.timezone)
    who = link(row["account_id"], row["name"])
    about = escape(" · ".join(str(row[name]) for name in info.segments if row.get(name)))
    return (
        f"<tr><th>{who}<small>{about}</small></th>"
        f'<td title="{say("since {moment}", moment=moment)}">{words.ago(info.as_of - since)}</td></tr>'
    )
