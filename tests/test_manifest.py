"""The manifest and the code say the same: commands, shortcuts, events, and not one scope more than is used."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.handlers.verbs.registry import registered

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
MANIFEST: dict[str, Any] = yaml.safe_load((ROOT / "app-manifest.yml").read_text())

# The scopes that a Web API method needs (docs.slack.dev/reference/methods); none means that any token will do.
METHOD_SCOPES: dict[str, set[str]] = {
    "api.test": set(),
    "apps.connections.open": set(),  # the app-level token's connections:write, which no manifest lists
    "auth.test": set(),
    "bookmarks.add": {"bookmarks:write"},
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.archive": {"groups:write"},
    "conversations.create": {"groups:write"},
    "conversations.history": {"channels:history", "groups:history", "im:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.invite": {"groups:write"},
    "conversations.kick": {"groups:write"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history", "groups:history", "im:history"},
    "conversations.setTopic": {"groups:write"},
    "dnd.info": {"dnd:read"},
    "dnd.teamInfo": {"dnd:read"},
    "files_upload_v2": {"files:write"},  # the library's name for the three steps of an upload
    "pins.add": {"pins:write"},
    "team.info": {"team:read"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.lookupByEmail": {"users:read.email"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}

# The scopes that an event needs before Slack sends it (docs.slack.dev/reference/events).
EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "dnd_updated_user": {"dnd:read"},
    "group_archive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.im": {"im:history"},
    "team_join": {"users:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}

# A scope that shows in what a method answers, and in no method of its own: `users.info` gives e-mail only with it.
SHOWN_BY = {"users.info": {"users:read.email"}, "users.list": {"users:read.email"}}


@pytest.mark.skipif(not DATA.is_dir(), reason="needs the vendors' descriptions in ../shared/data")
def test_slacks_own_schema_accepts_the_manifest():
    major = MANIFEST["_metadata"]["major_version"]
    schema = json.loads((DATA / f"slack-manifest.schema.{major}.json").read_text())
    assert [error.message for error in Draft7Validator(schema).iter_errors(MANIFEST)] == []


def test_every_command_is_answered_and_every_answer_is_offered():
    assert {each["command"] for each in MANIFEST["features"]["slash_commands"]} == registered().names(
        "command"
    )


def test_every_shortcut_is_answered_and_every_answer_is_offered():
    shortcuts = {(each["type"], each["callback_id"]) for each in MANIFEST["features"]["shortcuts"]}
    answered = {("global", name) for name in registered().names("shortcut")}
    answered |= {("message", name) for name in registered().names("message_shortcut")}
    assert shortcuts == answered


def test_every_event_is_heard_and_nothing_more_is_sent_to_us():
    assert set(MANIFEST["settings"]["event_subscriptions"]["bot_events"]) == registered().names("event")


def test_not_one_scope_is_missing_or_idle():
    """Least privilege: what a town's information governance lead reads is what the program can do."""
    needed = {"commands"}
    for event in registered().names("event"):
        needed |= EVENT_SCOPES[event]
    for method in methods_called():
        needed |= METHOD_SCOPES[method] | SHOWN_BY.get(method, set())
    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_every_method_called_is_one_whose_scopes_are_known():
    assert methods_called() <= set(METHOD_SCOPES)


def test_choices_of_the_register_can_be_fetched():
    """External selects and every button need interactivity."""
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def methods_called() -> set[str]:
    """Web API methods named anywhere in the program, as `client.chat_postMessage(` or as "chat.postMessage"."""
    families = "|".join(
        {name.partition(".")[0] for name in METHOD_SCOPES} | {"files", "canvases", "reactions"}
    )
    by_attribute = {name.replace(".", "_"): name for name in METHOD_SCOPES}
    called = set()
    for path in (ROOT / "bot").rglob("*.py"):
        if "local" in path.relative_to(ROOT).parts:
            continue
        text = path.read_text()
        called |= set(re.findall(rf'"((?:{families})\.[a-z]\w+(?:\.\w+)?)"', text))
        attributes = set(re.findall(rf"\.((?:{families})_[a-z]\w+)\(", text)) - {"api_call"}
        called |= {by_attribute.get(each, each) for each in attributes}
    return called
