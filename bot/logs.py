"""Logs as JSON lines that hold ids only: whatever is not on the list is dropped, not trusted (IG-01, IG-32)."""

import logging
import sys
import threading
import traceback
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "logger",
        "timestamp",
        "action",
        "at",
        "attempt",
        "attempts",
        "calendar",
        "channel_id",
        "code",
        "count",
        "delivery",
        "due",
        "error",
        "errand",
        "kind",
        "meeting",
        "milliseconds",
        "missing",
        "people",
        "platform",
        "port",
        "reason",
        "ref",
        "reference",
        "seconds",
        "state",
        "tenant",
        "user",
        "verb",
        "workspace",
    }
)
"""Names of what may stand in a line: ids, codes, counts and times; never a text that a person wrote."""

QUIET = (
    "slack_bolt",
    "slack_sdk",
    "microsoft_teams",
    "microsoft_teams.common.http.client",  # with each client it makes, it gives httpx its own level
    "httpx",
    "httpcore",
    "msal",
    "apscheduler",
    "uvicorn.access",
    "mail.log",
    "aiosmtpd",
    "asyncio",
    "alembic",
)
"""Libraries that say too much: of these only the warnings."""

THEIRS = ("bot.handlers.slack.edge.bolt", "bot.slack_sdk")
"""Loggers under our name into which a library writes, requests and all."""

log = logging.getLogger(__name__)


def only_ids(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not allowed, and every text but our own, as it stands in the code.

    A library's text may quote a request: of that only the logger's name is kept. What was to be filled into a
    text of ours is left out, so that an id has to be given by its name.
    """
    name, record = str(line.get("logger", "")), line.get("_record")
    if not f"{name}.".startswith("bot.") or name.startswith(THEIRS):
        line["event"] = f"{name} spoke"
    elif isinstance(record, logging.LogRecord):
        line["event"] = str(record.msg)
    # structlog hangs the record itself on "_record" and takes it off again before anything is written.
    return {key: value for key, value in line.items() if key in ALLOWED or key.startswith("_")}


def set_up_logs(level: str = "INFO") -> None:
    """Send every log line of the process, and every error that nobody caught, to standard error as JSON, ids only."""
    before: list[Any] = [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _error_name,
        only_ids,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=before,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(sort_keys=True),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for known in list(logging.root.manager.loggerDict.values()):
        if isinstance(known, logging.Logger):  # a library's own handler would write past the list above
            known.handlers.clear()
            known.propagate = True
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.raiseExceptions = False  # where a line cannot be written, Python would print its text and values
    sys.excepthook = _uncaught
    threading.excepthook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, at: TracebackType | None) -> None:
    """What went wrong and where in the code, without the error's own text and without any value (IG-32)."""
    if issubclass(kind, KeyboardInterrupt):
        return
    trail = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in traceback.extract_tb(at)[-6:]]
    log.critical("stopped by an error that nobody caught", extra={"error": kind.__name__, "at": trail})


def _error_name(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception is told by its type only: its text may quote what a person wrote."""
    problem = line.pop("exc_info", None)
    if isinstance(problem, tuple) and problem[0] is not None:
        line["error"] = problem[0].__name__
    return line
