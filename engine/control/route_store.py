"""Routes as they are stored, in their order: where messages of rules go that name no channel."""

from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.control.delivery_tables import RouteRow


@dataclass(frozen=True, slots=True)
class Route:
    """What is null matches anything; after a match the routes that follow count only if it `goes_on`."""

    severity: str | None
    metric: str | None
    segment: str | None
    channels: tuple[str, ...]
    goes_on: bool = False


NAMES = tuple(Route.__dataclass_fields__)


def routes(session: Session) -> list[Route]:
    found = session.execute(select(RouteRow).order_by(RouteRow.place, RouteRow.route_id)).scalars()
    return [Route(row.severity, row.metric, row.segment, tuple(row.channels), row.goes_on) for row in found]


def write_routes(session: Session, given: Sequence[Route]) -> None:
    """Put these routes in the place of those that were."""
    session.execute(delete(RouteRow))
    for place, route in enumerate(given):
        values = dict(zip(NAMES, astuple(route), strict=True))
        session.add(RouteRow(**values | {"place": place, "channels": list(route.channels)}))
    session.flush()


def forget_channel(session: Session, name: str) -> None:
    """Lead no route to a channel any more; a route that led nowhere else is gone."""
    kept = [
        replace(route, channels=tuple(channel for channel in route.channels if channel != name))
        for route in routes(session)
    ]
    write_routes(session, [route for route in kept if route.channels])
