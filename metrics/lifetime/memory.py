"""What was estimated from the same facts before, in this process."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Memory(Generic[T]):
    """The newest `most`, each by a digest of all it was made of."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.kept: OrderedDict[bytes, T] = OrderedDict()

    def of(self, digest: bytes, make: Callable[[], T]) -> T:
        if digest not in self.kept:
            self.kept[digest] = make()
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)
        return self.kept[digest]
