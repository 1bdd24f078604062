"""An account in chat is deactivated: its owner's access ends at once, and nobody comes back by themselves (IG-24).

A person may chat by several accounts; the end of any one of them is taken for their leaving, until a coordinator says
otherwise. What is theirs is told of and handed over as when they leave by the register (bot.usecases.leavers).
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, or_, select

from bot.domain.area import Practice
from bot.domain.contacts import GAP
from bot.domain.errors import TooLate
from bot.domain.people import Person, Role
from bot.domain.references import new_id
from bot.domain.teams import Kind
from bot.storage.codes import Codes
from bot.storage.contact_tables import AccountEndRow, LeaverRow
from bot.storage.tables import PersonRow, TeamsConversationRow, TeamsIdentityRow
from bot.storage.transaction import Begin, Work
from bot.usecases.contacts import STREAM, coordinator
from bot.usecases.leavers import note_leavers
from bot.usecases.owed import refresh_home, tell
from bot.views.contacts import AccountEnd

WATCH = "convenor"
"""Who is on record for what the program saw in chat."""

JOB = "accounts"
"""Its heartbeat: when everybody's account was looked at last."""


@dataclass(frozen=True, kw_only=True)
class Account:
    """An account to be looked at: `tenant` and `account` as its platform calls them.

    In Teams `mri` is its owner there, and `conversation` their chat with the bot, in which Teams is asked for them.
    """

    platform: str
    tenant: str
    account: str
    mri: str = ""
    conversation: str = ""


def accounts(work: Work, practice: Practice) -> list[Account]:
    """Every account by which somebody can act now, and those that ended and may come back.

    An account in Teams whose owner has no chat with the bot in that tenant cannot be asked for, and is not in it.
    """
    area = practice.area.id
    waiting = {row.person_id for row in work.contacts.account_ends(area)}
    watched = or_(col(PersonRow.active), col(PersonRow.id).in_(waiting))
    in_slack = select(PersonRow).where(
        PersonRow.area == area, watched, col(PersonRow.slack_user).is_not(None)
    )
    found = [
        Account(platform="slack", tenant=row.slack_team or "", account=row.slack_user or "")
        for row in work.session.exec(in_slack.order_by(PersonRow.id))
    ]
    in_teams = (
        select(TeamsIdentityRow, TeamsConversationRow.id)
        .join(PersonRow, col(PersonRow.id) == col(TeamsIdentityRow.person_id))
        .join(TeamsConversationRow, col(TeamsConversationRow.person_id) == col(PersonRow.id))
        .where(
            PersonRow.area == area,
            watched,
            TeamsConversationRow.kind == Kind.PERSONAL.value,
            col(TeamsConversationRow.tenant) == col(TeamsIdentityRow.tenant),
        )
        .order_by(PersonRow.id, TeamsIdentityRow.tenant)
    )
    return found + [
        Account(
            platform="teams",
            tenant=row.tenant,
            account=row.aad_object_id,
            mri=row.mri,
            conversation=conversation,
        )
        for row, conversation in work.session.exec(in_teams)
    ]


def looked_at(begin: Begin, now: datetime) -> None:
    """Every account was looked at, as far as the platforms answered."""
    with begin() as work:
        work.heartbeats.beat(JOB, at=now)


def account_gone(
    begin: Begin, practice: Practice, platform: str, tenant: str, account: str, now: datetime
) -> bool:
    """It was deactivated: whoever has it can do nothing from now on. Whether that is news.

    One that comes back and goes again before a coordinator has answered is as it was.
    """
    with begin() as work:
        row = _owner(work, practice, platform, tenant, account)
        if row is None:
            return False
        last = work.contacts.last_account_end(row.id)
        if not row.active:
            if last is not None and last.settled_at is None and last.back_at is not None:
                last.back_at = None
            return False
        row.active = False
        work.contacts.changed(row.id, "active", "yes", "no", WATCH, now)
        end = AccountEndRow(
            id=new_id(),
            area=row.area,
            person_id=row.id,
            platform=platform,
            tenant=tenant,
            account=account,
            ended_at=now,
            next_on=practice.days().shift(practice.today(now), GAP),
        )
        work.session.add(end)
        work.session.flush()
        _audit(work, WATCH, "person.access_ended", end, {"platform": platform}, now)
        note_leavers(work, [row], now)
        _tell(work, end, "ended", now)
        return True


def account_back(
    begin: Begin, practice: Practice, platform: str, tenant: str, account: str, now: datetime
) -> bool:
    """It is active again. Nobody is let in by that: the coordinators are asked. Whether that is news."""
    with begin() as work:
        row = _owner(work, practice, platform, tenant, account)
        end = work.contacts.last_account_end(row.id) if row is not None and not row.active else None
        if end is None or end.back_at is not None or end.outcome == "let_in":
            return False
        if (end.platform, end.tenant, end.account) != (platform, tenant, account):
            return False
        end.back_at = now
        _ask_again(work, practice, end, now)
        _audit(work, WATCH, "person.account_back", end, {"platform": platform}, now)
        _tell(work, end, "back", now)
        return True


def held_back(work: Work, practice_area: str, row: PersonRow, now: datetime) -> bool:
    """Whether a register's file may not let this person in: their account ended and no coordinator has let them in.

    The coordinators are asked about them, once for each file that says so on another day.
    """
    end = work.contacts.last_account_end(row.id)
    if row.active or end is None or end.outcome == "let_in" or row.area != practice_area:
        return False
    if end.settled_at is not None:
        end.settled_at, end.settled_by, end.outcome, end.next_on = None, None, None, now.date()
    _tell(work, end, f"file:{now.date()}", now)
    return True


def let_in(begin: Begin, practice: Practice, id: str, *, by: Person, now: datetime) -> str:
    """A coordinator lets somebody in again; their name. TooLate when that was answered already.

    An account that is still deactivated is no longer theirs, so that it cannot end their access once more.
    """
    with begin() as work:
        end = _opened(work, id, by, now)
        row = work.register.row(end.person_id)
        row.active = True
        work.contacts.changed(row.id, "active", "no", "yes", by.id, now)
        if end.back_at is None:
            _untie(work, row, end)
        leavers = select(LeaverRow).where(LeaverRow.person_id == row.id, col(LeaverRow.settled_at).is_(None))
        for leaver in work.session.exec(leavers):
            leaver.settled_at, leaver.next_on = now, None
        _settle(work, end, "let_in", by, now)
        _audit(work, by.id, "person.let_in", end, {"platform": end.platform}, now)
        refresh_home(work, row.id, now)
        return row.name


def has_left(begin: Begin, practice: Practice, id: str, *, by: Person, now: datetime) -> str:
    """A coordinator confirms that somebody has left; their name. TooLate when that was answered already."""
    with begin() as work:
        end = _opened(work, id, by, now)
        _settle(work, end, "left", by, now)
        _audit(work, by.id, "person.has_left", end, {"platform": end.platform}, now)
        return work.register.row(end.person_id).name


def chase_account_ends(work: Work, practice: Practice, now: datetime) -> int:
    """Every five working days until a coordinator has answered. How many were told."""
    today, told = practice.today(now), 0
    for end in work.contacts.account_ends(practice.area.id):
        if end.next_on is None or end.next_on > today:
            continue
        end.step += 1
        end.next_on = practice.days().shift(today, GAP)
        told += _tell(work, end, f"{end.step}:{today}", now)
    return told


def account_end_line(work: Work, practice: Practice, id: str, now: datetime) -> AccountEnd | None:
    """Whose access ended and why; None once a coordinator has answered."""
    end = work.contacts.account_end(id)
    if end.settled_at is not None:
        return None
    row = work.register.row(end.person_id)
    return AccountEnd(
        id=end.id,
        name=row.name,
        agency=work.register.agency(row.agency_id).name,
        platform=end.platform,
        ended_at=end.ended_at,
        back_at=end.back_at,
        drill=practice.area.drill,
    )


def _owner(work: Work, practice: Practice, platform: str, tenant: str, account: str) -> PersonRow | None:
    """Whose account it is, active or not; None for one that nobody of the area is known by."""
    if platform == "slack":
        query = select(PersonRow).where(PersonRow.slack_team == tenant, PersonRow.slack_user == account)
        row = work.session.exec(query).first()
    else:
        link = work.session.get(TeamsIdentityRow, (tenant, account))
        row = work.register.row(link.person_id) if link is not None else None
    return row if row is not None and row.area == practice.area.id else None


def _untie(work: Work, row: PersonRow, end: AccountEndRow) -> None:
    if end.platform == "slack" and (row.slack_team, row.slack_user) == (end.tenant, end.account):
        row.slack_team = row.slack_user = None
    if end.platform == "teams" and (link := work.session.get(TeamsIdentityRow, (end.tenant, end.account))):
        work.session.delete(link)


def _opened(work: Work, id: str, by: Person, now: datetime) -> AccountEndRow:
    end = work.contacts.account_end(id)
    coordinator(work, end.area, by, f"account:{id}", now)
    if end.settled_at is not None:
        raise TooLate("A coordinator has answered this already. Nothing has changed.")
    return end


def _settle(work: Work, end: AccountEndRow, outcome: str, by: Person, now: datetime) -> None:
    end.settled_at, end.settled_by, end.outcome, end.next_on = now, by.id, outcome, None
    for each in _coordinators(work, end):
        refresh_home(work, each, now)


def _ask_again(work: Work, practice: Practice, end: AccountEndRow, now: datetime) -> None:
    """Whatever was answered before, it is to be answered now."""
    end.settled_at, end.settled_by, end.outcome = None, None, None
    end.next_on = practice.days().shift(practice.today(now), GAP)


def _tell(work: Work, end: AccountEndRow, key: str, now: datetime) -> int:
    people = _coordinators(work, end)
    for each in people:
        tell(work, "account_ended", end.id, f"person:{each}", now, key=f"{key}:{now.isoformat()}")
        refresh_home(work, each, now)
    return len(people)


def _coordinators(work: Work, end: AccountEndRow) -> list[str]:
    """The coordinators; where the register names none, the leads of the person's agency."""
    agency = work.register.row(end.person_id).agency_id
    found = work.register.people(end.area, Role.COORDINATOR)
    found = found or work.register.people(end.area, Role.AGENCY_LEAD, agency_id=agency)
    return [each.id for each in found if each.id != end.person_id]


def _audit(work: Work, actor: str, verb: str, end: AccountEndRow, facts: Codes, now: datetime) -> None:
    work.audit.write(
        stream=STREAM, actor=actor, verb=verb, thing=f"person:{end.person_id}", facts=facts, at=now
    )
