"""Whatever went wrong, in words for the person who asked, and on our side a line in the log."""

import logging
import traceback
from typing import Any

from bot.domain.errors import Refused, TryLater
from bot.domain.references import new_id
from bot.handlers.verbs.ask import Bot, NotShown, Unregistered
from bot.render import Words

Json = dict[str, Any]

log = logging.getLogger(__name__)


def explained(bot: Bot, error: Exception, where: Json) -> Words:
    """In plain English, with nothing technical; `where` holds the ids that the log is to have.

    Recorded work stays recorded and asking again is harmless, so a second try is what the words advise.
    """
    words = bot.render.words
    if isinstance(error, Unregistered):
        return words("edge/unregistered", contact=bot.contact)
    if isinstance(error, Refused):
        return words("edge/refused", message=str(error))
    if isinstance(error, TryLater):
        log.warning("request put off", extra=where)
        return words("edge/busy")
    if isinstance(error, NotShown):
        log.warning("dialog not shown", extra={**where, "code": error.code})
        return words("edge/not_shown")
    reference = new_id()[:8]
    log_unexpected(error, reference, where)
    return words("edge/unexpected", reference=reference, contact=bot.contact)


def log_unexpected(error: Exception, reference: str, where: Json) -> None:
    """What kind of fault and where in our code, by a reference; no message, which may quote an answer (rule 4)."""
    frames = traceback.extract_tb(error.__traceback__)
    trail = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames[-4:]]
    extra = {"reference": reference, "error": type(error).__name__, "at": trail, **where}
    log.error("request failed", extra=extra)
