"""Cases, their clocks and what was recorded about them, through one door (design.md rule 5)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Table, bindparam, func, literal, union_all
from sqlalchemy import select as read
from sqlmodel import Session, SQLModel, col, select

from bot.domain.access import Thing, may
from bot.domain.errors import Denial, NotAllowed, NotFound
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.prepared import Prepared
from bot.storage.tables import (
    CaseAgencyRow,
    CaseBarRow,
    CaseClockRow,
    CaseRow,
    DecisionRow,
    VoiceRow,
)

_AGENCY: Table = SQLModel.metadata.tables[str(CaseAgencyRow.__tablename__)]
_BAR: Table = SQLModel.metadata.tables[str(CaseBarRow.__tablename__)]
# Who works on a case and who must not see it: asked wherever access is, so built once and read at one go.
_AROUND = Prepared(
    union_all(
        read(literal("agency").label("what"), _AGENCY.c.agency_id.label("id")).where(
            _AGENCY.c.case_id == bindparam("case")
        ),
        read(literal("bar"), _BAR.c.person_id).where(_BAR.c.referral_id == bindparam("referral")),
    )
)


class Cases:
    """Open and closed cases. `opened` and `visible_to` are the only ways for a person to reach one."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def row(self, id: str) -> CaseRow:
        """For the program's own use, never on a person's behalf: the case with this id, or NotFound."""
        row = self.session.get(CaseRow, id)
        if row is None:
            raise NotFound("There is no such case.")
        return row

    def rows(self, ids: Sequence[str]) -> dict[str, CaseRow]:
        """For the program's own use: several cases by id."""
        return {row.id: row for row in self.session.exec(select(CaseRow).where(col(CaseRow.id).in_(ids)))}

    def by_ref(self, area: str, ref: str) -> CaseRow | None:
        """The case of the area with this reference, if there is one."""
        return self.session.exec(select(CaseRow).where(CaseRow.area == area, CaseRow.ref == ref)).first()

    def of_referral(self, referral_id: str) -> CaseRow | None:
        """The case that a referral became."""
        return self.session.exec(select(CaseRow).where(CaseRow.referral_id == referral_id)).first()

    def agencies(self, case_id: str) -> list[str]:
        """Ids of the agencies that work on the case, in the order they joined."""
        rows = self.session.exec(
            select(CaseAgencyRow.agency_id)
            .where(CaseAgencyRow.case_id == case_id)
            .order_by(col(CaseAgencyRow.since), col(CaseAgencyRow.id))
        )
        return list(rows)

    def agency_rows(self, case_id: str) -> list[CaseAgencyRow]:
        """The same with each agency's word on closing, in the order they joined."""
        query = select(CaseAgencyRow).where(CaseAgencyRow.case_id == case_id)
        return list(self.session.exec(query.order_by(col(CaseAgencyRow.since), col(CaseAgencyRow.id))))

    def add_agencies(self, case_id: str, agencies: Sequence[str], at: datetime) -> None:
        """Let these agencies work on the case from now on; those that do already stay as they are."""
        known = set(self.agencies(case_id))
        for agency_id in agencies:
            if agency_id not in known:
                self.session.add(CaseAgencyRow(id=new_id(), case_id=case_id, agency_id=agency_id, since=at))

    def lock(self, row: CaseRow) -> None:
        """Let nobody else change the case before this work is done; the row is read afresh."""
        self.session.flush()
        self.session.refresh(row, with_for_update=True)

    def thing(self, row: CaseRow) -> Thing:
        """What access needs to know of a case."""
        self.session.flush()
        of = {"case": row.id, "referral": row.referral_id}
        around = _AROUND.all(self.session.connection(), of)
        members = {row.coordinator_id, row.chair_id, row.lead_id} - {None}
        return Thing(
            area=row.area,
            agencies=frozenset(id for what, id in around if what == "agency"),
            people=frozenset(str(person) for person in members),
            barred=frozenset(id for what, id in around if what == "bar"),
            chair_id=row.chair_id,
        )

    def opened(self, id: str, by: Person, verb: str, at: datetime) -> CaseRow:
        """The case, when `by` may do `verb` to it; NotAllowed leaves a row in the audit (IG-05, IG-29)."""
        row = self.row(id)
        if not may(by, verb, self.thing(row)):
            raise NotAllowed(
                "This case is open only to the people who are working on it. Your attempt has been recorded.",
                Denial(stream=row.ref, actor=by.id, verb=verb, thing=f"case:{row.id}", at=at),
            )
        return row

    def visible_to(self, by: Person, *states: str) -> list[CaseRow]:
        """Every case of the person's area that they may open, oldest first; of these states, or of all."""
        query = select(CaseRow).where(CaseRow.area == by.area).order_by(col(CaseRow.opened_at))
        if states:
            query = query.where(col(CaseRow.state).in_(states))
        return [row for row in self.session.exec(query) if may(by, "case.read", self.thing(row))]

    def how_many(self, area: str, pathway: str, *states: str) -> int:
        """How many cases of a pathway are in these states."""
        query = select(func.count()).where(
            CaseRow.area == area, CaseRow.pathway == pathway, col(CaseRow.state).in_(states)
        )
        return self.session.exec(query).one()

    def open_by_coordinator(self, area: str) -> dict[str, int]:
        """How many cases each coordinator of the area has that are not closed."""
        query = (
            select(CaseRow.coordinator_id, func.count())
            .where(CaseRow.area == area, CaseRow.state != "closed")
            .group_by(CaseRow.coordinator_id)
        )
        return dict(self.session.exec(query).all())

    def clocks(self, case_id: str) -> list[CaseClockRow]:
        """The case's deadlines, the earliest first."""
        query = select(CaseClockRow).where(CaseClockRow.case_id == case_id).order_by(col(CaseClockRow.due_at))
        return list(self.session.exec(query))

    def decisions(self, case_id: str) -> list[DecisionRow]:
        """What was decided, oldest first."""
        query = select(DecisionRow).where(DecisionRow.case_id == case_id).order_by(col(DecisionRow.at))
        return list(self.session.exec(query))

    def voice(self, case_id: str, meeting_id: str | None = None) -> VoiceRow | None:
        """The person's views as last recorded, at that meeting when one is named."""
        query = select(VoiceRow).where(VoiceRow.case_id == case_id).order_by(col(VoiceRow.at).desc())
        if meeting_id is not None:
            query = query.where(VoiceRow.meeting_id == meeting_id)
        return self.session.exec(query).first()
