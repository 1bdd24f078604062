"""Referrals, drafts and triage decisions, in and out of the database, through one door (design.md rule 5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from bot.domain.access import Thing, may
from bot.domain.errors import Denial, NotAllowed, NotFound
from bot.domain.forms import BORN, NAME, UNKNOWN
from bot.domain.people import Person
from bot.storage.tables import CaseBarRow, DraftRow, ReferralRow, TriageRow


class Referrals:
    """What has been sent in. `opened` is the only way for a person to reach one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def by_source(self, source: str) -> ReferralRow | None:
        """The referral that this very submission made, if it did (design.md rule 2)."""
        return self.session.exec(select(ReferralRow).where(ReferralRow.source == source)).first()

    def taken(self, ref: str) -> bool:
        """Whether a reference is in use."""
        return self.session.exec(select(ReferralRow.id).where(ReferralRow.ref == ref)).first() is not None

    def barred(self, referral_id: str) -> frozenset[str]:
        """People who must not see this referral or its case (C24, IG-22)."""
        rows = self.session.exec(select(CaseBarRow.person_id).where(CaseBarRow.referral_id == referral_id))
        return frozenset(rows)

    def thing(self, row: ReferralRow) -> Thing:
        """What access needs to know of a referral."""
        return Thing(area=row.area, referrer_id=row.referrer_id, barred=self.barred(row.id))

    def row(self, id: str) -> ReferralRow:
        """For the program's own use, never on a person's behalf: the referral with this id, or NotFound."""
        row = self.session.get(ReferralRow, id)
        if row is None:
            raise NotFound("There is no such referral.")
        return row

    def by_ref(self, area: str, ref: str) -> ReferralRow | None:
        """The referral of the area with this reference, if there is one; for a person, only after `may`."""
        return self.session.exec(
            select(ReferralRow).where(ReferralRow.area == area, ReferralRow.ref == ref)
        ).first()

    def rows(self, ids: Sequence[str]) -> dict[str, ReferralRow]:
        """For the program's own use: several referrals by id."""
        query = select(ReferralRow).where(col(ReferralRow.id).in_(ids))
        return {row.id: row for row in self.session.exec(query)}

    def opened(self, id: str, by: Person, verb: str, at: datetime) -> ReferralRow:
        """The referral, when `by` may do `verb` to it; NotAllowed leaves a row in the audit (IG-05, IG-29)."""
        row = self.row(id)
        if not may(by, verb, self.thing(row)):
            raise NotAllowed(
                "This referral is open only to the people who are working on it. Your attempt has been recorded.",
                Denial(stream=row.ref, actor=by.id, verb=verb, thing=f"referral:{row.id}", at=at),
            )
        return row

    def in_states(self, area: str, *states: str) -> list[ReferralRow]:
        """Referrals of the area in any of these states, oldest first."""
        query = select(ReferralRow).where(ReferralRow.area == area, col(ReferralRow.state).in_(states))
        return list(self.session.exec(query.order_by(col(ReferralRow.received_at))))

    def of_referrer(self, person_id: str) -> list[ReferralRow]:
        """What this person has sent in, newest first."""
        query = select(ReferralRow).where(ReferralRow.referrer_id == person_id)
        return list(self.session.exec(query.order_by(col(ReferralRow.received_at).desc())))

    def of_same_name(self, row: ReferralRow, since: datetime) -> list[ReferralRow]:
        """Other referrals of the area since then about somebody so named, newest first; drill with drill only.

        Written alike but for capitals and spaces around it; where both tell a date of birth, it is the same too.
        """
        name, born = str(row.answers.get(NAME) or "").strip().lower(), row.answers.get(BORN)
        if not name or name == UNKNOWN:
            return []
        query = select(ReferralRow).where(
            ReferralRow.area == row.area,
            ReferralRow.drill == row.drill,
            ReferralRow.id != row.id,
            ReferralRow.received_at >= since,
            func.lower(func.trim(col(ReferralRow.answers)[NAME].as_string())) == name,
        )
        found = self.session.exec(query.order_by(col(ReferralRow.received_at).desc()))
        told = (None, UNKNOWN, born)
        return [each for each in found if born in (None, UNKNOWN) or each.answers.get(BORN) in told]

    def decisions(self, referral_id: str) -> list[TriageRow]:
        """Every triage decision on a referral, oldest first."""
        query = select(TriageRow).where(TriageRow.referral_id == referral_id).order_by(col(TriageRow.at))
        return list(self.session.exec(query))

    def waiting(self, moment: datetime, limit: int) -> list[ReferralRow]:
        """Referrals whose triage nudge is due at `moment`, the longest waiting first."""
        query = (
            select(ReferralRow)
            .where(col(ReferralRow.next_at).is_not(None), col(ReferralRow.next_at) <= moment)
            .order_by(col(ReferralRow.next_at))
            .limit(limit)
        )
        return list(self.session.exec(query))


class Drafts:
    """Forms begun and not yet sent; nobody but their writer ever opens one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def own(self, id: str, person_id: str) -> DraftRow:
        """The writer's own draft; NotFound for anybody else's, as if it were not there."""
        row = self.session.get(DraftRow, id)
        if row is None or row.person_id != person_id:
            raise NotFound("That draft is no longer here: it was sent, or you discarded it.")
        return row

    def of(self, person_id: str) -> list[DraftRow]:
        """A person's drafts, the latest first."""
        query = select(DraftRow).where(DraftRow.person_id == person_id)
        return list(self.session.exec(query.order_by(col(DraftRow.updated_at).desc())))
