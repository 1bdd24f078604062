"""How each answer of a verb reaches the surface of Slack on which it was asked.

An answer that fits in the acknowledgement goes there. What needs a call of its own and is only a courtesy (a
private note, a refusal) is sent just after, by a task that is kept and drained; nothing that must happen does.
"""

from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.handlers.slack.answers import options_of
from bot.handlers.slack.asked import SlackAsk
from bot.handlers.verbs.ask import NotShown
from bot.handlers.verbs.courtesies import Courtesies
from bot.handlers.verbs.replies import (
    Afterwards,
    Clear,
    Close,
    Ephemeral,
    Errors,
    Options,
    Own,
    Push,
    Reply,
    Update,
)
from bot.render import Words

Json = dict[str, Any]


async def deliver(ask: SlackAsk, reply: Reply | None, courtesies: Courtesies) -> BoltResponse:
    """The acknowledgement that carries this answer; TypeError for an answer that this surface cannot give."""
    match reply:
        case None | Close():
            return _ack()
        case Errors(problems, _) if ask.kind == "submission":
            return _ack({"response_action": "errors", "errors": beside(ask, problems)})
        case Update(view) if ask.kind == "submission":
            return _ack({"response_action": "update", "view": view})
        case Push(view) if ask.kind == "submission":
            return _ack({"response_action": "push", "view": view})
        case Clear() if ask.kind == "submission":
            return _ack({"response_action": "clear"})
        case Update(view) if ask.kind == "press" and ask.in_modal:
            await ask.update(view)
            return _ack()
        case Push(view) if ask.kind == "press" and ask.in_modal:
            await ask.push(view)
            return _ack()
        case Options(options) if ask.kind == "options":
            return _ack({"options": options_of(options)})
        case Ephemeral(note) if ask.kind == "command":
            return _ack({"response_type": "ephemeral", **note})
        case Ephemeral(note) | Own(note):
            courtesies.send(_note(ask, note))
            return _ack()
        case Afterwards(later) if ask.kind == "press":
            courtesies.send(_made_now(ask, later))
            return _ack()
    raise TypeError(f"a {ask.kind} cannot be answered with {type(reply).__name__}")


def explain(ask: SlackAsk, words: Words, courtesies: Courtesies) -> BoltResponse:
    """Tell the person who asked, on the surface in use; never raises and never waits for Slack.

    A modal keeps what was typed: the explanation lies on top of it, or beside its first question when three
    views are stacked already. A button or shortcut is answered privately. Slack's own events are not answered.
    """
    note = ask.shape("message", words=words)
    match ask.kind:
        case "command":
            return _ack({"response_type": "ephemeral", **note})
        case "submission":
            view = ask.shape("notice", words=words)
            if _depth(ask.view or {}) < 3:
                return _ack({"response_action": "push", "view": view})
            if problems := beside(ask, {"": words.text}):
                return _ack({"response_action": "errors", "errors": problems})
            return _ack({"response_action": "update", "view": view})
        case "options":
            return _ack({"options": []})
        case "closed":
            return _ack()
    if ask.who.user:
        view = ask.shape("notice_home" if ask.name == "app_home_opened" else "notice", words=words)
        courtesies.send(_explain(ask, note, view))
    return _ack()


def beside(ask: SlackAsk, problems: Mapping[str, str]) -> dict[str, str]:
    """Problems by the block of this view that they stand beside; what has no block here joins the first input.

    Slack shows nothing at all when it is told of a block that it does not have.
    """
    blocks = [
        block["block_id"] for block in (ask.view or {}).get("blocks", ()) if block.get("type") == "input"
    ]
    placed = {field: text for field, text in problems.items() if field in blocks}
    if (homeless := [text for field, text in problems.items() if field not in blocks]) and blocks:
        placed[blocks[0]] = "\n".join([*([placed[blocks[0]]] if blocks[0] in placed else []), *homeless])
    return placed


async def _explain(ask: SlackAsk, note: Json, view: Json) -> None:
    if ask.name == "app_home_opened" and ask.kind == "event":
        await ask.publish(view)
        return
    if not ask.response_url and ask.trigger_id:
        try:
            await (ask.push(view) if ask.in_modal else ask.open(view))
        except NotShown:
            await _note(ask, note)
        return
    await _note(ask, note)


async def _made_now(ask: SlackAsk, note: Callable[[], Ephemeral]) -> None:
    await _note(ask, note().note)


async def _note(ask: SlackAsk, message: Json) -> None:
    """Privately where it was asked: by the response address, in the channel, or else as a direct message."""
    if ask.response_url and ask.respond:
        await ask.respond(response_type="ephemeral", replace_original=False, **message)
        return
    spoken_to = ask.kind == "event" and ask.name in ("app_mention", "message.im")
    if ask.kind == "event" and not spoken_to:
        return
    if ask.name == "app_mention":
        try:
            await ask.slack.chat_postEphemeral(channel=ask.room, user=ask.who.user, **message)
        except SlackApiError:
            await ask.slack.chat_postMessage(channel=ask.who.user, **message)
        return
    await ask.slack.chat_postMessage(channel=ask.room if spoken_to else ask.who.user, **message)


def _depth(view: Json) -> int:
    """How many views are stacked, this one included."""
    if not view.get("previous_view_id"):
        return 1
    return 2 if view.get("previous_view_id") == view.get("root_view_id") else 3


def _ack(body: Json | None = None) -> BoltResponse:
    return BoltResponse(status=200, body=body or "")
