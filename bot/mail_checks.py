"""What `convenor check` says of replies by e-mail: where they go, what makes them sure, and the ways in."""

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from bot.check_line import Line
from bot.domain.errors import TryLater
from bot.domain.replies import PLACE_OF_TOKEN
from bot.gateways.mailbox import Mailbox
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.transaction import transactions
from bot.usecases.mailbox_read import JOB


async def check_replies(settings: Settings) -> list[Line]:
    """Nothing where no way in is set."""
    lines = [_hook(settings), await _mailbox(settings)]
    found = [line for line in lines if line is not None]
    return [_believed(settings), *found] if found else []


def _believed(settings: Settings) -> Line:
    what = "replies by e-mail"
    ways = []
    if PLACE_OF_TOKEN in (settings.mail_replies_to or ""):
        ways.append("by the address of each invitation")
    if settings.mail_trusted_server:
        ways.append(f"by the word of {settings.mail_trusted_server}")
    if ways:
        return Line(True, what, f"believed {' or '.join(ways)}; others are put before the coordinator")
    return Line(
        False,
        what,
        "none can be believed: put {token} into MAIL_REPLIES_TO, or set MAIL_TRUSTED_SERVER. Until then the coordinator"
        " decides on each",
    )


def _hook(settings: Settings) -> Line | None:
    if settings.mail_hook_secret is None:
        return None
    return Line(True, "mail's web hook", "signed POST at /mail/replies; cannot be tried from here")


async def _mailbox(settings: Settings) -> Line | None:
    if settings.imap_url is None:
        return None
    try:
        waiting = await Mailbox(settings.imap_url.get_secret_value(), timeout=5).unseen()
    except TryLater as later:
        return Line(False, "mailbox", f"{later.reason}; last read: {_last(settings)}")
    return Line(True, "mailbox", f"opens, {waiting} unseen; last read: {_last(settings)}")


def _last(settings: Settings) -> str:
    try:
        with transactions(connect(settings.database_url))() as work:
            at: datetime | None = work.heartbeats.last(JOB)
    except SQLAlchemyError:
        return "not known"
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "never"
