"""Rate limit: so many messages a minute for each key, short bursts allowed."""

import time
from collections import OrderedDict
from collections.abc import Hashable

KEYS = 10_000  # the longest unused keys are forgotten beyond this


class Throttle:
    """Token buckets that hold one minute's messages and refill evenly."""

    def __init__(self, per_minute: int) -> None:
        self._capacity = per_minute
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()  # left over, at what time

    def wait(self, key: Hashable) -> float:
        """Counts one message of `key`.

        Returns:
            0.0 if it may pass; else the seconds until the next one may, and it is not counted.
        """
        now = time.monotonic()
        left, then = self._buckets.pop(key, (float(self._capacity), now))
        left = min(self._capacity, left + (now - then) * self._capacity / 60)
        passes = left >= 1
        self._buckets[key] = (left - 1 if passes else left, now)
        if len(self._buckets) > KEYS:
            self._buckets.popitem(last=False)
        return 0.0 if passes else (1 - left) * 60 / self._capacity
