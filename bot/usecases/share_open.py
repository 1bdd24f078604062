"""Open an item that was shared, and confirm that it came: only who it is for, each opening audited (IG-20, S5-05)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import TooLate
from bot.domain.people import Person
from bot.domain.sharing import SHARE, UNSENT
from bot.storage.transaction import Begin
from bot.usecases.looks.shares import shared_item
from bot.usecases.sharing import did
from bot.views.shares import SharedItem


def open_share(begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime) -> SharedItem:
    """The item for somebody who may open it; each opening is an audit row that a recall lists later.

    Not yet sent it is its writer's alone. Recalled, its content opens for nobody: what is left says when, and whom to
    ask.
    """
    with begin() as work:
        row = work.shares.row(share_id)
        unsent = row.state in (*UNSENT, "advice_wanted", "withdrawn")
        row = work.shares.opened(share_id, by, "share.write" if unsent else "share.read", now)
        did(work, row, by.id, "share.recalled_read" if row.state == "recalled" else "share.read", now)
        return shared_item(work, practice, row, by)


def receive_share(
    begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime
) -> SharedItem:
    """The presser's agency has it; once is enough. When every agency has, the item is received."""
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.receive", now)
        work.cases.lock(work.cases.row(row.case_id))
        if row.sent_at is None or row.state == "recalled":
            raise TooLate(f"{row.ref} cannot be confirmed: it is not with you any more.")
        mine = next(each for each in work.shares.recipients(row.id) if each.agency_id == by.agency_id)
        if mine.received_at is None:
            mine.received_at, mine.received_by, mine.next_on = now, by.id, None
            work.session.add(mine)
            did(work, row, by.id, "share.received", now, {"agency": by.agency_id})
        if row.state == "sent" and all(each.received_at for each in work.shares.recipients(row.id)):
            row.state = SHARE.after(row.state, "receive")
        return shared_item(work, practice, row, by)
