"""Looks at what agencies share: pointers for messages, the item itself, who opened it, and the list for evidence."""

from datetime import datetime

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.breach import VERDICTS as BREACH_VERDICTS
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.domain.sharing import CONSENTS, OUT, QUALITIES, STATE_WORDS, SUBJECTS, UNSENT, VERDICTS, ShareState
from bot.storage.breach_tables import BreachRow
from bot.storage.practice_shares import AgreementRow, InfoShareRow, ShareAdviceRow
from bot.storage.transaction import Work
from bot.usecases.sharing import label, leads_of_governance
from bot.views.cases import Entry
from bot.views.shares import (
    AdviceAsked,
    AdviceLine,
    AgreementNote,
    CopyLine,
    Reading,
    Recall,
    SharedItem,
    ShareLine,
    SharePointer,
    ToldLine,
)

MOST_READINGS = 40
"""Openings listed one by one; the others are counted."""


def share_pointer(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To the agencies addressed: there is something, from whom, and the way to open it. None once it is recalled."""
    row = work.shares.row(id)
    return _pointer(work, row, "share.open", "Open it") if row.state in OUT else None


def share_recalled(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To everybody who had it: it opens no more."""
    row = work.shares.row(id)
    return _pointer(work, row) if row.state == "recalled" else None


def share_breach(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To information governance: recalled, and by when somebody has to decide about the regulator (IG-36)."""
    row = work.shares.row(id)
    if row.state != "recalled":
        return None
    return _pointer(work, row, "share.recall", "See who opened it", until=row.decide_by)


def share_unsent(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To its writer: begun, and not sent."""
    row = work.shares.row(id)
    return _pointer(work, row, "share.go_on", "Go on with it") if row.state in UNSENT else None


def share_hold(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To a manager who is asked; `id` is the question's. None once nobody waits for the answer."""
    asked = work.shares.advice_row(id)
    row = work.shares.row(asked.share_id)
    if asked.answered_at is not None or row.state != "advice_wanted":
        return None
    return _pointer(work, row, "share.advise", "Read it and answer", value=asked.id, due=asked.due_on)


def share_waits(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To its writer: a manager has not answered yet; `id` is the question's. From there somebody else can be asked."""
    return _waiting(work, id, "share.own", "Open it")


def share_waits_long(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """The same to the coordinator, who cannot open what was not sent."""
    return _waiting(work, id)


def share_advised(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To its writer: the answer has come; `id` is the question's."""
    asked = work.shares.advice_row(id)
    row = work.shares.row(asked.share_id)
    if asked.answered_at is None or row.state not in UNSENT:
        return None
    name = work.register.person(asked.adviser_id).name
    return _pointer(work, row, "share.own", "Read the advice", adviser=name)


def share_unreceived(work: Work, practice: Practice, id: str, now: datetime) -> SharePointer | None:
    """To its writer and the coordinator: an agency has not confirmed it; `id` is that copy's."""
    copy = work.shares.recipient_row(id)
    row = work.shares.row(copy.share_id)
    if copy.received_at is not None or row.state != "sent":
        return None
    return _pointer(work, row, agency=work.register.agency(copy.agency_id).name)


def agreement_ending(work: Work, practice: Practice, id: str, now: datetime) -> AgreementNote | None:
    """To the coordinators; `id` is the agency's. None where it has no agreement at all: the check says that."""
    name = work.register.agency(id).name
    row = work.shares.agreements([id]).get(id)
    if row is None:
        return None
    return AgreementNote(
        agency=name,
        ends=row.expires_on,
        ended=row.expires_on < practice.today(now),
        drill=practice.area.drill,
    )


def shared_item(work: Work, practice: Practice, row: InfoShareRow, by: Person) -> SharedItem:
    """The item for a reader who was let in. Recalled, it is empty but for when, whence and whither."""
    pathway, thing = practice.of(work.cases.row(row.case_id)), work.shares.thing(row)
    copies, gone = _copies(work, row), row.state == ShareState.RECALLED
    writer = work.register.row(row.by_id)
    unsent = row.state in (*UNSENT, ShareState.ADVICE_WANTED)
    mine = next((each for each in work.shares.recipients(row.id) if each.agency_id == by.agency_id), None)
    own = by.id in (row.by_id, *(each.adviser_id for each in work.shares.advice(row.id)))
    return SharedItem(
        id=row.id,
        ref=row.ref,
        case_id=row.case_id,
        state=STATE_WORDS[ShareState(row.state)],
        from_agency=work.register.agency(row.agency_id).name,
        by=writer.name,
        phone=writer.phone,
        sent_at=row.sent_at,
        ended_at=row.ended_at,
        copies=copies,
        what="" if gone else row.what,
        reasons=() if gone else _reasons(pathway, row),
        told=() if gone else _told(work, row),
        advice=_advice(work, row) if own and not gone else (),
        may_receive=row.state in OUT
        and mine is not None
        and mine.received_at is None
        and may(by, "share.receive", thing),
        may_recall=row.state in OUT and may(by, "share.recall", thing),
        may_write=unsent and may(by, "share.write", thing),
        on_hold=row.state == ShareState.ADVICE_WANTED,
    )


def advice_asked(work: Work, asked: ShareAdviceRow, item: SharedItem) -> AdviceAsked:
    """A question with its item, for the one who is asked."""
    return AdviceAsked(
        id=asked.id,
        ref=item.ref,
        doubt=asked.doubt,
        due=asked.due_on,
        answered=asked.answered_at is not None,
        verdicts=tuple((each.id, each.label) for each in VERDICTS),
        item=item,
    )


def recall_view(work: Work, practice: Practice, row: InfoShareRow, by: Person) -> Recall:
    """Where an item went and who opened it, from the audit; the writer's own openings are left out."""
    breach = work.session.get(BreachRow, row.id)
    readings = [each for each in work.shares.readings(row.id) if each.actor != row.by_id]
    people = work.register.rows({each.actor for each in readings})
    named = [
        Reading(
            who=people[each.actor].name,
            agency=work.register.agency(people[each.actor].agency_id).name,
            at=each.at,
        )
        for each in readings
        if each.actor in people
    ]
    return Recall(
        id=row.id,
        ref=row.ref,
        from_agency=work.register.agency(row.agency_id).name,
        sent_at=row.sent_at,
        copies=_copies(work, row),
        readings=tuple(named[:MOST_READINGS]),
        more=len(named[MOST_READINGS:]),
        recalled=row.state == ShareState.RECALLED,
        recalled_at=row.ended_at,
        recalled_by=work.register.person(row.ended_by).name if row.ended_by else "",
        reason=row.recall_reason,
        decide_by=row.decide_by,
        decided=_decided(work, breach) if breach else "",
        may_decide=breach is not None
        and breach.decided_at is None
        and may(by, "breach.decide", work.shares.thing(row))
        and by.id in leads_of_governance(work, row.area),
    )


def _decided(work: Work, breach: BreachRow) -> str:
    """What was decided and by whom; why opens for whoever decides (IG-36)."""
    if breach.decided_by is None or breach.decided_at is None:
        return ""
    who = work.register.row(breach.decided_by).name
    return f"{who} has decided: {BREACH_VERDICTS[breach.verdict][0].lower()}{BREACH_VERDICTS[breach.verdict][1:]}."


def share_entries(work: Work, case_id: str, by: Person) -> tuple[Entry, ...]:
    """The part "Information shared" of a case's file: what this reader may open, and their own that wait (IG-20).

    An item that is for other agencies is not even counted here. Its content opens by itself, so that each opening
    stands in the audit by its own.
    """
    found = []
    for row in work.shares.of_case(case_id):
        sent = row.sent_at is not None
        if not may(by, "share.read" if sent else "share.write", work.shares.thing(row)):
            continue
        copies = _copies(work, row)
        to = ", ".join(each.agency for each in copies) or "no agency chosen yet"
        got = [each.agency for each in copies if each.received_at]
        found.append(
            Entry(
                head=row.ref,
                body=f"From {work.register.agency(row.agency_id).name} to {to}",
                who=work.register.person(row.by_id).name,
                state=STATE_WORDS[ShareState(row.state)],
                at=row.sent_at or row.begun_at,
                said=f"Confirmed by {', '.join(got)}" if got else "",
                opens=row.id,
            )
        )
    return tuple(found)


def shared_record(work: Work, practice: Practice, case_id: str, now: datetime) -> tuple[ShareLine, ...]:
    """For the evidence pack: every item that was sent, who to whom, when, why and on what ground (S1-07, S5-08).

    Nothing of what was shared, and no reasons in free text: those can tell the story too.
    """
    pathway = practice.of(work.cases.row(case_id))
    return tuple(_line(work, pathway, row) for row in work.shares.of_case(case_id) if row.sent_at is not None)


def _waiting(work: Work, id: str, verb: str = "", press: str = "") -> SharePointer | None:
    asked = work.shares.advice_row(id)
    row = work.shares.row(asked.share_id)
    if asked.answered_at is not None or row.state != "advice_wanted":
        return None
    name = work.register.person(asked.adviser_id).name
    return _pointer(work, row, verb, press, adviser=name, due=asked.due_on)


def agreements_of(work: Work, area: str) -> list[tuple[str, AgreementRow | None]]:
    """Each agency of the area by name, with its agreement; None for one without."""
    agencies = work.register.agencies(area)
    found = work.shares.agreements(each.id for each in agencies)
    return [(each.name, found.get(each.id)) for each in agencies]


def _line(work: Work, pathway: Pathway, row: InfoShareRow) -> ShareLine:
    rules, advice = pathway.sharing, work.shares.advice(row.id)
    return ShareLine(
        ref=row.ref,
        state=STATE_WORDS[ShareState(row.state)],
        by=work.register.person(row.by_id).name,
        from_agency=work.register.agency(row.agency_id).name,
        sent_at=row.sent_at,
        copies=_copies(work, row),
        about=tuple(label(SUBJECTS, each.subject) for each in work.shares.subjects(row.id)),
        purpose=label(rules.purposes, row.purpose),
        basis=label(rules.bases, row.basis),
        condition=label(rules.conditions, row.condition),
        consent=label(CONSENTS, row.consent),
        ground=label(pathway.grounds, row.ground) if row.consent != "given" else "",
        told=tuple(ToldLine(subject=each.subject, told=each.told, why_not="") for each in _told(work, row)),
        advisers=tuple(
            work.register.person(each.adviser_id).name for each in advice if each.answered_at is not None
        ),
        legal_asked=any(each.legal_asked for each in advice),
        recalled_at=row.ended_at if row.state == ShareState.RECALLED else None,
    )


def _pointer(
    work: Work, row: InfoShareRow, verb: str = "", press: str = "", *, value: str = "", **but: object
) -> SharePointer:
    writer = work.register.row(row.by_id)
    return SharePointer(
        id=value or row.id,
        ref=row.ref,
        from_agency=work.register.agency(row.agency_id).name,
        by=writer.name,
        phone=writer.phone,
        at=row.sent_at,
        drill=row.drill,
        verb=verb,
        press=press,
        **but,  # type: ignore[arg-type]
    )


def _copies(work: Work, row: InfoShareRow) -> tuple[CopyLine, ...]:
    return tuple(
        CopyLine(
            agency=work.register.agency(each.agency_id).name,
            received_at=each.received_at,
            received_by=work.register.person(each.received_by).name if each.received_by else "",
        )
        for each in work.shares.recipients(row.id)
    )


def _reasons(pathway: Pathway, row: InfoShareRow) -> tuple[tuple[str, str], ...]:
    rules = pathway.sharing
    lacking = [each.label for each in QUALITIES if each.id not in row.quality]
    said = (
        ("Purpose", label(rules.purposes, row.purpose)),
        ("Lawful basis", label(rules.bases, row.basis)),
        ("Condition", label(rules.conditions, row.condition)),
        ("Agreed to by the person", label(CONSENTS, row.consent)),
        ("Why it was not safe to ask", row.unsafe_why if row.consent != "given" else ""),
        ("Shared all the same because", label(pathway.grounds, row.ground) if row.consent != "given" else ""),
        ("Reasons", row.rationale),
        ("Quality not confirmed", "; ".join(lacking)),
        ("Why not", row.quality_why),
    )
    return tuple((name, words) for name, words in said if words)


def _told(work: Work, row: InfoShareRow) -> tuple[ToldLine, ...]:
    words = {"yes": "Told, and given a privacy notice", "no": "Not told"}
    return tuple(
        ToldLine(
            subject=label(SUBJECTS, each.subject),
            told=words.get(each.told, "Not answered yet"),
            why_not=each.why_not,
        )
        for each in work.shares.subjects(row.id)
    )


def _advice(work: Work, row: InfoShareRow) -> tuple[AdviceLine, ...]:
    return tuple(
        AdviceLine(
            adviser=work.register.person(each.adviser_id).name,
            doubt=each.doubt,
            asked_at=each.asked_at,
            due=each.due_on,
            answered_at=each.answered_at,
            verdict=label(VERDICTS, each.verdict),
            advice=each.advice,
            legal_asked=each.legal_asked,
        )
        for each in work.shares.advice(row.id)
    )
