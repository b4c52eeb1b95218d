"""Judges the rules that are due; those that look at the same new figures share them."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import polars as pl

from data.calendar import Grain
from engine.alerts.judging import Outcome, Seen, goes_on, reconciled
from engine.alerts.panel import Flags, Panel
from engine.alerts.rehearsal import Stage
from engine.control.moves import Standing, StoredRule

Stored = Mapping[int, Mapping[str, Standing]]
AtRest = Callable[[StoredRule], Mapping[str, Standing]]


@dataclass(frozen=True)
class Series:
    """The figures that some rules look at, and how far those rules judged them."""

    metric: str
    grain: Grain
    dimension: str
    segment: str | None
    judged_batch: int

    @classmethod
    def of(cls, rule: StoredRule) -> "Series":
        of = rule.rule
        return cls(of.metric, of.grain, of.dimension, of.segment, rule.judged_batch)


@dataclass(frozen=True)
class News:
    """What is new in a series: a panel with as much of the past as any rule asks for, and its new cells.

    `comes_late`: a figure is new although a later one of its segment was judged before.
    """

    panel: Panel
    fresh: Flags
    comes_late: bool

    def seen_by(self, rule: StoredRule) -> tuple[Panel, Flags]:
        """The new columns, and as many before them as the rule looks back on."""
        of = rule.rule
        begin = max(0, self.panel.first - of.of_kind.lookback(of.read_params))
        panel = replace(self.panel[begin:], first=self.panel.first - begin)
        return panel, self.fresh[:, begin:]


class Judge:
    """Judges rules over the history up to a batch, as of an instant."""

    def __init__(self, stage: Stage, batch: int, as_of: datetime, at_rest: AtRest) -> None:
        self.stage, self.batch, self.as_of, self.at_rest = stage, batch, as_of, at_rest

    def outcomes(self, due: Sequence[StoredRule], stored: Stored) -> list[Outcome]:
        """What came of each rule, in their order.

        Args:
            stored: the alerts that are not at rest; of rules that are new or were changed, all.
        """
        going_on = [rule for rule in due if rule.judged_version == rule.version]
        news = self.news(going_on)
        return [self.outcome(rule, news.get(Series.of(rule)), stored.get(rule.rule_id, {})) for rule in due]

    def outcome(self, rule: StoredRule, news: News | None, stored: Mapping[str, Standing]) -> Outcome:
        if rule.judged_version == 0:
            return goes_on(rule, self.whole(rule), stored)
        if rule.judged_version != rule.version:
            return reconciled(rule, self.whole(rule), stored, reason="rule_changed", at=self.as_of)
        if news is None:
            return Outcome(rule)
        if news.comes_late:
            known = self.at_rest(rule)
            return reconciled(rule, self.whole(rule), known, reason="history_filled", at=self.as_of)
        panel, fresh = news.seen_by(rule)
        return goes_on(rule, Seen(panel, rule.rule.judge(panel)), stored, fresh)

    def whole(self, rule: StoredRule) -> Seen:
        rehearsed = self.stage.rehearse(rule.rule)
        return Seen(rehearsed.panel, rehearsed.judgement)

    def news(self, rules: Sequence[StoredRule]) -> dict[Series, News]:
        """What is new in the series that rules look at; a series with nothing new has no entry."""
        reach: dict[Series, int] = defaultdict(int)
        for rule in rules:
            series = Series.of(rule)
            reach[series] = max(reach[series], rule.rule.of_kind.lookback(rule.rule.read_params))
        fresh = self.since(min((series.judged_batch for series in reach), default=self.batch))
        found = {}
        for series, lookback in reach.items():
            rows = new_rows(fresh, series)
            if not rows.is_empty():
                found[series] = self.news_of(series, rows, lookback)
        return found

    def since(self, batch: int) -> dict[tuple[Any, ...], pl.DataFrame]:
        """What the batches after one brought, by metric, grain and dimension."""
        if batch >= self.batch:
            return {}
        return self.stage.history.since(batch).partition_by("metric", "grain", "dimension", as_dict=True)

    def news_of(self, series: Series, rows: pl.DataFrame, lookback: int) -> News:
        first: date = rows["period_start"].min()  # type: ignore[assignment]
        start = self.stage.panels.before(first, series.grain, lookback)
        figures = self.stage.history.figures(
            series.metric, series.grain, series.dimension, segment=series.segment, start=start
        )
        panel = self.stage.panels.of(figures, series.grain)
        begin = sum(1 for day in panel.starts if day < first)
        mask = self.stage.panels.mask(panel, rows)
        return News(replace(panel, first=begin), mask, comes_late(figures, series.judged_batch))


def new_rows(fresh: Mapping[tuple[Any, ...], pl.DataFrame], series: Series) -> pl.DataFrame:
    rows = fresh.get((series.metric, series.grain, series.dimension))
    if rows is None:
        return pl.DataFrame()
    is_new = pl.col("batch") > series.judged_batch
    return rows.filter(is_new if series.segment is None else is_new & (pl.col("segment") == series.segment))


def comes_late(figures: pl.DataFrame, judged_batch: int) -> bool:
    """Whether a figure is new although a later one of its segment was judged before."""
    is_new = pl.col("batch") > judged_batch
    ends = figures.group_by("segment").agg(
        first_new=pl.col("period_start").filter(is_new).min(),
        last_old=pl.col("period_start").filter(~is_new).max(),
    )
    return bool((ends["first_new"] < ends["last_old"]).any())
