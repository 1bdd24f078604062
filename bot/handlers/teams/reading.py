"""An activity of any kind, read once: which verb it is for, and what it says (teams.md sections 2 and 5)."""

import json
from typing import Any

from bot.handlers.teams.activity import Activity
from bot.handlers.teams.asked import TeamsAsk, Way, of
from bot.handlers.teams.dialog import carried_by
from bot.handlers.teams.inputs import OURS
from bot.handlers.teams.plain import text_of
from bot.handlers.verbs.ask import Aim, Bot, Json, Kind

COMMANDS = {
    "refer": "/refer",
    "actions": "/actions",
    "panel": "/panel",
    "cannot": "/cannot",
    "help": "/convenor",
}
"""What may be written to the bot, and the slash command of Slack that does the same."""

HOME = "home"

DIALOGS = ("task/fetch", "task/submit", "composeExtension/fetchTask", "composeExtension/submitAction")


def aim_of(activity: Activity) -> Aim | None:
    """Which verb an activity is for; None for what this app takes no part in."""
    if activity.kind == "message" and not of({"data": activity.value}).get(OURS):
        word, _, _ = activity.said.partition(" ")
        word = word.casefold().lstrip("/")
        if word == HOME:
            return Aim(kind="event", name="app_home_opened")
        return (
            Aim(kind="command", name=COMMANDS[word])
            if word in COMMANDS
            else Aim(kind="event", name="message.im")
        )
    if activity.name == "composeExtension/fetchTask":
        return _extension(activity)
    if activity.is_invoke or activity.kind == "message":
        return _aim(_ours(activity))
    return None


def read(activity: Activity, aim: Aim, bot: Bot) -> TeamsAsk:
    """An activity as the verb will see it; who asks is not looked up yet."""
    data, ours = _data(activity), _ours(activity)
    carried = carried_by(data)
    return TeamsAsk(
        kind=aim.kind,
        name=aim.name,
        qualifier=aim.qualifier,
        key=_key(activity, ours, carried),
        bot=bot,
        activity=activity,
        way=_way(activity),
        data=data,
        ours=ours,
        carried=carried,
        value=_value(activity, aim, data, ours),
        ids=_ids(carried),
        room=activity.conversation.partition(";")[0] if activity.where != "personal" else "",
    )


def _data(activity: Activity) -> Json:
    if activity.name == "adaptiveCard/action" or activity.is_invoke:
        return of(activity.value)
    return activity.value


def _ours(activity: Activity) -> Json:
    ours = _data(activity).get(OURS)
    return ours if isinstance(ours, dict) else {}


def _aim(ours: Json) -> Aim | None:
    name, _, qualifier = str(ours.get("verb") or "").partition(":")
    if not name:
        return None
    kind: Kind = "submission" if ours.get("kind") == "submission" else "press"
    # A button that stands for a command: a dialog cannot be opened by a message.
    return Aim(kind="command" if name.startswith("/") else kind, name=name, qualifier=qualifier)


def _extension(activity: Activity) -> Aim | None:
    """The command of the app's manifest: a form of its own, or about a message."""
    name = str(activity.value.get("commandId") or "")
    if not name:
        return None
    return Aim(kind="message_shortcut" if _message(activity) else "shortcut", name=name)


def _message(activity: Activity) -> Json:
    message = activity.value.get("messagePayload")
    return message if isinstance(message, dict) else {}


def _way(activity: Activity) -> Way:
    if activity.name in DIALOGS:
        return "dialog"
    return "card" if activity.is_invoke else "message"


def _value(activity: Activity, aim: Aim, data: Json, ours: Json) -> str:
    if aim.kind == "message_shortcut":
        return _plain(_message(activity).get("body"))
    if ours:
        return str(data.get(str(ours["picked"])) or "") if "picked" in ours else str(ours.get("value") or "")
    if aim.kind == "command":
        return activity.said.partition(" ")[2].strip()
    return activity.said


def _plain(body: Any) -> str:
    """The text of a message that somebody chose; Teams sends HTML, of which nothing but the text is wanted."""
    return text_of(str(body.get("content") or "")) if isinstance(body, dict) else ""


def _key(activity: Activity, ours: Json, carried: Json) -> str:
    """What stays the same when the same thing reaches us twice: the form that was sent, else the activity."""
    if ours.get("kind") == "submission" and carried.get("form"):
        return f"teams:form:{carried['form']}"
    return f"teams:activity:{activity.conversation}:{activity.id}"


def _ids(carried: Json) -> Json:
    written = str(carried.get("ids") or "")
    try:
        ids = json.loads(written) if written else {}
    except ValueError:
        return {}
    return ids if isinstance(ids, dict) else {}
