"""Advice on the threshold without a case: logged, read, and tied to the concern that it becomes later (S5-13)."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col, func, select

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, NotFound, TooLate
from bot.domain.people import Person
from bot.domain.references import case_reference, new_id
from bot.storage.advice_tables import AdviceNoteRow
from bot.storage.codes import Codes, digest_of
from bot.storage.transaction import Begin, Work
from bot.views.advice import AdviceForm, AdviceLine, AdviceLog, AdviceNote
from bot.views.referrals import Line

STREAM = "advice"
MOST = 30
"""Talks in the list, the latest first."""
SHORTEST = 10


@dataclass(frozen=True, kw_only=True)
class Advised:
    """A talk as it is logged: when, who asked for which agency, and the three things that are said in it."""

    day: date | None
    agency_id: str
    asked_by: str
    advised: str
    would_meet: str
    needed: str


def list_advice(begin: Begin, practice: Practice, *, by: Person, now: datetime) -> AdviceLog:
    """The latest talks as pointers: the area's for who triages or coordinates, one's own for others who log."""
    with begin() as work:
        _allowed(practice, by, now)
        whole = may(by, "advice.read", Thing(area=practice.area.id))
        query = select(AdviceNoteRow).where(
            AdviceNoteRow.area == practice.area.id, AdviceNoteRow.drill == practice.area.drill
        )
        count = select(func.count()).select_from(AdviceNoteRow).where(AdviceNoteRow.area == practice.area.id)
        count = count.where(AdviceNoteRow.drill == practice.area.drill)
        if not whole:
            query = query.where(AdviceNoteRow.by_id == by.id)
            count = count.where(AdviceNoteRow.by_id == by.id)
        query = query.order_by(col(AdviceNoteRow.day).desc(), col(AdviceNoteRow.at).desc()).limit(MOST)
        rows = list(work.session.exec(query))
        more = work.session.exec(count).one() - len(rows)
        return AdviceLog(
            lines=tuple(_line(work, row) for row in rows if by.id not in _barred(work, row)),
            more=more,
            whole=whole,
        )


def begin_advice(begin: Begin, practice: Practice, *, by: Person, now: datetime) -> AdviceForm:
    """What the form begins with; NotAllowed for people who give no such advice."""
    with begin() as work:
        _allowed(practice, by, now)
        agencies = tuple((each.id, each.name) for each in work.register.agencies(practice.area.id))
        return AdviceForm(today=practice.today(now), agency_id=by.agency_id, agencies=agencies)


def log_advice(
    begin: Begin, practice: Practice, said: Advised, *, source: str, by: Person, now: datetime
) -> str:
    """Log it, once however often it is sent. Its reference, such as `A-7K4QMX`. Raises Invalid by field."""
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        _allowed(practice, by, now)
        agencies = {each.id for each in work.register.agencies(practice.area.id)}
        _check(said, agencies, practice.today(now))
        assert said.day is not None
        row = AdviceNoteRow(
            id=new_id(),
            ref=case_reference(lambda ref: _taken(work, ref)).replace("CV-", "A-"),
            area=practice.area.id,
            day=said.day,
            agency_id=said.agency_id,
            asked_by=said.asked_by.strip(),
            advised=said.advised.strip(),
            would_meet=said.would_meet.strip(),
            needed=said.needed.strip(),
            by_id=by.id,
            at=now,
            drill=practice.area.drill,
        )
        work.session.add(row)
        work.inbox.remember(source, row.ref, at=now)
        facts: Codes = {
            "agency": row.agency_id,
            "day": row.day,
            "said": digest_of("\n".join((row.asked_by, row.advised, row.would_meet, row.needed))),
        }
        _did(work, row, by, "advice.logged", facts, now)
        return row.ref


def open_advice_note(begin: Begin, practice: Practice, id: str, *, by: Person, now: datetime) -> AdviceNote:
    """One talk with its words; each opening is an audit row. NotAllowed but for who logged it, triage, coordinator."""
    with begin() as work:
        row = _opened(work, id, by, "advice.read", now)
        _did(work, row, by, "advice.read", {}, now)
        return AdviceNote(
            line=_line(work, row),
            asked_by=row.asked_by,
            advised=row.advised,
            would_meet=row.would_meet,
            needed=row.needed,
            by=work.register.row(row.by_id).name,
        )


def link_advice(begin: Begin, practice: Practice, id: str, ref: str, *, by: Person, now: datetime) -> str:
    """Tie it to the concern with this reference, which shows it from then on. The talk's reference.

    Raises Invalid beside `ref` for a reference of no concern that this person may read, which is not told apart from
    one that does not exist; TooLate when it is tied to another already.
    """
    with begin() as work:
        row = _opened(work, id, by, "advice.read", now)
        referral = work.referrals.by_ref(practice.area.id, ref.strip().upper())
        if referral is None or not may(by, "referral.read", work.referrals.thing(referral)):
            raise Invalid(
                {
                    "ref": "There is no concern with this reference that you may read. Look at the receipt or the case."
                }
            )
        if row.referral_id == referral.id:
            return row.ref
        if row.referral_id is not None:
            raise TooLate("This advice is tied to a concern already. Nothing has changed.")
        row.referral_id, row.linked_by, row.linked_at = referral.id, by.id, now
        _did(work, row, by, "advice.linked", {"referral": referral.id}, now)
        return row.ref


def advice_before(work: Work, referral_id: str) -> tuple[Line, ...]:
    """What was advised before a concern was raised, for the pages of a reader who was let in to it."""
    query = select(AdviceNoteRow).where(AdviceNoteRow.referral_id == referral_id)
    found = []
    for row in work.session.exec(query.order_by(col(AdviceNoteRow.day), col(AdviceNoteRow.at))):
        who = f"{row.asked_by}, {work.register.agency(row.agency_id).name}"
        said = f"Asked by {who}.\n{row.advised}\nWhat would meet the threshold: {row.would_meet}"
        still = f"\nInformation needed: {row.needed}"
        found.append(Line(label=f"{row.ref}, {row.day.day} {row.day:%B %Y}", answer=said + still))
    return tuple(found)


def _opened(work: Work, id: str, by: Person, verb: str, now: datetime) -> AdviceNoteRow:
    row = work.session.get(AdviceNoteRow, id)
    if row is None:
        raise NotFound("There is no such advice.")
    if not may(by, verb, Thing(area=row.area, owner_id=row.by_id, barred=_barred(work, row))):
        raise NotAllowed(
            "This advice is open to whoever logged it, to triage and the coordinator. Your attempt has been recorded.",
            Denial(stream=STREAM, actor=by.id, verb=verb, thing=f"advice:{row.id}", at=now),
        )
    return row


def _barred(work: Work, row: AdviceNoteRow) -> frozenset[str]:
    """Who must not see the concern that it became, and so not what was advised before it."""
    return frozenset(work.referrals.barred(row.referral_id)) if row.referral_id else frozenset()


def _allowed(practice: Practice, by: Person, now: datetime) -> None:
    if not may(by, "advice.log", Thing(area=practice.area.id)):
        raise NotAllowed(
            "Advice on the threshold is logged by triage, coordinators, chairs and agencies’ leads."
            " Your attempt has been recorded.",
            Denial(stream=f"area:{practice.area.id}", actor=by.id, verb="advice.log", thing="advice", at=now),
        )


def _check(said: Advised, agencies: set[str], today: date) -> None:
    found = {}
    if said.day is None or said.day > today:
        found["day"] = "Choose the day of the talk, not after today."
    if said.agency_id not in agencies:
        found["agency"] = "Choose the agency that asked."
    if len(said.asked_by.strip()) < 3:
        found["asked_by"] = "Say who asked: their name, or what they do there."
    for id, text, ask in (
        ("advised", said.advised, "Say in a sentence what was advised."),
        ("would_meet", said.would_meet, "Say in a sentence what would meet the threshold."),
        ("needed", said.needed, "Say which information is needed, or write “nothing more”."),
    ):
        if len(text.strip()) < SHORTEST:
            found[id] = ask
    if found:
        raise Invalid(found)


def _line(work: Work, row: AdviceNoteRow) -> AdviceLine:
    return AdviceLine(
        id=row.id,
        ref=row.ref,
        day=row.day,
        agency=work.register.agency(row.agency_id).name,
        became=work.referrals.row(row.referral_id).ref if row.referral_id else "",
    )


def _taken(work: Work, ref: str) -> bool:
    wanted = ref.replace("CV-", "A-")
    return work.session.exec(select(AdviceNoteRow.id).where(AdviceNoteRow.ref == wanted)).first() is not None


def _did(work: Work, row: AdviceNoteRow, by: Person, verb: str, facts: Codes, now: datetime) -> None:
    work.audit.write(stream=STREAM, actor=by.id, verb=verb, thing=f"advice:{row.id}", facts=facts, at=now)
