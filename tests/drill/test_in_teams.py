"""Aldermere's side of Teams is what its area file, its register and the bot say of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.courier.pacing import Pacing, TeamsPacing
from bot.demo import NO_TEAMS, drill_practice, on_both_platforms
from bot.drill import in_teams
from bot.drill.workspace import BY_MAIL_ALONE, PEOPLE_FILE
from bot.handlers.teams.reading import COMMANDS, HOME
from bot.local.shelf import Shelf
from bot.local.teams.hands import TeamsHands

LONG_ENOUGH = 60  # seconds: a busy machine makes no story fail
MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.long


def test_the_area_file_names_the_same_tenants_and_rooms():
    area = drill_practice().area
    assert area.teams_tenants == set(in_teams.TENANTS)
    assert set(area.teams_rooms.values()) == {room[0] for room in in_teams.ROOMS}


def test_whoever_has_an_account_is_in_the_register():
    register = PEOPLE_FILE.read_text(encoding="utf-8")
    for name in (*in_teams.AT_THE_COUNCIL, *in_teams.GUESTS, *in_teams.AT_THE_TRUST):
        assert f",{name}@" in register
    for address in in_teams.ONLY_IN_TEAMS:
        assert f",{address}," in register


def test_the_page_offers_the_words_that_the_bot_understands():
    assert {one.command for one in in_teams.teams_commands()} == {HOME, *COMMANDS}


async def opened(sqlite_database):
    pytest.importorskip("microsoft_teams")
    file = Path(sqlite_database.url.removeprefix("sqlite:///"))
    here = on_both_platforms(
        database_url=sqlite_database.url,
        shelf=Shelf(file),
        start=MONDAY,
        drill=True,
        pacing=Pacing(rests={}, teams=TeamsPacing(conversation=(), tenant=())),
    )
    await here.open()
    here.teams.delivery.patience = LONG_ENOUGH
    await here.settled()
    return here


def hands(here, name):
    people = here.teams.talk.people.values()
    return TeamsHands(here.teams, next(each for each in people if each.name == name))


@pytest.mark.long
async def test_the_first_start_puts_the_app_everywhere_and_nothing_that_was_owed_is_lost(sqlite_database):
    here = await opened(sqlite_database)
    said = {room.name: here.teams.talk.in_room(room.id) for room in here.teams.talk.rooms.values()}
    dead = await here.program.read(dead_letters)
    met, lives_in = await here.program.read(how_teams_knows, "owen.pritchard@nhs.aldermere.example")
    await here.close()
    assert said["Triage"]
    assert said["MARM panel"]
    assert dead == []
    assert (met, lives_in) == (True, None), "met by the app that he took, and silent yet"
    assert "U0OWENPRITCHARD" not in here.world.people, "in Teams alone"


@pytest.mark.long
async def test_a_restart_at_another_address_goes_on_where_it_was(sqlite_database):
    first = await opened(sqlite_database)
    before = {id: [each.id for each in first.teams.talk.in_room(id)] for id in first.teams.talk.rooms}
    address = first.world.address
    await first.close()
    here = await opened(sqlite_database)
    after = {id: [each.id for each in here.teams.talk.in_room(id)] for id in here.teams.talk.rooms}
    owen = hands(here, "Owen Pritchard")
    await owen.press("Accept", near="invites you")
    await here.settled()
    read = owen.reads()
    await here.close()
    assert after == before
    assert here.world.address != address
    assert "You have accepted." in read


def dead_letters(work):
    return [row.last_error for row in work.outbox.dead_letters()]


def how_teams_knows(work, email):
    row = work.register.by_email("aldermere", email)
    return work.teams.personal(row.id) is not None, row.lives_in


async def test_without_teams_package_everybody_is_in_slack_and_the_page_says_why(
    sqlite_database, monkeypatch
):
    monkeypatch.setattr("bot.demo.find_spec", lambda name: None)
    here = on_both_platforms(database_url=sqlite_database.url, start=MONDAY)
    await here.open()
    await here.close()
    assert here.teams is None
    assert here.world.place.without_teams == NO_TEAMS
    by_mail = {one.email for id, one in here.world.chairs.items() if id not in here.world.people}
    assert by_mail == set(BY_MAIL_ALONE)
