"""chat.*: saying, changing and taking back, with the limits of slack.md sections 5 and 6."""

from typing import TYPE_CHECKING, Any

from bot.local.blockkit import MESSAGE_TEXT, SUM_OF_BLOCK_TEXT, faults
from bot.local.calls import Call
from bot.local.conversations import Conversation, Message
from bot.local.refusals import SlackRefuses
from bot.local.seats import BOT_USER
from bot.local.stage import named

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]


def content(world: "World", call: Call) -> Json:
    """The checked text, blocks and metadata of a message; refused with Slack's codes."""
    body: Json = {"text": call.text("text", "")}
    if (blocks := call.thing("blocks", "invalid_blocks_format")) is not None:
        body["blocks"] = blocks
    if (metadata := call.thing("metadata", "invalid_metadata_format")) is not None:
        body["metadata"] = metadata
    if not body["text"]:
        raise SlackRefuses("no_text")  # Slack takes blocks alone; a notification then says nothing
    if len(body["text"]) > MESSAGE_TEXT:
        raise SlackRefuses("msg_too_long")
    wrong = faults(body, "message")
    if any(one.startswith("metadata") for one in wrong):
        raise SlackRefuses("invalid_metadata_format", wrong)
    if any(f"at most {SUM_OF_BLOCK_TEXT}" in one for one in wrong):
        raise SlackRefuses("msg_blocks_too_long", wrong)
    if wrong:
        raise SlackRefuses("invalid_blocks", [f"[ERROR] {one}" for one in wrong])
    blocks = named(body.get("blocks", []))
    if unseen := world.files.refused(blocks):
        raise SlackRefuses("invalid_blocks", unseen)
    return body | {"blocks": blocks}


def post(world: "World", call: Call) -> Json:
    """chat.postMessage: into a channel the bot is in, or to a person by user id."""
    where = world.talk.for_bot(call.text("channel"))
    body = content(world, call)
    thread = call.text("thread_ts", "") or None
    if thread:
        world.talk.message(where.id, thread, missing="thread_not_found")
    message = world.talk.say(where.id, BOT_USER, thread_ts=thread, **body)
    return {"channel": where.id, "ts": message.ts, "message": message.as_slack(with_metadata=True)}


def _own(world: "World", call: Call, refusal: str) -> tuple[Conversation, Message]:
    where = world.talk.for_bot(call.text("channel"))
    message = world.talk.message(where.id, call.text("ts"))
    if message.only_for:
        raise SlackRefuses("message_not_found")
    if message.user != BOT_USER:
        raise SlackRefuses(refusal)
    return where, message


def update(world: "World", call: Call) -> Json:
    """chat.update: only the bot's own; `metadata` stays when none is given."""
    where, message = _own(world, call, "cant_update_message")
    body = content(world, call)
    message.text, message.blocks = body["text"], body["blocks"]
    message.metadata = body.get("metadata", message.metadata)
    message.edited = world.talk.stamp()
    world.talk.changed(message)
    shown = message.as_slack(with_metadata=True)
    return {"channel": where.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(world: "World", call: Call) -> Json:
    """chat.delete: only the bot's own."""
    where, message = _own(world, call, "cant_delete_message")
    world.talk.delete(message)
    return {"channel": where.id, "ts": message.ts}


def post_ephemeral(world: "World", call: Call) -> Json:
    """chat.postEphemeral: to one member of a conversation."""
    where = world.talk.for_bot(call.text("channel"))
    user = call.text("user")
    if user not in world.people or user not in where.members:
        raise SlackRefuses("user_not_in_channel")
    body = content(world, call)
    message = world.talk.say(
        where.id, BOT_USER, body["text"], blocks=body["blocks"], metadata=body.get("metadata"), only_for=user
    )
    return {"message_ts": message.ts}


def permalink(world: "World", call: Call) -> Json:
    """chat.getPermalink: leads to the conversation on the page."""
    where = world.talk.find(call.text("channel"))
    message = world.talk.message(where.id, call.text("message_ts"))
    link = f"{world.address}/archives/{where.id}/p{message.ts.replace('.', '')}"
    return {"channel": where.id, "permalink": link}


METHODS = {
    "chat.postMessage": post,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": permalink,
}
