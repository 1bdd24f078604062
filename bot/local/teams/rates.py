"""How often Teams lets one bot write in one conversation (teams.md section 7); counted when the switch is on."""

import math
import time
from collections import defaultdict, deque
from collections.abc import Callable

WINDOWS = ((1.0, 7), (2.0, 8), (30.0, 60), (3_600.0, 1_800))
"""Seconds, and the messages sent or edited within them."""


class Rates:
    """Remembers when was written where, in real seconds."""

    def __init__(self, real_seconds: Callable[[], float] = time.monotonic) -> None:
        self.real_seconds = real_seconds
        self._written: defaultdict[str, deque[float]] = defaultdict(deque)

    def wait(self, conversation: str) -> int:
        """Count one message; or, when it is one too many, the seconds to wait for, and nothing is counted."""
        now, written = self.real_seconds(), self._written[conversation]
        while written and now - written[0] >= WINDOWS[-1][0]:
            written.popleft()
        for span, most in WINDOWS:
            if len(written) >= most and now - written[-most] < span:
                return math.ceil(span - (now - written[-most]))
        written.append(now)
        return 0
