"""Aldermere's side of Teams is what its area file, its register and the bot say of it."""

from datetime import UTC, datetime

import pytest

from bot.courier.pacing import Pacing
from bot.demo import NO_TEAMS, drill_practice, on_both_platforms
from bot.drill import in_teams
from bot.drill.workspace import BY_MAIL_ALONE, PEOPLE_FILE
from bot.handlers.teams.reading import COMMANDS, HOME

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


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


async def test_the_first_start_puts_the_app_everywhere_and_nothing_that_was_owed_is_lost(sqlite_database):
    pytest.importorskip("microsoft_teams")
    here = on_both_platforms(
        database_url=sqlite_database.url, start=MONDAY, drill=True, pacing=Pacing(rests={})
    )
    await here.open()
    await here.settled()
    said = {room.name: here.teams.talk.in_room(room.id) for room in here.teams.talk.rooms.values()}
    dead = await here.program.read(dead_letters)
    await here.close()
    assert said["Triage"]
    assert said["MARM panel"]
    assert dead == []
    assert "U0OWENPRITCHARD" not in here.world.people, "in Teams alone"


def dead_letters(work):
    return [row.last_error for row in work.outbox.dead_letters()]


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
