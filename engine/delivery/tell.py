"""Tells of what happened to alerts: a notice of each, and messages for those who should know."""

from collections.abc import Sequence
from datetime import datetime

from data.settings import Settings
from engine.control import notices, outbox
from engine.control.notices import AlertState, Transaction
from engine.delivery.book import Book
from engine.delivery.decide import Known
from engine.delivery.fold import steps
from engine.delivery.happening import Happening, Look, nothing_more
from engine.delivery.teller import Teller
from engine.delivery.writing import Writer, write_messages


def tell(
    session: Transaction,
    happenings: Sequence[Happening],
    *,
    now: datetime,
    settings: Settings,
    look: Look = nothing_more,
) -> None:
    """Write notices and messages of what happened, inside the transaction of what caused it.

    The alerts must be stored as they stand after the last happening; `told_*` of them is written here.

    Args:
        happenings: those of one alert in the order in which they happened; none costs nothing.
        look: asked for the details of the few happenings that go into a message, the worst of each first.
    """
    if not happenings:
        return
    states = notices.states(session, (one.alert_id for one in happenings))
    book = Book(session, now)
    book.look_up(one.alert_id for one in happenings if one.what == "resolved")
    held = {state.alert_id for state in states.values() if state.is_held}
    teller = Teller(book, {key: known_of(state) for key, state in states.items()}, held, now)
    silences = notices.silences(session, now)
    firing = {state.alert_id for state in states.values() if state.status == "firing"}
    for step in steps(happenings, firing):
        one = step.happening
        is_silenced = any(silence.covers(one.rule_id, one.rule, one.segment) for silence in silences)
        teller.take(one, is_over=step.is_over, is_silenced=is_silenced)
    ids = write_messages(session, teller.groups, Writer(book.channels, look, settings, now), now)
    notices.write_notices(session, teller.notices(ids), now)
    notices.write_told(session, teller.told())
    outbox.drop_if_over(session, teller.withdrawn(ids))


def known_of(state: AlertState) -> Known:
    return Known(state.status, state.told_at, state.told_beyond, state.acknowledged_at, state.snoozed_until)
