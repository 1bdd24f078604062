"""Somebody's account in chat is deactivated: what they press does nothing any more, and it is seen to (IG-24)."""

import httpx
import pytest
from acts import accepts, refers_to_marm
from meeting_acts import agrees_on_a_plan
from sqlmodel import select
from town import Town, at
from town_in_teams import ON_BOTH, TownInTeams

from bot.storage.contact_tables import AccountEndRow
from bot.storage.tables import ActionRow, PersonRow

START = at("2026-03-02 09:30")
PLAN = ("Aldermere Police", "Nadia", "Visit", "In 5 working days")
ENDED = "Nadia Vance can do nothing here any more"
BACK = "Nadia Vance is back"


async def with_a_plan(town: Town) -> str:
    """Nadia has been asked to do something; its reference."""
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await agrees_on_a_plan(town, town.ruth, ref, PLAN)
    return f"{ref}/1"


async def is_told(town: Town, *, gone: bool = True) -> None:
    """The platform closes Nadia's account, or opens it again, and says of it what it says."""
    await on_the_quiet(town, gone=gone)
    if isinstance(town, TownInTeams):
        ruth, nadia = town.ruth.hands.person, town.nadia.hands.person
        activity = town.here.teams.activities.is_taken_out(ruth, nadia, town.rooms["marm-panel"])
        await town.here.teams.line.tell(activity)
        await town.program.courtesies.drain()
    else:
        town.here.world.deactivate(town.nadia.user, again=not gone)
    await town.settled()


async def on_the_quiet(town: Town, *, gone: bool = True) -> None:
    """The same, and nobody says anything."""
    if isinstance(town, TownInTeams):
        change = town.here.teams.talk.deactivated
        (change.add if gone else change.discard)(town.nadia.hands.person.mri)
    else:
        change = town.here.world.deactivated
        (change.add if gone else change.discard)(town.nadia.user)


async def looks(town: Town) -> int:
    """The look that is had every quarter of an hour."""
    changed = await town.program.accounts.look()
    await town.settled()
    return changed


@pytest.mark.long
@ON_BOTH
async def test_from_the_moment_of_the_deactivation_no_button_form_or_link_works(made, sqlite_database):
    """IG-24: a message that was there, a dialog that was open, a link of a letter; then a coordinator lets her in."""
    async with made(sqlite_database.url, start=START) as town, httpx.AsyncClient() as browser:
        action = await with_a_plan(town)
        link = await town.looks_up(link_to_it, town)
        assert (await browser.get(link)).status_code == 200
        await town.nadia.press("Cannot do", "dm", near=action)
        await town.nadia.fill(because="My agency cannot do it", why="There is nobody to send.")

        await is_told(town)
        await town.nadia.submit()
        await town.settled()
        while town.nadia.modal_open:
            await town.nadia.close()
        await town.nadia.press("Accept", "dm", near=action)
        await town.nadia.sees("not registered", "dm")
        assert (await browser.get(link)).status_code == 404
        assert await town.looks_up(state_of_it) == "assigned"
        assert "1 open action" in str(town.moira.look("Nadia Vance has left", "dm"))

        assert "no link in an e-mail" in str(town.ruth.look(ENDED, "dm"))
        await is_told(town, gone=False)
        assert town.ruth.look(BACK, "dm")
        assert await town.looks_up(state_of_it) == "assigned"
        await town.ruth.press("Let them in again", "dm", near=BACK)
        await town.settled()
        await town.nadia.press("Accept", "dm", near=action)
        await town.settled()
        assert await town.looks_up(state_of_it) == "accepted"
        assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_what_nobody_told_of_is_found_within_a_quarter_of_an_hour_and_an_outage_closes_nobody_out(
    made, sqlite_database
):
    """IG-24: the look is had four times an hour; what a platform does not answer says nothing about anybody."""
    async with made(sqlite_database.url, start=START) as town:
        if not isinstance(town, TownInTeams):
            await town.tom.open_home()
            await town.nadia.open_home()
        assert await looks(town) == 0
        await on_the_quiet(town)
        if isinstance(town, TownInTeams):
            town.here.teams.fail(502, times=200, only="GET")
        else:
            town.here.world.fail("users.info", times=200)
        assert await looks(town) == 0
        assert await town.looks_up(who_is_out) == []
        if isinstance(town, TownInTeams):
            town.here.teams.troubles.clear()
        else:
            town.here.world.trouble.clear()
        assert await looks(town) == 1
        assert await town.looks_up(who_is_out) == ["Nadia Vance"]
        assert town.ruth.look(ENDED, "dm")
        assert await looks(town) == 0


def link_to_it(work, town):
    """As it would stand in a letter to Nadia."""
    row = work.session.exec(select(ActionRow)).one()
    return town.program.wiring.links.to("action", row.id, row.owner_id, town.now)


def state_of_it(work):
    """How the action stands."""
    return work.session.exec(select(ActionRow)).one().state


def who_is_out(work):
    """Whose access has ended."""
    ends = work.session.exec(select(AccountEndRow.person_id)).all()
    assert {row.name for row in work.session.exec(select(PersonRow)) if not row.active} == {
        work.register.row(id).name for id in ends
    }
    return [work.register.row(id).name for id in ends]
