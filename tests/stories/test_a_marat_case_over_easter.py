"""Ms C, referred on the Thursday before Easter: two clocks in working days, one kept and one missed.

Discussion within 3 working days and conference within 14 (S4-02, S4-03; model.md section 9.1); what is said about
her and about the person causing harm is never in one view (IG-21). Everybody in it is invented.
"""

import logging
import re

import pytest
from acts import accepts, page, reads_the_case, reads_the_referral, refers_to_marat, turns_the_pages
from canaries import found_outside, logged
from meeting_acts import (
    MARAT,
    adds_an_action,
    answers_invitation,
    books,
    concludes,
    fills_in_the_review_sheet,
    goes_through_the_prompts,
    looks_for_a_time,
    rates_the_risk,
    reads_the_minutes,
    records_a_decision,
    records_attendance,
    records_the_voice,
    starts,
)
from plan_acts import grouped
from told import MS_C
from town import Town, at
from town_in_teams import ON_BOTH

from bot.local.hands import Hands

HERS, HIS = "Larchwood", "Ropeworks"
SOONER_EACH_TIME = "A professional judges the risk to be high, and it comes sooner each time."
AFRAID = "She sleeps at her aunt's since he was seen on the landing again."
CAME = {
    "Aldermere Council Adult": "Present: Joel",
    "Aldermere NHS": "Present: Owen",
    "Aldermere Police": "Present: Colin",
    "Kindly Company": "Apologies",
    "Larkfield Homes": "Present: Beth",
}
LOCKS = "Change both locks while he is at work, with her aunt there."


@pytest.mark.long
@ON_BOTH
async def test_a_marat_case_is_discussed_in_time_and_heard_late(made, sqlite_database, caplog):
    """S4-02, S4-03, S4-06, S4-07, S4-11, S4-23: both clocks, whoever causes harm, each child, an unchanged risk."""
    caplog.set_level(logging.INFO)
    async with made(sqlite_database.url, start=at("2026-04-02 10:00")) as town:
        ref = await triage_decides_the_same_day(town)
        await the_discussion_is_held_in_time_though_easter_lies_between(town, ref)
        await the_conference_comes_two_working_days_late_and_is_recorded_so(town, ref)
        await the_review_finds_that_the_risk_has_not_fallen(town, ref)

        assert await town.faults_in_the_record() == []
        spoken = (SOONER_EACH_TIME, LOCKS, AFRAID)
        assert await found_outside(town, MS_C, *spoken, log=logged(caplog)) == []


@ON_BOTH
async def test_her_address_and_his_are_never_in_one_view(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-04-02 10:00")) as town:
        ref = await refers_to_marat(town, town.priya)
        views = await reads_the_referral(town.tom, ref)
        await accepts(town, town.tom, ref, SOONER_EACH_TIME)
        assert any(HERS in view for view in views)
        assert any(HIS in view for view in views)
        assert [view for view in views if HERS in view and HIS in view] == []
        # In the case's file both are hidden, and each is opened by itself.
        views = await reads_the_case(town.ruth, MARAT, ref)
        assert [view for view in views if HERS in view or HIS in view] == []
        assert any("Person causing harm" in view for view in views)
        hers, his = await opens_the_addresses(town, ref)
        assert (HERS in hers, HIS in hers) == (True, False)
        assert (HERS in his, HIS in his) == (False, True)


async def opens_the_addresses(town: Town, ref: str) -> tuple[str, str]:
    """Hers, then his; both at once are refused without a reason (IG-21)."""
    ruth, seen = town.ruth, []
    for who in ("Victim", "Person causing harm"):
        await ruth.press("Open the case", MARAT, near=f"Case {ref}")
        await ruth.press("Addresses")
        labels = [
            option["text"]["text"]
            for control in ruth.modal.controls
            for option in control.element.get("options", [])
        ]
        await ruth.fill(subjects=labels)
        assert "kept apart" in str(await ruth.submit_and_be_told())
        await page(ruth, subjects=[label for label in labels if label.startswith(who)])
        seen.append(str(ruth.modal))
        while ruth.modal_open:
            await ruth.close()
    return seen[0], seen[1]


async def triage_decides_the_same_day(town: Town) -> str:
    ref = await refers_to_marat(town, town.priya)
    card = town.tom.last("triage")
    assert f"{ref}: same-day triage" in card  # because of the strangulation
    assert re.search(r"Decide by:?\s+Thu 2 Apr 2026, 17:00", str(card))
    await accepts(town, town.tom, ref, SOONER_EACH_TIME)
    card = town.ruth.last(MARAT)
    assert "Case discussion: due Thu 9 Apr 2026, 3 working days left" in card
    assert "MARAT conference: due Fri 24 Apr 2026, 14 working days left" in card
    return ref


async def the_discussion_is_held_in_time_though_easter_lies_between(town: Town, ref: str) -> None:
    times = await looks_for_a_time(town.ruth, ref, MARAT)
    assert "Deadline: Thu 9 Apr 2026" in times
    assert not any(day in times for day in ("Fri 3 Apr", "Sat 4 Apr", "Sun 5 Apr", "Mon 6 Apr"))
    await books(town, town.ruth, "Tue 7 Apr 2026, 09:30")
    await answers_invitation(town, town.joel, "Accept")
    await town.moves_to(at("2026-04-07 09:30"))
    await starts(town, town.ruth, MARAT)
    await concludes(town, town.ruth, MARAT)
    card = town.ruth.look(f"Case {ref}", MARAT)
    assert "Case discussion: held in time, Tue 7 Apr 2026, 09:30 (due Thu 9 Apr 2026)" in card
    assert "MARAT conference: due Fri 24 Apr 2026, 13 working days left" in card


async def the_conference_comes_two_working_days_late_and_is_recorded_so(town: Town, ref: str) -> None:
    helen = town.helen
    times = await looks_for_a_time(town.ruth, ref, MARAT, first="2026-04-28", last="2026-04-28")
    assert "2 working days after the deadline" in times
    await books(town, town.ruth, "1. Tue 28 Apr 2026")

    # The coordinator hears the working day before, with the chair the working day after.
    await town.moves_to(at("2026-04-23 16:00"))
    [before] = grouped(town.ruth)
    assert f"{ref} MARAT conference\nNot held yet. Due Fri 24 Apr 2026." in before
    await town.moves_to(at("2026-04-27 16:00"))
    for who in (town.ruth, helen):
        assert "overdue by 1 working day" in grouped(who)[-1]

    await town.moves_to(at("2026-04-28 09:30"))
    await starts(town, helen, MARAT)
    await records_attendance(town, helen, CAME, MARAT)
    # She does not attend; what she wants is told by whoever speaks for her.
    await helen.press("Person’s views", MARAT)
    assert "The person was there" not in [
        option["text"]["text"] for option in helen.modal.controls[0].element["options"]
    ]
    await helen.close()
    await records_the_voice(town, helen, MARAT, how="Told to a professional", views=MS_C["views"])
    await the_meeting_cannot_end_before_it_has_spoken_of_him(helen)
    await goes_through_the_prompts(town, helen, MARAT)
    await records_a_decision(
        town,
        helen,
        MARAT,
        kind="Safety plan agreed",
        text="Locks and lights first, then the way to school.",
        reasons="Both can be done while nobody is watching the house.",
        options="A refuge place was offered, and she wants to stay near the school.",
        support="Priya went through it with her at the school.",
        law=["Domestic Abuse Act 2021"],
        review_on="2026-05-12",
    )
    await adds_an_action(
        town,
        helen,
        "Larkfield Homes",
        "Beth Orme",
        "Home security",
        LOCKS,
        due="In 2 working days",
        room=MARAT,
    )
    await finds_the_plan_wanting_for_a_child(town, helen)
    await rates_the_risk(town, helen, "Very high", MARAT, mitigated="No", review_on="2026-05-12")
    await concludes(town, helen, MARAT)

    card = town.ruth.look(f"Case {ref}", MARAT)
    assert "MARAT conference: held late, Tue 28 Apr 2026, 09:30 (due Fri 24 Apr 2026)" in card
    assert f"{ref}/1 Home security measures" in town.beth.last()
    assert [view for view in await reads_the_minutes(helen, MARAT) if HERS in view and HIS in view] == []
    await helen.press("Open the case", MARAT, near=f"Case {ref}")
    pages = await turns_the_pages(helen)
    assert any("Plan for child" in page and "Not good enough" in page for page in pages)
    # Nobody hears of a clock again once it has stopped, late as it was.
    heard = len(grouped(town.ruth))
    await town.moves_to(at("2026-04-29 12:00"))
    assert len(grouped(town.ruth)) == heard
    assert grouped(town.isaac) == []


async def finds_the_plan_wanting_for_a_child(town: Town, chair: Hands) -> None:
    """Person by person, the children among them: what is enough for their mother leaves one of them out (S4-06)."""
    await chair.press("Is the plan enough?", MARAT)
    for who, enough, why in (
        ("Victim 1", "Yes", "The locks and the light are done."),
        ("Person causing harm 2", "Yes", "A place on the programme is kept for him."),
        ("Child 3", "No", "Nobody walks with them to school yet."),
    ):
        await chair.fill(f"{who}: is the plan good enough?", enough)
        await chair.fill(f"{who}: why, and what is missing", why)
    await chair.submit()
    await town.settled()


async def the_meeting_cannot_end_before_it_has_spoken_of_him(chair: Hands) -> None:
    """What is done about whoever causes harm is asked of every meeting, in the plan and not beside it (S4-07)."""
    await chair.press("Prompts", MARAT)
    assert "What is being done about the risk from the person causing harm?" in str(chair.modal.blocks)
    await chair.close()
    assert "the prompts" in chair.last(MARAT)
    await chair.press("Conclude the meeting", MARAT)
    assert "still needs: the prompts" in str(chair.modal)
    await chair.close()


async def the_review_finds_that_the_risk_has_not_fallen(town: Town, ref: str) -> None:
    """The plan is looked at, the risk is as it was, and the case goes back to be heard (S4-11)."""
    helen = town.helen
    await looks_for_a_time(town.ruth, ref, MARAT, stage="MARAT review", first="2026-05-12", last="2026-05-12")
    await books(town, town.ruth, "1. Tue 12 May 2026")
    await town.moves_to(at("2026-05-12 09:30"))
    await starts(town, helen, MARAT, near="MARAT review")
    await records_attendance(town, helen, CAME, MARAT)
    await records_the_voice(town, helen, MARAT, how="Told to a professional", views=AFRAID)
    await goes_through_the_prompts(town, helen, MARAT)
    await adds_an_action(
        town,
        helen,
        "Larkfield Homes",
        "Beth Orme",
        "Home security",
        LOCKS,
        due="In 2 working days",
        room=MARAT,
    )
    await rates_the_risk(town, helen, "Very high", MARAT, mitigated="Yes", review_on="2026-06-09")
    await fills_in_the_review_sheet(town, helen, MARAT, new_risks="Yes", what=AFRAID)
    await concludes(town, helen, MARAT)
    assert f"{ref} goes back to the panel" in town.ruth.look("goes back to the panel", "dm")
    assert f"Case {ref}: to be listed again" in town.ruth.look(f"Case {ref}", MARAT)
