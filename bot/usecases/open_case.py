"""Open a case: where it stands, what was said and decided, what is to be done and what happens next (IG-05, IG-29)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.domain.actions import OUTCOME_WORDS, STATE_WORDS, ActionState, Outcome
from bot.domain.area import Practice
from bot.domain.people import Person
from bot.storage.tables import ActionRow, CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.authorise import authority_lines
from bot.usecases.case_followups import disputes_part, links_part, looked_at, reviews_part, told
from bot.usecases.case_roles import role_entries
from bot.usecases.doings import doings, headed
from bot.usecases.indicators import indicator_entries
from bot.usecases.looks.shares import share_entries
from bot.usecases.looks.who_knows import who_knows_them
from bot.usecases.measures import measure_entries
from bot.usecases.open_referral import parts_of
from bot.usecases.person_parts import person_doings, person_parts
from bot.usecases.proof import proof_of
from bot.usecases.refer_on import onward_entries
from bot.usecases.risks import tie_words
from bot.usecases.safe_contact import safe_card
from bot.usecases.same_harmer import harmer_entries
from bot.views.cases import CaseFile, CasePart, Entry, Place

CLOSURE = {
    "closure_proposed": "Closure proposed",
    "closure_objected": "Objection to closure",
    "closure_signed": "Closure signed",
    "case_closed": "Case closed",
    "outcome_told": "For the referrer’s own plan",
}
"""What our own steps on the way to closure are called in the file."""


CHAPTER = {
    "voice": 1,
    "wishes": 1,
    "account": 1,
    "subjects": 1,
    "subjects_apart": 1,
    "safe_contact": 1,
    "pair": 1,
    "pair_one": 1,
    "pair_other": 1,
    "roles": 2,
    "involvement": 2,
    "shares": 2,
    "onward": 2,
    "disputes": 2,
    "links": 3,
    "proof": 3,
}
"""Where each kind of part stands: the plan and the risk first (0), then the person, the agencies, the record."""


def open_case(
    begin: Begin,
    practice: Practice,
    case_id: str,
    number: int,
    *,
    by: Person,
    now: datetime,
    kind: str = "",
) -> CaseFile:
    """One part of a case's file for somebody who may open it; each opening is an audit row.

    With `kind` the first part of that kind, whatever its number.
    """
    with begin() as work:
        row = work.cases.opened(case_id, by, "case.read", now)
        parts = file_parts(work, practice, row, by, now)
        kinds = [part.kind for part in parts]
        at = kinds.index(kind) if kind in kinds else min(max(number, 0), len(parts) - 1)
        work.audit.write(
            stream=row.ref,
            actor=by.id,
            verb="case.read",
            thing=f"case:{row.id}",
            facts={"part": at + 1},
            at=now,
        )
        return CaseFile(
            id=row.id,
            ref=row.ref,
            state=row.state,
            part=parts[at],
            number=at + 1,
            of=len(parts),
            contents=contents(parts),
            doings=headed([*doings(work, practice, row, by), *person_doings(work, practice, row, by)]),
            safe=safe_card(work, row) if at == 0 else None,
        )


def file_parts(
    work: Work, practice: Practice, row: CaseRow, by: Person, now: datetime, *, masked: bool = True
) -> list[CasePart]:
    """Every part of a case's file in order, as this reader may see it. Access, and the audit row, are the caller's.

    `masked`: addresses of the referral that could lead somebody to harm are not told (IG-21).
    """
    referral = work.referrals.row(row.referral_id)
    ties = tie_words(work, row)
    actions = tuple(
        _action(work, practice, each, now, ties.get(each.id, "")) for each in work.plans.of_case(row.id)
    )
    parts = [
        *_parts("actions", actions),
        *_parts("meetings", _meetings(work, practice, row)),
        *_parts("decisions", _decisions(work, practice, row)),
        *_parts("reviews", reviews_part(work, practice, row)),
        *_parts("indicators", indicator_entries(work, practice, row)),
        *_parts("measures", measure_entries(work, practice, row, now)),
        *_parts("voice", _voice(work, row)),
    ]
    for what, entries in person_parts(work, practice, row, now):
        parts += _parts(what, entries)
    parts += [
        *_parts("roles", role_entries(work, practice, row)),
        *_parts("involvement", who_knows_them(work, practice, row, practice.today(now))),
        *_parts("shares", share_entries(work, row.id, by)),
        *_parts("onward", onward_entries(work, practice, row)),
        *_parts("disputes", disputes_part(work, practice, row)),
        *_parts("links", (*links_part(work, practice, row), *harmer_entries(work, referral, by=by))),
        *_parts("proof", _proof(work, practice, row)),
    ]
    parts.sort(key=lambda part: CHAPTER.get(part.kind, 0))
    parts += [
        CasePart(
            kind="referral",
            title=part.title,
            entries=tuple(Entry(head=line.label, body=line.answer) for line in part.lines),
        )
        for part in parts_of(work, practice.of(row), referral, masked=masked)
    ]
    return parts


def contents(parts: Sequence[CasePart]) -> tuple[Place, ...]:
    """Where each kind of part begins, and each page of the referral, as far as a list has room."""
    found: list[Place] = []
    sizes = Counter[str]()
    for part in parts:
        sizes[part.kind] += len(part.entries)
    for number, part in enumerate(parts, start=1):
        if part.kind == "referral" or part.kind not in {place.kind for place in found}:
            entries = len(part.entries) if part.kind == "referral" else sizes[part.kind]
            found.append(Place(kind=part.kind, number=number, title=part.title, entries=entries))
    return tuple(found[:MOST_PLACES])


MOST_PLACES = 100
"""As many as a list to choose from has room for (slack.md section 6)."""

MOST_ENTRIES, MOST_CHARACTERS = 20, 25_000
"""To a part: with their marks and facts far below the 100 blocks and 250,000 bytes of a view (slack.md section 6)."""


def _parts(kind: str, entries: Sequence[Entry]) -> Iterator[CasePart]:
    """The entries in parts that a reader can be shown, in their order; one part, empty, where there are none."""
    part: list[Entry] = []
    room = MOST_CHARACTERS
    for entry in entries:
        size = len(entry.head) + len(entry.body) + len(entry.said)
        if part and (len(part) == MOST_ENTRIES or size > room):
            yield CasePart(kind=kind, entries=tuple(part))
            part, room = [], MOST_CHARACTERS
        part.append(entry)
        room -= size
    yield CasePart(kind=kind, entries=tuple(part))


def _action(work: Work, practice: Practice, row: ActionRow, now: datetime, tie: str) -> Entry:
    pathway = practice.of(work.cases.row(row.case_id))
    category = {choice.id: choice.label for choice in pathway.actions.categories}.get(
        row.category, row.category
    )
    owner, agency = work.register.person(row.owner_id).name, work.register.agency(row.agency_id).name
    state = OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else STATE_WORDS[ActionState(row.state)]
    return Entry(
        head=f"{row.ref} {category}",
        body="\n".join(
            each
            for each in (row.detail, tie, f"Why {agency}: {row.why_owner}" if row.why_owner else "")
            if each
        ),
        who=f"{owner}, {agency}" + (", who offered it" if row.offered else ""),
        state=state,
        due=row.due,
        said=row.said,
        next_at=row.next_at,
    )


def _meetings(work: Work, practice: Practice, row: CaseRow) -> tuple[Entry, ...]:
    pathway = practice.of(row)
    titles = {stage.id: stage.title for stage in pathway.stages}
    items = {each.id: work.meetings.item_of(each.id, row.id) for each in work.meetings.of_case(row.id)}
    late = {id: item.late_reason for id, item in items.items() if item and item.late_reason}
    return tuple(
        Entry(
            head=titles.get(each.stage, each.stage),
            state=each.state.replace("_", " "),
            at=each.starts_at,
            said=f"Listed after the list had closed: {late[each.id]}" if each.id in late else "",
        )
        for each in work.meetings.of_case(row.id)
    )


def _voice(work: Work, row: CaseRow) -> tuple[Entry, ...]:
    voice = work.cases.voice(row.id)
    if voice is None:
        return ()
    said = [
        ("Views", voice.views),
        ("Wanted outcomes", voice.outcomes),
        ("Why there are none", voice.why_not),
    ]
    return tuple(Entry(head=head, body=body, at=voice.at) for head, body in said if body)


def _proof(work: Work, practice: Practice, row: CaseRow) -> tuple[Entry, ...]:
    said = proof_of(work, practice, row)
    return (Entry(head="As the record shows it", body=said),) if said else ()


def _decisions(work: Work, practice: Practice, row: CaseRow) -> tuple[Entry, ...]:
    pathway = practice.of(row)
    kinds = CLOSURE | {choice.id: choice.label for choice in pathway.decisions}
    laws = {choice.id: choice.label for choice in pathway.laws}
    rows = work.cases.decisions(row.id)
    day = {each.id: practice.today(each.at) for each in rows}
    replaced = {each.supersedes: each.id for each in rows if each.supersedes}
    looked = work.followups.decision_reviews([each.id for each in rows])
    authority = authority_lines(work, practice, row)
    return tuple(
        Entry(
            head=kinds.get(each.kind, each.kind),
            body=each.text,
            said="\n".join(
                line
                for line in (
                    f"Reasons: {each.reasons}",
                    f"Options considered, for and against: {each.options}" if each.options else "",
                    f"How the person was supported: {each.support}" if each.support else "",
                    f"Law: {', '.join(laws.get(law, law) for law in each.law)}" if each.law else "",
                    f"Disagreed: {each.dissent}" if each.dissent else "",
                    f"Decided by: {', '.join(work.register.agency(id).name for id in each.agencies)}"
                    if each.agencies
                    else "",
                    f"Takes the place of the decision of {told(day[each.supersedes])}"
                    if each.supersedes in day
                    else "",
                    *(looked_at(one) for one in looked if one.decision_id == each.id),
                    authority.get(each.id, ""),
                )
                if line
            ),
            state=f"Replaced on {told(day[replaced[each.id]])}" if each.id in replaced else "",
            who=work.register.person(each.by_id).name,
            at=each.at,
            due=each.review_on,
        )
        for each in rows
    )
