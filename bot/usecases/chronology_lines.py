"""What one line of a chronology says: an entry that somebody wrote, or something that has a record of its own."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.actions import OUTCOME_WORDS, Outcome
from bot.domain.area import Practice
from bot.domain.chronology import KINDS, OF_THE_RECORD, SUBJECTS
from bot.domain.pathway import Pathway
from bot.storage.chronicles import Place
from bot.storage.chronology_tables import ChronologyRow, InterimMeasureRow
from bot.storage.tables import ActionRow, CaseRow, DecisionRow, MeetingRow, NudgeRow
from bot.storage.transaction import Work
from bot.views.chronology import Line

OWN_STEPS = {
    "closure_proposed": "Closure proposed",
    "closure_objected": "Objection to closure",
    "case_closed": "Case closed",
}
"""What our own steps on the way to closure are called, as in the case's file."""

BRIEF = 500
"""Characters of one text that a page shows; the rest is behind the entry's own button."""


class Names:
    """Names of people and agencies during one transaction, each looked up once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self._people: dict[str, str] = {}
        self._agencies: dict[str, str] = {}

    def person(self, id: str) -> str:
        """Their name; of somebody who has left, too."""
        if id not in self._people:
            self._people[id] = self.work.register.row(id).name
        return self._people[id]

    def who(self, person_id: str, agency_id: str) -> str:
        """A person and their agency."""
        if agency_id not in self._agencies:
            self._agencies[agency_id] = self.work.register.agency(agency_id).name
        return f"{self.person(person_id)}, {self._agencies[agency_id]}"


def written(names: Names, pathway: Pathway, row: ChronologyRow, later: ChronologyRow | None) -> Line:
    """An entry, whole; `later` is what has put it right, as far as its reader may know."""
    kind = KINDS[row.kind]
    incidents = {each.id: each.label for each in pathway.incidents}
    named = [
        ("Kind of incident", incidents.get(row.incident, row.incident)),
        ("About", SUBJECTS.get(row.subject, row.subject)),
        *((box.label, str(getattr(row, box.id))) for box in kind.boxes),
    ]
    return Line(
        id=row.id,
        kind=row.kind,
        label=kind.label,
        happened_at=row.happened_at,
        timed=row.timed,
        about=row.about,
        known_at=row.recorded_at,
        who=names.who(row.author_id, row.agency_id),
        texts=tuple((name, said) for name, said in named if said),
        corrected_at=later.recorded_at if later else None,
        corrected_by=names.who(later.author_id, later.agency_id) if later else "",
        corrects=row.corrects_id is not None,
        why=row.correction_why,
        opens=True,
    )


def brief(line: Line) -> Line:
    """The same with long texts cut, so that a page of them is never more than a dialog may hold."""
    return replace(
        line,
        texts=tuple((name, _cut(said)) for name, said in line.texts),
        why=_cut(line.why),
    )


def _cut(said: str) -> str:
    return said if len(said) <= BRIEF else said[: BRIEF - 1].rstrip() + "…"


def of_the_record(
    names: Names, practice: Practice, case: CaseRow, places: list[Place]
) -> dict[tuple[str, str], Line]:
    """Lines for what has records of its own, by kind and id; each table is read once."""
    tables: dict[str, tuple[Any, Any]] = {
        "decided": (DecisionRow, _decided),
        "meeting": (MeetingRow, _meeting),
        "action_ended": (ActionRow, _action),
        "reminder": (NudgeRow, _reminder),
        "measure": (InterimMeasureRow, _measure),
    }
    pathway, found = practice.of(case), {}
    for kind, (model, told) in tables.items():
        wanted = {place.id: place for place in places if place.kind == kind}
        for id, row in names.work.chronicles.rows(model, list(wanted)).items():
            who, texts = told(names, pathway, row)
            found[kind, id] = Line(
                id=id,
                kind=kind,
                label=OF_THE_RECORD[kind],
                happened_at=wanted[id].happened_at,
                timed=True,
                about=False,
                known_at=wanted[id].known_at,
                who=who,
                texts=tuple((name, said) for name, said in texts if said),
            )
    return found


Told = tuple[str, list[tuple[str, str]]]


def _decided(names: Names, pathway: Pathway, row: DecisionRow) -> Told:
    labels = OWN_STEPS | {choice.id: choice.label for choice in pathway.decisions}
    texts = [("Decision", labels.get(row.kind, row.kind)), ("What was decided", row.text)]
    reasons = [("Reasons", row.reasons)] if row.reasons != row.text else []
    return names.person(row.by_id), [*texts, *reasons]


def _meeting(names: Names, pathway: Pathway, row: MeetingRow) -> Told:
    titles = {stage.id: stage.title for stage in pathway.stages}
    chair = names.person(row.chair_id) if row.chair_id else ""
    return chair, [("Meeting", titles.get(row.stage, row.stage))]


def _action(names: Names, pathway: Pathway, row: ActionRow) -> Told:
    labels = {choice.id: choice.label for choice in pathway.actions.categories}
    outcome = OUTCOME_WORDS[Outcome(row.outcome)] if row.outcome else ""
    said = [("Action", f"{row.ref} {labels.get(row.category, row.category)}"), ("Outcome", outcome)]
    return names.who(row.closed_by or row.owner_id, row.agency_id), [*said, ("What was said", row.said)]


def _reminder(names: Names, pathway: Pathway, row: NudgeRow) -> Told:
    person = names.work.register.row(row.person_id) if row.person_id else None
    to = names.who(person.id, person.agency_id) if person else ""
    what = names.work.plans.row(row.action_id).ref if row.action_id else "a date of the case"
    return "Convenor", [("Sent to", to), ("About", f"{what}, due {plain_day(row.due)}")]


def _measure(names: Names, pathway: Pathway, row: InterimMeasureRow) -> Told:
    until = f"{plain_day(row.starts_on)} to {plain_day(row.ends_on)}"
    return names.person(row.created_by), [("Measure", row.measure), ("From when to when", until)]


def plain_day(value: date) -> str:
    """A date in a sentence of the record, "3 March 2026"."""
    return f"{value.day} {value:%B %Y}"
