"""What a message shows beside the figure: the trend with its bounds, and the accounts behind it."""

from data.settings import Settings
from engine.alerts import late
from engine.alerts.advance import cell
from engine.alerts.behind import behind
from engine.alerts.rehearsal import Rehearsal, Stage
from engine.delivery import Accounts, Details, Happening, Point

PERIODS = 60


class Looker:
    """Looks at the details of what happened, for the few alerts that are told of."""

    def __init__(self, settings: Settings, edition: str, stage: Stage) -> None:
        self.settings, self.edition, self.stage = settings, edition, stage
        self._rehearsed: dict[int, Rehearsal] = {}

    def __call__(self, of: Happening) -> Details:
        if of.rule.kind == late.KIND:
            return Details()
        if of.rule_id not in self._rehearsed:
            self._rehearsed[of.rule_id] = self.stage.rehearse(of.rule)
        return Details(trend(self._rehearsed[of.rule_id], of.segment, PERIODS), self.accounts(of))

    def accounts(self, of: Happening) -> Accounts | None:
        if of.period_start is None:
            return None
        found = behind(self.settings, self.edition, of.rule, of.segment, of.period_start)
        return Accounts(found.sentence, found.count, found.names, found.step) if found else None


def trend(of: Rehearsal, segment: str, periods: int) -> tuple[Point, ...]:
    """The last periods of a segment, oldest first, with the bounds that the rule had in force."""
    panel, said = of.panel, of.judgement
    if segment not in panel.segments:
        return ()
    row = panel.segments.index(segment)
    fires = [(span.entered_at, span.left_at) for span in of.firings if span.segment == segment]
    return tuple(
        Point(
            panel.starts[column],
            cell(panel.value, row, column),
            cell(said.low, row, column),
            cell(said.high, row, column),
            any(began <= panel.complete_at[column] and (ended is None or panel.complete_at[column] < ended)
                for began, ended in fires),
        )
        for column in range(max(0, len(panel.starts) - periods), len(panel.starts))
    )  # fmt: skip
