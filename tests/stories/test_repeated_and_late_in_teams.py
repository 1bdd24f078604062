"""Teams sends things twice and late, and loses what it is sent: everything still happens once, and everybody is told.

Invokes are sent again when the answer is slow, messages when it is late; a card can stand on a screen for weeks
(teams.md sections 2, 5 and 7; design rule 2).
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from acts import accepts, begins_to_refer, page, reference, refers_to_marm, sends
from meeting_acts import MARM, agrees_on_a_plan, lists_on_the_next_panel, starts
from plan_acts import (
    accepts_the_action,
    agrees_to_close,
    closes,
    is_done,
    proposes_to_close,
    says_what_came_of_it,
)
from test_trouble_on_the_line import COMPLAINTS, complaints_to, undelivered, verbs_about
from told import MS_B
from town import at
from town_in_teams import NEEDS_TEAMS, TownInTeams

pytestmark = [NEEDS_TEAMS, pytest.mark.long]
MONDAY = at("2026-03-02 09:30")
FIRE = ("Aldermere Fire", "Dan", "Visit", "In 5 working days")


@pytest.fixture
async def town(sqlite_database):
    async with TownInTeams(sqlite_database.url, start=MONDAY) as town:
        yield town


@contextmanager
def everything_twice(town):
    """Each activity is sent again as soon as it has been answered; the copy has to be answered as well."""
    line, tell = town.here.teams.line, town.here.teams.line.tell

    async def twice(activity):
        answer = await tell(activity)
        copy = await tell(activity)
        assert copy.status == answer.status == 200
        return answer

    line.tell = twice
    yield
    line.tell = tell


async def test_with_everything_sent_twice_and_teams_in_trouble_everything_arrives_once(town):
    world = town.here.teams
    with everything_twice(town):
        world.fail(429, retry_after=0)  # and what was written is answered all the same
        await begins_to_refer(town.mary, "marm", MS_B)
        world.fail(429, times=2, retry_after=0)
        for status in (412, 502, 504):
            world.fail(status)
        await sends(town.mary, MS_B)
        ref = reference(str(town.mary.modal))
        await town.mary.close()
        await town.settled()
        await the_trouble_is_over(town)
        await accepts(town, town.tom, ref)
        world.fail(502)
        await agrees_on_a_plan(town, town.ruth, ref, FIRE)
        await accepts_the_action(town, town.dan, f"{ref}/1")
        await is_done(town, town.dan, f"{ref}/1")
        await the_trouble_is_over(town)
    for who, room, words in (
        (town.tom, "triage", f"{ref}: accepted"),
        (town.mary, "dm", f"We have your referral: {ref}"),
        (town.mary, "dm", f"{ref} is accepted"),
        (town.ruth, "dm", f"{ref} is yours to coordinate"),
        (town.ruth, MARM, f"Case {ref}: plan active"),
        (town.ruth, MARM, "MARM panel concluded"),
        (town.ruth, MARM, f"Actions of {ref}"),
        (town.dan, "dm", f"Closed: {ref}/1"),
        (town.ruth, "dm", f"Every action of {ref} is closed"),
    ):
        assert len([one for one in who.messages(room) if words in one]) == 1, (who.name, words)
    assert len([letter for letter in town.dan.mail if ref in letter.subject]) == 1
    assert len([one for one in town.mary.messages() if "[Open]" in str(one)]) == 1
    assert [who.name for who in town.everybody if COMPLAINTS & complaints_to(who)] == []
    recorded = await town.looks_up(verbs_about, ref)
    once = ("referral.submitted", "triage.accept", "case.opened", "case.listed", "case.heard")
    for verb in (*once, "action.added", "action.accepted", "action.done"):
        assert recorded.count(verb) == 1, verb
    assert await town.looks_up(undelivered) == []
    assert await town.faults_in_the_record() == []


async def test_a_referral_is_answered_while_teams_takes_no_message(town):
    await begins_to_refer(town.mary, "marm", MS_B)
    town.here.teams.fall_silent()
    await sends(town.mary, MS_B)
    ref = reference(str(town.mary.modal))
    assert town.tom.messages("triage") == []
    town.here.teams.speak_again()
    await town.settled()
    assert len([one for one in town.tom.messages("triage") if ref in one]) == 1


async def test_a_button_of_a_card_from_before_says_so_and_the_card_is_brought_up_to_date(town):
    """The edit that would have shown it was lost on this screen: the press brings it again."""
    ref = await a_plan(town)
    dan = town.dan
    before = dan.kept("Accept", "dm", near=f"{ref}/1")
    await accepts_the_action(town, dan, f"{ref}/1")
    await town.moves_to(at("2026-03-09 10:00"))
    reminder = dan.kept("Done", "dm", near="needs an answer")
    await is_done(town, dan, f"{ref}/1")
    edits = town.edits(before)
    await dan.press_on(before, "Accept")
    assert f"{ref}/1 is already closed (done). Nothing has changed. Dan Rusk marked it done" in dan.told
    await town.settled()
    assert town.edits(before) == edits + 1
    await dan.press_on(before, "Cannot do")
    assert f"{ref}/1 is already closed" in dan.modal
    await dan.close()
    await town.settled()
    assert town.edits(before) == edits + 2
    assert dan.look(f"Closed: {ref}/1", "dm")
    # A reminder is said once and never edited, so its buttons stay.
    await dan.press_on(reminder, "Done")
    assert f"{ref}/1 is already closed" in dan.modal
    await dan.close()
    await town.settled()
    assert "That message is out of date" in dan.last()
    await dan.press("My actions as they are now", "dm")
    assert f"{ref}/1" not in dan.modal
    assert (await town.looks_up(verbs_about, ref)).count("action.done") == 1


async def test_a_meeting_that_was_cancelled_is_not_begun_from_the_old_card(town):
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await lists_on_the_next_panel(town, town.ruth, ref)
    ruth = town.ruth
    before = ruth.kept("Start the meeting", MARM)
    await ruth.press("Cancel the meeting", MARM)
    await page(ruth, reason="Too few agencies can come")
    await ruth.close()
    await town.settled()
    edits = town.edits(before)
    await ruth.press_on(before, "Start the meeting")
    assert "the meeting is already “cancelled”" in ruth.told
    await town.settled()
    assert town.edits(before) == edits + 1
    assert ruth.look("in progress", MARM) is None


async def test_a_running_meeting_is_begun_once_whoever_presses(town):
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await lists_on_the_next_panel(town, town.ruth, ref)
    await town.moves_to(at("2026-03-10 10:00"))
    before = town.ruth.kept("Start the meeting", MARM)
    with everything_twice(town):
        await starts(town, town.ruth)
    there = [str(one) for one in town.ruth.messages(MARM)]
    await town.ruth.press_on(before, "Start the meeting")
    await town.settled()
    assert [str(one) for one in town.ruth.messages(MARM)] == there
    assert len(set(there)) == len(there)


async def test_a_card_from_before_the_case_was_closed_changes_nothing_any_more(town):
    """Whatever is pressed on it is refused in words, and the case stays closed."""
    ref = await a_plan(town)
    dan, ruth, helen = town.dan, town.ruth, town.helen
    await accepts_the_action(town, dan, f"{ref}/1")
    his = dan.kept("Need more time", "dm", near=f"{ref}/1")
    await is_done(town, dan, f"{ref}/1")
    cases = ruth.kept("Propose to close", MARM, near=ref)
    await says_what_came_of_it(town, ruth, ref)
    await proposes_to_close(town, ruth, ref, "The one action is done, and she is safe.")
    asked = town.mary.kept("My agency agrees", MARM, near=ref)
    for who in (town.mary, town.joel, dan, town.owen, town.sam, town.nadia):
        await agrees_to_close(town, who, ref)
    agreed = helen.kept("Close the case", MARM, near=ref)
    await closes(town, helen, ref, "All six agencies agree.")
    assert f"Case {ref}: closed" in ruth.look(f"Case {ref}", MARM)
    recorded = await town.looks_up(verbs_about, ref)

    over = f"{ref} is closed already, by Helen Strand. Nothing has changed."
    for who, card, label, told in (
        (dan, his, "Need more time", f"{ref}/1 is already closed (done). Nothing has changed."),
        (ruth, cases, "List on the next panel", "the case is already “closed”"),
        (ruth, cases, "Find a time", "This case has been closed"),
        (town.mary, asked, "My agency agrees", over),
        (ruth, cases, "Propose to close", over),
        (town.mary, asked, "My agency objects", over),
        (helen, agreed, "Close the case", over),
    ):
        await who.press_on(card, label)
        if who.modal_open and "That was not done" not in who.modal:
            await page_or_told(who, reason="It was pressed on a card from before.")
        assert told in who.showing(), label
        while who.modal_open:
            await who.close()
        await town.settled()
    assert await town.looks_up(verbs_about, ref) == recorded
    # It can be read as before, by those who may.
    await ruth.press_on(cases, "Open the case")
    assert ref in ruth.modal


async def page_or_told(who, **answers) -> None:
    """Fill in a page and send it, whatever is said to that."""
    await who.fill(**answers)
    await who.hands.submit()


async def the_trouble_is_over(town) -> None:
    """Each delivery has had the tries that it was put off for."""
    while await town.looks_up(undelivered):
        await town.is_away_until(town.now + timedelta(seconds=30))


async def a_plan(town) -> str:
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await agrees_on_a_plan(town, town.ruth, ref, FIRE)
    return ref
