"""Actions of a case's plan and the nudges about them, in and out of the database."""

from dataclasses import fields, replace
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, bindparam, func, text, update
from sqlalchemy import select as read
from sqlmodel import Session, SQLModel, col, select

from bot.domain.access import Thing, may
from bot.domain.actions import Action, ActionState, Outcome
from bot.domain.errors import Denial, NotAllowed, NotFound, TooLate
from bot.domain.people import Person
from bot.storage.cases import Cases
from bot.storage.ledger_tables import AuditEvent
from bot.storage.prepared import Prepared
from bot.storage.tables import ActionRow, CaseRow, NudgeRow, PersonRow

_STORED = tuple(
    field.name for field in fields(Action) if field.name not in ("id", "ref", "case_id", "version")
)


_ACTION: Table = SQLModel.metadata.tables[str(ActionRow.__tablename__)]
_PERSON: Table = SQLModel.metadata.tables[str(PersonRow.__tablename__)]
_ROW = Prepared(_ACTION.select().where(_ACTION.c.id == bindparam("this")))
_CASE: Table = SQLModel.metadata.tables[str(CaseRow.__tablename__)]
# The case around an action and who stands in for its owner, at one go: every press asks for both.
_AROUND = Prepared(
    read(*_CASE.c, _PERSON.c.deputy_id.label("owners_deputy"))
    .outerjoin_from(_CASE, _PERSON, _PERSON.c.id == bindparam("owner"))
    .where(_CASE.c.id == bindparam("case"))
)

_REFUSED = "is open only to the people who are working on it."
_REFUSALS = {
    "action.answer": "belongs to another agency or person, so only its owner, the owner’s deputy or their agency"
    " lead can answer it.",
    "action.decide": "is for the chair or the coordinator to decide on.",
}


def _plain(value: object) -> object:
    return value.value if isinstance(value, Enum) else value


@cache
def _save(names: tuple[str, ...]) -> Prepared:
    """The statement that writes these columns of one version of an action; made once, a press is worth a lot of it."""
    return Prepared(
        _ACTION.update()
        .where(_ACTION.c.id == bindparam("which"), _ACTION.c.version == bindparam("seen"))
        .values({name: bindparam(name, type_=_ACTION.c[name].type) for name in names})
        .returning(_ACTION.c.id)
    )


def action_of(row: ActionRow) -> Action:
    """The row as the rules see an action."""
    return Action(
        id=row.id,
        ref=row.ref,
        case_id=row.case_id,
        category=row.category,
        agency_id=row.agency_id,
        owner_id=row.owner_id,
        due=row.due,
        review_on=row.review_on,
        assigned_on=row.assigned_on,
        nudged_on=row.nudged_on,
        state=ActionState(row.state),
        outcome=Outcome(row.outcome) if row.outcome else None,
        asked_due=row.asked_due,
        asked_on=row.asked_on,
        snoozed_until=row.snoozed_until,
        snoozed_once=row.snoozed_once,
        version=row.version,
    )


class Plans:
    """The actions of every case."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._around: dict[tuple[str, str], Any] = {}

    def row(self, id: str) -> ActionRow:
        """For the program's own use: the action with this id, or NotFound. To be read; `save` writes.

        As the database gives it, without an instance of the model: every press on an action reads one.
        """
        self.session.flush()
        row = _ROW.first(self.session.connection(), {"this": id})
        if row is None:
            raise NotFound("There is no such action.")
        return cast(ActionRow, row)

    def action(self, id: str) -> Action:
        """The action as the rules see it, as it stands in the database now."""
        return action_of(self.row(id))

    def by_source(self, source: str) -> ActionRow | None:
        """The action that this very submission made, if it did (design.md rule 2)."""
        return self.session.exec(select(ActionRow).where(ActionRow.source == source)).first()

    def case(self, row: ActionRow) -> CaseRow:
        """The case around an action, read once in a transaction; for its pathway, its reference and who runs it."""
        return cast(CaseRow, self._seen(row))

    def thing(self, row: ActionRow) -> Thing:
        """What access needs to know of an action: its owner, the owner's deputy, and the case around it."""
        around = self._seen(row)
        return replace(
            Cases(self.session).thing(around),
            owner_id=row.owner_id,
            deputy_id=around.owners_deputy,
            owner_agency=row.agency_id,
        )

    def _seen(self, row: ActionRow) -> Any:
        of = (row.case_id, row.owner_id)
        if of not in self._around:
            self.session.flush()
            asked = {"case": row.case_id, "owner": row.owner_id}
            self._around[of] = _AROUND.first(self.session.connection(), asked)
        return self._around[of]

    def opened(self, id: str, by: Person, verb: str, at: datetime) -> ActionRow:
        """The action, when `by` may do `verb` to it; NotAllowed leaves a row in the audit (IG-05, IG-29)."""
        row = self.row(id)
        if not may(by, verb, self.thing(row)):
            raise NotAllowed(
                f"{row.ref} {_REFUSALS.get(verb, _REFUSED)} Nothing has changed; your attempt has been recorded.",
                Denial(
                    stream=row.ref.partition("/")[0], actor=by.id, verb=verb, thing=f"action:{row.id}", at=at
                ),
            )
        return row

    def of_case(self, case_id: str) -> list[ActionRow]:
        """A case's actions in the order of their numbers."""
        query = select(ActionRow).where(ActionRow.case_id == case_id).order_by(col(ActionRow.number))
        return list(self.session.exec(query))

    def open_of_owner(self, person_id: str) -> list[ActionRow]:
        """What a person still owes, the most pressing first."""
        query = select(ActionRow).where(ActionRow.owner_id == person_id, ActionRow.state != "closed")
        return list(self.session.exec(query.order_by(col(ActionRow.due), col(ActionRow.ref))))

    def of_agency(self, agency_id: str) -> list[ActionRow]:
        """What an agency's people still owe, the most pressing first."""
        query = select(ActionRow).where(ActionRow.agency_id == agency_id, ActionRow.state != "closed")
        return list(self.session.exec(query.order_by(col(ActionRow.due), col(ActionRow.ref))))

    def last_event(self, action_id: str) -> AuditEvent | None:
        """The last thing that somebody did to an action (a look or a refusal is none)."""
        query = select(AuditEvent).where(
            AuditEvent.thing == f"action:{action_id}",
            col(AuditEvent.verb).not_in(("denied", "action.read", "action.escalated")),
        )
        return self.session.exec(
            query.order_by(col(AuditEvent.at).desc(), col(AuditEvent.seq).desc()).limit(1)
        ).first()

    def next_number(self, case_id: str) -> int:
        """The number for the case's next action, from 1."""
        last = self.session.exec(select(func.max(ActionRow.number)).where(ActionRow.case_id == case_id)).one()
        return (last or 0) + 1

    def save(self, action: Action, before: Action | None = None, **more: object) -> None:
        """Write a changed action, unless somebody else was first: then TooLate, and nothing changes.

        Knowing what it was `before`, only what has changed is written: each column costs its indexes and keys.
        """
        values: dict[str, object] = {
            name: _plain(getattr(action, name))
            for name in _STORED
            if before is None or getattr(before, name) != getattr(action, name)
        }
        values.update(more, version=action.version)
        which = {"which": action.id, "seen": action.version - 1}
        if _save(tuple(values)).first(self.session.connection(), {**values, **which}) is None:
            raise TooLate(
                f"Somebody answered {action.ref} a moment before you. Nothing of yours was saved; look again."
            )
        stale = self.session.identity_map.get(self.session.identity_key(ActionRow, action.id))
        if stale is not None:
            self.session.expire(stale)

    def due_for_nudge(self, moment: datetime, limit: int) -> list[ActionRow]:
        """Open actions whose next step has come, the longest waiting first; an indexed look."""
        query = (
            select(ActionRow)
            .where(col(ActionRow.next_at).is_not(None), col(ActionRow.next_at) <= moment)
            .order_by(col(ActionRow.next_at))
            .limit(limit)
            .with_for_update(skip_locked=True)  # a second replica takes the next ones; SQLite has one writer
        )
        return list(self.session.exec(query))

    def climbed(self, action: Action, today: date, next_at: datetime) -> bool:
        """Note how far the ladder was climbed; False when somebody answered meanwhile, or another look was first.

        No new version: a nudge changes nothing that a person could have been looking at.
        """
        noted = (
            update(ActionRow)
            .where(
                col(ActionRow.id) == action.id,
                col(ActionRow.version) == action.version,
                col(ActionRow.nudged_on) == action.nudged_on,
                col(ActionRow.state) != "closed",
            )
            .values(nudged_on=today, next_at=next_at)
            .returning(col(ActionRow.id))
        )
        return self.session.connection().execute(noted).first() is not None


def digest_key(person_id: str, day: date) -> str:
    """The one grouped message of a person's day; also its key in the outbox."""
    return f"digest:{person_id}:{day.isoformat()}"


def person_and_day(digest: str) -> tuple[str, date]:
    """Whose grouped message it is, and of which day."""
    _, person_id, day = digest.split(":")
    return person_id, date.fromisoformat(day)


class Nudges:
    """Every nudge that was ever planned."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def planned(self, person_id: str, day: date) -> list[NudgeRow]:
        """What is to go out to a person on a day, the gravest and oldest first."""
        query = select(NudgeRow).where(
            NudgeRow.person_id == person_id, NudgeRow.day == day, NudgeRow.state == "planned"
        )
        return list(self.session.exec(query.order_by(col(NudgeRow.due), col(NudgeRow.id))))

    def of_digest(self, digest: str, *states: str) -> list[NudgeRow]:
        """The nudges that one grouped message carries, in these states, oldest deadline first."""
        person_id, day = person_and_day(digest)
        query = select(NudgeRow).where(
            NudgeRow.person_id == person_id,
            NudgeRow.day == day,
            NudgeRow.digest == digest,
            col(NudgeRow.state).in_(states),
        )
        return list(self.session.exec(query.order_by(col(NudgeRow.due), col(NudgeRow.id))))

    def loose(self, limit: int) -> list[NudgeRow]:
        """Planned nudges that no grouped message carries yet; an indexed look."""
        # As a literal: with a bound value neither database can tell that the partial index holds them all.
        query = select(NudgeRow).where(text("nudge.state = 'planned'"), col(NudgeRow.digest).is_(None))
        return list(self.session.exec(query.order_by(col(NudgeRow.day)).limit(limit)))

    def planned_for(self, action_id: str) -> list[NudgeRow]:
        """Nudges about an action that are on their way."""
        query = select(NudgeRow).where(NudgeRow.action_id == action_id, NudgeRow.state == "planned")
        return list(self.session.exec(query.order_by(col(NudgeRow.day), col(NudgeRow.id))))

    def of_action(self, action_id: str) -> list[NudgeRow]:
        """Every nudge about an action, oldest first."""
        query = select(NudgeRow).where(NudgeRow.action_id == action_id)
        return list(self.session.exec(query.order_by(col(NudgeRow.at), col(NudgeRow.id))))

    def add(self, row: NudgeRow) -> bool:
        """Plan a nudge once: False when this very nudge was planned before."""
        if self.session.get(NudgeRow, row.id) is not None:
            return False
        self.session.add(row)
        return True
