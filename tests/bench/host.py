"""How much processor time the machine's host gave to others while something was measured."""

import os
import time
from pathlib import Path

STAT = Path("/proc/stat")


class Taken:
    """The share of all processors' time that the host took since this was made; 0.0 where that is not told (macOS)."""

    def __init__(self) -> None:
        self._began, self._before = time.perf_counter(), _stolen_seconds()

    def share(self) -> float:
        """From 0 to 1, to now."""
        elapsed = (time.perf_counter() - self._began) * (os.cpu_count() or 1)
        return (_stolen_seconds() - self._before) / elapsed


def _stolen_seconds() -> float:
    """All processors' stolen time since the machine started: proc_stat(5), the eighth number of the first line."""
    if not STAT.exists():
        return 0.0
    return int(STAT.read_text().split(maxsplit=10)[8]) / os.sysconf("SC_CLK_TCK")
