"""Everybody whom the access matrix knows, at the door of Teams: who they are to a thing, and what they are told there.

A press, a dialog that is sent or a word that is written goes to the served door as Teams sends it, signed; who sent it
is looked up in the register by the account that it names. Each is undone when it is answered.
"""

import json
import re
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from full_world import AREA, NOW, WEEK
from pressing_in_teams import PresserInTeams
from sqlmodel import SQLModel, col, select, update
from teams_town import Town, town

from bot.domain.errors import Invalid, NotAllowed, Refused
from bot.domain.people import Person, Role
from bot.handlers.teams.activity import Activity
from bot.handlers.teams.asked import TeamsAsk
from bot.handlers.teams.dialog import CARRIED
from bot.handlers.teams.inputs import OURS
from bot.handlers.teams.reception import Reception
from bot.handlers.verbs.ask import Unregistered
from bot.handlers.verbs.registry import registered
from bot.local.teams.aldermere import COUNCIL
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.tables import (
    ActionRow,
    AgencyRow,
    AgendaItemRow,
    CaseAgencyRow,
    CaseBarRow,
    CaseRow,
    InvitationRow,
    MailReplyRow,
    MeetingRow,
    PersonRow,
    ReferralRow,
    SlotOptionRow,
    TeamsIdentityRow,
)
from bot.storage.teams_links import known_by_teams
from bot.storage.transaction import Work

Json = dict[str, Any]

ANYBODY, NOBODY = "anybody", "nobody"
ME, COLLEAGUE, MINE = "tied-me", "tied-colleague", "tied-mine"
ACCOUNT, MRI = "00000000-0000-4000-8000-00000000beef", "29:1tied"


@dataclass(frozen=True)
class Told:
    """What came of one knock: what stopped it, by its kind, and by which rule of the access matrix."""

    stopped: str = ""
    rule: str = ""

    @property
    def let_in(self) -> bool:
        """Whether nothing of who they are stood in the way; what is to be mended is told only to whom it is asked."""
        return self.stopped in ("", "to mend")


@dataclass
class Things:
    """What an activity is about, as it stands in the store; nothing where it is about no case and no referral."""

    cases: list[CaseRow] = field(default_factory=list)
    referrals: list[ReferralRow] = field(default_factory=list)
    meeting: MeetingRow | None = None
    action: ActionRow | None = None
    check: InvolvementCheckRow | None = None


def things_in(work: Work, body: Json) -> Things:
    """Whatever the ids in an activity lead to: its action, its meeting, the cases around them, their referrals."""
    about = Things()
    for id in ids_in(body):
        for model in (
            ActionRow,
            MeetingRow,
            AgendaItemRow,
            InvitationRow,
            MailReplyRow,
            SlotOptionRow,
            InvolvementCheckRow,
            CaseRow,
        ):
            if (row := work.session.get(model, id)) is not None:
                _add(work, about, row)
        if (referral := work.session.get(ReferralRow, id)) is not None:
            about.referrals.append(referral)
            about.cases += work.session.exec(select(CaseRow).where(CaseRow.referral_id == id))
    about.cases = list({case.id: case for case in about.cases}.values())
    for case in about.cases:
        about.referrals.append(work.referrals.row(case.referral_id))
    return about


def _add(work: Work, about: Things, row: SQLModel) -> None:
    match row:
        case CaseRow():
            about.cases.append(row)
        case ActionRow():
            about.action = row
            about.cases.append(work.cases.row(row.case_id))
        case InvolvementCheckRow():
            about.check = row
            about.cases.append(work.cases.row(row.case_id))
        case MeetingRow():
            about.meeting = row
            about.cases += [work.cases.row(item.case_id) for item in work.meetings.agenda(row.id)]
        case AgendaItemRow() | InvitationRow() | MailReplyRow() | SlotOptionRow():
            _add(work, about, work.meetings.row(row.meeting_id))


def ids_in(body: Json) -> set[str]:
    """Every id that a button or a dialog carries."""
    value = body.get("value") or {}
    data = (value.get("action") or value).get("data") or {}
    ours = data.get(OURS) or {}
    carried = json.loads(data.get(CARRIED) or "{}")
    said = [ours.get("value"), data.get(ours.get("picked")), carried.get("ids")]
    return {id for each in said if each for id in re.findall(r"[\w-]+", str(each))}


def tie(work: Work, name: str, body: Json) -> None:
    """Make me, to what this activity is about, what the access matrix calls by that name."""
    about = things_in(work, body)
    TIES[name](work, about)


def _nothing(work: Work, about: Things) -> None:
    """A person of an agency that has nothing to do with it."""


def _referred(work: Work, about: Things) -> None:
    for referral in about.referrals:
        referral.referrer_id = ME


def _agency_works(work: Work, about: Things) -> None:
    for n, case in enumerate(about.cases):
        work.session.add(CaseAgencyRow(id=f"tied{n}", case_id=case.id, agency_id=MINE, since=NOW))


def _named(work: Work, about: Things) -> None:
    for case in about.cases:
        case.lead_id = ME
    if about.meeting is not None:
        about.meeting.minute_taker_id = ME


def _chairs(work: Work, about: Things) -> None:
    for thing in (*about.cases, *([about.meeting] if about.meeting else [])):
        thing.chair_id = ME


def _owns(work: Work, about: Things) -> None:
    for action in _actions(work, about):
        action.owner_id, action.agency_id = ME, MINE
    if about.check is not None:
        about.check.person_id, about.check.agency_id = ME, MINE


def _deputises(work: Work, about: Things) -> None:
    for action in _actions(work, about):
        work.register.row(action.owner_id).deputy_id = ME
    if about.check is not None:
        about.check.person_id, about.check.agency_id = COLLEAGUE, MINE
        work.register.row(COLLEAGUE).deputy_id = ME


def _colleague_owns(work: Work, about: Things) -> None:
    for action in _actions(work, about):
        action.owner_id, action.agency_id = COLLEAGUE, MINE
    if about.check is not None:
        about.check.person_id, about.check.agency_id = COLLEAGUE, MINE


def _actions(work: Work, about: Things) -> list[ActionRow]:
    """The action that it is about, or else one of each case."""
    if about.action is not None:
        return [about.action]
    return [action for case in about.cases for action in work.plans.of_case(case.id)[:1]]


def _everything(work: Work, about: Things) -> None:
    for each in (_referred, _chairs, _owns):
        each(work, about)


def _barred(work: Work, about: Things) -> None:
    _everything(work, about)
    for n, id in enumerate({referral.id for referral in about.referrals}):
        work.session.add(CaseBarRow(id=f"tied{n}", referral_id=id, person_id=ME))


def _of_another_area(work: Work, about: Things) -> None:
    _everything(work, about)
    work.register.row(ME).area = "elsewhere"


def _inactive(work: Work, about: Things) -> None:
    _everything(work, about)
    work.register.row(ME).active = False


TIES: Mapping[str, Callable[[Work, Things], None]] = {
    "no tie to it": _nothing,
    "referred it": _referred,
    "their agency works on it": _agency_works,
    "named on it": _named,
    "its chair": _chairs,
    "owns the action": _owns,
    "deputy of its owner": _deputises,
    "a colleague owns it": _colleague_owns,
    "barred from it": _barred,
    "of another area": _of_another_area,
    "no longer active": _inactive,
}
"""How the store comes to say of me what the access matrix says of somebody, under the same names."""


def _moves_in(work: Work) -> None:
    """Me and a colleague, of an agency of our own; nobody has told either of us of anything."""
    work.session.add(AgencyRow(id=MINE, area=AREA, slug=MINE, name="An agency far away", type="other"))
    work.session.flush()
    for id in (ME, COLLEAGUE):
        work.session.add(
            PersonRow(
                id=id,
                area=AREA,
                agency_id=MINE,
                name=f"Far {id}",
                email=f"{id}@elsewhere.example",
                pattern=WEEK,
                confidentiality_on=NOW.date(),
            )
        )
    work.session.flush()
    account = TeamsIdentityRow(tenant=COUNCIL, aad_object_id=ACCOUNT, person_id=ME, mri=MRI, seen_at=NOW)
    work.session.add(account)


class Noting(Reception):
    """The reception as it is, which notes what a person was refused for."""

    why: Exception | None = None

    async def _explained(self, ask: TeamsAsk, error: Exception) -> Json | None:
        self.why = error
        return await super()._explained(ask, error)


class AtTheDoor(PresserInTeams):
    """The served door, in front of the same world; who knocks is found by the account that the activity names."""

    line: Town
    count = count()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """While this lasts one can knock; whatever was changed is undone at its end."""
        with self.engine.connect() as db, self.at_work(db):
            self.reception = Noting(self, registered())
            whole = db.begin()
            with self.begin() as work:
                _moves_in(work)
            async with town(behind=self.answers) as self.line:
                yield
            whole.rollback()

    async def answers(self, activity: Activity) -> Json | None:
        """What the reception says to what the door has let in."""
        return await self.reception.receive(activity)

    async def person_in_teams(self, activity: Activity) -> Person | None:
        return known_by_teams(self.db, activity.tenant, activity.person)

    @contextmanager
    def meanwhile(self, change: Callable[[Work], None]) -> Iterator[None]:
        """With this changed in the store."""
        point = self.db.begin_nested()
        try:
            with self.begin() as work:
                change(work)
            yield
        finally:
            point.rollback()

    def is_about_nothing(self, body: Json) -> bool:
        """Whether it is about the presser alone, or about the area: no tie can be made to that."""
        with self.begin() as work:
            return not things_in(work, body).referrals

    async def let_in(self, body: Json, guess: str) -> str:
        """Which roles are let in with this: anybody, nobody or their names, as the access matrix writes them.

        A role only ever adds to what somebody may, so whoever holds all those that are not in the guess is refused
        for each of them at once; where that is not so, each is asked.
        """
        guessed = {role for role in Role if role in guess.split(", ")}
        if guess == ANYBODY or (await self.knock(body, set(Role) - guessed)).let_in:
            if (await self.knock(body, ())).let_in:
                return ANYBODY
            guessed = set(Role)
        return (
            ", ".join(sorted([role for role in guessed if (await self.knock(body, [role])).let_in])) or NOBODY
        )

    async def knock(self, body: Json, roles: Collection[Role]) -> Told:
        """I send this, with these roles; it is undone when it is answered."""
        world = self.line.world
        mine = {
            **body,
            "id": f"f:{next(self.count)}",
            "serviceUrl": world.service_url,
            "recipient": {"id": f"28:{world.app_id}", "name": "Convenor"},
            "from": {"id": MRI, "aadObjectId": ACCOUNT, "name": "Somebody"},
        }
        self._said = []
        point = self.db.begin_nested()
        self.db.execute(update(PersonRow).where(col(PersonRow.id) == ME).values(roles=[*roles]))
        self.reception.why = None
        answer = await self.line.line.tell(mine)
        point.rollback()
        assert answer.status == 200, answer
        return told_by(self.reception.why)


def told_by(why: Exception | None) -> Told:
    match why:
        case None:
            return Told()
        case NotAllowed():
            return Told("not allowed", why.trace.verb)
        case Unregistered():
            return Told("not registered")
        case Invalid():
            return Told("to mend")
        case Refused():
            return Told(str(why))
    raise AssertionError(repr(why))
