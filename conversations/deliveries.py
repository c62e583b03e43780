"""Chat services deliver at least once; this remembers what has been delivered, so that it is handled once."""

from collections import OrderedDict
from collections.abc import Hashable

REMEMBERED = 20_000


class Deliveries:
    """The latest deliveries, by a key of the service. Their order doesn't matter."""

    def __init__(self) -> None:
        self._seen: OrderedDict[Hashable, None] = OrderedDict()

    def is_new(self, *key: Hashable) -> bool:
        """Returns whether this is the first delivery with that key, and remembers it."""
        if key in self._seen:
            return False
        self._seen[key] = None
        if len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
        return True
