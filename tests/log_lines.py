"""Listens to the logs as they would leave the process."""

import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.logs import set_up_logs

SECRET = "Qanary Bell of 14 Hidden Row"
"""What stands in for whatever a person wrote."""


class Lines:
    """What has been written to standard error since it was last asked; AssertionError when a canary is in it."""

    def __init__(self, written: io.StringIO) -> None:
        self.written = written

    def __call__(self) -> list[dict[str, object]]:
        text = self.written.getvalue()
        assert "qanary" not in text.casefold()
        self.written.seek(0)
        self.written.truncate()
        return [json.loads(line) for line in text.splitlines()]


@contextmanager
def listening() -> Iterator[Lines]:
    """The logs of `convenor run` for as long as the block lasts; the process's own settings come back afterwards."""
    root, stderr, hooks = logging.getLogger(), sys.stderr, (sys.excepthook, threading.excepthook)
    handlers, level, raising = root.handlers[:], root.level, logging.raiseExceptions
    sys.stderr = written = io.StringIO()
    set_up_logs("INFO")
    try:
        yield Lines(written)
    finally:
        root.handlers[:], logging.raiseExceptions = handlers, raising
        (sys.excepthook, threading.excepthook), sys.stderr = hooks, stderr
        root.setLevel(level)
