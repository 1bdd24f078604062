"""Every page of every shipped pathway fits Slack as it stands: nothing cut, nothing refused, nothing slow."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.domain.forms import Answer, Field, Form, Option, problems
from bot.handlers.verbs.pages import Register, page_view
from bot.pathways.reader import read_all

PATHWAYS = read_all()
PEOPLE = tuple(Option(id=f"{n:020}", label=f"Person {n} of Aldermere, adult social care") for n in range(60))
AGENCIES = tuple(Option(id=f"{n:020}", label=f"Agency {n} of Aldermere") for n in range(12))
REGISTER = Register(agencies=AGENCIES, people=PEOPLE)


def every_page() -> Iterator[tuple[Form, str]]:
    """Each page with all of its questions at once, whatever they hang on."""
    for pathway in PATHWAYS.values():
        for form in pathway.forms:
            pages = tuple(
                replace(
                    page, shown_if=None, fields=tuple(replace(field, shown_if=None) for field in page.fields)
                )
                for page in form.pages
            )
            for page in pages:
                yield pytest.param(
                    replace(form, pages=pages), page.id, id=f"{pathway.id}-{form.id}-{page.id}"
                )


PAGES = list(every_page())


def longest(field: Field) -> Answer:
    """The longest answer that the field can be given."""
    options = REGISTER.options(field)
    match field.kind:
        case "text" | "long_text":
            return "& " * ((field.max_length or 3000) // 2)
        case "date":
            return "1950-02-03"
        case "number":
            return str(field.maximum or 1)
        case "email":
            return "somebody@aldermere.example"
        case "multi" | "agencies":
            return [each.id for each in options]
        case "confirm":
            return "yes"
    ids = [each.id for each in options]
    return ids if field.many else ids[-1]


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_a_page_is_one_that_slack_takes_blank_or_full(form, page, shape, judge):
    for answers in ({}, {field.id: longest(field) for field in form.fields}):
        view = page_view(
            shape, form, page, answers, callback_id="refer.page", ids={"draft": "d" * 20}, register=REGISTER
        )
        assert judge(view, "modal") == []


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_no_label_of_ours_needs_cutting(form, page, render):
    (shown,) = [each for each in form.pages if each.id == page]
    assert len(shown.title) <= 24
    for field in shown.fields:
        assert len(field.label) <= 150, field.id  # Slack takes 2,000; people do not
        if field.unknown_allowed:
            assert len(field.unknown_label) <= 75, field.id
        for option in field.choices:
            assert len(option.label) <= 75, (field.id, option.id)


@pytest.mark.parametrize(("form", "page"), PAGES)
def test_every_problem_has_a_block_to_stand_beside(form, page, shape):
    (shown,) = [each for each in form.pages if each.id == page]
    view = page_view(shape, form, page, {}, callback_id="refer.page", ids={}, register=REGISTER)
    blocks = {each["block_id"] for each in view["blocks"] if each["type"] == "input"}
    assert set(problems(shown, {}, date(2026, 4, 2))) <= blocks


def test_no_page_holds_the_loop_for_twenty_milliseconds(shape):
    """Processor time, the best of three: the loop's own share, whatever else this machine is doing."""
    for parameters in PAGES:
        form, page = parameters.values
        answers = {field.id: longest(field) for field in form.fields}
        spent = []
        for _ in range(3):
            began = time.thread_time()
            page_view(shape, form, page, answers, callback_id="refer.page", ids={}, register=REGISTER)
            spent.append(time.thread_time() - began)
        assert min(spent) < 0.02, page
