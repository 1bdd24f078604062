"""Mary shares what she saw, with her lead's advice; the police read it, the landlord cannot, and it is recalled.

S2-21 to S2-27 and IG-16 to IG-20 on one case, on each platform; the agency without chat has a letter that says whom
to ring. Everybody is invented.
"""

import logging

from acts import accepts, refers_to_marm
from canaries import found_outside
from meeting_acts import MARM
from told import MS_B
from town import at
from town_in_teams import ON_BOTH

SAW = "She showed me the burnt kettle and asked me to tell nobody on her street about it."
WHY = "The fire service can only fit the alarm if they know what burnt and where it stood."
DOUBT = "May the police have the part about the kettle as well as the fire service?"
ADVICE = "Leave out her street and send the rest to both of them today."
MISTAKE = "The letter named the wrong person in its second line."

OWN = "Kindly Company"


@ON_BOTH
async def test_what_is_shared_reaches_only_who_it_is_for_and_can_be_taken_back(made, sqlite_database, caplog):
    """From the case's file to the recall (S2-26, IG-18, IG-20, IG-36)."""
    caplog.set_level(logging.INFO)
    async with made(
        sqlite_database.url,
        start=at("2026-03-02 09:30"),
        not_in_slack=["colin.hartree@police.aldermere.example"],
    ) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await begins(town.mary, ref)
        await asks_her_lead(town)
        await her_lead_answers(town)
        await sends_it(town)
        await the_police_read_and_confirm_it(town, ref)
        await nobody_else_sees_it(town, ref)
        await it_is_recalled(town, ref)
        assert await town.faults_in_the_record() == []
        assert await found_outside(town, MS_B, SAW, WHY, DOUBT, ADVICE, MISTAKE, log=caplog.text) == []


async def begins(who, ref):
    await who.press("Open the case", MARM, near=ref)
    await who.press("Share information")
    assert f"{ref}/S1" in who.modal
    assert "The agreement and guidance" in who.modal
    assert "Page 1 of 5" in who.modal, "the page that waits for an answer here is counted"
    assert OWN not in who.modal, "one does not share with oneself"
    await who.fill(
        what=SAW,
        about=["The person the case is about"],
        share_to=["Aldermere Police", "Aldermere Fire and Rescue"],
    )
    await who.submit()
    await who.fill(
        purpose="To keep somebody safe",
        basis="Public task, Article 6(1)(e)",
        condition="Safeguarding of people at risk, DPA 2018 Schedule 1 para 18",
    )
    await who.submit()
    assert "The referral said" in who.modal
    await who.fill(consent="No, they refused", rationale=WHY)
    told = await who.submit_and_be_told()
    assert any("They refused, so this is not shared" in words for words in told.values()), told
    await who.fill(ground="Somebody else is at risk")


async def asks_her_lead(town):
    await town.mary.press("Not sure? Ask a manager")
    await town.mary.fill(adviser="Alison Brack, Kindly Company", doubt=DOUBT)
    await town.mary.submit()
    assert "Alison Brack has been asked" in town.mary.modal
    await town.mary.close()
    await town.settled()


async def her_lead_answers(town):
    assert "asks your advice" in town.alison.last()
    await town.alison.press("Read it and answer", "dm")
    assert SAW in town.alison.modal
    assert DOUBT in town.alison.modal
    await town.alison.fill(verdict="Change it first, as I say below", advice=ADVICE)
    await town.alison.submit()
    await town.alison.close()
    await town.settled()


async def sends_it(town):
    mary = town.mary
    await mary.press("Read the advice", "dm")
    assert ADVICE in mary.modal
    await mary.press("Go on with it")
    for _ in range(3):
        await mary.submit()
    await mary.fill(told_subject="Yes")
    await mary.submit()
    told = await mary.submit_and_be_told()
    assert any("Tick all six" in words for words in told.values()), told
    await mary.fill(quality_why="The fire report is still to come, so it is not complete.")
    await mary.submit()
    assert "has been sent" in mary.modal
    await mary.close()
    await town.settled()


async def the_police_read_and_confirm_it(town, ref):
    nadia = town.nadia
    assert f"{ref}/S1: information shared with you by {OWN}" in nadia.last()
    assert "burnt" not in nadia.last()
    await nadia.press("Open it", "dm")
    assert SAW in nadia.modal
    await nadia.press("Confirm that it came")
    assert "Confirmed by Nadia Vance" in nadia.modal
    await nadia.close()
    await town.settled()


async def nobody_else_sees_it(town, ref):
    [letter] = [each for each in town.colin.mail if f"{ref}/S1" in each.subject]
    assert "Ring Mary Osei of Kindly Company on 01632 960 601" in letter.text
    assert "kettle" not in letter.text
    assert not [each for each in town.sam.messages("dm") if f"{ref}/S1" in each]


async def it_is_recalled(town, ref):
    ruth = town.ruth
    await ruth.press("Open the case", MARM, near=ref)
    while "Information shared" not in ruth.modal:
        await ruth.press("Next")
    await ruth.press(f"Open {ref}/S1")
    await ruth.press("Recall…")
    assert "Nadia Vance" in ruth.modal
    await ruth.fill(reason=MISTAKE)
    await ruth.submit()
    assert "whether it is reported" in ruth.modal
    await town.settled()
    assert "has been recalled" in town.nadia.last()
    await town.nadia.press("Open it", "dm")
    assert SAW not in town.nadia.modal
    assert "cannot be read any more" in town.nadia.modal
