"""How often one key may be used: a window that slides, counted in this process."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock

REMEMBERED = 10_000


class Rate:
    """At most `most` uses in `window` seconds a key."""

    def __init__(self, most: int, window: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._window, self._clock = most, window, clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, key: str) -> int:
        """Seconds to wait before the next use; 0 means that this one counts and goes through."""
        now = self._clock()
        with self._lock:
            times = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while times and times[0] <= now - self._window:
                times.popleft()
            if len(times) >= self._most:
                return max(1, math.ceil(times[0] + self._window - now))
            times.append(now)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return 0
