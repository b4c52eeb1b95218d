"""A scene of rules, alerts and channels in a control store, and what was told of it."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from data.settings import Settings
from engine.alerts.rule import Rule, rule_of
from engine.control import channel_store, moves, outbox, route_store, rules, silences
from engine.control.alert_tables import AlertRow
from engine.control.delivery_tables import NoticeRow
from engine.control.outbox import Message
from engine.control.route_store import Route
from engine.control.store import Control
from engine.delivery import Accounts, Details, Happening, Point, tell

NOON = datetime(2026, 5, 4, 12)
HOSTILE = "<script>alert(1)</script> @everyone https://evil.example/x"
SPEC = {
    "name": "activation stalls",
    "metric": "activation_rate",
    "dimension": "plan",
    "params": {"below": 0.35, "recover": 0.4},
    "owner": "Ewa",
    "about": "Look at the release notes: https://wiki.example/activation_stalls.",
}


@dataclass
class Scene:
    """Times stand still until `now` is set."""

    settings: Settings
    control: Control
    now: datetime = NOON
    rules: dict[int, Rule] = field(default_factory=dict)

    def rule(self, **spec: Any) -> int:
        rule = rule_of({**SPEC, **spec})
        rule_id = rules.create(self.control, rule, who="ada", now=self.now)
        self.rules[rule_id] = rule
        return rule_id

    def channel(self, name: str = "team", kind: str = "webhook", **values: Any) -> int:
        params = values.pop("params", {"url": "http://127.0.0.1:9/hook"})
        settled = {"zone": "Europe/Warsaw", "quiet_from": None, "quiet_until": None, "is_paused": False}
        with self.control.change() as session:
            made = channel_store.add(session, name, kind, self.now, params=params, **settled | values)
        return made.channel_id

    def routes(self, *given: Route) -> None:
        with self.control.change() as session:
            route_store.write_routes(session, given)

    def alert(self, rule_id: int, segment: str = "pro", status: str = "firing", **values: Any) -> int:
        figures = {"value": 0.25, "low": 0.35, "beyond": 0.1, "period_start": "2026-04-27"}
        with self.control.begin() as session:
            row = AlertRow(
                rule_id=rule_id, segment=segment, status=status, since=self.now, rule_version=1, breaches=1,
                recoveries=0, **figures | values,
            )  # fmt: skip
            session.add(row)
            session.flush()
            return row.alert_id

    def set(self, alert_id: int, **values: Any) -> None:
        with self.control.begin() as session:
            session.execute(update(AlertRow).where(AlertRow.alert_id == alert_id).values(**values))

    def row(self, alert_id: int) -> AlertRow:
        with self.control.begin() as session:
            found = session.get(AlertRow, alert_id)
            assert found is not None
            return found

    def happened(self, alert_id: int, what: str = "firing", **values: Any) -> Happening:
        row = self.row(alert_id)
        told = Happening(
            alert_id, None, what, row.rule_id, self.rules[row.rule_id], row.segment, row.since or self.now,
            self.now, date(2026, 4, 27), 0.25, 0.35, None, 0.41, 0.1,
        )  # type: ignore[arg-type]  # fmt: skip
        return replace(told, **values)

    def fires(self, rule_id: int, *segments: str, **values: Any) -> list[int]:
        """Alerts that begin to fire, told together."""
        ids = [self.alert(rule_id, segment) for segment in segments]
        self.tell(*(self.happened(alert_id, **values) for alert_id in ids))
        return ids

    def resolves(self, *alert_ids: int) -> None:
        for alert_id in alert_ids:
            self.set(alert_id, status="resolved")
        self.tell(*(self.happened(alert_id, "resolved", beyond=0.0, value=0.42) for alert_id in alert_ids))

    def tell(self, *happenings: Happening) -> None:
        with self.control.begin() as session:
            tell(session, happenings, now=self.now, settings=self.settings, look=details)

    def silence(self, until: datetime, **matching: Any) -> int:
        return silences.silence(self.control, until=until, who="ada", now=self.now, **matching)

    def notices(self) -> list[tuple[str, str, str, str | None]]:
        """Of each notice: segment, what happened, reason, channel."""
        columns = (AlertRow.segment, NoticeRow.what, NoticeRow.reason, NoticeRow.channel)
        asked = select(*columns).join(AlertRow, AlertRow.alert_id == NoticeRow.alert_id)
        with self.control.begin() as session:
            return [tuple(row) for row in session.execute(asked.order_by(NoticeRow.notice_id))]

    def messages(self, state: str | None = None) -> list[Message]:
        """The oldest first."""
        return outbox.listed(self.control, state, 10_000)[::-1]  # type: ignore[arg-type]

    def loaded_rules(self) -> int:
        with self.control.begin() as session:
            return len(moves.load_rules(session))


def details(of: Happening) -> Details:
    points = [
        Point(date(2026, 2, 2) + timedelta(days=7 * week), 0.45 - 0.016 * week, 0.35, None, week > 8)
        for week in range(13)
    ]
    names = (("a1", HOSTILE), ("a2", None))
    return Details(tuple(points), Accounts("signed up in the period and have not activated", 14, names))
