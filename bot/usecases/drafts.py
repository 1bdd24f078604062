"""Begin a form, save it page by page, come back to it, or throw it away (design.md section 4, step 1)."""

from datetime import datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, Invalid, NotAllowed, NotFound
from bot.domain.forms import Answers, Form, Page, problems, shown, tidy
from bot.domain.people import Person
from bot.domain.references import new_id
from bot.storage.tables import DraftRow
from bot.storage.transaction import Begin, Work
from bot.usecases.owed import refresh_home


def begin_draft(
    begin: Begin,
    practice: Practice,
    pathway_id: str,
    answers: Answers,
    *,
    source: str,
    by: Person,
    now: datetime,
) -> str:
    """A new draft of the pathway's referral form; asked twice with one `source` it is begun once. Its id."""
    pathway = practice.named(pathway_id)
    form = pathway.form("referral")
    if form is None:
        raise NotFound(f"{pathway.title} takes no referrals here.")
    with begin() as work:
        if known := work.inbox.answer_to(source):
            return known
        if not may(by, "referral.create", Thing(area=practice.area.id)):
            raise NotAllowed(
                "Your role in the contact register does not include making referrals. Ask the coordinator.",
                Denial(
                    stream=f"person:{by.id}", actor=by.id, verb="referral.create", thing="referral", at=now
                ),
            )
        id = new_id()
        work.session.add(
            DraftRow(
                id=id,
                area=practice.area.id,
                person_id=by.id,
                pathway=pathway.id,
                form=form.id,
                page=_first_open(form, answers),
                answers=dict(answers),
                drill=practice.area.drill,
                created_at=now,
                updated_at=now,
            )
        )
        work.inbox.remember(source, id, at=now)
        refresh_home(work, by.id, now)  # closed at any moment, the form is gone on with from there
    return id


def _first_open(form: Form, answers: Answers) -> int:
    """The first page with a question that has not been answered already."""
    pages = shown(form, answers)
    unanswered = (n for n, page in enumerate(pages) if any(field.id not in answers for field in page.fields))
    return next(unanswered, 0)


def save_page(
    begin: Begin,
    practice: Practice,
    draft_id: str,
    page_id: str,
    answers: Answers,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Save one page as it stands and move on; Invalid lists what needs mending, after saving what was typed."""
    found: dict[str, str] = {}
    with begin() as work:
        draft = work.drafts.own(draft_id, by.id)
        pages = shown(form_of(practice, draft), {**draft.answers, **answers})
        page = next((each for each in pages if each.id == page_id), None)
        if page is None:
            raise NotFound("That page no longer applies to your answers. Open the draft again from Home.")
        keep(draft, page, answers, now)
        found = problems(page, draft.answers, practice.today(now), by=by.id)
        if not found:
            draft.page = [each.id for each in pages].index(page_id) + 1
            refresh_home(work, by.id, now)
    if found:
        raise Invalid(found)


def turn_back(begin: Begin, draft_id: str, page: int, answers: Answers, *, by: Person, now: datetime) -> None:
    """Go to an earlier page; what stands on the present one is kept unchecked."""
    with begin() as work:
        draft = work.drafts.own(draft_id, by.id)
        draft.answers = {
            **draft.answers,
            **{id: answer for id, answer in answers.items() if answer is not None},
        }
        draft.page, draft.updated_at = max(0, page), now


def discard_draft(begin: Begin, draft_id: str, *, by: Person) -> None:
    """Throw a draft away, for good."""
    with begin() as work:
        work.session.delete(work.drafts.own(draft_id, by.id))


def keep(draft: DraftRow, page: Page, answers: Answers, now: datetime) -> None:
    """Put a page's tidied answers into the draft."""
    draft.answers = {**draft.answers, **tidy(page, answers)}
    draft.updated_at = now


def form_of(practice: Practice, draft: DraftRow) -> Form:
    """The form that a draft is of."""
    pathway = practice.pathways[draft.pathway]
    return next(form for form in pathway.forms if form.id == draft.form)


def first_fault(
    work: Work, practice: Practice, draft: DraftRow, now: datetime
) -> tuple[int, dict[str, str]] | None:
    """The first page with something to mend, by its number, and what; None when the draft can be sent."""
    for number, page in enumerate(shown(form_of(practice, draft), draft.answers)):
        if found := problems(page, draft.answers, practice.today(now), by=draft.person_id):
            return number, found
    return None
