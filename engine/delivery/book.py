"""The address book of an evaluation: channels, routes, and what channels were told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cached_property

from engine.control import channel_store, notices, route_store
from engine.control.channel_store import StoredChannel
from engine.control.notices import Transaction, Word
from engine.control.route_store import Route
from engine.delivery.decide import Reach
from engine.delivery.happening import Happening
from engine.delivery.quiet import QuietHours
from engine.delivery.routing import channels_for


class Book:
    """Whom to tell, as it stands in one transaction."""

    def __init__(self, session: Transaction, now: datetime) -> None:
        self._session = session
        self._now = now
        self._words: Mapping[int, list[Word]] = {}

    @cached_property
    def channels(self) -> dict[str, StoredChannel]:
        return channel_store.channels(self._session)

    @cached_property
    def routes(self) -> list[Route]:
        return route_store.routes(self._session)

    @cached_property
    def reaches(self) -> dict[str, Reach]:
        return {name: self._reach(channel) for name, channel in self.channels.items()}

    def names_for(self, happening: Happening) -> tuple[str, ...]:
        """The channels that its rule or the routes lead to."""
        return channels_for(happening.rule, happening.segment, self.routes)

    def look_up(self, alert_ids: Iterable[int]) -> None:
        """Read what channels were told of these alerts, all at once."""
        found = defaultdict[int, list[Word]](list)
        for word in notices.words_given(self._session, list(alert_ids)):
            found[word.alert_id].append(word)
        self._words = found

    def words_on(self, alert_id: int) -> list[Word]:
        return self._words.get(alert_id, [])

    def _reach(self, channel: StoredChannel) -> Reach:
        quiet = QuietHours.of(channel.zone, channel.quiet_from, channel.quiet_until)
        return Reach(channel.is_paused, quiet.over_at(self._now) if quiet else None)
