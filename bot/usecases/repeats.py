"""Earlier cases that may be about the same person: shown to triage, who says which it is (T21, S4-01).

Names, dates of birth and NHS numbers are compared here and never leave: what is shown is a reference and what agreed.
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.forms import UNKNOWN, Answers
from bot.domain.people import Person
from bot.storage.tables import CaseRow, ReferralRow
from bot.storage.transaction import Work
from bot.views.referrals import Earlier

NOT_THE_SAME = "none"
"""What triage answers when none of the earlier cases is about this person."""

MOST = 8
"""Earlier cases shown, those that agree in most first."""


def earlier_cases(
    work: Work, practice: Practice, referral: ReferralRow, *, by: Person, now: datetime
) -> tuple[Earlier, ...]:
    """Cases of the area whose referral agrees with this one in NHS number, name or birth; never one barred."""
    found = []
    for case, told in work.followups.earlier_cases(referral.area, referral.id):
        matched = agreeing(referral.answers, told.answers)
        if matched and by.id not in work.referrals.barred(told.id):
            found.append(_earlier(work, practice, case, matched, referral, now))
    found.sort(key=lambda each: -len(each.matched))
    return tuple(found[:MOST])


def agreeing(one: Answers, other: Answers) -> tuple[str, ...]:
    """In what two referrals agree, of `number`, `name` and `born`; empty unless that is enough to ask about.

    A number alone is enough, and so is a name where a date of birth is not known; a date of birth alone is not.
    """
    same = {
        what: same_answer(one, other, field)
        for what, field in (("number", "nhs_number"), ("name", "name"), ("born", "born"))
    }
    matched = tuple(what for what, so in same.items() if so)
    apart = same["born"] is False
    enough = same["number"] or (same["name"] and not apart)
    return matched if enough else ()


def same_answer(one: Answers, other: Answers, field: str) -> bool | None:
    """Whether both say the same there; None where one of them does not know."""
    here, there = _plain(one.get(field)), _plain(other.get(field))
    return here == there if here and there else None


def _plain(answer: object) -> str:
    if not isinstance(answer, str) or answer == UNKNOWN:
        return ""
    return "".join(each for each in answer.casefold() if each.isalnum())


def _earlier(
    work: Work,
    practice: Practice,
    case: CaseRow,
    matched: tuple[str, ...],
    referral: ReferralRow,
    now: datetime,
) -> Earlier:
    pathway = practice.of(case)
    rule, inside = pathway.repeat, None
    if rule is not None:
        last = case.clock_start
        if rule.anchor == "last_meeting":
            held = [each.concluded_at for each in work.meetings.of_case(case.id) if each.concluded_at]
            last = max(held, default=last)
        ends = rule.window.after(practice.today(last), practice.days(case.nation))
        inside = practice.today(referral.received_at) <= ends
    return Earlier(
        id=case.id,
        ref=case.ref,
        pathway=pathway.title,
        state=case.state.replace("_", " "),
        opened_at=case.opened_at,
        matched=matched,
        inside=inside,
    )
