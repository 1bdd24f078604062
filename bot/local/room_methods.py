"""conversations.*: rooms, direct messages, members and history."""

import re
from typing import TYPE_CHECKING, Any

from bot.local.calls import Call
from bot.local.conversations import Conversation, Message, new_id
from bot.local.refusals import SlackRefuses
from bot.local.seats import BOT_USER

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]


def _visible(world: "World", call: Call) -> Conversation:
    found = world.talk.find(call.text("channel"))
    if BOT_USER not in found.members and found.is_private:
        raise SlackRefuses("channel_not_found")
    return found


def list_(world: "World", call: Call) -> Json:
    """conversations.list."""
    wanted = set(call.names("types", "public_channel"))
    if wanted - {"public_channel", "private_channel", "im", "mpim"}:
        raise SlackRefuses("invalid_types")
    found = [
        one.as_slack()
        for one in world.talk.by_id.values()
        if one.slack_type in wanted
        and (BOT_USER in one.members or one.slack_type == "public_channel")
        and not (call.yes("exclude_archived") and one.archived)
    ]
    page, more = call.page(found)
    return {"channels": page, **more}


def info(world: "World", call: Call) -> Json:
    """conversations.info."""
    return {"channel": _visible(world, call).as_slack()}


def members(world: "World", call: Call) -> Json:
    """conversations.members."""
    ids = [{"id": one} for one in _visible(world, call).members]
    page, more = call.page(ids)
    return {"members": [one["id"] for one in page], **more}


def open_(world: "World", call: Call) -> Json:
    """conversations.open: one person's direct message, or a group's."""
    if call.has("channel"):
        return {"channel": world.talk.find(call.text("channel")).as_slack()}
    users = call.names("users")
    if not users or set(users) - set(world.people):
        raise SlackRefuses("user_not_found" if users else "users_list_not_supplied")
    if len(set(users)) > 8:
        raise SlackRefuses("too_many_users")
    opened = world.talk.dm(users[0]) if len(set(users)) == 1 else world.talk.group(users)
    return {"channel": {"id": opened.id} if not call.yes("return_im") else opened.as_slack()}


def _readable(world: "World", call: Call) -> Conversation:
    found = _visible(world, call)
    if BOT_USER not in found.members:
        raise SlackRefuses("not_in_channel")
    return found


def _within(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = float(call.text("oldest", "0") or 0), float(call.text("latest", "inf") or "inf")
    if call.yes("inclusive"):
        return [one for one in messages if oldest <= float(one.ts) <= latest]
    return [one for one in messages if oldest < float(one.ts) < latest]


def _shown(call: Call, messages: list[Message]) -> Json:
    shown = [one.as_slack(with_metadata=call.yes("include_all_metadata")) for one in messages]
    page, more = call.page(shown)
    return {"messages": page, "has_more": bool(more["response_metadata"]["next_cursor"]), **more}


def history(world: "World", call: Call) -> Json:
    """conversations.history: newest first; metadata only when asked for; nothing ephemeral."""
    return _shown(call, _within(call, world.talk.history(_readable(world, call).id)))


def replies(world: "World", call: Call) -> Json:
    """conversations.replies: a thread, oldest first."""
    where, ts = _readable(world, call), call.text("ts")
    world.talk.message(where.id, ts, missing="thread_not_found")
    thread = [one for one in reversed(world.talk.history(where.id)) if ts in (one.ts, one.thread_ts)]
    return _shown(call, _within(call, thread))


def create(world: "World", call: Call) -> Json:
    """conversations.create: the bot is its first member."""
    name = call.text("name")
    if not re.fullmatch(r"[a-z0-9_-]{1,80}", name):
        raise SlackRefuses("invalid_name_specials" if len(name) <= 80 else "invalid_name_maxlength")
    if any(one.name == name for one in world.talk.by_id.values()):
        raise SlackRefuses("name_taken")
    made = Conversation(
        id=new_id("C0"),
        name=name,
        is_private=call.yes("is_private"),
        members=[BOT_USER],
    )
    world.talk.keep(made)
    return {"channel": made.as_slack()}


def invite(world: "World", call: Call) -> Json:
    """conversations.invite: those who come in are told to the bot as member_joined_channel."""
    where, users = world.talk.for_bot(call.text("channel")), call.names("users")
    if set(users) - set(world.people):
        raise SlackRefuses("user_not_found")
    new = [one for one in users if one not in where.members]
    if not new:
        raise SlackRefuses("already_in_channel")
    for user in new:
        world.join(user, where.id)
    return {"channel": where.as_slack()}


def set_topic(world: "World", call: Call) -> Json:
    """conversations.setTopic: up to 250 characters."""
    where, topic = world.talk.for_bot(call.text("channel")), call.text("topic")
    if len(topic) > 250:
        raise SlackRefuses("too_long")
    where.topic = topic
    world.talk.keep(where)
    return {"channel": where.as_slack()}


METHODS = {
    "conversations.list": list_,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.setTopic": set_topic,
}
