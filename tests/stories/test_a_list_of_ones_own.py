"""The action list of a channel in Teams, as each person sees it: what is theirs to answer can be pressed in it."""

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import agrees_on_a_plan
from teams_side import MARM_ROOM, TwoPlatforms
from town import at

from bot.local.teams.cards import faults
from bot.local.teams.hands import words

START = at("2026-03-02 09:30")
PLAN = (
    ("Aldermere Police", "Nadia", "Visit", "In 5 working days"),
    ("Aldermere Fire", "Dan", "Visit", "In 5 working days"),
)


@pytest.fixture
async def town(sqlite_database):
    async with TwoPlatforms(sqlite_database.url, start=START) as town:
        await town.has_the_app_everywhere()
        yield town


@pytest.fixture
async def ref(town) -> str:
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await agrees_on_a_plan(town, town.ruth, ref, *PLAN)
    return ref


async def test_each_sees_the_list_of_a_channel_in_a_way_of_their_own(town, ref):
    """Owners answer in it, the chair decides, whoever has no part in it sees nothing more, and a late press says so."""
    first = await seen_by(town.teams.nadia, the_list(town.teams.nadia))
    await who_has_no_part_in_it_is_shown_no_list_of_their_own(town, ref)
    await an_owner_answers_in_the_list_as_she_sees_it(town, ref)
    await the_chair_decides_in_it_what_is_asked_of_her(town, ref)
    await a_press_on_what_is_done_already_shows_how_things_stand(town, ref, first)


async def who_has_no_part_in_it_is_shown_no_list_of_their_own(town, ref):
    """A practitioner who does not work on the case, and somebody whom the register does not know."""
    shown = the_list(town.teams.nadia)
    told = await seen_by(town.teams.priya, shown)
    assert told == "That was not done\n\nThis list is for the people who work on the case."
    told = await seen_by(town.teams.stranger, shown)
    assert "You are not registered here yet" in told
    assert ref not in told


async def an_owner_answers_in_the_list_as_she_sees_it(town, ref):
    """Nadia's buttons are hers alone; what she presses is shown to her at once, and the list to everybody."""
    nadia = town.teams.nadia
    everybodys = the_list(nadia)
    assert "[Accept]" not in words(everybodys.card)
    assert everybodys.card["refresh"]["userIds"] == [nadia.person.mri]  # Dan lives in Slack
    before = everybodys.card["refresh"]

    own = await seen_by(nadia, everybodys)
    assert faults(own) == []
    assert "For you to answer" in words(own)
    assert words(own).index("[Accept]") < words(own).index(f"{ref}/2")

    answered = await presses(nadia, everybodys, own, "Accept")
    await town.settled()
    assert f"{ref}/1 is accepted" in words(answered)
    assert "[Accept]" not in words(answered)
    assert "[Done]" in words(answered)
    assert answered["refresh"]["userIds"] == [nadia.person.mri]
    now = the_list(nadia)
    assert (now.id, now.edits) == (everybodys.id, 1)
    assert now.card["refresh"] == before
    assert "accepted" in words(now.card).lower()


async def the_chair_decides_in_it_what_is_asked_of_her(town, ref):
    """More time than the pathway lets an owner take by themselves."""
    nadia, ruth = town.teams.nadia, town.teams.ruth
    await nadia.press("Need more time", near=f"{ref}/1")
    nadia.fill(until="2026-04-30", why="The officer who knows her is away.")
    await nadia.submit()
    await town.settled()
    shown = the_list(ruth)
    assert ruth.person.mri in shown.card["refresh"]["userIds"]
    own = await seen_by(ruth, shown)
    assert "For you to decide" in words(own)
    answered = await presses(ruth, shown, own, "Agree to Thu 30 Apr 2026")
    await town.settled()
    assert "Due Thu 30 Apr 2026" in words(answered)
    assert "For you to decide" not in words(answered)


async def a_press_on_what_is_done_already_shows_how_things_stand(town, ref, first):
    nadia = town.teams.nadia
    await nadia.press("Done", near=f"Your action: {ref}/1")
    await nadia.submit()
    await town.settled()
    answered = await presses(nadia, the_list(nadia), first, "Accept")
    assert f"{ref}/1 is already closed (done)" in words(answered)
    assert "For you to answer" not in words(answered)


def the_list(who):
    [found] = [each for each in who.cards(MARM_ROOM) if "Actions of" in words(each.card)]
    return found


async def seen_by(who, message):
    """What Teams is answered when the card comes on this person's screen: a card of their own, or words."""
    action = (message.card or {})["refresh"]["action"]
    return await asks(who, message, {"action": action, "trigger": "automatic"})


async def presses(who, message, card, title):
    action = next(each for each in actions_of(card) if each["title"] == title)
    return await asks(who, message, {"action": action, "trigger": "manual"})


async def asks(who, message, value):
    activity = who.world.activities.invoke(who.person, MARM_ROOM, "adaptiveCard/action", value, on=message.id)
    answer = await who.world.line.tell(activity)
    assert answer.status == 200
    return answer.body["value"]


def actions_of(part):
    if isinstance(part, dict):
        yield from part.get("actions", [])
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        yield from actions_of(each)
