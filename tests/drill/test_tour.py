"""The guided tour plays Ms B's story to its end, through the real bot (issue 2, The local workspace)."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from bot.courier.pacing import Backoff, Pacing, TeamsPacing
from bot.demo import on_both_platforms
from bot.drill.guide import Guide
from bot.drill.ms_b import CONCERN
from bot.drill.play import CHANGED, play
from bot.drill.tour import tour
from bot.local.teams.reading import words as shown
from bot.storage.audit import verify
from bot.storage.tables import CaseRow

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.long


@pytest.fixture(
    params=[
        pytest.param("on both platforms", marks=pytest.mark.long),
        pytest.param("in Slack alone", marks=pytest.mark.long),
    ]
)
async def here(request, sqlite_database, monkeypatch):
    if request.param == "in Slack alone":
        monkeypatch.setattr("bot.demo.find_spec", lambda name: None)
    workspace = on_both_platforms(
        database_url=sqlite_database.url,
        start=MONDAY,
        pacing=Pacing(rests={}, teams=TeamsPacing(conversation=(), tenant=())),
        backoff=Backoff(first=timedelta(milliseconds=20), jitter=lambda: 1.0),
    )
    await workspace.open()
    # A busy machine makes no story fail: that three seconds suffice is held elsewhere.
    workspace.world.delivery.patience = 60
    workspace.world.stage.real_seconds = lambda: 0.0
    if workspace.teams:
        workspace.teams.delivery.patience = 60
    yield workspace
    await workspace.close()


async def captions_in(world, told):
    async for item in world.news.listen():
        if item["type"] == "caption":
            told.append(item)


async def test_the_tour_leads_from_a_concern_to_a_closed_case(here):
    world, told = here.world, []
    listening = asyncio.create_task(captions_in(world, told))
    await asyncio.sleep(0)
    ref = await tour(world, here.settled, pace=0, teams=here.teams)
    await here.settled()
    listening.cancel()

    # It is over, and the record of it holds.
    state, outcomes, nudged, faults = await here.program.read(how_it_ended, ref)
    assert state == "closed"
    assert outcomes == ["done", "done", "done", "done"]
    assert {"accept", "due-2", "due+0", "due+1"} <= nudged
    assert faults == []
    assert Guide(world, here.settled, 0).mary.look(f"{ref} has been closed", "dm")

    # The page is led along: to chairs that there are, and to places that they can see.
    words = [item["text"] for item in told]
    assert len(words) > 20
    assert "Ms B" in words[0]
    assert ref in words[-1]
    assert any("Sit in Tom’s chair to watch" in each for each in words)
    for item in told:
        if "place" in item:
            room = world.talk.by_id.get(item["place"])
            assert item["user"] in (room.members if room else world.chairs)
            in_teams = here.teams and here.teams.talk.rooms.get(item["place"])
            assert room or in_teams or item["place"] in ("home", "messages", "mail", "calendar", "teams")
            assert not in_teams or mri_of(here, item["user"]) in in_teams.members
    chairs = {item["user"] for item in told if "user" in item}
    assert len(chairs) >= 5
    if here.teams:
        assert any("Over to Microsoft Teams" in each for each in words)
        assert {item.get("place") for item in told} >= {"19:triage0001@thread.tacv2", "teams"}
        [listed] = [each for each in in_the_panel(here) if f"Actions of {ref}" in shown(each.card)]
        assert (listed.edits > 1, "0 open actions, 4 closed" in shown(listed.card)) == (True, True)

    # Nothing of Ms B stands in a channel or in a letter.
    rooms = [talk.id for talk in world.talk.by_id.values() if talk.name]
    said = json.dumps([[(one.text, one.blocks) for one in world.talk.said[id].values()] for id in rooms])
    said += json.dumps([each.card for each in in_the_panel(here)]) if here.teams else ""
    mail = json.dumps([(one.subject, one.text) for one in world.letters.all])
    assert ref in said
    assert ref in mail
    for secret in ("Bridget", "Bell", "Quince", str(CONCERN["concern"])[:30]):
        assert secret not in said
        assert secret not in mail


def mri_of(here, user):
    email = here.world.chairs[user].email
    return next(each.mri for each in here.teams.talk.people.values() if each.email == email)


def in_the_panel(here):
    return [each for each in here.teams.talk.in_room("19:marmpanel0001@thread.tacv2") if each.card]


def how_it_ended(work, ref):
    [case] = work.session.exec(select(CaseRow).where(CaseRow.ref == ref))
    actions = work.plans.of_case(case.id)
    nudges = [each for row in actions for each in work.nudges.of_action(row.id) if each.state == "sent"]
    return (
        case.state,
        [row.outcome for row in actions],
        {each.rung.partition("@")[0] for each in nudges},
        verify(work.session),
    )


@pytest.mark.parametrize("here", ["in Slack alone"], indirect=True)
async def test_the_tour_waits_for_an_audience_and_says_so_when_somebody_takes_a_hand(here):
    world, told, there = here.world, [], asyncio.Event()
    mary = Guide(world, here.settled, 0).mary

    async def meddle():
        async for item in world.news.listen():
            if item["type"] == "caption":
                told.append(item["text"])
                if "Danger is asked about" in item["text"]:
                    world.stage.clear(mary.user)  # a visitor in Mary's chair closes her form

    listening = asyncio.create_task(meddle())
    playing = asyncio.create_task(play(world, here.settled, there, pace=0))
    await here.settled()
    assert told == []
    there.set()
    await playing
    listening.cancel()
    assert told[-1] == CHANGED
