"""Reads Stripe by its API: everything there is once, then every event since."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise

from pydantic import Field, SecretStr

from data import sources
from data.intake.billing.node import Node
from data.intake.delivery import Item
from data.sources import Page
from data.sources.stripe_api import lists, progress
from data.sources.stripe_api.asking import Api, Gone, Listed
from data.sources.stripe_api.lists import EVENTS, LISTS, List
from data.sources.stripe_api.progress import Progress

TITLE = "Stripe"
ABOUT = (
    "Reads customers, subscriptions, invoices and charges by Stripe's API, and then asks for new events over "
    "and over. It needs a restricted key that may read these five. Webhooks of the same source are quicker "
    "and may run beside it: what comes both ways counts once."
)


class Params(sources.Params):
    api_key: SecretStr = Field(description="A restricted key that may only read: rk_live_… or sk_test_…")
    since: date | None = Field(
        None, description="Invoices and charges from this day on; without it all of them"
    )
    every: int = Field(300, ge=1, le=7 * 86_400, description="Seconds between two looks for something new")
    api_base: str = Field(
        "https://api.stripe.com", description="Where the API is, should it be behind a proxy of yours"
    )

    @property
    def api(self) -> Api:
        return Api(self.api_key.get_secret_value(), self.api_base)

    @property
    def since_second(self) -> int | None:
        return int(datetime.combine(self.since, time(), UTC).timestamp()) if self.since else None


def check(params: Params) -> str:
    """Whether the key may read all that is asked for.

    Raises:
        BadInput: it may not.
        TryAgain: Stripe does not answer.
    """
    api = params.api
    there = [one.name for one in (*LISTS, EVENTS) if api.page(one.path, limit=1).objects]
    return f"Stripe answers; there are {', '.join(there) or 'no objects yet'}."


def pull(params: Params, cursor: str | None, now: datetime) -> Iterator[Page]:
    """Everything once, list after list, then the events since; every page is one of Stripe's.

    Raises:
        BadInput: the key may not read this.
        TryAgain: Stripe does not answer; the cursor of the last page is where to go on.
    """
    known = progress.read(cursor, f"since {params.since}", LISTS[0].name)
    if known.has_missed_events(now.date()):
        known = Progress(known.of, LISTS[0].name)
    yield from Pull(params.api, params.since_second, known, now).pages(cursor)


@dataclass
class Pull:
    """One pull: the lists that were not read yet, and one pass over the events."""

    api: Api
    since: int | None
    known: Progress
    now: datetime

    def pages(self, cursor: str | None) -> Iterator[Page]:
        for one in LISTS:
            if self.known.step == one.name:
                yield from self._list(one)
                cursor = None
        yield from self._events(cursor)

    def _list(self, one: List) -> Iterator[Page]:
        """All pages of one list; the last leads on to the list after it."""
        after = {before.name: later.name for before, later in pairwise((*LISTS, EVENTS))}[one.name]
        while self.known.step == one.name:
            page = self._asked(one, self.since if one.is_dated else None)
            whole = [one.whole(self.api, found) for found in page.objects]
            items = [lists.item_of(found, self.now) for found in whole]
            self.known = self._behind(page) if page.has_more and page.objects else self.known.at(after)
            yield self._page(items)

    def _events(self, cursor: str | None) -> Iterator[Page]:
        """One pass over the events, from the newest to the oldest that may be new."""
        while True:
            page = self._asked(EVENTS, self.known.base)
            unseen = [one for one in reversed(page.objects) if one.at("id").text() not in self.known.seen]
            items = [lists.item_of_event(one) for one in unseen]
            for one in page.objects:
                self.known = self.known.with_event(one.at("id").needed(), _created(one) or 0)
            is_last = not page.has_more or not page.objects
            self.known = self.known.pass_ended(self.now.date()) if is_last else self._behind(page)
            if items or (is_last and progress.write(self.known) != cursor):
                cursor = progress.write(self.known)
                yield self._page(items)
            if is_last:
                return

    def _asked(self, one: List, since: int | None) -> Listed:
        """The next page; where the object to go on after was deleted, from the second it was created in."""
        created = {} if since is None else {"gte": since}
        try:
            return self._asked_after(one, self.known.after, created)
        except Gone:
            if self.known.created is not None:
                created["lte"] = self.known.created
            return self._asked_after(one, None, created)

    def _asked_after(self, one: List, after: str | None, created: dict[str, int]) -> Listed:
        return self.api.page(one.path, starting_after=after, created=created or None, **one.asked)

    def _behind(self, page: Listed) -> Progress:
        last = page.objects[-1]
        return self.known.read_to(last.at("id").needed(), _created(last))

    def _page(self, items: list[Item]) -> Page:
        return Page(lists.facts_in(items), progress.write(self.known), lists.set_aside_in(items))


def _created(one: Node) -> int | None:
    created = one.at("created").number()
    return None if created is None else int(created)
