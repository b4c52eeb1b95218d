"""Tells of what happened to alerts: a notice of each, and messages for those who should know."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from data.settings import Settings
from engine.delivery.happening import Happening, Look, nothing_more

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


def tell(
    session: "Session",
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
    raise NotImplementedError
