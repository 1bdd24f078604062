"""Aldermere's side of Microsoft Teams: two tenants, who has an account in which, and the rooms there. All invented."""

import uuid
from dataclasses import replace

from bot.drill.workspace import COMMANDS, SHORTCUTS
from bot.local.seats import Chair, Command
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import TeamsWorld
from bot.local.world import World

COUNCIL, TRUST = "5c0a7d1e-4b1d-4f0e-9a51-0a1de53e0001", "7e57a1de-91b2-4c3d-8e4f-0a1de53e0002"
TENANTS = {COUNCIL: "Aldermere Council", TRUST: "Aldermere NHS Trust"}

AT_THE_COUNCIL = ("priya.nandakumar", "tom.ashdown", "ruth.calloway", "helen.strand", "anya.petrescu")
GUESTS = ("nadia.vance",)
"""Of the police, by invitation in the council's tenant."""
AT_THE_TRUST = ("grace.adeyemi", "owen.pritchard", "fiona.lisle")

ONLY_IN_TEAMS = ("owen.pritchard@nhs.aldermere.example", "fiona.lisle@nhs.aldermere.example")
"""Who has no account in Slack. Whoever is named nowhere here has none in Teams."""

TEAM = "19:safeguarding0001@thread.tacv2"
ROOMS = (
    (
        "19:triage0001@thread.tacv2",
        "Triage",
        "New referrals for the triage team",
        ("tom.ashdown", "ruth.calloway"),
    ),
    (
        "19:marmpanel0001@thread.tacv2",
        "MARM panel",
        "MARM: cases, meetings and actions",
        ("ruth.calloway", "helen.strand", "anya.petrescu", "nadia.vance"),
    ),
)

IN_WORDS = {"/convenor": "help"}
"""What is written in Teams in the place of a slash command, where it is another word."""


def in_teams(world: World) -> TeamsWorld:
    """The stand-in for Teams with Aldermere in it, beside this one for Slack: one clock, one shelf, one page."""
    people = tuple(_person(chair) for chair in world.chairs.values() if _tenant(_name(chair)))
    mris = {person.email.partition("@")[0]: person.mri for person in people}
    return TeamsWorld(
        people=people,
        rooms=[
            Room(
                id=id,
                kind="channel",
                tenant=COUNCIL,
                members=tuple(mris[name] for name in names),
                name=name,
                team=TEAM,
                topic=topic,
            )
            for id, name, topic, names in ROOMS
        ],
        tenants=TENANTS,
        commands=teams_commands(),
        extensions=SHORTCUTS,
        clock=world.clock.now,
        shelf=world.shelf,
        news=world.news,
        switches=world.switches,
    )


def teams_commands() -> tuple[Command, ...]:
    """What may be written to the bot: Slack's commands without the slash, and what Slack has as a tab."""
    home = Command(command="home", description="See what waits for you, and what you began")
    written = (IN_WORDS.get(one.command, one.command.removeprefix("/")) for one in COMMANDS)
    return (home, *(replace(one, command=word) for one, word in zip(COMMANDS, written, strict=True)))


def _name(chair: Chair) -> str:
    return chair.email.partition("@")[0]


def _tenant(name: str) -> str:
    if name in AT_THE_TRUST:
        return TRUST
    return COUNCIL if name in (*AT_THE_COUNCIL, *GUESTS) else ""


def _person(chair: Chair) -> Person:
    name = _name(chair)
    id = uuid.uuid5(uuid.NAMESPACE_URL, chair.email)
    return Person(
        mri=f"29:1{id.hex}",
        object_id=str(id),
        name=chair.name,
        email=chair.email,
        tenant=_tenant(name),
        is_guest=name in GUESTS,
    )
