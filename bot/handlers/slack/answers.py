"""A modal's state as answers, and a choice as an option of Slack's (slack.md sections 2 and 6)."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.forms import UNKNOWN, Answer, Option, chosen

Json = dict[str, Any]

CONFIRM, TICK = "confirm", "unknown"  # action ids
TICKED = ":unknown"  # ends the block id of the tick box that belongs to a question

MOST_OPTIONS = 100


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


def options_of(found: Sequence[Option]) -> list[Json]:
    """What an external select offers: at most 100."""
    return [option(each) for each in found[:MOST_OPTIONS]]


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
