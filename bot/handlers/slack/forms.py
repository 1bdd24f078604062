"""A page of a form as a Slack modal, and a modal's state as answers (forms.md; slack.md sections 2 and 6).

One question is one block whose id is the field's id, so the domain's problems stand beside their questions
unchanged. Where "unknown" may be the answer to something that is typed or dated, a tick box follows the question.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.forms import UNKNOWN, Answer, Answers, Field, Form, Option, chosen, shown
from bot.render import Render

Json = dict[str, Any]

ANSWER, CONFIRM, TICK = "answer", "confirm", "unknown"  # action ids
TICKED = ":unknown"  # ends the block id of the tick box that belongs to a question

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

    `optional` is Slack's mark, under which a blank may be sent: the domain decides what is missing, and says so
    beside the question. `steers` asks Slack to tell us of a change at once, because other questions hang on it.
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
    render: Render,
    form: Form,
    page_id: str,
    answers: Answers,
    *,
    callback_id: str,
    ids: Mapping[str, str],
    register: Register | None = None,
) -> Json:
    """One page as a modal, the draft's answers filled in; KeyError for a page that does not apply.

    The modal's verb is `callback_id`; `ids` go into `private_metadata` (ids only, 3,000 characters). The back
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
    return render.shape(
        "slack",
        "form",
        page=page,
        questions=asked,
        number=number + 1,
        of=len(pages),
        callback_id=callback_id,
        private_metadata=json.dumps({**ids, "page": page_id}, separators=(",", ":")),
    )


def next_page(form: Form, page_id: str, answers: Answers) -> str | None:
    """The page after this one that applies to these answers; None after the last."""
    return _beside(form, page_id, answers, +1)


def page_before(form: Form, page_id: str, answers: Answers) -> str | None:
    """The page before this one that applies to these answers; None before the first."""
    return _beside(form, page_id, answers, -1)


def answers_in(state: Mapping[str, Mapping[str, Json]]) -> dict[str, Answer]:
    """What a modal says, by field id: blanks as None, so that an answer taken back is taken back in the draft.

    A tick under a question counts where nothing was typed: what is known is worth more than "unknown".
    """
    answers: dict[str, Answer] = {}
    for block, elements in state.items():
        for action, element in elements.items():
            if action == TICK:
                if chosen(answer_of(element)) and not answers.get(field := block.removesuffix(TICKED)):
                    answers[field] = UNKNOWN
            elif action == CONFIRM:
                answers[block] = "yes" if chosen(answer_of(element)) else None
            else:
                answers[block] = answer_of(element) or answers.get(block)
    return answers


def answer_of(element: Json) -> Answer:
    """The answer that one element holds, of any kind that Slack has; None for a blank.

    A moment (`datetimepicker`) is its Unix seconds as text, rich text its plain text, one line a paragraph.
    """
    for key in ("selected_option", "selected_options"):
        if key in element:
            picked = element[key]
            return (
                [each["value"] for each in picked]
                if isinstance(picked, list)
                else (picked or {}).get("value")
            )
    for key in _PLAIN:
        if key in element:
            value = element[key]
            if isinstance(value, list):
                return [str(each) for each in value]
            return None if value is None else str(value).strip() or None
    if rich := element.get("rich_text_value"):
        return "\n".join(_plain(part) for part in rich.get("elements", ())).strip() or None
    return None


def suggestions(options: Sequence[Option], typed: str) -> list[Json]:
    """What an external select offers for what was typed: at most 100 whose label has every word of it."""
    words = typed.casefold().split()
    fitting = [each for each in options if all(word in each.label.casefold() for word in words)]
    return [option(each) for each in fitting[:MOST_OPTIONS]]


def option(choice: Option) -> Json:
    """A Slack option; a label over 75 characters is cut for display, its value never."""
    label = choice.label if len(choice.label) <= 75 else choice.label[:74].rstrip() + "…"
    return {"text": {"type": "plain_text", "text": label}, "value": choice.id}


_PLAIN = (
    "selected_date",
    "selected_time",
    "selected_date_time",
    "selected_user",
    "selected_users",
    "selected_conversation",
    "selected_conversations",
    "selected_channel",
    "selected_channels",
    "value",
)


def _plain(part: Json) -> str:
    if "elements" in part:
        between = "\n" if part.get("type") == "rich_text_list" else ""
        return between.join(_plain(each) for each in part["elements"])
    return str(part.get("text") or part.get("url") or "")


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
