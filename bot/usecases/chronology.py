"""Write and read a case's chronology (S5-12, S5-16, S5-19, S5-21, S5-24; IG-30, IG-31, IG-35).

What was written stays as it was written. A correction is an entry of its own, linked to the one that it puts right and
saying why; the old one is shown as corrected from then on, and stays readable.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.access import may
from bot.domain.area import Practice
from bot.domain.chronology import KINDS, OF_THE_RECORD, SUBJECTS, TEXTS, Reading, Written
from bot.domain.errors import Invalid, NotFound, TooLate
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.chronicles import Place
from bot.storage.chronology_tables import ChronologyRow
from bot.storage.codes import Code, digest_of
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin, Work
from bot.usecases.chronology_lines import Names, brief, of_the_record, written
from bot.usecases.review_calls import call_for_review
from bot.views.chronology import ChronologyPage, EntryForm, EntryOpened, KindPick, Line
from bot.views.meeting import Pick

PAGE = 10
"""Lines on one page: with what is cut of long texts, far below what a dialog may hold (slack.md section 6)."""


def open_chronology(
    begin: Begin,
    practice: Practice,
    case_id: str,
    reading: Reading,
    number: int,
    *,
    by: Person,
    now: datetime,
) -> ChronologyPage:
    """One page (`number` from 1) of a case's chronology, read in this order and as at this day.

    Each page that is opened is an audit row (IG-05, IG-29). What was recorded after the day `as_at`, corrections too,
    is not in it (IG-31). NotAllowed, on the record, for whoever may not read the case.
    """
    with begin() as work:
        case = work.cases.opened(case_id, by, "case.read", now)
        until = reading.until(practice.area.zone)
        total = work.chronicles.how_many(case, reading, until)
        of = max(1, -(-total // PAGE))
        at = min(max(number, 1), of)
        first = (at - 1) * PAGE
        places = work.chronicles.page(case, reading, until, start=first, most=PAGE)
        facts: dict[str, Code] = {"page": at, "by": reading.by, "kind": reading.kind, "as_at": reading.as_at}
        _audit(work, case, by, "chronology.read", facts, now)
        thing = work.cases.thing(case)
        return ChronologyPage(
            case_id=case.id,
            ref=case.ref,
            reading=reading.code,
            by=reading.by,
            newest_first=reading.newest_first,
            as_at=reading.as_at,
            kind=reading.kind,
            number=at,
            of=of,
            total=total,
            first=first + 1,
            lines=_lines(work, practice, case, places, until),
            kinds=tuple(
                Pick(id=id, label=label)
                for id, label in {**{k.id: k.label for k in KINDS.values()}, **OF_THE_RECORD}.items()
            ),
            may_add=may(by, "chronology.add", thing),
            closed=case.state == "closed",
            may_begin=case.state == "closed" and may(by, "incident.begin", thing),
        )


def open_entry(begin: Begin, practice: Practice, entry_id: str, *, by: Person, now: datetime) -> EntryOpened:
    """One entry, whole, for whoever may read its case; an audit row."""
    with begin() as work:
        row = work.chronicles.entry(entry_id)
        case = work.cases.opened(row.case_id, by, "case.read", now)
        later = work.chronicles.corrections([row.id], None).get(row.id)
        _audit(work, case, by, "chronology.read", {"entry": row.id}, now)
        return EntryOpened(
            case_id=case.id,
            ref=case.ref,
            line=written(Names(work), practice.of(case), row, later),
            earlier_id=row.corrects_id or "",
            later_id=later.id if later else "",
            may_correct=later is None and may(by, "chronology.add", work.cases.thing(case)),
        )


def kinds_offered(begin: Begin, case_id: str, *, by: Person, now: datetime) -> tuple[KindPick, ...]:
    """What kind of entry it can be, for somebody who may add one."""
    with begin() as work:
        work.cases.opened(case_id, by, "chronology.add", now)
        return tuple(KindPick(id=k.id, label=k.label, description=k.says) for k in KINDS.values())


def begin_entry(
    begin: Begin,
    practice: Practice,
    case_id: str,
    kind: str,
    *,
    corrects: str = "",
    by: Person,
    now: datetime,
) -> EntryForm:
    """The form of that kind; of an entry that is to be put right, with what it says now (then an audit row).

    Invalid for a kind that there is not. TooLate when somebody has corrected the entry already.
    """
    with begin() as work:
        if not corrects:
            case = work.cases.opened(case_id, by, "chronology.add", now)
            if kind not in KINDS:
                raise Invalid({"kind": "Choose what kind of entry it is."})
            return _form(practice, case, kind, now)
        row = work.chronicles.entry(corrects)
        case = work.cases.opened(row.case_id, by, "chronology.add", now)
        _still_right(work, row)
        _audit(work, case, by, "chronology.read", {"entry": row.id}, now)
        return _form(practice, case, row.kind, now, row)


def record_entry(
    begin: Begin,
    practice: Practice,
    case_id: str,
    entry: Written,
    *,
    corrects: str = "",
    why: str = "",
    source: str,
    by: Person,
    now: datetime,
) -> str:
    """Put an entry into the record, once however often `source` is sent; its id.

    With `corrects` it puts that entry right and `why` says what was wrong; it is of the same case and kind, and an
    entry is corrected once, a later mistake in the correction's own correction. Reaching the pathway's mark asks the
    coordinator for a review (S5-22). Raises Invalid, TooLate, NotAllowed.
    """
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        case = work.cases.opened(case_id, by, "chronology.add", now)
        entry.checked(practice.today(now), practice.of(case).incidents)
        happened = entry.happened_at(practice.area.zone)
        if entry.clock is not None and happened > now:
            raise Invalid({"clock": "This time is still to come. The chronology holds what has happened."})
        if corrects:
            _check_correction(work, case, entry, corrects, why)
        row = ChronologyRow(
            id=new_id(),
            case_id=case.id,
            kind=entry.kind,
            happened_at=happened,
            timed=entry.clock is not None,
            about=entry.about,
            recorded_at=now,
            author_id=by.id,
            agency_id=by.agency_id,
            subject=entry.subject,
            incident=entry.incident if entry.kind == "incident" else "",
            corrects_id=corrects or None,
            correction_why=why.strip() if corrects else "",
            **{box.id: entry.texts.get(box.id, "").strip() for box in KINDS[entry.kind].boxes},
        )
        work.session.add(row)
        work.session.flush()
        work.inbox.remember(source, row.id, at=now)
        _audit(
            work,
            case,
            by,
            "chronology.corrected" if corrects else "chronology.added",
            {
                "entry": row.id,
                "kind": row.kind,
                "corrects": corrects,
                "said": digest_of("\n".join(getattr(row, name) for name in TEXTS)),
            },
            now,
        )
        if row.kind == "incident":
            call_for_review(work, practice, case, row, by, now)
        return row.id


def _lines(
    work: Work, practice: Practice, case: CaseRow, places: list[Place], until: datetime | None
) -> tuple[Line, ...]:
    ids = [place.id for place in places if place.kind in KINDS]
    entries, later = work.chronicles.entries(ids), work.chronicles.corrections(ids, until)
    names = Names(work)
    others = of_the_record(names, practice, case, [p for p in places if p.kind not in KINDS])
    pathway = practice.of(case)
    return tuple(
        brief(written(names, pathway, entries[place.id], later.get(place.id)))
        if place.kind in KINDS
        else brief(others[place.kind, place.id])
        for place in places
    )


def _form(
    practice: Practice, case: CaseRow, kind: str, now: datetime, row: ChronologyRow | None = None
) -> EntryForm:
    of = KINDS[kind]
    incidents = practice.of(case).incidents if kind == "incident" else ()
    form = EntryForm(
        case_id=case.id,
        ref=case.ref,
        form=new_id(),
        kind=kind,
        label=of.label,
        boxes=of.boxes,
        incidents=tuple(Pick(id=each.id, label=each.label) for each in incidents),
        subjects=tuple(Pick(id=id, label=label) for id, label in SUBJECTS.items()) if of.about_whom else (),
        today=practice.today(now),
        closed=case.state == "closed",
    )
    if row is None:
        return form
    local = row.happened_at.astimezone(ZoneInfo(practice.area.zone))
    return EntryForm(
        **{
            **vars(form),
            "corrects": row.id,
            "day": local.date(),
            "clock": local.time() if row.timed else None,
            "about": row.about,
            "subject": row.subject,
            "incident": row.incident,
            "texts": tuple((box.id, getattr(row, box.id)) for box in of.boxes),
        }
    )


def _still_right(work: Work, row: ChronologyRow) -> None:
    if work.chronicles.corrections([row.id], None):
        raise TooLate("Somebody has corrected this entry already. Open the correction, and correct that.")


def _check_correction(work: Work, case: CaseRow, entry: Written, corrects: str, why: str) -> None:
    row = work.chronicles.entry(corrects)
    if row.case_id != case.id or row.kind != entry.kind:
        raise NotFound("There is no such entry in this case.")
    work.session.refresh(row, with_for_update=True)  # two who correct at once: the second finds it done
    _still_right(work, row)
    if len(why.strip()) < 10:
        raise Invalid({"why": "Say in a sentence what was wrong: both entries stay on the record."})


def _audit(work: Work, case: CaseRow, by: Person, verb: str, facts: dict[str, Code], now: datetime) -> None:
    work.audit.write(stream=case.ref, actor=by.id, verb=verb, thing=f"case:{case.id}", facts=facts, at=now)
