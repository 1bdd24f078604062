"""A page of a form as a dialog: which questions, and how each is best asked (forms.md).

One question is one input whose id is the field's id, so the domain's problems stand beside their questions
unchanged. Where "unknown" may be the answer to something that is typed or dated, a tick box follows the question.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.forms import UNKNOWN, Answers, Field, Form, Option, Page, chosen, shown
from bot.domain.pathway import Gate, Pathway

Json = dict[str, Any]
Shape = Callable[..., Json]
"""`ask.shape`."""

MOST_RADIOS, MOST_CHECKBOXES, MOST_OPTIONS = 5, 10, 100


@dataclass(frozen=True, kw_only=True)
class Register:
    """What can be picked from the register: agencies and people, as (id, label)."""

    agencies: Sequence[Option] = ()
    people: Sequence[Option] = ()

    def options(self, field: Field) -> Sequence[Option]:
        """What this field offers: its own choices, or those of the register."""
        match field.kind:
            case "agencies":
                return self.agencies
            case "person":
                return self.people
        return field.choices


@dataclass(frozen=True, kw_only=True)
class Question:
    """A field as the card `form` asks it; `control` says with which input (`templates/cards/form.json.j2`).

    `optional` is the mark under which a blank may be sent: the domain decides what is missing, and says so
    beside the question. `steers` asks to be told of a change at once, where a platform can, because other
    questions hang on it.
    """

    field: Field
    control: str
    options: Sequence[Option]
    text: str
    picked: Sequence[Option]
    optional: bool
    tick: bool
    ticked: bool
    steers: bool


def page_view(
    shape: Shape,
    form: Form,
    page_id: str,
    answers: Answers,
    *,
    callback_id: str,
    ids: Mapping[str, str],
    register: Register | None = None,
    pathway: Pathway | None = None,
) -> Json:
    """One page as a dialog, the draft's answers filled in; KeyError for a page that does not apply.

    Its verb is `callback_id`; `ids` go into `private_metadata` (ids only, 3,000 characters). The back
    `pathway` gives what its words mean, and what the page before has called for. The back
    button presses `form.back`, a steering question presses `answer` with its field as the block id.
    """
    pages = shown(form, answers)
    number = next((n for n, page in enumerate(pages) if page.id == page_id), None)
    if number is None:
        raise KeyError(page_id)
    page = pages[number]
    whole = next(each for each in form.pages if each.id == page_id)
    steering = {f.shown_if.field for f in whole.fields if f.shown_if}
    here = {field.id for field in page.fields}
    asked = [_question(f, answers, register or Register(), here, f.id in steering) for f in page.fields]
    return shape(
        "form",
        page=page,
        questions=asked,
        number=number + 1,
        of=len(pages),
        means=[each for each in pathway.definitions if each.id in page.defines] if pathway else [],
        points=called_for(pathway, pages[number - 1], answers) if pathway and number else [],
        callback_id=callback_id,
        private_metadata=json.dumps({**ids, "page": page_id}, separators=(",", ":")),
    )


def called_for(pathway: Pathway, before: Page, answers: Answers) -> list[Gate]:
    """The statements that the answers of the page just sent have called for, with what was said earlier (rule 6)."""
    asked = {field.id for field in before.fields}
    return [gate for gate in pathway.gates_open(answers) if asked & set(gate.asks)]


def next_page(form: Form, page_id: str, answers: Answers) -> str | None:
    """The page after this one that applies to these answers; None after the last."""
    return _beside(form, page_id, answers, +1)


def page_before(form: Form, page_id: str, answers: Answers) -> str | None:
    """The page before this one that applies to these answers; None before the first."""
    return _beside(form, page_id, answers, -1)


def fitting(options: Sequence[Option], typed: str) -> list[Option]:
    """What a list offers for what was typed into it: those whose label has every word of it."""
    words = typed.casefold().split()
    return [each for each in options if all(word in each.label.casefold() for word in words)]


def _question(field: Field, answers: Answers, register: Register, here: set[str], steers: bool) -> Question:
    options = register.options(field)
    given = chosen(answers.get(field.id))
    # "unknown" is a choice of its own where there are choices, and a tick box everywhere else.
    tick = field.unknown_allowed and all(each.id != UNKNOWN for each in options)
    unknown = tick and given == [UNKNOWN]
    rule = field.required_if
    surely = field.required or (rule is not None and rule.field not in here and rule.holds(answers))
    return Question(
        field=field,
        control=_control(field, options),
        options=options,
        text="" if unknown or not given else given[0],
        picked=[each for each in options if each.id in given],
        optional=tick or not surely,
        tick=tick,
        ticked=unknown,
        steers=steers,
    )


def _control(field: Field, options: Sequence[Option]) -> str:
    many = field.kind in ("multi", "agencies") or field.many
    match field.kind:
        case "text" | "long_text" | "date" | "number" | "email" | "confirm":
            return field.kind
    if len(options) > MOST_OPTIONS or not options:
        return "lookup_many" if many else "lookup"
    if many:
        return "ticks" if len(options) <= MOST_CHECKBOXES else "several"
    # A radio button cannot be taken back, so what may stay blank is a list instead.
    return "radios" if field.required and len(options) <= MOST_RADIOS else "select"


def _beside(form: Form, page_id: str, answers: Answers, step: int) -> str | None:
    ids = [page.id for page in shown(form, answers)]
    if page_id not in ids:
        return None
    at = ids.index(page_id) + step
    return ids[at] if 0 <= at < len(ids) else None
