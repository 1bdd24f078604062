"""The app package that an administrator uploads to Teams: one zip with a manifest and two icons.

Names, commands and their descriptions are those of `app-manifest.yml`, so that both platforms offer the same.
"""

import json
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import yaml

from bot.handlers.teams.reading import COMMANDS, HOME

Json = dict[str, Any]

MANIFEST_VERSION = "1.25"  # the first for apps in shared channels (teams.md section 8)
SCHEMA = f"https://developer.microsoft.com/json-schemas/teams/v{MANIFEST_VERSION}/MicrosoftTeams.schema.json"

PERMISSIONS = {
    "ChannelMember.Read.Group": "who reads along in a shared channel, and who somebody of it is at first contact",
}
"""What the app asks of a team that installs it, and what for: nothing else, and no message that is not for the bot."""

COMMAND, EXTENSION_TITLE = 128, 32  # characters, by the schema


@dataclass(frozen=True, kw_only=True)
class Publisher:
    """Who stands behind the app: the addresses that Teams shows, each beginning with https."""

    name: str
    website: str
    privacy: str
    terms: str


def manifest(app_id: str, version: str, publisher: Publisher, slack: Json) -> Json:
    """The manifest of the app whose Entra (client) id this is; `slack` is app-manifest.yml."""
    told = slack["display_information"]
    return {
        "$schema": SCHEMA,
        "manifestVersion": MANIFEST_VERSION,
        "version": version,
        # One app for each bot: two areas that upload theirs in one tenant do not overwrite each other.
        "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"convenor:{app_id}")),
        "developer": {
            "name": publisher.name,
            "websiteUrl": publisher.website,
            "privacyUrl": publisher.privacy,
            "termsOfUseUrl": publisher.terms,
        },
        "name": {"short": told["name"], "full": f"{told['name']}: multi-agency risk management meetings"},
        "description": {
            "short": "Referral, triage, meeting, actions and nudges for multi-agency panels",
            "full": told["long_description"].replace("raised in Slack", "raised in Teams").strip(),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": told["background_color"].upper(),
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal", "team", "groupChat"],
                "supportsFiles": False,
                "isNotificationOnly": False,
                "commandLists": [{"scopes": ["personal", "team", "groupChat"], "commands": _commands(slack)}],
            }
        ],
        "composeExtensions": [{"botId": app_id, "commands": _extensions(slack)}],
        "validDomains": [],
        "webApplicationInfo": {"id": app_id, "resource": f"api://botid-{app_id}"},
        "authorization": {
            "permissions": {
                "resourceSpecific": [{"name": name, "type": "Application"} for name in PERMISSIONS]
            }
        },
        "supportsChannelFeatures": "tier1",
    }


def write_package(file: Path, app_id: str, version: str, publisher: Publisher) -> None:
    """Write the zip. OSError when it cannot be written; the same input gives the same bytes."""
    slack = yaml.safe_load(_beside("app-manifest.yml").read_text(encoding="utf-8"))
    said = json.dumps(manifest(app_id, version, publisher, slack), indent=2, ensure_ascii=False) + "\n"
    with ZipFile(file, "w", ZIP_DEFLATED) as package:
        package.writestr("manifest.json", said)
        for icon in ("color.png", "outline.png"):
            package.writestr(icon, _beside(f"templates/teams/icons/{icon}").read_bytes())


def _commands(slack: Json) -> list[Json]:
    """What may be written to the bot, in Slack's words, and what Slack has as a tab."""
    told = {each["command"]: each["description"] for each in slack["features"]["slash_commands"]}
    commands = [{"title": HOME, "description": "Your own page: what waits for you, and what you began"}]
    return commands + [
        {"title": word, "description": told[name][:COMMAND]} for word, name in COMMANDS.items()
    ]


def _extensions(slack: Json) -> list[Json]:
    """Slack's shortcuts: from the box where one writes, and from a message's own menu."""
    return [
        {
            "id": each["callback_id"],
            "type": "action",
            "title": each["name"][:EXTENSION_TITLE],
            "description": each["description"][:COMMAND],
            "context": ["message"] if each["type"] == "message" else ["compose", "commandBox"],
            "fetchTask": True,
        }
        for each in slack["features"]["shortcuts"]
    ]


def _beside(name: str) -> Path:
    """A file that stands beside the package (a checkout), or inside it (a wheel)."""
    package = Path(__file__).resolve().parent
    inside = package / name
    return inside if inside.exists() else package.parent / name
