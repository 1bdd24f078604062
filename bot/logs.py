"""Logs as JSON lines that hold ids only: whatever is not on the list is dropped, not trusted (IG-01, IG-32)."""

import logging
import sys
from collections.abc import MutableMapping
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
        "channel_id",
        "code",
        "count",
        "delivery",
        "due",
        "error",
        "errand",
        "kind",
        "milliseconds",
        "missing",
        "port",
        "reason",
        "ref",
        "reference",
        "seconds",
        "state",
        "user",
        "verb",
        "workspace",
    }
)
"""Names of what may stand in a line: ids, codes, counts and times; never a text that a person wrote."""

QUIET = (
    "slack_bolt",
    "slack_sdk",
    "apscheduler",
    "uvicorn.access",
    "mail.log",
    "aiosmtpd",
    "asyncio",
    "alembic",
)
"""Libraries that log whole requests or too much: only their warnings, and of those only the name of the logger."""


def only_ids(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not allowed; a library's own text, which may quote a request, goes too."""
    name = str(line.get("logger", ""))
    if name.startswith(QUIET):
        line["event"] = f"{name} spoke"
    # structlog hangs the record itself on "_record" and takes it off again before anything is written.
    return {key: value for key, value in line.items() if key in ALLOWED or key.startswith("_")}


def set_up_logs(level: str = "INFO") -> None:
    """Send every log line of the process to standard error as JSON, ids only."""
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
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _error_name(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception is told by its type only: its text may quote what a person wrote."""
    problem = line.pop("exc_info", None)
    if isinstance(problem, tuple) and problem[0] is not None:
        line["error"] = problem[0].__name__
    return line
