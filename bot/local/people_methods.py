"""auth, users, team, bots, dnd and apps: who is here, and the way to a socket."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.local.calls import Call
from bot.local.payloads import DOMAIN
from bot.local.refusals import SlackRefuses
from bot.local.seats import APP, BOT, BOT_NAME, BOT_USER, TEAM, Chair

if TYPE_CHECKING:
    from bot.local.world import World

Json = dict[str, Any]


def auth_test(world: "World", call: Call) -> Json:
    """auth.test."""
    return {
        "url": f"{world.address}/",
        "team": world.place.name,
        "team_id": TEAM,
        "user": BOT_NAME.lower(),
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
    }


def _user(world: "World", one: Chair) -> Json:
    at: datetime = world.clock.now().astimezone(ZoneInfo(one.zone))
    offset = at.utcoffset()
    return {
        "id": one.user_id,
        "team_id": TEAM,
        "name": one.handle,
        "real_name": one.name,
        "deleted": one.user_id in world.deactivated,
        "is_bot": False,
        "is_restricted": False,
        "is_stranger": False,
        "tz": one.zone,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "real_name": one.name,
            "display_name": one.name,
            "title": one.title,
            "email": one.email,
            "team": TEAM,
        },
    }


def user(world: "World", one: Chair) -> Json:
    """A person as Slack describes them."""
    return _user(world, one)


def _bot_user() -> Json:
    profile = {"real_name": BOT_NAME, "display_name": BOT_NAME, "bot_id": BOT, "api_app_id": APP}
    return {
        "id": BOT_USER,
        "team_id": TEAM,
        "name": BOT_NAME.lower(),
        "real_name": BOT_NAME,
        "deleted": False,
        "is_bot": True,
        "profile": profile,
    }


def users_info(world: "World", call: Call) -> Json:
    """users.info."""
    user = call.text("user")
    if user == BOT_USER:
        return {"user": _bot_user()}
    if user not in world.people:
        raise SlackRefuses("user_not_found")
    return {"user": _user(world, world.people[user])}


def users_list(world: "World", call: Call) -> Json:
    """users.list."""
    page, more = call.page([_bot_user(), *(_user(world, one) for one in world.people.values())])
    return {"members": page, **more}


def users_by_email(world: "World", call: Call) -> Json:
    """users.lookupByEmail."""
    address = call.text("email").lower()
    for one in world.people.values():
        if one.email.lower() == address:
            return {"user": _user(world, one)}
    raise SlackRefuses("users_not_found")


def team_info(world: "World", call: Call) -> Json:
    """team.info."""
    return {"team": {"id": TEAM, "name": world.place.name, "domain": DOMAIN, "email_domain": ""}}


def bots_info(world: "World", call: Call) -> Json:
    """bots.info."""
    if call.text("bot", BOT) != BOT:
        raise SlackRefuses("bot_not_found")
    return {"bot": {"id": BOT, "app_id": APP, "user_id": BOT_USER, "name": BOT_NAME, "deleted": False}}


def dnd_info(world: "World", call: Call) -> Json:
    """dnd.info: nobody here has muted their phone."""
    if call.text("user", BOT_USER) not in {*world.people, BOT_USER}:
        raise SlackRefuses("user_not_found")
    return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1, "snooze_enabled": False}


def connections_open(world: "World", call: Call) -> Json:
    """apps.connections.open: a single-use Socket Mode address on loopback."""
    host = world.address.removeprefix("http://")
    return {"url": f"ws://{host}/socket?ticket={world.sockets.ticket()}"}


METHODS = {
    "auth.test": auth_test,
    "users.info": users_info,
    "users.list": users_list,
    "users.lookupByEmail": users_by_email,
    "team.info": team_info,
    "bots.info": bots_info,
    "dnd.info": dnd_info,
    "apps.connections.open": connections_open,
}
