"""Puts the app into every chat and room of Teams once, and tells the bot so, as Teams does."""

from bot.local.teams.gestures import TeamsGestures
from bot.local.teams.world import TeamsWorld


async def install_everywhere(world: TeamsWorld) -> None:
    """Install where it is not installed yet, and again where the workspace now answers at another address.

    CannotDo when the bot does not take it.
    """
    gestures, kept = TeamsGestures(world), world.shelf.all("teams_installed")
    for room in list(world.talk.rooms.values()):
        at = {"address": world.service_url}
        if kept.get(room.id) != at and room.members:
            await gestures.install(room.members[0], room.id)
            world.shelf.put("teams_installed", room.id, at)
