"""What the rule would have done: its score, its trend with the firings, segment by segment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape

import polars as pl
import streamlit as st

from data.errors import HoldfastError
from engine.desk.rehearsals import Rehearsed
from engine.desk.rules import Rule
from pages.parts import alarms, cards, charts, links, numbers, words
from pages.parts.heard import heard
from pages.parts.rules import lanes, phrases, score, trend, wrong
from pages.parts.rules.drafts import Draft
from pages.parts.sources import standing
from pages.parts.speech import later, say, several, whole

BACK = {later("3 months"): 92, later("12 months"): 366, later("All"): 0}
USUAL_BACK = "12 months"
CLICKED = "rules_clicked"  # by rule: the segment that was clicked last, and how many were
LATE = later("A source is late by the clock, not by figures: what it was like in the past is not on record.")
NO_HISTORY = later(
    "There is no history to rehearse on yet: the first edition begins it. "
    "<code>python -m engine refresh</code> makes one; the demo company comes with a year and a half."
)
NO_FIGURES = later(
    "There is no figure of this yet: choose another metric, period or segment, or wait for the first."
)
HEADS = (later("Segment"), later("From"), later("Until"), later("Lasted"), later("Figure"))
VERDICTS = {
    "inconclusive": trend.NOT_JUDGED,
    "breach": trend.BREACH,
    "between": later("within, not yet recovered"),
    "recovered": later("within"),
}


@dataclass(frozen=True)
class Rehearsal:
    """A rule as it is edited and, where there is one, as it is saved, over the same time."""

    rule: Rule
    now: Rehearsed
    saved: Rehearsed | None
    start: date
    end: date

    @property
    def over(self) -> str:
        return score.span(self.start, self.end)

    @property
    def is_comparable(self) -> bool:
        """Whether the saved rule watches the same figures."""
        before = self.saved.rule if self.saved else None
        watched = ("metric", "grain", "dimension", "segment")
        return before is not None and all(
            getattr(before, name) == getattr(self.rule, name) for name in watched
        )


def rehearse(rule: Rule, saved: Rule | None) -> Rehearsal | None:
    """Run both over the time that is chosen; None where there are no figures to run them over."""
    back = BACK[st.session_state.get("rules_back") or USUAL_BACK]
    start = (standing.now() - timedelta(days=back)).date() if back else None
    now = alarms.rehearsed(rule, start)
    shown = now.trend if start is None else now.trend.filter(pl.col("period_start") >= start)
    if shown.is_empty():
        return None
    first, last = shown["period_start"].min(), shown["complete_at"].max().date()
    is_compared = saved is not None and saved.metric != phrases.SOURCES
    before = alarms.rehearsed_as_saved(alarms.batch(), saved, start) if is_compared else None
    return Rehearsal(rule, now, before, first, last)


def attempt(rule: Rule, saved: Rule | None) -> Rehearsal | None:
    """The same; what refuses it is said."""
    try:
        return rehearse(rule, saved)
    except HoldfastError as refused:
        wrong.say(wrong.bare(str(refused)))
        return None


def can(rule: Rule) -> bool:
    """Whether there is anything to rehearse it on."""
    return rule.metric != phrases.SOURCES and alarms.batch() > 0


def draw(draft: Draft, rule: Rule, saved: Rule | None) -> Rehearsal | None:
    """Rehearse a rule and, beside it, what is saved; None where that cannot be."""
    if not can(rule):
        cards.note(say(LATE) if rule.metric == phrases.SOURCES else say(NO_HISTORY))
        return None
    said = st.container(key="rules_said")
    row = st.container(horizontal=True, vertical_alignment="center", key="rules_shown_row")
    with row:
        back()
    found = attempt(rule, saved)
    if found is None:
        cards.note(say(NO_FIGURES))
        return None
    with said:
        st.html(f'<p class="hf-score">{escape(told(found))}</p>')
    with row:
        segment = pick(draft, found)
    show(draft, found, segment)
    return found


def show(draft: Draft, found: Rehearsal, segment: str) -> None:
    """The trend of one segment, the firings of all."""
    rule = found.rule
    charts.legend(*zip(*parts(found), strict=True))
    unit = phrases.unit_of(rule.metric)
    spec = charts.in_currency(trend.trend(rule.grain, unit), numbers.settings().base_currency)
    alt_text = say(
        "{watched}: figures, bounds and firings of {segment}", watched=phrases.watched(rule), segment=segment
    )
    charts.draw(frame(found, segment), spec, "rules_trend", alt_text, ours=trend.OURS)
    if len(found.now.segments) > 1:
        lanes.draw(found.now, found.saved if found.is_comparable else None, (found.start, found.end), segment)
        links.follow(
            "rules_lanes_links", lambda opened: choose(draft, found.now.segments, opened), ".hf-lanes"
        )
    firings(found)


def told(found: Rehearsal) -> str:
    said = score.sentence(found.now, found.saved, found.over)
    unjudged = found.now.inconclusive
    if not unjudged:
        return said
    return several(
        unjudged,
        "{said} {count} figure could not be judged.",
        "{said} {count} figures could not be judged.",
        said=said,
    )


def parts(found: Rehearsal) -> list[tuple[str, str]]:
    has = {"As saved": found.is_comparable, "Usual": found.now.trend["usual"].is_not_null().any()}
    return [(say(name), colour) for name, colour in trend.PARTS if has.get(name, True)]


def back() -> None:
    """How far back to look."""
    heard("rules_back", BACK)
    st.segmented_control(
        say("Look back"),
        list(BACK),
        format_func=say,
        default=USUAL_BACK,
        required=True,
        key="rules_back",
        bind="query-params",
        label_visibility="collapsed",
    )


def pick(draft: Draft, found: Rehearsal) -> str:
    """The segment whose trend is drawn: the one that would have fired most, until another is chosen."""
    segments = lanes.ordered(found.now)
    if len(segments) < 2:
        return segments[0]
    begins, clicks = st.session_state.get(CLICKED, {}).get(draft.place, ("", 0))
    options = sorted(segments)
    chosen = st.selectbox(
        say("Segment shown"),
        options,
        index=options.index(begins if begins in options else segments[0]),
        key=f"rules_segment_{draft.place}_{clicks}",
        label_visibility="collapsed",
        width=220,
    )
    return chosen if chosen in segments else segments[0]


def choose(draft: Draft, segments: tuple[str, ...], opened: str) -> None:
    """A click on a segment of the table: the picker begins anew, with that."""
    what, _, place = opened.partition(":")
    if what == "segment":
        clicked = st.session_state.setdefault(CLICKED, {})
        clicked[draft.place] = (segments[int(place)], clicked.get(draft.place, ("", 0))[1] + 1)


def frame(found: Rehearsal, segment: str) -> pl.DataFrame:
    """What the chart draws: one segment, with words for what its forms say."""
    rows = of_segment(found.now, segment, found.start)
    before = found.saved if found.is_comparable else None
    was = of_segment(before, segment, found.start) if before else rows.clear()
    was = was.select("period_start", was_firing="is_firing")
    if (
        rows["value"].min() is not None and rows["value"].min() >= 0
    ):  # no figure is ever below a bound below 0
        rows = rows.with_columns(low=pl.when(pl.col("low") >= 0).then("low"))
    step = {"day": "1d", "week": "1w", "month": "1mo"}[found.rule.grain]
    state = {True: later("firing"), False: later("quiet")}
    return rows.join(was, on="period_start", how="left").with_columns(
        pl.col("was_firing").fill_null(False),
        until=pl.col("period_start").dt.offset_by(step),
        verdict=pl.col("verdict").replace_strict(VERDICTS, default="—"),
        judged=pl.col("verdict").replace_strict(VERDICTS, default="—"),
        state=pl.col("is_firing").replace_strict(state, return_dtype=pl.String),
        saved=pl.col("was_firing").fill_null(False).replace_strict(state, return_dtype=pl.String),
    )


def of_segment(found: Rehearsed, segment: str, start: date) -> pl.DataFrame:
    rows = found.trend.filter(pl.col("segment") == segment, pl.col("period_start") >= start)
    return rows.drop("segment", "complete_at")


def firings(found: Rehearsal) -> None:
    """When it would have fired, the newest first."""
    rows = found.now.spans.filter(pl.col("state") == "firing").sort("entered_at", descending=True)
    if rows.is_empty():
        return
    zone, write = numbers.settings().timezone, phrases.writer(found.rule.metric)
    is_one = rows.height == 1
    title = say("1 firing") if is_one else say("{count} firings", count=whole(rows.height))
    with (box := st.expander(title, key="rules_firings", on_change="rerun")):
        if not box.open:
            return
        body = "".join(
            firing(row, zone, write(row["value"])) for row in rows.head(lanes.MOST_ROWS).to_dicts()
        )
        head = "".join(
            f"<th{' class=hf-left' if place < 3 else ''}>{name}</th>"
            for place, name in enumerate(map(say, HEADS))
        )
        st.html(
            f'<div class="hf-scroll" tabindex="0"><table class="hf-table"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div>"
        )


def firing(row: Mapping[str, object], zone: str, figure: str) -> str:
    begun, ended = row["entered_at"], row["left_at"]
    until = words.moment(ended, zone) if ended else say("still")
    lasted = words.ago((ended or standing.now()) - begun)
    name = say("All accounts") if row["segment"] == phrases.EVERYONE else str(row["segment"])
    cells = (words.moment(begun, zone), until)
    return (
        f"<tr><th>{escape(name)}</th>{''.join(f'<td class=hf-left>{escape(cell)}</td>' for cell in cells)}"
        f"<td>{lasted}</td><td>{figure}</td></tr>"
    )
