"""The ten steps of one council's protocol, with both turnings: back to the panel, and an objection before the end.

S3-16 to S3-34 on one case: the review finds the risk as high as before, so that the panel hears it again (S3-33); one
agency objects to closing it, its concern is settled by line managers (S2-45), and then all agree and it is authorised
(S3-34). Told on each platform. Everybody in it is invented.
"""

import logging
import re

import httpx
import pytest
from acts import accepts, completes_the_form, page, reads_the_case, refers_to_marm
from canaries import found_outside, logged
from meeting_acts import (
    MARM,
    adds_an_action,
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
)
from plan_acts import (
    accepts_the_action,
    agrees_to_close,
    closes,
    is_done,
    objects_to_closing,
    proposes_to_close,
    says_what_came_of_it,
)
from told import MS_B
from town import Town, at
from town_in_teams import ON_BOTH

from bot.drill.workspace import BY_MAIL_ALONE
from bot.local.filling import NotOnScreen
from bot.local.hands import Hands

HERE = {
    "Aldermere Council Adult": "Present: Joel",
    "Aldermere Fire": "Present: Dan",
    "Aldermere NHS": "Present: Owen",
    "Aldermere Police": "Present: Nadia",
    "Kindly Company": "Present: Mary",
    "Larkfield Homes": "Present: Sam",
}
STAIRS = "The stairs are blocked again, up to the second landing."
NOT_YET = "We were called to the house twice last week, at night."
MEANWHILE = "A patrol looks in each evening until the twenty-ninth, and rings the nurse."
SETTLED = "The calls were about next door. The patrol goes on for a month all the same."
LEARNED = "Ask the control room which door it was before a meeting, not after it."
LINK = re.compile(r"http://127\.0\.0\.1:\d+/answer/\S+")


@ON_BOTH
async def test_a_case_goes_back_to_the_panel_and_ends_only_when_every_agency_agrees(
    made, sqlite_database, caplog
):
    caplog.set_level(logging.INFO)
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await completes_the_form(town, town.mary)
        await the_panel_agrees_on_a_plan(town, ref)
        await the_person_is_invited_by_a_professional(town, ref)
        await the_review_finds_the_risk_as_high_as_before(town, ref)
        await the_panel_hears_it_again(town, ref)
        await one_agency_objects_and_its_concern_is_settled(town, ref)
        await every_agency_agrees_and_it_is_authorised(town, ref)
        told = (MS_B, STAIRS, NOT_YET, MEANWHILE, SETTLED, LEARNED)
        assert await found_outside(town, told[0], *told[1:], log=logged(caplog)) == []
        assert await town.faults_in_the_record() == []


async def the_panel_agrees_on_a_plan(town: Town, ref: str) -> None:
    """Step 6: the partners agree what is done at once, and that a review is needed."""
    await lists_on_the_next_panel(town, town.ruth, ref)
    await town.moves_to(at("2026-03-10 10:00"))
    await heard(town, rating="High", mitigated="Yes", review_on="2026-04-14")
    await accepts_the_action(town, town.dan, f"{ref}/1")
    await is_done(town, town.dan, f"{ref}/1")


async def the_person_is_invited_by_a_professional(town: Town, ref: str) -> None:
    """Step 7: the program asks somebody to invite her, and writes nothing to her itself (IG-10)."""
    ruth = town.ruth
    await looks_for_a_time(ruth, ref, stage="MARM review", first="2026-04-14", last="2026-04-14")
    await books(town, ruth, "1. Tue 14 Apr")
    await town.moves_to(at("2026-04-08 09:05"))
    assert ruth.look("Please invite the person", "dm")
    await ruth.press("Record what came of it", "dm")
    with pytest.raises(NotOnScreen, match="Not by this route unless it is known to be safe"):
        await page(ruth, how="By telephone", safe="Not known", reply="They will come")
    await page(ruth, how="Asked face to face", reply="They will come")
    await town.settled()


async def the_review_finds_the_risk_as_high_as_before(town: Town, ref: str) -> None:
    """Steps 8 and 9: actions and new risks are gone through; still high and unmitigated goes back to the panel."""
    ruth = town.ruth
    await town.moves_to(at("2026-04-14 16:00"))
    await starts(town, ruth, near="MARM review")
    await records_attendance(town, ruth, HERE)
    await records_the_voice(
        town, ruth, how="The person was there", views="“Nobody told me that you would all come.”"
    )
    await goes_through_the_prompts(town, ruth)
    await no_action(town, ruth, "2026-05-12")
    await rates_the_risk(town, ruth, "High", mitigated="No", review_on="2026-05-12")
    shown = await fills_in_the_review_sheet(town, ruth, new_risks="Yes", what=STAIRS)
    assert f"{ref}/1 Home fire safety visit" in shown
    assert "This meeting: High, the same" in shown
    assert "They will come" in shown
    await concludes(town, ruth)
    assert f"{ref} goes back to the panel" in ruth.look("goes back to the panel", "dm")
    assert f"Case {ref}: to be listed again" in ruth.look(f"Case {ref}", MARM)


async def the_panel_hears_it_again(town: Town, ref: str) -> None:
    """Step 9: listed by the button of that message, and heard by the agencies once more."""
    ruth = town.ruth
    await ruth.press("List on the next panel", "dm", near="goes back to the panel")
    assert "Tue 12 May 2026" in ruth.modal
    await ruth.close()
    await town.settled()
    await town.moves_to(at("2026-05-12 10:00"))
    await heard(town, rating="Medium", mitigated="Yes", again=True, near="Tue 12 May")
    parts = await reads_the_case(ruth, MARM, ref)
    assert any("Down since the rating before" in each and STAIRS in each for each in parts)


async def one_agency_objects_and_its_concern_is_settled(town: Town, ref: str) -> None:
    """Step 10 at the first go: the police do not agree, and the case stays open (S3-34, S2-45)."""
    await says_what_came_of_it(town, town.ruth, ref)
    await proposes_to_close(town, town.ruth, ref, "Nothing more can be done by the agencies together.")
    assert f"Does your agency agree to close {ref}?" in town.sam.showing("dm")
    await agrees_to_close(town, town.sam, ref)
    await objects_to_closing(town, town.nadia, ref, NOT_YET, MEANWHILE)
    assert f"Case {ref}: plan active" in town.ruth.look(f"Case {ref}", MARM)
    card = town.ruth.look(f"Professional concern {ref}/D1", MARM)
    assert "tier 1 of 4" in card
    assert NOT_YET not in town.ruth.showing(MARM)

    assert f"A professional concern waits for you: {ref}/D1" in town.moira.last()
    await town.moira.press("Open the concern", "dm")
    assert NOT_YET in town.moira.modal
    assert MEANWHILE in town.moira.modal
    await town.moira.press("End this tier")
    await page(town.moira, how="It is resolved", result=SETTLED, learning=LEARNED)
    await town.settled()
    assert f"{ref}/D1 is resolved" in town.nadia.last()


async def every_agency_agrees_and_it_is_authorised(town: Town, ref: str) -> None:
    """Step 10: each agency for itself, then a person with a name and a reason."""
    not_again = "She had said it all the week before, and asked us not to ring again so soon."
    await says_what_came_of_it(town, town.ruth, ref, asked="No", wants=None, safer=None, why_not=not_again)
    await proposes_to_close(
        town, town.ruth, ref, "The concern is settled, and nothing more can be done together."
    )
    agencies = (town.mary, town.joel, town.dan, town.owen, town.sam, town.nadia)
    for who in agencies:
        await agrees_to_close(town, who, ref)
    # Sam thinks again, and again.
    await town.sam.press("Take our yes back", MARM, near=ref)
    await town.settled()
    assert "Larkfield Homes: no answer yet" in town.ruth.look("closure proposed", MARM)
    await agrees_to_close(town, town.sam, ref)

    assert f"{ref} waits for your signature" in town.helen.look("waits for your signature", "dm")
    await closes(town, town.helen, ref, "All six agencies agree that no further action is possible.")
    assert f"{ref}: closed" in town.ruth.look("Closed by Helen Strand", MARM)
    await town.helen.press("Close the case", "dm", near="waits for your signature")
    await town.settled()
    said = str(town.helen.modal) if town.helen.modal_open else "\n".join(map(str, town.helen.messages()))
    assert f"{ref} is closed already, by Helen Strand" in said


@ON_BOTH
async def test_an_agency_without_chat_answers_by_the_link_of_its_letter(made, sqlite_database):
    """S3-34: agree, take it back, object: each by a page that records nothing until its form is sent."""
    town = made(sqlite_database.url, start=at("2026-03-02 09:30"), not_in_slack=BY_MAIL_ALONE)
    async with town, httpx.AsyncClient() as browser:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await lists_on_the_next_panel(town, town.ruth, ref)
        await town.moves_to(at("2026-03-10 10:00"))
        await heard(town, rating="Low", mitigated="Yes", again=True, charity="Present: Jude")
        await says_what_came_of_it(town, town.ruth, ref)
        await proposes_to_close(town, town.ruth, ref, "The risk has ended, and she is content.")
        [letter] = [each for each in town.jude.mail if f"agree to close {ref}" in each.subject]
        [link] = LINK.findall(letter.text)
        first = (await browser.get(link)).text
        assert "Kindly Company" in first
        assert "no answer yet" in town.ruth.look(f"{ref}: closure proposed", MARM)

        assert "Your agency agrees" in await presses(browser, f"{link}/agree")
        await town.settled()
        assert "Kindly Company: agrees" in town.ruth.look(f"{ref}: closure proposed", MARM)
        assert "is taken back" in await presses(browser, f"{link}/undo")
        await town.settled()
        assert "Kindly Company: no answer yet" in town.ruth.look(f"{ref}: closure proposed", MARM)

        wanting = await presses(browser, f"{link}/object", reason=NOT_YET, safeguards="")
        assert "what keeps the person safe" in wanting
        assert "objects to closing" in await presses(
            browser, f"{link}/object", reason=NOT_YET, safeguards=MEANWHILE
        )
        await town.settled()
        assert f"Professional concern {ref}/D1" in town.ruth.showing(MARM)
        assert (await browser.get(link)).status_code == 404


async def heard(
    town: Town,
    *,
    rating: str,
    again: bool = False,
    near: str = "",
    charity: str = "Present: Mary",
    **risk: str,
) -> None:
    """The panel hears the case on its agenda: an action the first time, a decision that none is needed the next."""
    ruth = town.ruth
    await starts(town, ruth, near=near)
    await records_attendance(town, ruth, {**HERE, "Kindly Company": charity})
    await records_the_voice(
        town, ruth, how="Told to a professional", views="“I will let Dan in, and nobody else.”"
    )
    await goes_through_the_prompts(town, ruth)
    if again:
        await no_action(town, ruth, "2026-07-14")
        risk = {"why": "The agencies have done what they can.", **risk}
    else:
        await adds_an_action(
            town,
            ruth,
            "Aldermere Fire",
            "Dan Rusk",
            "Home fire safety visit",
            "Alarms",
            due="In 5 working days",
        )
    await rates_the_risk(town, ruth, rating, **risk)
    await concludes(town, ruth)


async def no_action(town: Town, chair: Hands, review_on: str) -> None:
    """A decision, with its reasons, that there is nothing more to agree on today."""
    await records_a_decision(
        town,
        chair,
        kind="No further action possible, agreed by all",
        text="No further action is agreed on today.",
        reasons="What could be done has been done, and she knows whom to ring.",
        options="A clearance was weighed again, and would make her shut the door.",
        support="Mary went through it with her, at her own table.",
        law=["Mental Capacity Act 2005"],
        review_on=review_on,
    )


async def presses(browser: httpx.AsyncClient, address: str, **said: str) -> str:
    """Open the form of an answer and send it."""
    [form] = re.findall(r'name="form" value="([^"]+)"', (await browser.get(address)).text)
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    return (await browser.post(address, data={"form": form, **said}, headers=headers)).text
