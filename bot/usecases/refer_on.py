"""Refer a case on: recorded with what went along, asked about until it has arrived (S2-42 to S2-44, S4-22).

Nothing leaves the program here: whoever records it has sent it by the other forum's own way.
"""

from datetime import date, datetime

from sqlmodel import col, select

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotFound, TooLate
from bot.domain.nudges import instant
from bot.domain.onward import ANOTHER_AREA, ANSWERS, PACK, Heard, Sent, receipt_watch
from bot.domain.pathway import Choice, Pathway
from bot.domain.people import Person
from bot.domain.recipients import recipients
from bot.domain.references import new_id
from bot.storage.codes import Code, digest_of
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.storage.working_together_tables import OnwardReferralRow
from bot.usecases.owed import refresh_home, tell
from bot.usecases.roster import Roster
from bot.views.cases import Entry
from bot.views.meeting import Pick
from bot.views.together import OnwardForm, OnwardLine, OnwardNote, OnwardPage, OnwardRoute

SHOWN = 10
"""Referrals onward on a page; all of them are in the case's file."""


def open_onward(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> OnwardPage:
    """Where a case was referred on to, for whoever may read it; an audit row."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.read", now)
        _audit(work, case, by, "onward.read", {}, now)
        return _page(work, practice, case, by)


def begin_onward(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> OnwardForm:
    """The form of a new one, for anybody who works on an open case: no meeting has to be waited for."""
    with begin() as work:
        case = _live(work.cases.opened(case_id, by, "case.onward", now))
        return OnwardForm(
            case_id=case.id,
            ref=case.ref,
            form=new_id(),
            today=practice.today(now),
            routes=_routes(practice.of(case)),
            pack=tuple(Pick(id=each.id, label=each.label) for each in PACK),
        )


def refer_on(
    begin: Begin, practice: Practice, case_id: str, sent: Sent, *, source: str, by: Person, now: datetime
) -> OnwardPage:
    """Record that it was sent, once for each `source`; its receipt is asked about from then on. Invalid by field."""
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.onward", now)
        if work.inbox.answer_to(source) is None:
            _live(case)
            today = practice.today(now)
            sent.checked([Choice(id=each.id, label=each.label) for each in _routes(practice.of(case))], today)
            assert sent.sent_on is not None
            row = OnwardReferralRow(
                id=new_id(),
                case_id=case.id,
                route=sent.route,
                forum=sent.forum.strip(),
                why=sent.why.strip(),
                pack=[each.id for each in PACK if each.id in sent.pack],
                sent_on=sent.sent_on,
                sent_by=by.id,
                recorded_at=now,
                nudged_on=today,
            )
            row.next_at = _next(practice, case, row, today)
            work.session.add(row)
            work.inbox.remember(source, row.id, at=now)
            work.session.flush()
            facts: dict[str, Code] = {"onward": row.id, "route": row.route, "sent_on": row.sent_on}
            _audit(work, case, by, "onward.sent", {**facts, "why": digest_of(row.why)}, now)
            refresh_home(work, case.coordinator_id, now)
        return _page(work, practice, case, by)


def open_sent(begin: Begin, practice: Practice, onward_id: str, *, by: Person, now: datetime) -> OnwardForm:
    """One of them, to say what is known of it since; an audit row."""
    with begin() as work:
        row = _row(work, onward_id)
        case = work.cases.opened(row.case_id, by, "case.onward", now)
        _answerable(row)
        _audit(work, case, by, "onward.read", {"onward": row.id}, now)
        possible = ["heard"] if row.received_on else list(ANSWERS)
        return OnwardForm(
            case_id=case.id,
            ref=case.ref,
            form=new_id(),
            today=practice.today(now),
            answers=tuple(Pick(id=id, label=ANSWERS[id]) for id in possible),
            line=_line(work, practice.of(case), row),
        )


def answer_onward(
    begin: Begin, practice: Practice, onward_id: str, heard: Heard, *, source: str, by: Person, now: datetime
) -> OnwardPage:
    """Somebody says that it was received, heard or taken back, and how they know; asked about no more.

    What was heard there was received there. Raises Invalid by field, TooLate when that has been said already.
    """
    with begin() as work:
        row = _row(work, onward_id)
        case = work.cases.opened(row.case_id, by, "case.onward", now)
        if work.inbox.answer_to(source) is None:
            work.session.refresh(row, with_for_update=True)
            _answerable(row)
            today = practice.today(now)
            heard.checked(row.received_on or row.sent_on, today)
            if row.received_on and heard.answer != "heard":
                raise Invalid({"answer": "It has been received already. Say when they have heard it."})
            if heard.answer == "withdrawn":
                row.withdrawn_on = today
            else:
                row.received_on = row.received_on or heard.on
                row.heard_on = heard.on if heard.answer == "heard" else None
            row.said, row.said_by, row.said_at, row.next_at = heard.said.strip(), by.id, now, None
            work.inbox.remember(source, row.id, at=now)
            work.session.flush()
            facts: dict[str, Code] = {"onward": row.id, "on": heard.on or today}
            _audit(work, case, by, f"onward.{heard.answer}", {**facts, "said": digest_of(row.said)}, now)
            refresh_home(work, case.coordinator_id, now)
        return _page(work, practice, case, by)


def onward_entries(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """The same as a part of the case's file."""
    return tuple(
        Entry(
            head=line.route,
            body=f"{line.forum}\nWhy: {line.why}\nWhat went along: {'; '.join(line.pack)}",
            who=f"Sent by {line.sent_by}",
            state=STATES[line.state],
            said=line.said,
            due=line.sent_on,
        )
        for line in _lines(work, practice.of(case), case.id)
    )


STATES = {
    "waiting": "receipt not confirmed",
    "received": "received",
    "heard": "heard there",
    "withdrawn": "taken back",
}


def still_moving(work: Work, case_id: str) -> bool:
    """Whether the case has been sent to another area that nobody has said received it: it stays ours until then."""
    return any(row.route == ANOTHER_AREA.id and row.next_at is not None for row in _rows(work, case_id))


def ask_for_receipts(work: Work, practice: Practice, now: datetime) -> int:
    """Ask whether what was sent on arrived, each step once; how many people are written to (design.md rule 8)."""
    due = work.session.exec(
        select(OnwardReferralRow)
        .where(col(OnwardReferralRow.next_at).is_not(None), col(OnwardReferralRow.next_at) <= now)
        .order_by(col(OnwardReferralRow.next_at))
        .with_for_update()
    ).all()
    if not due:
        return 0
    roster, today, told = Roster(work, practice), practice.today(now), 0
    for row in due:
        case = work.cases.row(row.case_id)
        watch = receipt_watch(row.sent_on, practice.days(case.nation))
        for _, step in watch.climb(row.nudged_on, today):
            for each in recipients(step.to, roster.of_case(case, today))[0]:
                tell(work, "receipt_missing", row.id, f"person:{each.person_id}", now, key=step.name)
                told += 1
        row.nudged_on = today
        row.next_at = _next(practice, case, row, today)
    return told


def receipt_note(work: Work, practice: Practice, id: str, now: datetime) -> OnwardNote | None:
    """What a message says of one that nobody has said arrived; None once somebody has."""
    row = _row(work, id)
    if row.next_at is None:
        return None
    case = work.cases.row(row.case_id)
    days = practice.days(case.nation).count(row.sent_on, practice.today(now))
    return OnwardNote(
        id=row.id, case_id=case.id, ref=case.ref, sent_on=row.sent_on, days=max(0, days), drill=case.drill
    )


def _next(practice: Practice, case: CaseRow, row: OnwardReferralRow, after: date) -> datetime:
    watch = receipt_watch(row.sent_on, practice.days(case.nation))
    return instant(watch.next_day(after), practice.area.zone)


def _page(work: Work, practice: Practice, case: CaseRow, by: Person) -> OnwardPage:
    lines = _lines(work, practice.of(case), case.id)
    return OnwardPage(
        case_id=case.id,
        ref=case.ref,
        lines=lines[:SHOWN],
        more=max(0, len(lines) - SHOWN),
        routes=_routes(practice.of(case)),
        may_begin=case.state != "closed" and may(by, "case.onward", work.cases.thing(case)),
    )


def _lines(work: Work, pathway: Pathway, case_id: str) -> tuple[OnwardLine, ...]:
    found = [_line(work, pathway, row) for row in _rows(work, case_id)]
    return tuple(sorted(found, key=lambda line: line.state != "waiting"))


def _line(work: Work, pathway: Pathway, row: OnwardReferralRow) -> OnwardLine:
    labels = {each.id: each.label for each in _routes(pathway)}
    pack = {each.id: each.label for each in PACK}
    day = row.withdrawn_on or row.heard_on or row.received_on
    state = (
        "waiting"
        if row.next_at
        else "withdrawn"
        if row.withdrawn_on
        else "heard"
        if row.heard_on
        else "received"
    )
    by = f" ({work.register.row(row.said_by).name})" if row.said_by else ""
    return OnwardLine(
        id=row.id,
        route=labels.get(row.route, row.route),
        forum=row.forum,
        why=row.why,
        pack=tuple(pack.get(id, id) for id in row.pack),
        sent_on=row.sent_on,
        sent_by=work.register.row(row.sent_by).name,
        state=state,
        on=day,
        said=f"{row.said}{by}" if row.said else "",
        moves=row.route == ANOTHER_AREA.id,
    )


def _routes(pathway: Pathway) -> tuple[OnwardRoute, ...]:
    own = (OnwardRoute(id=each.id, label=each.label, when=each.when) for each in pathway.onward)
    return (
        *own,
        OnwardRoute(id=ANOTHER_AREA.id, label=ANOTHER_AREA.label, when="The person lives elsewhere now"),
    )


def _rows(work: Work, case_id: str) -> list[OnwardReferralRow]:
    query = select(OnwardReferralRow).where(OnwardReferralRow.case_id == case_id)
    return list(work.session.exec(query.order_by(col(OnwardReferralRow.recorded_at).desc())))


def _row(work: Work, id: str) -> OnwardReferralRow:
    row = work.session.get(OnwardReferralRow, id)
    if row is None:
        raise NotFound("There is no such referral onward.")
    return row


def _answerable(row: OnwardReferralRow) -> None:
    if row.withdrawn_on or row.heard_on:
        raise TooLate("Somebody has said already what became of it. Nothing has changed.")


def _live(case: CaseRow) -> CaseRow:
    if case.state == "closed":
        raise TooLate("This case is closed. If something new has happened, open a new case first.")
    return case


def _audit(work: Work, case: CaseRow, by: Person, verb: str, facts: dict[str, Code], now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
