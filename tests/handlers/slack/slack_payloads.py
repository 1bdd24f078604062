"""Payloads of every kind as Slack's documentation describes them, and signed as Slack signs them."""

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier
from starlette.datastructures import Headers

from bot.handlers.slack.request import DoorRequest

SECRET = "an-invented-secret"
TEAM = "T0ALDERMERE"
Json = dict[str, Any]


def signed(body: Json, secret: str = SECRET) -> DoorRequest:
    """As Slack would send it: an event as JSON, a command as a form, anything else a form with a payload."""
    text, headers = signed_text(body, secret)
    return DoorRequest(text.encode(), Headers(headers))


def signed_text(body: Json, secret: str = SECRET) -> tuple[str, dict[str, str]]:
    kind = "application/x-www-form-urlencoded"
    if "command" in body:
        text = urlencode(body)
    elif body.get("type") in ("event_callback", "url_verification"):
        text, kind = json.dumps(body), "application/json"
    else:
        text = urlencode({"payload": json.dumps(body)})
    stamp = str(int(datetime.now(UTC).timestamp()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=text)
    headers = {"content-type": kind, "x-slack-request-timestamp": stamp, "x-slack-signature": signature or ""}
    return text, headers


class Says:
    """Payloads of every kind, as Slack's documentation describes them."""

    @staticmethod
    def command(name: str = "/refer", text: str = "", user: str = "U0ADA", **but: Any) -> Json:
        where = {"team_id": TEAM, "user_id": user, "channel_id": "C0TRIAGE", "trigger_id": "1.2.abc"}
        return {"command": name, "text": text, "response_url": "", **where, **but}

    @staticmethod
    def press(action: str = "action.accept", value: str = "a1", *, user: str = "U0ADA", **but: Any) -> Json:
        element = {
            "type": "button",
            "action_id": action,
            "block_id": "b",
            "value": value,
            "action_ts": "17.5",
        }
        return {
            **Says._by("block_actions", user),
            "actions": [element],
            "container": {"type": "message", "channel_id": "C0PANEL", "message_ts": "16.1"},
            "channel": {"id": "C0PANEL", "name": "panel"},
            **but,
        }

    @staticmethod
    def view(callback: str = "refer", state: Json | None = None, **but: Any) -> Json:
        return {
            "id": "V0ONE",
            "type": "modal",
            "hash": "1.h",
            "callback_id": callback,
            "private_metadata": '{"draft":"d1"}',
            "state": {"values": state or {}},
            "root_view_id": "V0ONE",
            "previous_view_id": None,
            "app_installed_team_id": TEAM,
            "blocks": [{"type": "input", "block_id": "name"}, {"type": "input", "block_id": "born"}],
            **but,
        }

    @staticmethod
    def submission(
        callback: str = "refer", state: Json | None = None, user: str = "U0ADA", **but: Any
    ) -> Json:
        return {**Says._by("view_submission", user), "view": Says.view(callback, state, **but)}

    @staticmethod
    def closed(callback: str = "refer", user: str = "U0ADA") -> Json:
        return {**Says._by("view_closed", user), "view": Says.view(callback)}

    @staticmethod
    def shortcut(
        callback: str = "raise-concern", *, kind: str = "shortcut", user: str = "U0ADA", **but: Any
    ) -> Json:
        return {**Says._by(kind, user), "callback_id": callback, **but}

    @staticmethod
    def options(action: str = "answer", value: str = "", user: str = "U0ADA") -> Json:
        asked = {"action_id": action, "block_id": "agencies", "value": value}
        return {**Says._by("block_suggestion", user), **asked, "view": Says.view()}

    @staticmethod
    def event(kind: str, *, user: str = "U0ADA", **but: Any) -> Json:
        return {
            "type": "event_callback",
            "event_id": "Ev1",
            "team_id": TEAM,
            "authorizations": [{"team_id": TEAM, "enterprise_id": None, "user_id": "U0BOT", "is_bot": True}],
            "event": {"type": kind, "user": user, **but},
        }

    @staticmethod
    def _by(kind: str, user: str) -> Json:
        return {
            "type": kind,
            "team": {"id": TEAM, "domain": "aldermere"},
            "user": {"id": user, "team_id": TEAM},
            "trigger_id": "1.2.abc",
        }
