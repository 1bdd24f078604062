"""A panel is moved the day before, and a quorum breaks and is mended (calendar.md section 6, S3-03, S3-30).

Everybody in it is invented. The second Tuesday of March 2026 is the 10th; a case that is accepted on Monday the 2nd is
in time for it.
"""

import re

import pytest
from acts import accepts, completes_the_form, page, refers_to_marm
from meeting_acts import MARM, answers_invitation, lists_on_the_next_panel
from plan_acts import grouped
from town import Town, at
from town_in_teams import ON_BOTH

JUDE = "jude.farrow@kindlycompany.example"


@pytest.fixture
async def town(made, sqlite_database):
    """A case is on the agenda of the monthly panel, to which seven people are asked; Jude has nothing but e-mail."""
    async with made(sqlite_database.url, start=at("2026-03-02 09:30"), not_in_slack=(JUDE,)) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await completes_the_form(town, town.mary)
        await lists_on_the_next_panel(town, town.ruth, ref)
        yield town


def panel(town: Town) -> str:
    """The panel's card in its room, as it is now."""
    return str(next(each for each in reversed(town.ruth.messages(MARM)) if "Quorum" in each))


def told(who, words: str) -> list[str]:
    """What stands in somebody's own messages with these words."""
    return [str(each) for each in who.messages() if words in each]


@ON_BOTH
async def test_a_panel_moved_the_day_before_tells_everybody_once_and_asks_them_again(town):
    await answers_invitation(town, town.joel)
    await answers_invitation(town, town.dan)
    await answers_invitation(town, town.sam, "Decline")
    await town.moves_to(at("2026-03-09 11:00"))
    # Who had not answered was reminded on Thursday and this morning, in their message of the day.
    assert [f"{day} Mar 2026" in text for day, text in zip((5, 9), grouped(town.colin), strict=True)] == [
        True,
        True,
    ]
    assert grouped(town.joel) == grouped(town.sam) == []
    letters = len(town.jude.mail)

    await town.ruth.press("Move", MARM, near="Tue 10 Mar 2026, 10:00")
    await page(town.ruth, first="2026-03-11", last="2026-03-11")
    offer = str(town.ruth.modal)
    assert re.search(r"2 of the 2 agencies that had accepted can come\.", offer)
    begins = re.search(r"^1\. (\w+ \d+ \w+ \d+, \d\d:\d\d) to", offer, re.MULTILINE)
    assert begins, offer
    await town.ruth.press("Move to this time", near=begins[0])
    assert f"Moved: MARM panel, {begins[1]}" in town.ruth.modal
    await town.ruth.close()
    await town.settled()

    # The agenda is kept, every answer is open again, and nobody has more than one invitation: it was edited.
    assert "no answer yet (Joel Marsh" in panel(town)
    assert "CV-" in panel(town)
    for who in (town.joel, town.dan, town.sam):
        (invitation,) = told(who, "Convenor invites you")
        assert begins[1] in invitation
        assert "The time has changed since the meeting was first booked. Please answer" in invitation
        assert [one.invitation["sequence"] for one in who.mail if one.invitation] == [1, 0]
    # Colin is not at work so early, so the police are asked through Nadia, and he hears that once.
    assert len(told(town.colin, "MARM panel no longer needs you")) == 1
    assert told(town.colin, "Convenor invites you") == []
    (asked,) = told(town.nadia, "Convenor invites you")
    assert begins[1] in asked
    assert len([one for one in town.jude.mail if one.invitation]) == 2
    assert len(town.jude.mail) == letters + 2, "one for the calendar, one to answer by"

    # The reminders go by the new time: Wednesday the 11th, so on Tuesday.
    assert begins[1].startswith("Wed 11 Mar")
    await town.moves_to(at("2026-03-10 11:00"))
    (reminder,) = grouped(town.joel)
    assert "Tue 10 Mar 2026" in reminder
    assert f"MARM panel, {begins[1]}" in reminder
    assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_a_quorum_breaks_the_coordinator_is_told_whom_to_ring_and_a_deputy_mends_it(town):
    for who in (town.dan, town.sam, town.colin, town.joel):
        await answers_invitation(town, who)
    await answers_invitation(town, town.owen, "Decline")

    (broken,) = told(town.ruth, "The MARM panel on Tue 10 Mar 2026 will not be quorate")
    assert "an agency without which there is no quorum would be missing." in broken
    assert "Aldermere NHS Trust (there is no quorum without them): declined." in broken
    assert "Owen Pritchard, Community matron: 01632 960 302." in broken
    assert "Deputy: Grace Adeyemi, Safeguarding nurse, 01632 960 301." in broken
    assert "Colin" not in broken, "who comes is left in peace"
    assert "At risk: too few can come" in panel(town)

    await answers_invitation(town, town.owen, "Send my deputy")
    assert told(town.ruth, "is quorate again") == []
    await answers_invitation(town, town.grace)
    (mended,) = told(town.ruth, "The MARM panel on Tue 10 Mar 2026 is quorate again")
    assert "5 agencies are coming by the answers so far, and 4 are needed." in mended
    assert "Quorate by the answers so far" in panel(town)
    assert len(told(town.ruth, "will not be quorate")) == 1
    assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_a_case_that_comes_after_the_list_has_closed_waits_unless_the_coordinator_says_why_not(town):
    await town.moves_to(at("2026-03-03 10:00"))
    assert told(town.dan, "Agenda of the MARM panel on Tue 10 Mar 2026")
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    await town.ruth.press("List on the next panel", MARM, near=ref)
    assert "Listed for Tue 14 Apr 2026, 10:00" in town.ruth.modal
    assert "The list for Tue 10 Mar 2026 closed on Mon 2 Mar 2026" in town.ruth.modal
    await town.ruth.press("List it on Tue 10 Mar 2026 all the same")
    await page(town.ruth, reason="The heating is off, and the nights are cold.")
    assert "Listed for Tue 10 Mar 2026, 10:00" in town.ruth.modal
    await town.ruth.close()
    await town.settled()
    assert ref in str(
        next(
            each for each in town.ruth.messages(MARM) if "Tue 10 Mar 2026, 10:00" in each and "Quorum" in each
        )
    )
    agendas = told(town.dan, "Agenda of the MARM panel on Tue 10 Mar 2026")
    assert [ref in agenda for agenda in agendas] == [False, True], "it was sent again, with the case on it"
