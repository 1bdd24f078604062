"""The end of a panel: everybody presses at once, two press the same button, and one presses what is not theirs.

Each press is recorded exactly once, a burst is a few edits, and nobody is left wondering (design.md rules 2 and 6 of
the list; issue 2, Actions).
"""

import asyncio
from collections import Counter

import pytest
from acts import accepts, page, refers_to_marm
from meeting_acts import MARM, agrees_on_a_plan, lists_on_the_next_panel
from plan_acts import accepts_the_action, gives_it_to
from sqlmodel import func, select
from town import at
from town_in_teams import ON_BOTH

from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import ActionRow

COUNCIL, POLICE, NHS = "Aldermere Council Adult", "Aldermere Police", "Aldermere NHS Trust"
HOMES, FIRE, CHARITY = "Larkfield Homes", "Aldermere Fire and Rescue", "Kindly Company"
TWENTY = {
    COUNCIL: ("Priya", "Joel", "Anya", "Isla", "Tom", "Morag", "Dele", "Helen"),
    POLICE: ("Nadia", "Colin", "Moira"),
    NHS: ("Grace", "Owen", "Fiona"),
    HOMES: ("Sam", "Beth"),
    FIRE: ("Dan", "Lucy"),
    CHARITY: ("Mary", "Jude"),
}
A_FEW = 6  # edits of the list while twenty presses come in


@pytest.mark.long
@ON_BOTH
async def test_twenty_presses_at_once_are_each_recorded_once_and_edit_the_list_a_few_times(
    made, sqlite_database
):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        agreed = [
            (agency, name, "Visit", "In 5 working days") for agency in TWENTY for name in TWENTY[agency]
        ]
        await agrees_on_a_plan(town, town.ruth, ref, *agreed)
        assert "20 open actions" in town.ruth.look(f"Actions of {ref}", MARM)
        before = await town.looks_up(edits_of_the_list)

        owners = [getattr(town, name.lower()) for names in TWENTY.values() for name in names]
        await asyncio.gather(*(who.press("Accept", "dm", near=f"{ref}/") for who in owners))
        await town.settled()

        recorded = Counter(await town.looks_up(things_with, "action.accepted"))
        assert len(recorded) == 20
        assert set(recorded.values()) == {1}
        assert set(await town.looks_up(states)) == {("accepted", 2)}
        assert len(town.said_by_the_bot(MARM, f"Actions of {ref}")) == 1
        assert await town.looks_up(edits_of_the_list) - before <= A_FEW
        # What stands there in the end is right, to the last page.
        await town.ruth.press("All 20 actions", MARM)
        assert str(town.ruth.modal).count("Accepted") == 10
        await town.ruth.press("Next page")
        assert str(town.ruth.modal).count("Accepted") == 10
        assert await town.faults_in_the_record() == []


@pytest.mark.long
@ON_BOTH
async def test_two_press_the_same_button_at_once_one_wins_and_the_other_is_told(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await agrees_on_a_plan(town, town.ruth, ref, (FIRE, "Dan", "Home fire", "In 5 working days"))
        dan, lucy = town.dan, town.lucy  # the owner, and his deputy who opened it from the panel's list
        await lucy.press("Open", MARM, near=f"{ref}/1")
        await asyncio.gather(
            dan.press("Accept", "dm", near=f"{ref}/1"), lucy.press("Accept", near=f"{ref}/1")
        )
        await town.settled()

        assert len(await town.looks_up(things_with, "action.accepted")) == 1
        told = [dan.showing("dm"), str(lucy.modal)]
        [loser] = [
            words for words in told if "has been accepted already" in words or "already accepted" in words
        ]
        assert "accepted it on Tuesday at" in loser
        assert loser.count("is accepted") == 0


@ON_BOTH
async def test_what_belongs_to_another_agency_is_refused_kindly_and_on_the_record(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await agrees_on_a_plan(town, town.ruth, ref, (HOMES, "Sam", "Home repairs", "In 5 working days"))
        sam, dan = town.sam, town.dan
        await accepts_the_action(town, sam, f"{ref}/1")
        # Sam has the form open and is called away; meanwhile the chair gives the action to the fire service.
        await sam.press("Done", "dm", near=f"{ref}/1")
        await town.ruth.press("Open", MARM, near=f"{ref}/1")
        await gives_it_to(town, town.ruth, f"{ref}/1", "Dan Rusk")
        heard_by_others = {who: len(who.messages(MARM)) for who in (dan, town.ruth)}

        await page(sam)
        await town.settled()
        assert "That was not done" in sam.modal
        assert "your attempt has been recorded" in sam.modal
        assert await town.looks_up(things_with, "action.done") == []
        assert len(await town.looks_up(things_with, "denied")) == 1
        assert {who: len(who.messages(MARM)) for who in (dan, town.ruth)} == heard_by_others
        assert f"An action for you: {ref}/1" in dan.look(f"{ref}/1", "dm")


@ON_BOTH
async def test_who_does_not_run_the_meeting_cannot_start_it_and_hears_so_alone(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await lists_on_the_next_panel(town, town.ruth, ref)
        before = len(town.ruth.messages(MARM))
        await town.nadia.press("Start the meeting", MARM)
        note = await town.nadia.sees("That was not done", MARM)
        assert "this was recorded" in note
        assert len(town.ruth.messages(MARM)) == before
        assert "MARM panel booked" in town.ruth.last(MARM)
        [refused] = await town.looks_up(things_with, "denied")
        assert refused.startswith("meeting:")


def things_with(work, verb):
    """What was done that way, once for each time."""
    return list(work.session.exec(select(AuditEvent.thing).where(AuditEvent.verb == verb)).all())


def states(work):
    """How the actions stand: state and version of each."""
    return list(work.session.exec(select(ActionRow.state, ActionRow.version)).all())


def edits_of_the_list(work):
    """How often the action list was posted or edited."""
    query = select(func.count()).where(OutboxRow.collapse.like("action_list:%"), OutboxRow.state == "sent")
    return work.session.exec(query).one()
