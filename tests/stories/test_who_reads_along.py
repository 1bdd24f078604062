"""Before each post about a case the readers of a channel in Teams are compared with who may read it (IG-08)."""

from datetime import timedelta

import pytest
from acts import accepts, refers_to_marm
from sqlmodel import select
from teams_side import MARM_ROOM, PEOPLE, TRIAGE, TwoPlatforms
from town import at

from bot.domain.references import new_id
from bot.storage.tables import CaseBarRow, PersonRow, ReferralRow

START = at("2026-03-02 09:30")
PRIYA, STRANGER = PEOPLE[0], PEOPLE[6]


@pytest.fixture
async def town(sqlite_database):
    async with TwoPlatforms(sqlite_database.url, start=START) as town:
        await town.has_the_app_everywhere()
        yield town


async def test_nothing_is_posted_while_a_stranger_reads_along_and_all_of_it_when_they_have_gone(town):
    """Slack goes on; the chair is told who it is, once; what was kept back is sent when the room is opened again."""
    town.joins(TRIAGE, STRANGER, PRIYA)
    ref = await refers_to_marm(town, town.mary)
    tom, ruth = town.teams.tom, town.teams.ruth
    assert ref not in tom.reads(TRIAGE)
    assert town.said_by_the_bot("triage", ref)
    told = ruth.reads()
    assert "Nothing is posted in Teams to the triage channel for now" in told
    assert "• Stranger Danger, who is not in the register" in told
    assert "• Priya Nandakumar, who has no part in this channel" in told
    assert ref not in told

    await accepts(town, town.tom, ref)  # the card of the referral changes, and is kept back again
    assert ruth.reads().count("Nothing is posted in Teams") == 1

    await ruth.press("Open the channel again")
    await town.settled()
    assert "The channel is open again" in ruth.told
    assert ref not in tom.reads(TRIAGE)
    assert ruth.reads().count("Nothing is posted in Teams") == 2

    town.leaves(TRIAGE, STRANGER, PRIYA)
    await ruth.press("Open the channel again")
    await town.settled()
    assert ref in tom.reads(TRIAGE)
    assert "Accepted" in tom.reads(TRIAGE)
    assert len(tom.cards(TRIAGE)) == 1
    assert await town.faults_in_the_record() == []


async def test_who_is_kept_from_one_case_closes_the_channel_for_that_case_alone(town):
    """Nadia must not see one of the two (IG-22)."""
    hers = await refers_to_marm(town, town.mary)
    await town.program.run(bars, hers, "nadia.vance@police.aldermere.example")
    other = await refers_to_marm(town, town.mary)
    for ref in (hers, other):
        await accepts(town, town.tom, ref)
    seen = town.teams.helen.reads(MARM_ROOM)
    assert other in seen
    assert hers not in seen
    told = town.teams.ruth.reads()
    assert f"Not posted in Teams: {hers}" in told
    assert "Nadia" not in told.partition("Not posted in Teams")[2].partition("[")[0]


async def test_a_channel_that_is_shared_is_silent_until_somebody_has_looked(town):
    world, ruth = town.here.teams, town.teams.ruth
    event = world.activities.of("conversationUpdate", ruth.person, MARM_ROOM)
    event["channelData"]["eventType"] = "channelShared"
    assert (await world.line.tell(event)).status == 200
    await town.settled()
    assert "The channel was shared with others" in ruth.reads()
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    assert ref not in ruth.reads(MARM_ROOM)
    await ruth.press("Open the channel again")
    await town.settled()
    assert ref in ruth.reads(MARM_ROOM)


async def test_a_roster_that_cannot_be_read_is_not_a_right_one(town):
    """Not knowing is not a yes: the card waits, and is tried again."""
    world = town.here.teams
    world.fail(503)
    ref = await refers_to_marm(town, town.mary)
    assert ref not in town.teams.tom.reads(TRIAGE)
    await town.moves_to(START + timedelta(minutes=2))
    assert ref in town.teams.tom.reads(TRIAGE)
    asked = [(call.method, call.status) for call in world.calls if call.path.endswith("embers")]
    assert asked.count(("GET", 503)) == 1


def bars(begin, ref, email):
    with begin() as work:
        row = work.session.exec(select(ReferralRow).where(ReferralRow.ref == ref)).one()
        person = work.session.exec(select(PersonRow).where(PersonRow.email == email)).one()
        work.session.add(CaseBarRow(id=new_id(), referral_id=row.id, person_id=person.id))
