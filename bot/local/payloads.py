"""The payloads that the bot gets, with the properties and names that Slack gives them."""

import secrets
import time
from typing import TYPE_CHECKING, Any

from bot.local.delivery import Parcel
from bot.local.seats import APP, BOT_USER, TEAM, Chair

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]

TOKEN = "local-verification-token"  # noqa: S105 - Slack's deprecated field; nobody may trust it
DOMAIN = "aldermere"


def action_ts() -> str:
    """When a person pressed, in real time, to the microsecond."""
    return f"{time.time():.6f}"


class Payloads:
    """Makes parcels out of what a person did."""

    def __init__(self, world: "World") -> None:
        self.world = world

    def _user(self, user: str) -> Json:
        who: Chair = self.world.people[user]
        return {"id": user, "username": who.handle, "name": who.handle, "team_id": TEAM}

    def _common(self, kind: str, user: str) -> Json:
        return {
            "type": kind,
            "token": TOKEN,
            "team": {"id": TEAM, "domain": DOMAIN},
            "enterprise": None,
            "is_enterprise_install": False,
            "api_app_id": APP,
            "user": self._user(user),
        }

    def _channel(self, channel: str) -> Json:
        talk = self.world.talk.find(channel)
        return {"id": talk.id, "name": "directmessage" if talk.kind == "im" else talk.name}

    def command(self, user: str, channel: str, command: str, text: str) -> Parcel:
        """A slash command."""
        where = self._channel(channel)
        payload = {
            "token": TOKEN,
            "team_id": TEAM,
            "team_domain": DOMAIN,
            "channel_id": where["id"],
            "channel_name": where["name"],
            "user_id": user,
            "user_name": self.world.people[user].handle,
            "command": command,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": "false",
            "response_url": self.world.reply_url(user, channel),
            "trigger_id": self.world.stage.mint(user),
        }
        return Parcel(kind="slash_commands", payload=payload)

    def shortcut(self, user: str, callback_id: str) -> Parcel:
        """A global shortcut."""
        payload = self._common("shortcut", user) | {
            "callback_id": callback_id,
            "trigger_id": self.world.stage.mint(user),
            "action_ts": action_ts(),
        }
        return Parcel(kind="interactive", payload=payload)

    def message_shortcut(self, user: str, callback_id: str, channel: str, ts: str) -> Parcel:
        """A shortcut out of a message's menu."""
        message = self.world.talk.message(channel, ts)
        payload = self._common("message_action", user) | {
            "callback_id": callback_id,
            "trigger_id": self.world.stage.mint(user),
            "action_ts": action_ts(),
            "response_url": self.world.reply_url(user, channel),
            "channel": self._channel(channel),
            "message_ts": ts,
            "message": message.as_slack(),
        }
        return Parcel(kind="interactive", payload=payload)

    def pressed_on_message(self, user: str, channel: str, ts: str, action: Json, values: Json) -> Parcel:
        """block_actions out of a message."""
        message = self.world.talk.message(channel, ts)
        payload = self._common("block_actions", user) | {
            "container": {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel,
                "is_ephemeral": message.only_for is not None,
            },
            "trigger_id": self.world.stage.mint(user),
            "channel": self._channel(channel),
            "message": message.as_slack(),
            "state": {"values": values},
            "response_url": self.world.reply_url(user, channel, ts),
            "actions": [action],
        }
        return Parcel(kind="interactive", payload=payload)

    def pressed_on_view(self, user: str, view: Json, action: Json) -> Parcel:
        """block_actions out of a modal or App Home; a modal's trigger may push on top of it."""
        within = view["id"] if view["type"] == "modal" else None
        payload = self._common("block_actions", user) | {
            "container": {"type": "view", "view_id": view["id"]},
            "trigger_id": self.world.stage.mint(user, within),
            "view": view,
            "actions": [action],
        }
        return Parcel(kind="interactive", payload=payload)

    def submitted(self, user: str, view: Json) -> Parcel:
        """view_submission."""
        payload = self._common("view_submission", user) | {
            "trigger_id": self.world.stage.mint(user, view["id"]),
            "view": view,
            "response_urls": [],
        }
        return Parcel(kind="interactive", payload=payload)

    def closed(self, user: str, view: Json, cleared: bool = False) -> Parcel:
        """view_closed, only for views that asked with notify_on_close."""
        payload = self._common("view_closed", user) | {"view": view, "is_cleared": cleared}
        return Parcel(kind="interactive", payload=payload)

    def suggestion(self, user: str, container: Json, block_id: str, action_id: str, value: str) -> Parcel:
        """block_suggestion: what a person typed into an external select. `container` names view or message."""
        payload = self._common("block_suggestion", user) | {
            "action_id": action_id,
            "block_id": block_id,
            "value": value,
            **container,
        }
        return Parcel(kind="interactive", payload=payload)

    def event(self, event: Json) -> Json:
        """The envelope of the Events API around one event."""
        bot = {"enterprise_id": None, "team_id": TEAM, "user_id": BOT_USER, "is_bot": True}
        return {
            "token": TOKEN,
            "team_id": TEAM,
            "context_team_id": TEAM,
            "context_enterprise_id": None,
            "api_app_id": APP,
            "type": "event_callback",
            "event_id": f"Ev0{secrets.token_hex(5).upper()}",
            "event_time": int(time.time()),
            "authorizations": [bot | {"is_enterprise_install": False}],
            "is_ext_shared_channel": False,
            "event": {"event_ts": self.world.talk.stamp(), **event},
        }
