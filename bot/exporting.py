"""Papers from the command line, for a day on which the chat is down (IG-15): in somebody's name, never the machine's.

An administrator reads no case (IG-26), so the command says for whom it is; that person must be one who may have the
paper, and that they took it by the command line is on the record (IG-29).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import cast

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.papers import file_of
from bot.practice import practice_of
from bot.render import Render
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.tables import CaseRow, MeetingRow
from bot.storage.transaction import Begin, Work, transactions
from bot.usecases.bundle import allowed_bundle, bundle_made
from bot.usecases.papers import FORMS, Kind, take_paper

WHAT = ("minutes", "actions", "pack", "contacts", "case")
"""The papers that the command line writes; `case` is the audit bundle of one."""


def export(
    settings: Settings,
    what: str,
    ref: str,
    email: str,
    file: Path,
    now: datetime,
    *,
    why: str = "",
    both_why: str = "",
) -> int:
    """Write the paper to `file`, its kind by the end of its name; how many bytes. Refused for whoever may not have it.

    `ref` is a case's; minutes are those of its latest meeting that began, the pack is that of its next meeting. A
    bundle (`case`) needs `why` from whoever may allow it, and `both_why` where addresses that are kept apart are to be
    in it; an auditor leaves both out and takes what was allowed them. NotFound also says when nobody has this e-mail
    address, and when there is no such meeting.
    """
    practice = practice_of(settings)
    key = settings.audit_key.get_secret_value().encode() if settings.audit_key else None
    begin = by_command_line(transactions(connect(settings.database_url), chain_key=key))
    kind = cast(Kind, {"actions": "case_actions", "case": "bundle"}.get(what, what))
    form = file.suffix.removeprefix(".").lower()
    if form not in FORMS[kind]:
        known = ", ".join(f".{each}" for each in FORMS[kind])
        raise NotFound(f"The name of the file says what it becomes. It can end in {known}.")
    by = whoever_asks(begin, practice, email)
    id = which(begin, practice, what, ref, now)
    if what == "case":
        id = allowed_bundle(begin, practice, id, why, both_why, by=by, now=now)
    paper = take_paper(begin, practice, kind, id, form, by=by, now=now)
    made = file_of(Render(), paper, form)
    if what == "case":
        bundle_made(begin, id, made.digest, by=by, now=now)
    content = made.content
    file.touch(mode=0o600)
    file.chmod(0o600)
    return file.write_bytes(content)


def by_command_line(begin: Begin) -> Begin:
    """The same transactions, each of whose events says by which way they came."""

    @contextmanager
    def marked() -> Iterator[Work]:
        with begin() as work:
            work.audit.way = "command_line"
            yield work

    return marked


def whoever_asks(begin: Begin, practice: Practice, email: str) -> Person:
    """The active person of the area with this address, or NotFound."""
    with begin() as work:
        row = work.register.by_email(practice.area.id, email)
        if row is None:
            raise NotFound("Nobody active in the register has that e-mail address.")
        return work.register.person(row.id)


def which(begin: Begin, practice: Practice, what: str, ref: str, now: datetime) -> str:
    """The id of the case or meeting that a reference means for this paper; NotFound when there is none."""
    if what == "contacts":
        return practice.area.id
    with begin() as work:
        case = _case(work, practice, ref)
        if what in ("actions", "case"):
            return case.id
        meetings = [row for row in work.meetings.of_case(case.id) if row.state != "cancelled"]
        if what == "minutes":
            meetings = sorted((row for row in meetings if row.started_at), key=_began)
        else:
            meetings = sorted((row for row in meetings if row.starts_at), key=_begins)
            ahead = [row for row in meetings if row.ends_at is None or row.ends_at > now]
            meetings = ahead[:1] or meetings
        if not meetings:
            raise NotFound(f"{case.ref} has no such meeting.")
        return meetings[-1].id


def _case(work: Work, practice: Practice, ref: str) -> CaseRow:
    found = work.cases.by_ref(practice.area.id, ref.strip().upper())
    if found is None:
        raise NotFound("There is no case with that reference.")
    return found


def _began(row: MeetingRow) -> datetime:
    assert row.started_at is not None
    return row.started_at


def _begins(row: MeetingRow) -> datetime:
    assert row.starts_at is not None
    return row.starts_at
