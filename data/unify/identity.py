"""Who is whom: from all links between some ids, the account each of them is in the end.

An id is the person it was linked to first; a person's account is the group that any of its ids joined last.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["person", "group", "billing"]
Name = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Link:
    """`account` is the person `into` (kinds person and billing), or a member of it (kind group)."""

    account: int
    into: int
    kind: Kind
    linked_at: int
    fact_id: int  # decides between links of one instant

    @property
    def rank(self) -> tuple[int, int]:
        return self.linked_at, self.fact_id


def accounts_of(links: Iterable[Link], name: Name) -> dict[int, int]:
    """The account of every id in the links: all links of these ids, and of those they lead to, must be there.

    `name` tells the text of an id: in a circle of links the smallest text is where all of them end.
    """
    links = list(links)
    ids = {link.account for link in links} | {link.into for link in links}
    persons = _ends(ids, _first_links(links), name)
    groups = _ends(set(persons.values()), _groups(links, persons), name)
    return {one: groups[person] for one, person in persons.items()}


def _first_links(links: Iterable[Link]) -> dict[int, int]:
    first: dict[int, Link] = {}
    for link in links:
        if link.kind != "group" and (link.account not in first or link.rank < first[link.account].rank):
            first[link.account] = link
    return {account: link.into for account, link in first.items()}


def _groups(links: Iterable[Link], persons: Mapping[int, int]) -> dict[int, int]:
    """The group that each person joined last, by whichever of its ids."""
    last: dict[int, Link] = {}
    for link in links:
        person = persons[link.account]
        if link.kind == "group" and (person not in last or link.rank > last[person].rank):
            last[person] = link
    return {person: persons[link.into] for person, link in last.items()}


def _ends(ids: Iterable[int], step: Mapping[int, int], name: Name) -> dict[int, int]:
    """Where each id comes to by single steps; a circle ends at its smallest name."""
    ends: dict[int, int] = {}
    for start in ids:
        path: dict[int, None] = {}
        at = start
        while at not in ends and at not in path and at in step:
            path[at] = None
            at = step[at]
        end = _smallest(_circle(path, at), name) if at in path else ends.get(at, at)
        for passed in (*path, at):
            ends[passed] = end
    return ends


def _circle(path: Iterable[int], start: int) -> list[int]:
    walked = list(path)
    return walked[walked.index(start) :]


def _smallest(ids: list[int], name: Name) -> int:
    return min(ids, key=name) if len(ids) > 1 else ids[0]
