"""The ids of items that came in lately, so that a door can say that one is a repeat."""

from collections.abc import Iterable, Sequence

from data.intake.delivery import Item

GENERATION = 250_000  # ids; two generations are remembered, some 30 MB


class RecentIds:
    """A bounded memory. It forgets the oldest, and the warehouse alone decides what counts."""

    def __init__(self, generation: int = GENERATION) -> None:
        self.generation = generation
        self.young: set[int] = set()
        self.old: set[int] = set()

    def repeated(self, source: str, items: Sequence[Item]) -> list[bool]:
        """Per item, whether the same source sent one with this id, before or earlier in this delivery."""
        here: set[int] = set()
        return [self._is_repeat(source, item, here) for item in items]

    def _is_repeat(self, source: str, item: Item, here: set[int]) -> bool:
        if item.outcome != "accepted" or item.item_id is None:
            return False
        found = hash((source, item.item_id))
        if found in here or found in self.young or found in self.old:
            return True
        here.add(found)
        return False

    def remember(self, source: str, items: Iterable[Item]) -> None:
        self.young.update(
            hash((source, item.item_id))
            for item in items
            if item.item_id is not None and item.outcome == "accepted"
        )
        if len(self.young) >= self.generation:
            self.young, self.old = set(), self.young
