"""Ms B, who cannot reach her own bed: from a charity's worry to a case that every agency agrees to close.

S3-16 to S3-36 on one case, told once on each platform and on each database. Everybody in it is invented.
"""

import logging
import re

import pytest
from acts import SELF_NEGLECT, accepts, completes_the_form, reads_the_case, refers_to_marm
from canaries import found_outside
from meeting_acts import (
    MARM,
    adds_an_action,
    answers_invitation,
    books,
    concludes,
    fills_in_the_review_sheet,
    goes_through_the_prompts,
    lists_on_the_next_panel,
    looks_for_a_time,
    rates_the_risk,
    records_a_decision,
    records_attendance,
    records_the_voice,
    starts,
    writes_down_what_was_sent,
)
from plan_acts import (
    accepts_the_action,
    agrees_to_close,
    agrees_to_more_time,
    cannot_do_it,
    closes,
    gives_it_to,
    grouped,
    is_done,
    needs_more_time,
    passes_on,
    proposes_to_close,
    says_what_came_of_it,
)
from told import MS_B, MS_B_IN_FULL
from town import Town, at
from town_in_teams import NEEDS_TEAMS, TownInTeams

HER_WORDS = "“Ask before you touch. Then I might say yes to a bag or two.”"
TWO_YEARS = "Write down for every agency what two years of visits have taught about how she says yes."
BEAT = "Two calls this year, both of them about the neighbours’ cats."
NO_SKIP = "A full clearance was weighed and set aside, because she would close the door again."
NOT_ALONE = "We have nobody who can sort belongings with the owner beside them."
BETTER = "She lies down to sleep again and lets the nurse in every month."


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        pytest.param("postgresql", Town, id="Slack"),
        pytest.param("sqlite", TownInTeams, id="Teams", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
    indirect=["kind"],
)
async def test_a_hoarding_case_from_the_first_concern_to_its_closure(made, database, caplog):
    caplog.set_level(logging.INFO)
    async with made(database.url, start=at("2026-03-02 09:30")) as town:
        ref = await a_charity_raises_a_concern_and_triage_takes_it_on(town)
        await everybody_is_asked_to_the_monthly_panel(town, ref)
        await the_panel_hears_her_case_and_agrees_on_five_actions(town, ref)
        await owners_answer_each_in_their_own_way(town, ref)
        await one_action_is_late_and_the_reminders_climb(town, ref)
        await a_review_finds_her_safer(town, ref)
        await every_agency_agrees_and_the_case_is_closed(town, ref)

        assert len(town.said_by_the_bot(MARM, f"Actions of {ref}")) == 1
        assert await town.faults_in_the_record() == []
        spoken = (SELF_NEGLECT, HER_WORDS, TWO_YEARS, BEAT, NO_SKIP, NOT_ALONE, BETTER)
        assert await found_outside(town, MS_B, MS_B_IN_FULL, *spoken, log=caplog.text) == []


async def a_charity_raises_a_concern_and_triage_takes_it_on(town: Town) -> str:
    ref = await refers_to_marm(town, town.mary)
    assert f"We have your referral: {ref}" in town.mary.last()
    assert f"{ref}: new referral" in town.tom.last("triage")

    await accepts(town, town.tom, ref)
    assert f"{ref} is accepted" in town.mary.last()
    assert "please complete the second form" in town.mary.last()
    assert f"{ref} is yours to coordinate" in town.ruth.last()

    await completes_the_form(town, town.mary)
    assert f"{ref}: the referrer has completed the form" in town.ruth.last()
    # What nobody knew: a small charity has sat with her for two years.
    assert "for two years" in "\n".join(await reads_the_case(town.ruth, MARM, ref))
    return ref


async def everybody_is_asked_to_the_monthly_panel(town: Town, ref: str) -> None:
    told = await lists_on_the_next_panel(town, town.ruth, ref)
    assert "Tue 10 Mar 2026, 10:00" in told
    for who in (town.joel, town.dan, town.owen, town.sam):
        await answers_invitation(town, who, "Accept")
    # Jude was asked for the charity. It is Mary whom she trusts.
    await answers_invitation(town, town.jude, "Send my deputy")
    await answers_invitation(town, town.mary, "Accept")

    card = town.ruth.look("MARM panel booked", MARM)
    assert card is not None
    assert "Quorate by the answers so far" in card
    assert "Kindly Company: coming (Mary Osei, as deputy)" in card
    letter = town.dan.mail[0]
    assert letter.subject == f"Panel {ref}, Tuesday 10 March 2026 at 10:00"
    assert letter.invitation["method"] == "REQUEST"
    assert town.jude.mail[0].invitation["method"] == "CANCEL"


async def the_panel_hears_her_case_and_agrees_on_five_actions(town: Town, ref: str) -> None:
    ruth = town.ruth
    await town.moves_to(at("2026-03-10 10:00"))
    await starts(town, ruth)
    # The police have sent a note; of everybody else the form already says what they answered.
    await records_attendance(town, ruth, {"Aldermere Police": "Apologies, information sent"})
    await writes_down_what_was_sent(town, ruth, {"Aldermere Police": BEAT})
    card = ruth.last(MARM)
    assert "Kindly Company: deputy, Mary Osei" in card
    assert "Quorate: 5 agencies of 4 needed" in card

    await records_the_voice(town, ruth, how="Told to a professional", views=HER_WORDS, outcomes="Her own bed")
    await goes_through_the_prompts(town, ruth)
    await records_a_decision(
        town,
        ruth,
        kind="Risk management plan agreed",
        text="A way to the bed and to the front door is cleared first, with her, one bag at a time.",
        reasons="It takes the gravest risk away soonest, and it is what she has agreed to.",
        options=NO_SKIP,
        support="Mary went through each option with her on two visits, with photographs.",
        law=["Care Act 2014, section 11", "Mental Capacity Act 2005"],
        review_on="2026-04-14",
    )
    for agency, owner, category, detail, due in (
        ("Aldermere Fire and Rescue", "Dan Rusk", "Home fire safety visit", "Alarms, and a way out", 5),
        ("Kindly Company", "Mary Osei", "Share information", TWO_YEARS, 3),
        (
            "Aldermere Council Adult",
            "Joel Marsh",
            "Care needs assessment",
            "At her door, with Mary there",
            10,
        ),
        ("Larkfield Homes", "Sam Whitlock", "Home repairs", "A contractor who sorts with her", 10),
        ("Aldermere NHS Trust", "Owen Pritchard", "Health review", "Falls: sight, feet, blood pressure", 10),
    ):
        await adds_an_action(town, ruth, agency, owner, category, detail, due=f"In {due} working days")
    await rates_the_risk(town, ruth, "High", mitigated="Yes", review_on="2026-04-14")
    assert town.sam.look("MARM panel is in progress", "dm")
    assert "Agenda of the MARM panel on Tue 10 Mar 2026" in town.sam.last()
    assert ref in town.sam.last()
    assert "An action for you" not in town.dan.showing("dm")  # told when the meeting is concluded

    told = await concludes(town, ruth)
    assert f"Heard: {ref}" in told
    actions = ruth.last(MARM)
    assert "5 open actions, 0 closed" in actions
    assert f"{ref}/2 Share information\nKindly Company, Mary Osei. Due Fri 13 Mar 2026" in actions
    assert f"An action for you: {ref}/1" in town.dan.last()
    assert f"{ref}/5" in town.owen.last()
    assert town.sam.look("MARM panel was held", "dm")
    assert "Quorum" not in ruth.look("MARM panel held", MARM)  # who was there is on the other card
    await ruth.press("Read the minutes", MARM)
    assert HER_WORDS in ruth.modal
    await ruth.close()


async def owners_answer_each_in_their_own_way(town: Town, ref: str) -> None:
    ruth = town.ruth
    for who, number in ((town.dan, 1), (town.mary, 2), (town.joel, 3), (town.owen, 5)):
        await accepts_the_action(town, who, f"{ref}/{number}")
    await is_done(town, town.mary, f"{ref}/2", evidence="Sent to all six agencies through the coordinator.")

    told = await cannot_do_it(town, town.sam, f"{ref}/4", "My agency cannot do it", NOT_ALONE)
    assert "The chair decides what happens" in told
    assert f"Larkfield Homes says it cannot do {ref}/4" in ruth.last()
    await gives_it_to(town, ruth, f"{ref}/4", "Dan Rusk", "The fire service’s sorting volunteers can.")
    assert f"No longer yours: {ref}/4" in town.sam.showing("dm")
    await accepts_the_action(town, town.dan, f"{ref}/4")

    await passes_on(town, town.owen, f"{ref}/5", "Grace Adeyemi")
    await accepts_the_action(town, town.grace, f"{ref}/5")
    told = await needs_more_time(town, town.grace, f"{ref}/5", "2026-04-08", "The clinic opens in April.")
    assert "The chair is asked" in told
    await agrees_to_more_time(town, ruth, f"{ref}/5")
    assert f"{ref}/5 is now due on Wed 8 Apr 2026" in town.grace.last()

    # Two more working days are within what an owner may take.
    told = await needs_more_time(town, town.joel, f"{ref}/3", "2026-03-26", "She asked me to come next week.")
    assert f"{ref}/3 is now due on Thu 26 Mar 2026" in told

    [actions] = town.said_by_the_bot(MARM, f"Actions of {ref}")
    assert actions.edited
    shown = ruth.look(f"Actions of {ref}", MARM)
    assert "4 open actions, 1 closed" in shown
    assert f"{ref}/4 Home repairs, equipment or clearance\nAldermere Fire and Rescue, Dan Rusk" in shown


async def one_action_is_late_and_the_reminders_climb(town: Town, ref: str) -> None:
    await town.moves_to(at("2026-03-16 11:00"))
    await is_done(town, town.dan, f"{ref}/1")
    await is_done(town, town.dan, f"{ref}/4")

    # Joel hears before, on the day and the day after; then his deputy and his agency's lead hear as well.
    await town.moves_to(at("2026-03-27 12:00"))
    assert [_day(message) for message in grouped(town.joel)] == ["Tue 24", "Thu 26", "Fri 27"]
    assert "overdue by 1 working day" in town.joel.last()
    assert grouped(town.anya) == grouped(town.isla) == []
    await town.moves_to(at("2026-03-31 12:00"))
    for above in (town.anya, town.isla):
        [message] = grouped(above)
        assert f"{ref}/3" in message
    assert "You hear of it as the owner’s deputy." in town.anya.last()
    assert "overdue by 3 working days" in town.ruth.look(f"Actions of {ref}", MARM)

    await is_done(town, town.anya, f"{ref}/3", evidence="Offered at her door; she takes two visits a week.")
    before = len(grouped(town.joel)), len(grouped(town.ruth))
    await town.moves_to(at("2026-04-07 12:00"))
    assert (len(grouped(town.joel)), len(grouped(town.ruth))) == before
    await is_done(town, town.grace, f"{ref}/5")
    assert f"Every action of {ref} is closed" in town.ruth.last()


async def a_review_finds_her_safer(town: Town, ref: str) -> None:
    ruth = town.ruth
    times = await looks_for_a_time(ruth, ref, stage="MARM review", first="2026-04-14", last="2026-04-14")
    assert "On the day of the deadline." in times
    assert "Tue 14 Apr 2026" in await books(town, ruth, "1. Tue 14 Apr")
    await town.moves_to(at("2026-04-14 16:00"))
    await starts(town, ruth, near="MARM review")
    came = {
        "Aldermere Council Adult": "Present: Joel",
        "Aldermere Fire": "Present: Dan",
        "Aldermere NHS": "Present: Grace",
        "Aldermere Police": "Did not come",
        "Kindly Company": "Present: Mary",
        "Larkfield Homes": "Present: Sam",
    }
    await records_attendance(town, ruth, came)
    await records_the_voice(town, ruth, how="The person was there", views=BETTER)
    await goes_through_the_prompts(town, ruth)
    await records_a_decision(
        town,
        ruth,
        kind="No further action possible, agreed by all",
        text="Every action is done and nothing more is needed from the panel.",
        reasons="There is a way to the bed and to the door, and people whom she lets in.",
        options="Another review in three months was offered, and she would rather not.",
        support="She came herself, with Mary beside her.",
        law=["Care Act 2014, section 9"],
        review_on="2026-07-14",
    )
    await rates_the_risk(town, ruth, "Low", mitigated="Yes", why="She has Mary’s number, and the nurse’s.")
    await fills_in_the_review_sheet(town, ruth, new_risks="No new risks")
    await concludes(town, ruth)
    assert f"Case {ref}: plan active" in ruth.look(f"Case {ref}", MARM)


async def every_agency_agrees_and_the_case_is_closed(town: Town, ref: str) -> None:
    await says_what_came_of_it(town, town.ruth, ref)
    await proposes_to_close(town, town.ruth, ref, "Every action is done, and she is safer than for years.")
    agencies = (town.mary, town.joel, town.dan, town.grace, town.sam, town.nadia)
    for who in agencies[:-1]:
        await agrees_to_close(town, who, ref)
    assert "Aldermere Police: no answer yet" in town.ruth.look("closure proposed", MARM)
    assert "Close the case" not in str(town.ruth.look(f"{ref}: closure proposed", MARM))
    await agrees_to_close(town, agencies[-1], ref)

    await closes(town, town.helen, ref, "All six agencies agree that the risk is low and held.")
    assert f"{ref} has been closed" in town.mary.last()
    assert f"{ref}: closed" in town.ruth.look("Closed by Helen Strand", MARM)
    assert f"Case {ref}: closed" in town.ruth.look(f"Case {ref}", MARM)


def _day(message: object) -> str:
    """`Tue 24` of a grouped message that begins with its day."""
    [day] = re.findall(r"^(\w{3} \d+) \w{3} \d{4}\.", str(message), re.MULTILINE)
    return str(day)
