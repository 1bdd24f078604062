"""Forms as data: one definition of a question drives what is shown, what is checked and what is said.

A form is short pages of fields (forms.md). Slack's block ids are our field ids, so the problems found here
go back to the reader unchanged. "Unknown" is an answer that can be given, never a blank.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from bot.domain.answers import problem_with, tidied
from bot.domain.questions import UNKNOWN, Answer, Answers, Condition, Field, Option, chosen

__all__ = [
    "ADDRESS",
    "BORN",
    "CALL_BACK",
    "DANGER",
    "NAME",
    "UNKNOWN",
    "Answer",
    "Answers",
    "Condition",
    "Field",
    "Form",
    "Option",
    "Page",
    "When",
    "chosen",
    "problems",
    "shown",
    "tidy",
]

When = Literal["referral", "after_acceptance"]

# The ids that the rest of the program looks for; a pathway words them as it likes (C1, C7 to C9, C4).
DANGER, NAME, BORN, ADDRESS, CALL_BACK = "danger", "name", "born", "address", "call_back"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One screen of a form. `title` is at most 24 characters, which is all that a Slack modal shows.

    `tool` is the id of the risk tool whose questions these are, empty elsewhere. `defines` are ids of the pathway's
    definitions that a reader needs here (S5-04).
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    intro: str = ""
    shown_if: Condition | None = None
    tool: str = ""
    defines: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Form:
    """Pages filled in together: with the referral, or after it is accepted (S3-20)."""

    id: str
    title: str
    when: When
    pages: tuple[Page, ...]

    @property
    def fields(self) -> Iterator[Field]:
        """Every field of every page, in the order asked."""
        return (field for page in self.pages for field in page.fields)


def shown(form: Form, answers: Answers) -> tuple[Page, ...]:
    """The pages that apply to these answers, each with only the fields that apply."""
    pages = []
    for page in form.pages:
        if page.shown_if is None or page.shown_if.holds(answers):
            fields = tuple(f for f in page.fields if f.shown_if is None or f.shown_if.holds(answers))
            if fields:
                pages.append(replace(page, fields=fields))
    return tuple(pages)


def tidy(page: Page, answers: Answers) -> dict[str, Answer]:
    """This page's answers as they are stored: trimmed, dates as ISO, "not known" as "unknown"."""
    return {field.id: tidied(field, answers.get(field.id)) for field in page.fields}


def problems(page: Page, answers: Answers, today: date, *, by: str = "") -> dict[str, str]:
    """What needs mending on this page, by field id, in plain English that says what to do.

    `answers` holds everything answered so far, since one answer may make another necessary (C16); `by` is
    the id of whoever gives them.
    """
    known = {**answers, **tidy(page, answers)}
    found = {}
    for field in page.fields:
        if field.shown_if is not None and not field.shown_if.holds(known):
            continue
        if problem := problem_with(field, known, today, by=by):
            found[field.id] = problem
    return found
