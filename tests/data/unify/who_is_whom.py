"""An oracle in plain Python: who is whom, worked out from all links at once and by other means."""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple


class Said(NamedTuple):
    """One row of identities."""

    account_id: str
    into_id: str
    linked_at: datetime
    kind: str


def fact_id(said: Said, source: str) -> int:
    text = "\x1f".join((source, said.account_id, said.into_id, said.kind))
    return int.from_bytes(hashlib.md5(text.encode()).digest(), "little")


def accounts(said: Iterable[Said], source: str) -> dict[str, str]:
    """The account of every id that is not its own."""
    links = [one for one in said if one.account_id != one.into_id]
    ids = {name for one in links for name in one[:2]}

    def followed(name: str) -> str | None:
        mine = [one for one in links if one.account_id == name and one.kind != "group"]
        return min(mine, key=lambda one: (one.linked_at, fact_id(one, source))).into_id if mine else None

    person = {name: end_of(name, followed) for name in ids}

    def joined(name: str) -> str | None:
        mine = [one for one in links if person[one.account_id] == name and one.kind == "group"]
        last = max(mine, key=lambda one: (one.linked_at, fact_id(one, source)), default=None)
        return person[last.into_id] if last else None

    account = {name: end_of(person[name], joined) for name in ids}
    return {name: end for name, end in account.items() if end != name}


def end_of(name: str, step: Callable[[str], str | None]) -> str:
    walked = [name]
    while (after := step(walked[-1])) is not None:
        if after in walked:
            return min(walked[walked.index(after) :])
        walked.append(after)
    return walked[-1]
