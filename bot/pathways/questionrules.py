"""What a pathway's questions must keep to: ids, sizes that a chat window can show, conditions that can be met."""

import re
from collections.abc import Iterable, Iterator

from bot.domain.forms import DANGER, NAME, UNKNOWN, Condition, Field, Form, Page
from bot.domain.pathway import Pathway
from bot.pathways.faults import Path

Complaint = tuple[Path, str]

# Slack's limits (slack.md section 6), and ours where a tired reader needs fewer.
TITLE, LABEL, HINT, INTRO, OPTION, OPTIONS, TYPED, FIELDS = 24, 2000, 2000, 3000, 75, 100, 3000, 12
HEADLINE, PARAGRAPH = 150, 3000
CHOOSING = ("select", "multi")
TYPING = ("text", "long_text")
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


def too_long(text: str, limit: int, path: Path) -> Iterator[Complaint]:
    """A complaint when the text is longer than `limit` characters."""
    if len(text) > limit:
        yield path, f"is {len(text)} characters long; at most {limit} can be shown"


def ids(things: Iterable[tuple[str, Path]], what: str) -> Iterator[Complaint]:
    """Complaints about ids that are badly formed or taken by something before."""
    taken: set[str] = set()
    for id, path in things:
        if not _ID.fullmatch(id):
            yield path, "must be lower-case letters, figures and _, at most 64, beginning with a letter"
        if id in taken:
            yield path, f"the {what} “{id}” is there already"
        taken.add(id)


def question_rules(pathway: Pathway) -> Iterator[Complaint]:
    """Everything wrong with the forms and the risk tool's questions."""
    whens = [form.when for form in pathway.forms]
    if whens.count("referral") != 1 or whens.count("after_acceptance") > 1:
        yield ("forms",), "must hold one form for the referral and at most one for after acceptance"
    yield from ids(((form.id, ("forms", i, "id")) for i, form in enumerate(pathway.forms)), "form")
    pages = [((*at, "id"), page.id) for _, page, at in _pages(pathway)]
    yield from ids(((id, path) for path, id in pages), "page")
    questions = [(field.id, (*at, "id")) for field, at in _fields(pathway)]
    tool = [(question.id, ("tool",)) for question in (pathway.tool.questions if pathway.tool else ())]
    yield from ids([*questions, *tool], "field")
    yield from _opening(pathway)
    for form, page, at in _pages(pathway):
        yield from _page(pathway, form, page, at)
    for field, at in _fields(pathway):
        yield from _field(field, at)
    yield from _conditions(pathway)


def known_fields(pathway: Pathway) -> dict[str, Field]:
    """Every field by id, the risk tool's questions among them."""
    tool = pathway.tool.questions if pathway.tool else ()
    return {field.id: field for field in (*pathway.fields, *tool)}


def condition_rules(condition: Condition, fields: dict[str, Field], at: Path) -> Iterator[Complaint]:
    """What is wrong with one condition: a field that is not there, an answer it cannot have, no or two tests."""
    tests = (condition.one_of, condition.none_of, condition.not_all_of)
    if sum(map(bool, tests)) + (condition.answered is not None) != 1:
        yield at, "must hold exactly one of one_of, none_of, not_all_of, answered"
    field = fields.get(condition.field)
    if field is None:
        yield (*at, "field"), f"there is no field “{condition.field}”"
        return
    possible = {option.id for option in field.choices} or ({"yes"} if field.kind == "confirm" else set())
    if field.unknown_allowed:
        possible.add(UNKNOWN)
    for name, values in zip(("one_of", "none_of", "not_all_of"), tests, strict=True):
        for index, value in enumerate(values):
            if value not in possible:
                yield (*at, name, index), f"“{value}” is no answer to “{field.id}”"


def _pages(pathway: Pathway) -> Iterator[tuple[Form, Page, Path]]:
    for f, form in enumerate(pathway.forms):
        for p, page in enumerate(form.pages):
            yield form, page, ("forms", f, "pages", p)


def _fields(pathway: Pathway) -> Iterator[tuple[Field, Path]]:
    for _, page, at in _pages(pathway):
        for index, field in enumerate(page.fields):
            yield field, (*at, "fields", index)


def _opening(pathway: Pathway) -> Iterator[Complaint]:
    # The emergency question comes before everything else (T01, S3-17).
    form = pathway.form("referral")
    if form is None:
        return
    fields = list(form.fields)
    if not fields or fields[0].id != DANGER or fields[0].kind != "yes_no":
        yield ("forms",), f"the referral's first question must be “{DANGER}”, of kind yes_no"
    if NAME not in {field.id for field in fields}:
        yield ("forms",), f"the referral must ask for “{NAME}”"


def _page(pathway: Pathway, form: Form, page: Page, at: Path) -> Iterator[Complaint]:
    yield from too_long(page.title, TITLE, (*at, "title"))
    yield from too_long(page.intro, INTRO, (*at, "intro"))
    if page.tool:
        if pathway.tool is None or page.tool != pathway.tool.id:
            yield (*at, "tool"), f"“{page.tool}” is not the pathway's risk tool"
        if page.fields:
            yield (*at, "fields"), "a risk tool's page takes its questions from the tool"
    elif not 1 <= len(page.fields) <= FIELDS:
        yield (*at, "fields"), f"a page holds 1 to {FIELDS} fields, this one {len(page.fields)}"


def _field(field: Field, at: Path) -> Iterator[Complaint]:
    yield from too_long(field.label, LABEL, (*at, "label"))
    yield from too_long(field.hint, HINT, (*at, "hint"))
    yield from too_long(field.unknown_label, OPTION, (*at, "unknown_label"))
    if bool(field.options) != (field.kind in CHOOSING):
        yield (
            (*at, "options"),
            f"a {field.kind} field {'must have' if field.kind in CHOOSING else 'has no'} options",
        )
    if len(field.choices) > OPTIONS:
        yield (*at, "options"), f"{len(field.choices)} options; at most {OPTIONS} can be shown"
    yield from ids(((o.id, (*at, "options", i)) for i, o in enumerate(field.options)), "option")
    for index, option in enumerate(field.options):
        yield from too_long(option.label, OPTION, (*at, "options", index))
        if option.id == UNKNOWN:
            yield (*at, "options", index), "write `unknown: true` on the field instead of an option"
    if field.max_length > TYPED or field.min_length > (field.max_length or TYPED):
        yield (*at, "max_length"), f"must be {TYPED} or less, and not under min_length"
    if (field.min_length or field.max_length or field.min_lines) and field.kind not in TYPING:
        yield at, f"a {field.kind} field has no length"
    if (field.minimum is not None or field.maximum is not None) and field.kind != "number":
        yield at, f"a {field.kind} field has no minimum or maximum"
    if field.many and field.kind != "person":
        yield (*at, "many"), "only a person field can take many"
    if field.required and field.required_if is not None:
        yield (*at, "required_if"), "the field is required already"
    for index, check in enumerate(field.checks):
        if (field.kind == "date") != (check in ("not_future", "at_least_16", "at_least_18", "last_3_months")):
            yield (*at, "checks", index), f"{check} does not go with a {field.kind} field"
        elif check == "not_yourself" and field.kind != "person":
            yield (*at, "checks", index), "only a person field can ask for somebody else"


def _conditions(pathway: Pathway) -> Iterator[Complaint]:
    fields = known_fields(pathway)
    place: dict[str, tuple[int, int]] = {}  # page and position on it
    for number, (_, page, _at) in enumerate(_pages(pathway)):
        inside = pathway.tool.questions if page.tool and pathway.tool else page.fields
        place |= {field.id: (number, index) for index, field in enumerate(inside)}
    for number, (_, page, at) in enumerate(_pages(pathway)):
        if page.shown_if is not None:
            yield from _condition(page.shown_if, fields, place, (number, 0), (*at, "shown_if"))
        for index, field in enumerate(page.fields):
            where: Path = (*at, "fields", index)
            if field.shown_if is not None:
                yield from _condition(field.shown_if, fields, place, (number, index), (*where, "shown_if"))
            if field.required_if is not None:
                # A page is checked as a whole, so this may hang on a question further down it.
                yield from _condition(
                    field.required_if, fields, place, (number + 1, 0), (*where, "required_if")
                )
                if _circles(field, fields):
                    yield (*where, "required_if"), f"goes round in a circle back to “{field.id}”"


def _condition(
    condition: Condition,
    fields: dict[str, Field],
    place: dict[str, tuple[int, int]],
    before: tuple[int, int],
    at: Path,
) -> Iterator[Complaint]:
    yield from condition_rules(condition, fields, at)
    if condition.field in place and place[condition.field] >= before:
        yield (*at, "field"), f"“{condition.field}” is not asked before this"


def _circles(field: Field, fields: dict[str, Field]) -> bool:
    seen: set[str] = set()
    at: Field | None = field
    while at is not None and at.required_if is not None and at.id not in seen:
        seen.add(at.id)
        at = fields.get(at.required_if.field)
    return at is not None and at.id == field.id and bool(seen)
