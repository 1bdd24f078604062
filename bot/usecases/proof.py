"""What a case's record proves of how soon people acted (S5-36)."""

from bot.domain.area import Practice
from bot.domain.period import Period
from bot.domain.proof import sentence
from bot.storage.tables import CaseRow
from bot.storage.tallies import Tallies
from bot.storage.transaction import Work


def proof_of(work: Work, practice: Practice, case: CaseRow) -> str:
    """The proof sentence of one case, without any identity; "" where the record proves nothing yet."""
    day = practice.today(case.opened_at)
    tallies = Tallies(
        work.session, case.area, practice.area.zone, case.drill, Period(first=day, last=day), case.pathway
    )
    [way] = tallies.ways(case.referral_id)  # to its end: a row that is not fetched keeps a cursor open
    return sentence(way.moments, practice.area.zone)
