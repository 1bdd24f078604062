"""Record what was learnt and what is to change, and verify that it did, never by its owner (S5-09, S1-19, S5-29)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, NotFound, TooLate
from bot.domain.people import Person, Role
from bot.domain.references import case_reference, new_id
from bot.storage.codes import digest_of
from bot.storage.learning_tables import LearningRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import tell
from bot.usecases.reports.figures import SOURCES
from bot.views.learning import Lesson, LessonLine, LessonList, LessonSheet

STREAM = "learning"
OWNERS = (Role.AGENCY_LEAD, Role.REPRESENTATIVE, Role.COORDINATOR, Role.CHAIR, Role.BOARD)
MOST = 40
"""Lessons in a list, at most."""


@dataclass(frozen=True, kw_only=True)
class NewLesson:
    """A lesson as it is recorded; `case_id` and `pathway` are "" where it belongs to none."""

    case_id: str
    pathway: str
    source: str
    lesson: str
    change: str
    owner_id: str
    due: date | None


def begin_lesson(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> LessonSheet:
    """What is needed to record a lesson, of a case or of none; NotAllowed but for coordinator and chair."""
    with begin() as work:
        _allowed(practice, by, "learning.add", now)
        ref = work.cases.opened(case_id, by, "case.read", now).ref if case_id else ""
        people = (each for each in work.register.people(practice.area.id) if each.has(*OWNERS))
        return LessonSheet(
            case_id=case_id,
            ref=ref,
            owners=tuple(sorted(((each.id, each.name) for each in people), key=lambda each: each[1])),
            sources=tuple(SOURCES.items()),
            pathways=tuple((each.id, each.title) for each in practice.enabled),
        )


def learn(begin: Begin, practice: Practice, new: NewLesson, *, source: str, by: Person, now: datetime) -> str:
    """Record it, once however often it is sent, and tell its owner. Its reference.

    Invalid by field (`lesson`, `change`, `source`, `owner`, `due`, `pathway`).
    """
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        _allowed(practice, by, "learning.add", now)
        case = work.cases.opened(new.case_id, by, "case.read", now) if new.case_id else None
        _check(work, practice, new, practice.today(now), of_case=case is not None)
        row = LearningRow(
            id=new_id(),
            ref=case_reference(lambda ref: _taken(work, ref)).replace("CV-", "L-"),
            area=practice.area.id,
            pathway=case.pathway if case else new.pathway,
            case_id=case.id if case else None,
            source=new.source,
            lesson=new.lesson.strip(),
            change=new.change.strip(),
            owner_id=new.owner_id,
            due=new.due or practice.today(now),
            created_by=by.id,
            created_at=now,
            told_on=practice.today(now),
            drill=practice.area.drill,
        )
        work.session.add(row)
        work.inbox.remember(source, row.ref, at=now)
        work.audit.write(
            stream=STREAM,
            actor=by.id,
            verb="learning.added",
            thing=f"learning:{row.id}",
            facts={"source": row.source, "due": row.due, "lesson": digest_of(row.lesson + row.change)},
            at=now,
        )
        tell(work, "learning_yours", row.id, f"person:{row.owner_id}", now)
        return row.ref


def list_lessons(begin: Begin, practice: Practice, *, by: Person, now: datetime) -> LessonList:
    """The lessons whose change is not verified, as pointers; NotAllowed for people with no part in it."""
    with begin() as work:
        _allowed(practice, by, "learning.list", now)
        query = (
            select(LearningRow)
            .where(LearningRow.area == practice.area.id, col(LearningRow.verified_at).is_(None))
            .where(LearningRow.drill == practice.area.drill)
            .order_by(col(LearningRow.due), col(LearningRow.id))
            .limit(MOST)
        )
        return LessonList(
            lines=tuple(line_of(work, row, practice.today(now)) for row in work.session.exec(query)),
            may_add=may(by, "learning.add", Thing(area=practice.area.id)),
        )


def open_lesson(begin: Begin, practice: Practice, id: str, *, by: Person, now: datetime) -> Lesson:
    """One lesson with its words; each opening is an audit row. NotAllowed but for its owner and who runs the work."""
    with begin() as work:
        row = _opened(work, id, by, "learning.open", now)
        work.audit.write(
            stream=STREAM, actor=by.id, verb="learning.open", thing=f"learning:{row.id}", facts={}, at=now
        )
        return Lesson(
            line=line_of(work, row, practice.today(now)),
            lesson=row.lesson,
            change=row.change,
            may_verify=row.verified_at is None and may(by, "learning.verify", thing_of(work, row)),
            verified=row.verified_how,
        )


def verify_lesson(begin: Begin, practice: Practice, id: str, how: str, *, by: Person, now: datetime) -> str:
    """Somebody other than the owner has seen that practice has changed. The reference.

    NotAllowed for the owner, TooLate once it is verified, Invalid (`how`) without what was seen.
    """
    with begin() as work:
        row = _opened(work, id, by, "learning.verify", now)
        if row.verified_at is not None:
            raise TooLate(f"{row.ref} is verified already. Nothing has changed.")
        if len(how.strip()) < 10:
            raise Invalid({"how": "Say in a sentence what you saw that shows the change."})
        row.verified_by, row.verified_at, row.verified_how = by.id, now, how.strip()
        work.session.add(row)
        work.audit.write(
            stream=STREAM,
            actor=by.id,
            verb="learning.verified",
            thing=f"learning:{row.id}",
            facts={"how": digest_of(row.verified_how)},
            at=now,
        )
        return row.ref


def row_of(work: Work, id: str) -> LearningRow:
    """For the program's own use: the lesson of that id, or NotFound."""
    row = work.session.get(LearningRow, id)
    if row is None:
        raise NotFound("There is no such lesson.")
    return row


def thing_of(work: Work, row: LearningRow) -> Thing:
    """What access needs to know of a lesson: whoever is kept from its case is kept from it."""
    barred = work.cases.thing(work.cases.row(row.case_id)).barred if row.case_id else frozenset()
    return Thing(area=row.area, owner_id=row.owner_id, barred=barred)


def line_of(work: Work, row: LearningRow, today: date) -> LessonLine:
    """A lesson as a pointer."""
    stands = "verified" if row.verified_at else "overdue" if row.due < today else "open"
    return LessonLine(
        id=row.id,
        ref=row.ref,
        source=SOURCES.get(row.source, row.source),
        owner=work.register.person(row.owner_id).name,
        due=row.due,
        stands=stands,
    )


def _taken(work: Work, ref: str) -> bool:
    wanted = ref.replace("CV-", "L-")
    return work.session.exec(select(LearningRow.id).where(LearningRow.ref == wanted)).first() is not None


def _check(work: Work, practice: Practice, new: NewLesson, today: date, *, of_case: bool) -> None:
    found = {}
    if new.source not in SOURCES:
        found["source"] = "Choose where the lesson came from."
    if not of_case and new.pathway not in {each.id for each in practice.enabled}:
        found["pathway"] = "Choose the pathway that it is for."
    if len(new.lesson.strip()) < 10:
        found["lesson"] = "Say in a sentence what was learnt, without anybody’s name."
    if len(new.change.strip()) < 10:
        found["change"] = "Say in a sentence what people will do differently."
    owner = work.register.rows([new.owner_id]).get(new.owner_id) if new.owner_id else None
    if owner is None or not owner.active or owner.area != practice.area.id:
        found["owner"] = "Choose who sees to the change."
    if new.due is None or new.due <= today:
        found["due"] = "Choose a date after today."
    if found:
        raise Invalid(found)


def _opened(work: Work, id: str, by: Person, verb: str, now: datetime) -> LearningRow:
    row = row_of(work, id)
    if not may(by, verb, thing_of(work, row)):
        owns = verb == "learning.verify" and by.id == row.owner_id
        raise NotAllowed(
            "Somebody other than the person who sees to the change has to verify it. Nothing has changed."
            if owns
            else "This lesson is open to its owner and to those who run the work. Your attempt has been recorded.",
            Denial(stream=STREAM, actor=by.id, verb=verb, thing=f"learning:{row.id}", at=now),
        )
    return row


def _allowed(practice: Practice, by: Person, verb: str, now: datetime) -> None:
    if not may(by, verb, Thing(area=practice.area.id)):
        raise NotAllowed(
            "Lessons are recorded by coordinator and chair. Nothing has changed; your attempt has been recorded.",
            Denial(stream=STREAM, actor=by.id, verb=verb, thing=f"area:{practice.area.id}", at=now),
        )
