"""Not sure? Ask a manager: the item is on hold until a named person has answered, by name (S2-26, IG-18)."""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.sharing import SHARE, VERDICTS, gap_after, settled
from bot.storage.codes import Code, digest_of
from bot.storage.practice_shares import ShareAdviceRow
from bot.storage.transaction import Begin
from bot.usecases.looks.shares import advice_asked, shared_item
from bot.usecases.owed import tell
from bot.usecases.sharing import advisers, answers_of, did, later
from bot.views.shares import AdviceAsked, AskManager

ANSWER_WD = 1
"""Working days in which a manager is asked to answer; after that they are chased, then the coordinator hears (P)."""


def open_question(
    begin: Begin, practice: Practice, share_id: str, *, by: Person, now: datetime
) -> AskManager:
    """Whom the writer of an unsent item can ask, somebody else too while one is silent; TooLate once it is sent."""
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.write", now)
        SHARE.after(row.state, "ask")
        people = [
            (each.id, f"{each.name}, {work.register.agency(each.agency_id).name}")
            for each in advisers(work, row, by)
        ]
        return AskManager(id=row.id, ref=row.ref, people=tuple(people))


def ask_manager(
    begin: Begin,
    practice: Practice,
    share_id: str,
    adviser_id: str,
    doubt: str,
    *,
    by: Person,
    now: datetime,
) -> str:
    """Put the item on hold and the question to one named person, with a date. That person's name.

    Asked of somebody else while the first is silent, whoever of them answers first has answered.

    Invalid without a person of the list, or without the doubt in a sentence.
    """
    with begin() as work:
        row = work.shares.opened(share_id, by, "share.write", now)
        work.cases.lock(work.cases.row(row.case_id))
        state = SHARE.after(row.state, "ask")
        people = {each.id: each for each in advisers(work, row, by)}
        found = {}
        if adviser_id not in people:
            found["adviser"] = "Choose whom you ask. If nobody here is the right person, ring your manager."
        if len(doubt.strip()) < 10:
            found["doubt"] = "Say in a sentence what you are not sure of."
        if found:
            raise Invalid(found)
        due = later(practice, practice.today(now), ANSWER_WD)
        asked = ShareAdviceRow(
            id=new_id(),
            share_id=row.id,
            adviser_id=adviser_id,
            doubt=doubt.strip(),
            asked_at=now,
            due_on=due,
            next_on=due,
        )
        work.session.add(asked)
        for earlier in work.shares.advice(row.id):
            if earlier.id != asked.id:
                earlier.next_on = None  # may still answer, and is not chased any more
        row.state, row.next_on, row.step = state, None, 0
        did(work, row, by.id, "share.advice_asked", now, {"of": adviser_id, "due": due})
        tell(work, "share_hold", asked.id, f"person:{adviser_id}", now, lane="click")
        return people[adviser_id].name


def open_advice(
    begin: Begin, practice: Practice, advice_id: str, *, by: Person, now: datetime
) -> AdviceAsked:
    """The item and the doubt, for the person who was asked and nobody else; each opening is an audit row."""
    with begin() as work:
        asked = work.shares.advised(advice_id, by, now)
        row = work.shares.row(asked.share_id)
        if asked.answered_at is None and row.state != "advice_wanted":
            raise TooLate(f"{row.ref} was withdrawn. Nothing is asked of you any more.")
        did(work, row, by.id, "share.advise_read", now)
        return advice_asked(work, asked, shared_item(work, practice, row, by))


def advise(
    begin: Begin,
    practice: Practice,
    advice_id: str,
    verdict: str,
    advice: str,
    legal_asked: bool,
    *,
    by: Person,
    now: datetime,
) -> str:
    """The manager's answer, under their name; the writer is told and decides. The item's reference."""
    with begin() as work:
        asked = work.shares.advised(advice_id, by, now)
        row = work.shares.row(asked.share_id)
        work.cases.lock(work.cases.row(row.case_id))
        if asked.answered_at is not None or row.state != "advice_wanted":
            raise TooLate(f"{row.ref} does not wait for an answer any more. Nothing has changed.")
        found = {}
        if verdict not in {option.id for option in VERDICTS}:
            found["verdict"] = "Choose what you advise."
        if len(advice.strip()) < 10:
            found["advice"] = "Give your advice in a sentence: it stays on the record with your name."
        if found:
            raise Invalid(found)
        for each in work.shares.advice(row.id):
            each.next_on = None
        asked.answered_at = now
        asked.verdict, asked.advice, asked.legal_asked = verdict, advice.strip(), legal_asked
        row.state, row.step = SHARE.after(row.state, settled(answers_of(work, row))), 0
        row.next_on = later(practice, practice.today(now), gap_after(0))
        work.session.add(row)
        facts: dict[str, Code] = {"legal_asked": legal_asked, "advice": digest_of(asked.advice)}
        did(work, row, by.id, "share.advised", now, facts)
        tell(work, "share_advised", asked.id, f"person:{row.by_id}", now, lane="click")
        return row.ref
