"""A payload of any kind, read once: which verb it is for, and what it says (slack.md sections 2 and 4)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.forms import Answer
from bot.handlers.slack.answers import answer_of
from bot.handlers.slack.asked import SlackAsk, SlackBot
from bot.handlers.slack.identity import asker
from bot.handlers.slack.speech import as_written
from bot.handlers.verbs.ask import Aim, Json, Kind


def aim_of(body: Json) -> Aim | None:
    """Which verb a payload is for; None for what this app takes no part in."""
    match body.get("type"):
        case "block_actions" if body.get("actions"):
            return _aim("press", body["actions"][0].get("action_id"))
        case "view_submission":
            return _aim("submission", body["view"].get("callback_id"))
        case "view_closed":
            return _aim("closed", body["view"].get("callback_id"))
        case "shortcut":
            return _aim("shortcut", body.get("callback_id"))
        case "message_action":
            return _aim("message_shortcut", body.get("callback_id"))
        case "block_suggestion":
            return _aim("options", body.get("action_id"))
        case "event_callback":
            return _event(body.get("event") or {})
        case None if body.get("command"):
            return Aim(kind="command", name=str(body["command"]))
    return None


def read(
    body: Json,
    aim: Aim,
    *,
    bot: SlackBot,
    slack: AsyncWebClient,
    respond: Callable[..., Awaitable[Any]] | None,
) -> SlackAsk:
    """A payload as the verb will see it; who asks is not looked up yet."""
    view = body["view"] if isinstance(body.get("view"), dict) else None
    action: Json = body["actions"][0] if aim.kind == "press" else {}
    chosen = answer_of(action) if action else None
    container: Json = body.get("container") or {}
    event: Json = body.get("event") or {}
    return SlackAsk(
        kind=aim.kind,
        name=aim.name,
        qualifier=aim.qualifier,
        body=body,
        who=asker(body),
        key=_key(body, aim, action),
        bot=bot,
        slack=slack,
        respond=respond,
        value=_value(body, aim, chosen),
        chosen=chosen,
        block=str(action.get("block_id") or body.get("block_id") or ""),
        ids=_ids(view),
        state=((view or body).get("state") or {}).get("values") or {},
        trigger_id=str(body.get("trigger_id") or ""),
        response_url=str(body.get("response_url") or ""),
        room=str(_channel(body) or container.get("channel_id") or event.get("channel") or ""),
        message_ts=str(container.get("message_ts") or body.get("message_ts") or event.get("ts") or ""),
        view=view,
    )


def _aim(kind: Kind, id: object) -> Aim | None:
    name, _, qualifier = str(id or "").partition(":")
    return Aim(kind=kind, name=name, qualifier=qualifier) if name else None


def _event(event: Json) -> Aim | None:
    kind = str(event.get("type") or "")
    if kind in ("message", "app_mention") and event.get("bot_id"):
        return None  # two bots could thank each other for ever
    if kind == "app_home_opened" and event.get("tab", "home") != "home":
        return None  # its Messages tab
    if kind == "user_change":
        return Aim(kind="event", name=kind, qualifier=_standing(event))
    if kind != "message":
        return Aim(kind="event", name=kind) if kind else None
    # Edits and deletions are messages too, with a subtype; nobody is talking to us there.
    if event.get("subtype") not in (None, "file_share"):
        return None
    return Aim(kind="event", name=f"message.{event.get('channel_type')}")


def _standing(event: Json) -> str:
    """Whether the account that was changed is `gone` or `here`; "" where Slack does not say, which is neither."""
    user = event.get("user")
    deleted = user.get("deleted") if isinstance(user, dict) else None
    return {True: "gone", False: "here"}.get(deleted, "") if isinstance(deleted, bool) else ""


def _value(body: Json, aim: Aim, chosen: Answer) -> str:
    match aim.kind:
        case "event" if aim.name == "user_change":
            return asker(body).by
        case "command":
            return str(body.get("text") or "").strip()
        case "options":
            return str(body.get("value") or "")
        case "event":
            return as_written(str((body.get("event") or {}).get("text") or ""))
        case "message_shortcut":
            return as_written(str((body.get("message") or {}).get("text") or ""))
        case "press" if isinstance(chosen, str):
            return chosen
    return ""


def _key(body: Json, aim: Aim, action: Json) -> str:
    """What stays the same when the same thing reaches us twice (slack.md section 4, "dedupe")."""
    match aim.kind:
        case "submission":
            return f"slack:view:{body['view'].get('id')}"
        case "closed":
            return f"slack:closed:{body['view'].get('id')}"
        case "event":
            return f"slack:event:{body.get('event_id')}"
        case "press":
            return f"slack:press:{action.get('action_ts')}:{asker(body).user}:{action.get('action_id')}"
        case "options":
            return ""
    return f"slack:trigger:{body.get('trigger_id')}"


def _ids(view: Json | None) -> Json:
    written = (view or {}).get("private_metadata")
    if not written:
        return {}
    ids = json.loads(written)
    return ids if isinstance(ids, dict) else {}


def _channel(body: Json) -> object:
    channel = body.get("channel")
    return channel.get("id") if isinstance(channel, dict) else body.get("channel_id") or channel
