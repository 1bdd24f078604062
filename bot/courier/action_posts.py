"""What is shown and said about actions."""

from datetime import datetime

from bot.courier.showing import Message, Surface
from bot.domain.area import Practice
from bot.links import Kind
from bot.storage.transaction import Work
from bot.usecases.looks.actions import (
    action_list,
    action_message,
    action_note,
    declined_note,
    extension_note,
)
from bot.views.actions import ActionLine, ActionList, ActionNote


def finished_plan(work: Work, practice: Practice, case_id: str, now: datetime) -> ActionList | None:
    """A plan of which nothing is open; None when something is again."""
    plan = action_list(work, practice, case_id, now)
    return None if plan.open else plan


def to_answer(line: ActionLine) -> tuple[Kind, str] | None:
    """An open action asks its owner for an answer."""
    return ("action", line.id) if line.open else None


def noted(note: ActionNote) -> tuple[Kind, str] | None:
    """So does a note about one; what the chair is to decide is not answered by a link."""
    return None if note.for_chair else to_answer(note.line)


SURFACES = {
    "action_list": Surface(look=action_list, shape="action_list"),
    "action_message": Surface(look=action_message, shape="action_message", asks=to_answer),
    "action_passed": Surface(look=action_message, shape="action_passed"),
}

MESSAGES = {
    "extension_asked": Message(look=extension_note, words="extension_asked", shape="action_note"),
    "extension_granted": Message(
        look=action_note, words="extension_granted", shape="action_note", asks=noted
    ),
    "extension_refused": Message(
        look=action_note, words="extension_refused", shape="action_note", asks=noted
    ),
    "action_declined": Message(look=declined_note, words="action_declined", shape="action_note"),
    "action_impossible": Message(look=action_note, words="action_impossible", shape="action_note"),
    "action_insisted": Message(look=action_note, words="action_insisted", shape="action_note", asks=noted),
    "action_ended": Message(look=action_note, words="action_ended", shape="action_note"),
    "action_reopened": Message(look=action_note, words="action_reopened", shape="action_note", asks=noted),
    "action_taken_over": Message(look=action_note, words="action_taken_over", shape="action_note"),
    "plan_finished": Message(look=finished_plan, words="plan_finished", shape="case_note"),
}
