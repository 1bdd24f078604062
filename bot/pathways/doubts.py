"""What a file may say and probably does not mean: dead ends, and words known nowhere else. None stops a start."""

from collections.abc import Iterator
from difflib import get_close_matches

from bot.domain.forms import Condition, Field, Page
from bot.domain.pathway import Pathway, Stage
from bot.pathways.faults import Path
from bot.pathways.questionrules import Complaint, known_fields


def doubts(pathway: Pathway, agency_types: frozenset[str] = frozenset()) -> Iterator[Complaint]:
    """What an author should look at again, each with its place in the file.

    `agency_types` are the types that other pathways invite; an unknown one is only asked about, since the register
    decides which there are.
    """
    yield from _invited(pathway, agency_types)
    yield from unreachable(pathway)
    for index, stage in enumerate(pathway.stages):
        yield from _stage(pathway, stage, ("stages", index))
    yield from _reviews(pathway)
    required = {each.agency_type for each in pathway.invite if each.required}
    for index, agency in enumerate(pathway.quorum.required):
        if agency not in required:
            yield (
                ("quorum", "required", index),
                f"“{agency}” has to be there, but is invited as optional: a meeting can fail for want of it",
            )


def unreachable(pathway: Pathway) -> Iterator[Complaint]:
    """The questions that no way of answering the others leads to."""
    fields = known_fields(pathway)
    asked: dict[str, list[Condition]] = {}
    pages: list[tuple[Page, Path]] = [
        (page, ("forms", f, "pages", p))
        for f, form in enumerate(pathway.forms)
        for p, page in enumerate(form.pages)
    ]
    for page, _ in pages:
        for field in page.fields:
            asked[field.id] = [each for each in (page.shown_if, field.shown_if) if each is not None]
    for page, at in pages:
        for index, field in enumerate(page.fields):
            if not _can_be(_all_of(field.id, asked, set()), fields):
                yield (
                    (*at, "fields", index),
                    f"“{field.id}” is never asked: its conditions shut each other out",
                )


def _all_of(id: str, asked: dict[str, list[Condition]], seen: set[str]) -> list[Condition]:
    """What must hold for a question to be asked, and for those that this hangs on."""
    if id in seen:
        return []
    seen.add(id)
    found = []
    for condition in asked.get(id, ()):
        found.append(condition)
        if condition.answered is not False:
            found += _all_of(condition.field, asked, seen)
    return found


def _can_be(conditions: list[Condition], fields: dict[str, Field]) -> bool:
    for id in {condition.field for condition in conditions}:
        tests = [condition for condition in conditions if condition.field == id]
        field = fields.get(id)
        if field is None or not field.choices or field.kind == "multi":
            continue
        answers = [None, *(option.id for option in field.choices)]
        if not any(all(test.holds({id: answer}) for test in tests) for answer in answers):
            return False
    return True


def _invited(pathway: Pathway, known: frozenset[str]) -> Iterator[Complaint]:
    for invitee in pathway.invite:
        name = invitee.agency_type
        if known and name not in known:
            near = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
            meant = f"did you mean “{near[0]}”? " if near else ""
            yield (
                ("invite", name),
                f"no shipped pathway invites “{name}”: {meant}It must be a `type` of your register, letter for letter",
            )


def _stage(pathway: Pathway, stage: Stage, at: Path) -> Iterator[Complaint]:
    if stage.kind != "review" and stage.due is None and stage.recurs is None:
        yield (
            at,
            f"“{stage.title}” has no deadline and no dates, so nobody is chased until it is held: give it `due`, or"
            " `recurs` for a standing panel, unless people meet as soon as they can",
        )
    fixed = sum(part.minutes for part in pathway.agenda if not part.per_case)
    needed = stage.minutes_per_case or 0
    if stage.many_cases and needed and stage.length - fixed < needed:
        yield (
            (*at, "length"),
            f"no case fits in: {stage.length} minutes less {fixed} for the meeting itself, and a case takes {needed}",
        )
    if stage.subject_attends == "invited" and "subject_attends" in pathway.never:
        yield (*at, "subject_attends"), "the person is invited here, and `never` rules that out"


def _reviews(pathway: Pathway) -> Iterator[Complaint]:
    if pathway.review_stage is None and pathway.review.then == "review":
        yield ("review", "then"), "a review is to be held, and no stage is of `kind: review`"
