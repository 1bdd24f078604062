"""Who is asking, from which workspace: ids only, never a name (slack.md section 4, "who is asking")."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SlackIdentity:
    """A person as Slack knows one, and where they stood when they asked.

    `team` is the person's own workspace, `workspace` the one in which the app was used; they differ in shared
    channels. `user` is empty where Slack itself speaks (`app_uninstalled`). A person is (enterprise, team, user).
    """

    user: str
    team: str
    workspace: str
    enterprise: str = ""

    @property
    def by(self) -> str:
        """The person's address in the register, `slack:T0ALDERMERE:U0ADA`."""
        return f"slack:{self.team}:{self.user}"


@dataclass(frozen=True, kw_only=True)
class Installation:
    """One workspace (or, on Grid, one organisation) in which the app is installed."""

    team: str
    bot_token: str = field(repr=False)
    bot_id: str
    bot_user: str
    enterprise: str = ""


def asker(body: Json) -> SlackIdentity:
    """The person behind a payload of any kind."""
    workspace = workspace_of(body)
    user, team = _user(body)
    return SlackIdentity(
        user=user, team=team or workspace, workspace=workspace, enterprise=enterprise_of(body)
    )


def workspace_of(body: Json) -> str:
    """The workspace in which the app was used: of an event `authorizations[0]`, of a modal `app_installed_team_id`."""
    view = body.get("view")
    if isinstance(view, dict) and view.get("app_installed_team_id"):
        return str(view["app_installed_team_id"])
    if authorizations := body.get("authorizations"):
        return str(authorizations[0].get("team_id") or "")
    return _id(body.get("team")) or str(body.get("team_id") or "")


def enterprise_of(body: Json) -> str:
    """The Grid organisation, or nothing."""
    if authorizations := body.get("authorizations"):
        return str(authorizations[0].get("enterprise_id") or "")
    return _id(body.get("enterprise")) or str(body.get("enterprise_id") or "")


def _user(body: Json) -> tuple[str, str]:
    event = body.get("event")
    if isinstance(event, dict):
        user = event.get("user")
        if isinstance(user, dict):  # user_change, team_join
            return str(user.get("id") or ""), str(user.get("team_id") or "")
        home = event.get("user_team") or event.get("team") or ""
        # On Grid `user_team` can be an organisation's id, which is no workspace.
        return str(user or event.get("user_id") or ""), str(home) if str(home).startswith("T") else ""
    user = body.get("user")
    if isinstance(user, dict):
        return str(user.get("id") or ""), str(user.get("team_id") or "")
    return str(body.get("user_id") or ""), ""


def _id(value: object) -> str:
    if isinstance(value, dict):
        return str(value.get("id") or "")
    return value if isinstance(value, str) else ""
