"""What stands in a case's audit bundle: the file, tables, the check of the ledger, and what is kept out (S2-50).

The reader's own access decides about what agencies shared (IG-20). Addresses, and the number that is safe to use, are
masked unless somebody said why they are needed together (IG-21). Whatever names somebody else than the person at the
middle is marked, for a human to look at before it goes further; the program takes nothing of that out by itself.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from bot.domain.access import may
from bot.domain.actions import OUTCOME_WORDS, STATE_WORDS, ActionState, Outcome
from bot.domain.area import Practice
from bot.domain.chronology import KINDS, Reading
from bot.domain.people import Person
from bot.domain.subjects import ROLES
from bot.storage.audit import verify_stream
from bot.storage.bundle_tables import CaseBundleRow
from bot.storage.tables import CaseRow, MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chronology_lines import Names, of_the_record, written
from bot.usecases.looks.shares import shared_item, shared_record
from bot.usecases.open_case import file_parts
from bot.usecases.sharing import did
from bot.usecases.subjects import called
from bot.usecases.withheld import MASK, addresses, masked
from bot.views.bundle import Bundle, BundlePart, BundleTable, Kept, LedgerCheck, Numbered
from bot.views.cases import CasePart, Entry
from bot.views.chronology import Line

_HIDDEN = re.compile(r"[Hh]idden\. Press “Addresses” to open it\.")
"""What the file says in chat in the place of an address; there is nothing to press on paper."""

_MAIN = ("adult_at_risk", "victim")

STATUS = {
    "present": "Present",
    "deputy": "A deputy came",
    "apologies": "Apologies",
    "apologies_information": "Apologies, with information",
    "absent": "Absent",
}


def bundle_of(
    work: Work, practice: Practice, row: CaseBundleRow, case: CaseRow, by: Person, now: datetime
) -> Bundle:
    """The whole case as `by` may have it at this moment. Access, and that it is taken, are the caller's.

    Each shared item in it is an opening of that item, which a recall lists later (IG-36).
    """
    openly = bool(row.both_why)
    parts = [part for part in file_parts(work, practice, case, by, now) if part.kind != "shares"]
    if openly:
        parts.append(CasePart(kind="addresses", entries=_addresses(work, case)))
    shares, kept = _shares(work, practice, case, by, now)
    minutes, more = _minutes(work, practice, case)
    chronology = _chronology(work, practice, case)
    parts += [
        CasePart(kind="shares", entries=shares),
        CasePart(kind="minutes", entries=minutes),
        CasePart(kind="chronology", entries=tuple(_entry(line) for line in chronology)),
    ]
    kept += more
    tables = tuple(_tables(work, practice, case, by, chronology))
    shown = tuple(_on_paper(parts, "see the part “Addresses”" if openly else MASK))
    if not openly:
        patterns = _patterns(work, practice, case)
        shown, tables = masked(shown, patterns), masked(tables, patterns)
        hidden = repr(shown).count(MASK)
        if hidden:
            kept.insert(
                0,
                Kept(
                    what="Places where an address, or a number that is safe to use, is masked",
                    number=hidden,
                    why=NOT_BOTH,
                ),
            )
    barred = work.cases.thing(case).barred
    if barred:
        kept.append(
            Kept(what="People of the register who must not see this case", number=len(barred), why=BARRED)
        )
    return Bundle(
        ref=case.ref,
        area=practice.area.name,
        pathway=practice.of(case).title,
        state=case.state.replace("_", " "),
        opened_at=case.opened_at,
        coordinator=work.register.row(case.coordinator_id).name,
        why=row.why,
        given_by=work.register.row(row.by_id).name,
        given_at=row.at,
        parts=_numbered(shown, others_of(work, case)),
        tables=tables,
        ledger=ledger_check(work, case),
        kept=tuple(kept),
        drill=case.drill,
    )


NOT_BOTH = (
    "They are kept apart, so that neither side ever reaches the other by mistake. Nobody gave a reason why they are"
    " needed together."
)
OTHER_AGENCIES = "An item that one agency shared with others is for those agencies alone."
OTHER_CASES = "Other cases were heard at the same meeting, and its minutes tell of them."
BARRED = "They are kept out of it. Do not let this bundle reach them; who they are stands in the case’s file."


class Other(NamedTuple):
    """Somebody else than the person at the middle: by role and number, and what finds their name in a text."""

    called: str
    found: re.Pattern[str]


def others_of(work: Work, case: CaseRow) -> tuple[Other, ...]:
    """Everybody of the case but the person at the middle, by whole names, and by first names of their own."""
    rows = [each for each in work.people.subjects(case.id) if each.name.strip()]
    middle = next((each for each in rows if each.source == "subject"), None) or next(
        (each for each in rows if each.role in _MAIN), None
    )
    theirs = {word.casefold() for word in re.findall(r"\w+", middle.name)} if middle else set()
    found = []
    for row in rows:
        if row is middle:
            continue
        words = [word for word in re.findall(r"\w+", row.name) if len(word) > 2]
        own = [word for word in words if word.casefold() not in theirs]
        names = [re.escape(row.name.strip()), *(re.escape(word) for word in own[:1])]
        found.append(
            Other(
                f"{ROLES.get(row.role, row.role)} {row.number}",
                re.compile(rf"\b(?:{'|'.join(names)})\b", re.IGNORECASE),
            )
        )
    return tuple(found)


def ledger_check(work: Work, case: CaseRow) -> LedgerCheck:
    """Follows the case's chain from its first event to its last, before this taking adds its own (IG-29)."""
    work.session.flush()
    events = work.audit.latest(case.ref, MOST_EVENTS)
    fault = verify_stream(work.session, case.ref, work.audit.key)
    return LedgerCheck(
        stream=case.ref,
        events=len(events),
        first=events[-1].digest if events else "",
        last=events[0].digest if events else "",
        fault=f"Event {fault.seq}: {fault.why}" if fault else "",
    )


MOST_EVENTS = 1_000_000


def _on_paper(parts: Sequence[CasePart], instead: str) -> list[CasePart]:
    """Without what can only be pressed in chat."""
    return [
        replace(
            part,
            entries=tuple(
                replace(each, body=_HIDDEN.sub(instead, each.body), opens="") for each in part.entries
            ),
        )
        for part in parts
    ]


def _patterns(work: Work, practice: Practice, case: CaseRow) -> tuple[str, ...]:
    """What is masked: every known address of the case, and every number or address that was called safe to use."""
    safe = {each.number.strip() for each in work.people.safe_contacts(case.id)}
    for versions in work.pairs.safe_contacts(case.id).values():
        safe |= {each.number.strip() for each in versions}
    told = work.referrals.row(case.referral_id).answers.get("phone")
    safe |= {told.strip()} if isinstance(told, str) else set()
    found = [
        r"\s+".join(re.escape(word) for word in line.split())
        for text in safe
        for line in (text, *text.splitlines())
        if len(line.strip()) >= 6
    ]
    return tuple(sorted((*addresses(work, practice, [case]), *found), key=len, reverse=True))


def _numbered(parts: Iterable[CasePart], others: Sequence[Other]) -> tuple[BundlePart, ...]:
    """Parts of one kind joined, each entry with its number, and marked where it names somebody else."""
    joined: list[CasePart] = []
    for part in parts:
        if joined and (joined[-1].kind, joined[-1].title) == (part.kind, part.title):
            joined[-1] = replace(joined[-1], entries=(*joined[-1].entries, *part.entries))
        else:
            joined.append(part)
    return tuple(
        BundlePart(
            kind=part.kind,
            title=part.title,
            number=n,
            entries=tuple(
                Numbered(number=f"{n}.{m}", entry=each, others=_named(part.kind, each, others))
                for m, each in enumerate(part.entries, 1)
            ),
        )
        for n, part in enumerate(joined, 1)
    )


def _named(kind: str, entry: Entry, others: Sequence[Other]) -> tuple[str, ...]:
    text = "\n".join((entry.head, entry.body, entry.said))
    found = {each.called for each in others if each.found.search(text)}
    if kind in ("subjects", "subjects_apart") and not found:
        found = {role for id, role in ROLES.items() if id not in _MAIN and entry.head.startswith(role)}
    return tuple(sorted(found))


def _addresses(work: Work, case: CaseRow) -> tuple[Entry, ...]:
    return tuple(
        Entry(head=called(row), body=row.address or "Not known") for row in work.people.subjects(case.id)
    )


def _shares(
    work: Work, practice: Practice, case: CaseRow, by: Person, now: datetime
) -> tuple[tuple[Entry, ...], list[Kept]]:
    """What this reader may open, whole; the rest is counted. A recalled item has no content for anybody."""
    found, others = [], 0
    for row in work.shares.of_case(case.id):
        if row.sent_at is None:
            continue
        if not may(by, "share.read", work.shares.thing(row)):
            others += 1
            continue
        item = shared_item(work, practice, row, by)
        if item.what:
            did(work, row, by.id, "share.read", now, {"by_bundle": True})
        found.append(
            Entry(
                head=row.ref,
                body=item.what or "Recalled: it opens no more.",
                said="\n".join(
                    (
                        f"From {item.from_agency} to {', '.join(each.agency for each in item.copies)}",
                        *(f"{name}: {words}" for name, words in item.reasons),
                        *(f"{each.subject}: {each.told}. {each.why_not}".strip() for each in item.told),
                    )
                ),
                who=item.by,
                state=item.state,
                at=item.sent_at,
            )
        )
    kept = [Kept(what="Items of information shared between agencies", number=others, why=OTHER_AGENCIES)]
    return tuple(found), kept if others else []


def _minutes(work: Work, practice: Practice, case: CaseRow) -> tuple[tuple[Entry, ...], list[Kept]]:
    """The newest version of the minutes of each meeting that heard this case alone."""
    found, others = [], 0
    for meeting in work.meetings.of_case(case.id):
        version = work.minutes.newest(meeting.id)
        if version is None:
            continue
        if len(work.meetings.agenda(meeting.id)) > 1:
            others += 1
            continue
        found.append(
            Entry(
                head=f"{_stage(practice, meeting)}, version {version.number}",
                body=re.sub(r"^#+ *", "", version.text, flags=re.MULTILINE),
                who=work.register.row(version.sent_by).name,
                state={"sent": "waits for approval", "change": "sent back to be changed"}.get(
                    version.state, version.state
                ),
                at=version.answered_at or version.sent_at,
            )
        )
    kept = [Kept(what="Minutes of meetings that heard other cases too", number=others, why=OTHER_CASES)]
    return tuple(found), kept if others else []


def _chronology(work: Work, practice: Practice, case: CaseRow) -> tuple[Line, ...]:
    """Every line, the earliest first, whole, with what has corrected it."""
    reading = Reading(newest_first=False)
    total = work.chronicles.how_many(case, reading, None)
    places = work.chronicles.page(case, reading, None, start=0, most=max(total, 1))
    ids = [place.id for place in places if place.kind in KINDS]
    entries, later = work.chronicles.entries(ids), work.chronicles.corrections(ids, None)
    names = Names(work)
    others = of_the_record(names, practice, case, [each for each in places if each.kind not in KINDS])
    pathway = practice.of(case)
    return tuple(
        written(names, pathway, entries[place.id], later.get(place.id))
        if place.kind in KINDS
        else others[place.kind, place.id]
        for place in places
    )


def _entry(line: Line) -> Entry:
    return Entry(
        head=line.label,
        body="\n".join(f"{name}: {said}" for name, said in line.texts),
        said="\n".join(
            each
            for each in (
                f"Put right by {line.corrected_by}" if line.corrected_by else "",
                f"Corrects an earlier entry: {line.why}" if line.corrects else "",
            )
            if each
        ),
        who=line.who,
        at=line.happened_at,
    )


def _tables(
    work: Work, practice: Practice, case: CaseRow, by: Person, lines: Sequence[Line]
) -> Iterator[BundleTable]:
    """The same as rows, for whoever counts; times are the area's own, with their distance to UTC."""
    zone = ZoneInfo(practice.area.zone)

    def when(value: datetime | date | None) -> str:
        if isinstance(value, datetime):
            return value.astimezone(zone).isoformat(timespec="minutes")
        return value.isoformat() if value else ""

    pathway = practice.of(case)
    categories = {each.id: each.label for each in pathway.actions.categories}
    yield BundleTable(
        name="actions",
        columns=(
            "Reference",
            "Action",
            "Detail",
            "Agency",
            "Owner",
            "Agreed",
            "Due",
            "State",
            "Ended",
            "What was said",
        ),
        rows=tuple(
            (
                row.ref,
                categories.get(row.category, row.category),
                row.detail,
                work.register.agency(row.agency_id).name,
                work.register.row(row.owner_id).name,
                when(row.created_at),
                when(row.due),
                OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else STATE_WORDS[ActionState(row.state)],
                when(row.closed_at),
                row.said,
            )
            for row in work.plans.of_case(case.id)
        ),
    )
    kinds = {each.id: each.label for each in pathway.decisions}
    yield BundleTable(
        name="decisions",
        columns=(
            "When",
            "Decision",
            "What was decided",
            "Reasons",
            "Options",
            "Law",
            "Disagreed",
            "By",
            "Review",
        ),
        rows=tuple(
            (
                when(row.at),
                kinds.get(row.kind, row.kind.replace("_", " ").capitalize()),
                row.text,
                row.reasons,
                row.options,
                ", ".join(row.law),
                row.dissent,
                work.register.row(row.by_id).name,
                when(row.review_on),
            )
            for row in work.cases.decisions(case.id)
        ),
    )
    open_ = {row.ref for row in work.shares.of_case(case.id) if may(by, "share.read", work.shares.thing(row))}
    yield BundleTable(
        name="shares",
        columns=(
            "Reference",
            "Sent",
            "From",
            "By",
            "To",
            "Confirmed by",
            "Lawful basis",
            "State",
            "In this bundle",
        ),
        rows=tuple(
            (
                line.ref,
                when(line.sent_at),
                line.from_agency,
                line.by,
                "; ".join(each.agency for each in line.copies),
                "; ".join(each.agency for each in line.copies if each.received_at),
                line.basis,
                line.state,
                "yes" if line.ref in open_ else "no: for the agencies named",
            )
            for line in shared_record(work, practice, case.id, case.opened_at)
        ),
    )
    yield BundleTable(
        name="attendance",
        columns=("Meeting", "Began", "Agency", "Person", "How they took part"),
        rows=tuple(
            (
                _stage(practice, meeting),
                when(meeting.started_at or meeting.starts_at),
                work.register.agency(each.agency_id).name,
                work.register.row(each.person_id).name if each.person_id else "",
                STATUS[each.status],
            )
            for meeting in work.meetings.of_case(case.id)
            for each in work.meetings.attendance(meeting.id)
        ),
    )
    yield BundleTable(
        name="chronology",
        columns=("Happened", "Known", "Kind", "Who", "What", "Corrected"),
        rows=tuple(
            (
                when(line.happened_at if line.timed else line.happened_at.astimezone(zone).date()),
                when(line.known_at),
                line.label,
                line.who,
                "\n".join(f"{name}: {said}" for name, said in line.texts),
                when(line.corrected_at),
            )
            for line in lines
        ),
    )
    events = work.audit.latest(case.ref, MOST_EVENTS)[::-1]
    people = work.register.rows({each.actor for each in events})
    yield BundleTable(
        name="ledger",
        columns=("Number", "When", "Who", "What", "About", "Facts", "Hash before", "Hash"),
        rows=tuple(
            (
                str(each.seq),
                when(each.at),
                people[each.actor].name if each.actor in people else each.actor,
                each.verb,
                each.thing,
                each.facts,
                each.previous,
                each.digest,
            )
            for each in events
        ),
    )


def _stage(practice: Practice, meeting: MeetingRow) -> str:
    stages = {each.id: each.title for each in practice.pathways[meeting.pathway].stages}
    return stages.get(meeting.stage, meeting.stage)
