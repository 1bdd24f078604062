"""Looks at a draft by its writer, and at the names that a form can offer."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.area import Practice
from bot.domain.errors import NotFound
from bot.domain.forms import Answer, Form, Option, Page, shown
from bot.domain.pathway import Pathway
from bot.domain.people import Person
from bot.storage.tables import DraftRow
from bot.storage.transaction import Work
from bot.usecases.drafts import form_of


@dataclass(frozen=True, kw_only=True)
class OpenDraft:
    """A draft as its writer goes on with it; `form` is without the question about danger, which came first."""

    id: str
    form: Form
    pages: Sequence[Page]
    page: int
    answers: dict[str, Answer]
    second_stage: bool
    pathway: Pathway


@dataclass(frozen=True, kw_only=True)
class Names:
    """What the register can offer in a form: ids and labels of professionals and agencies."""

    agencies: tuple[Option, ...]
    people: tuple[Option, ...]


def open_draft(work: Work, practice: Practice, id: str, by: Person) -> OpenDraft:
    """The writer's own draft. NotFound when it was sent or discarded, or has no pathway yet."""
    draft = work.drafts.own(id, by.id)
    if not draft.pathway:
        raise NotFound("This draft has no pathway yet. Choose one first: press “Raise a concern” in Home.")
    form = form_of(practice, draft)
    return OpenDraft(
        id=draft.id,
        form=form,
        pages=shown(form, draft.answers),
        page=draft.page,
        answers=dict(draft.answers),
        second_stage=draft.referral_id is not None,
        pathway=_pathway(work, practice, draft),
    )


def _pathway(work: Work, practice: Practice, draft: DraftRow) -> Pathway:
    """The pathway by which the form is filled in: of a second form, the version that its referral began under."""
    if draft.referral_id is not None:
        return practice.of(work.referrals.row(draft.referral_id))
    return practice.pathways[draft.pathway]


def names_in_register(work: Work, by: Person) -> Names:
    """The agencies and active people of the asker's area, by name."""
    agencies = {agency.id: agency.name for agency in work.register.agencies(by.area)}
    return Names(
        agencies=tuple(Option(id=id, label=name) for id, name in agencies.items()),
        people=tuple(
            Option(id=person.id, label=f"{person.name}, {agencies.get(person.agency_id, '')}")
            for person in work.register.people(by.area)
        ),
    )
