"""Other cases in which the same person may be causing harm: by reference, and a person says what follows (S4-16).

Names and dates of birth are compared here and never leave.
"""

from bot.domain.people import Person
from bot.storage.tables import ReferralRow
from bot.storage.transaction import Work
from bot.usecases.repeats import same_answer
from bot.views.cases import Entry

NAME, BORN = "harmer_name", "harmer_born"
"""The questions of a form about the person causing harm, in whichever pathway asks them."""

MOST = 8


def same_harmer(work: Work, referral: ReferralRow, *, by: Person) -> tuple[str, ...]:
    """References of the area's cases, the latest first, whose person causing harm has the same name as this one's.

    None where both dates of birth are known and differ; none from which the reader is barred (IG-22).
    """
    return tuple(
        case.ref
        for case, told in work.followups.earlier_cases(referral.area, referral.id)
        if same_answer(referral.answers, told.answers, NAME)
        and same_answer(referral.answers, told.answers, BORN) is not False
        and by.id not in work.referrals.barred(told.id)
    )[:MOST]


def harmer_entries(work: Work, referral: ReferralRow, *, by: Person) -> tuple[Entry, ...]:
    """The same for a case's file."""
    said = (
        "Somebody of the same name is said to cause harm there. Whether it is the same person, a person says."
    )
    return tuple(
        Entry(head=f"Case {ref}, perhaps of the same person causing harm", body=said)
        for ref in same_harmer(work, referral, by=by)
    )
