"""Who does what: each role of a case and the agencies that have it, set once and seen by all of them (S2-28)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import col, select

from bot.domain.area import Practice
from bot.domain.case_roles import doubled, empty
from bot.domain.errors import Invalid, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.domain.states import CaseState
from bot.storage.codes import Code
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.storage.working_together_tables import CaseRoleRow
from bot.views.cases import Entry
from bot.views.meeting import Pick
from bot.views.together import RoleGrid, RoleLine


def open_roles(begin: Begin, practice: Practice, case_id: str, *, by: Person, now: datetime) -> RoleGrid:
    """The grid for whoever may set it: its coordinator, lead, chair and those who work on it."""
    with begin() as work:
        return _grid(work, practice, _open(work, case_id, by, now))


def set_roles(
    begin: Begin,
    practice: Practice,
    case_id: str,
    chosen: Mapping[str, Collection[str]],
    *,
    by: Person,
    now: datetime,
) -> RoleGrid:
    """Have these agencies the roles named in `chosen` from now on; a role that is not named there stays as it is.

    More than one agency, or none, is allowed and pointed out. What stood before stays on the record with its end.
    Raises Invalid by field for an agency that does not work on the case, TooLate for a closed case.
    """
    with begin() as work:
        case = _open(work, case_id, by, now)
        work.cases.lock(case)
        known = {role.id for role in practice.of(case).case_roles}
        working = set(work.cases.agencies(case.id))
        stranger = {role: "Choose among the agencies that work on this case." for role in chosen
                    if role in known and set(chosen[role]) - working}  # fmt: skip
        if stranger:
            raise Invalid(stranger)
        rows = _standing(work, case.id)
        facts: dict[str, Code | Sequence[str]] = {}
        for role in sorted(known & chosen.keys()):
            before = {row.agency_id for row in rows if row.role == role}
            wanted = set(chosen[role])
            for row in rows:
                if row.role == role and row.agency_id not in wanted:
                    row.ended_at, row.ended_by = now, by.id
            for agency in sorted(wanted - before):
                work.session.add(
                    CaseRoleRow(
                        id=new_id(), case_id=case.id, role=role, agency_id=agency, set_by=by.id, set_at=now
                    )
                )
            if wanted != before:
                facts[role] = sorted(wanted)
        work.session.flush()
        if facts:
            work.audit.write(
                stream=case.ref, actor=by.id, verb="case.roles_set", thing=f"case:{case.id}", facts=facts, at=now
            )  # fmt: skip
        return _grid(work, practice, case)


def role_entries(work: Work, practice: Practice, case: CaseRow) -> tuple[Entry, ...]:
    """The same as a part of the case's file, with what is to be looked at again; empty until somebody sets one."""
    grid = _grid(work, practice, case)
    if not any(line.held for line in grid.lines):
        return ()
    return tuple(
        Entry(
            head=line.label,
            body="\n".join(line.agencies) or "No agency yet.",
            said="More than one agency: say which of them leads on it." if len(line.held) > 1 else "",
        )
        for line in grid.lines
    )


def _grid(work: Work, practice: Practice, case: CaseRow) -> RoleGrid:
    roles = practice.of(case).case_roles
    held: dict[str, list[str]] = {}
    for row in _standing(work, case.id):
        held.setdefault(row.role, []).append(row.agency_id)
    working = work.cases.agencies(case.id)
    names = {
        id: work.register.agency(id).name for id in {*working, *(a for ids in held.values() for a in ids)}
    }
    for ids in held.values():
        ids.sort(key=lambda id: names[id])
    return RoleGrid(
        case_id=case.id,
        ref=case.ref,
        lines=tuple(
            RoleLine(
                id=role.id,
                label=role.label,
                held=tuple(held.get(role.id, ())),
                agencies=tuple(names[id] for id in held.get(role.id, ())),
            )
            for role in roles
        ),
        agencies=tuple(sorted((Pick(id=id, label=names[id]) for id in working), key=lambda each: each.label)),
        empty=tuple(role.label for role in empty(roles, held)),
        doubled=tuple(role.label for role in doubled(roles, held)),
    )


def _standing(work: Work, case_id: str) -> Sequence[CaseRoleRow]:
    return work.session.exec(
        select(CaseRoleRow)
        .where(CaseRoleRow.case_id == case_id, col(CaseRoleRow.ended_at).is_(None))
        .order_by(col(CaseRoleRow.set_at), col(CaseRoleRow.id))
    ).all()


def _open(work: Work, case_id: str, by: Person, now: datetime) -> CaseRow:
    case = work.cases.opened(case_id, by, "case.roles", now)
    if case.state == CaseState.CLOSED:
        raise TooLate("This case has been closed, so nobody has a role in it any more. Nothing has changed.")
    return case
