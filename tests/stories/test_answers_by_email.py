"""Owen, who has no chat at all, answers the panel's invitation by e-mail and counts; what is not surely his does not.

Everybody in it is invented. Letters go by SMTP to the workspace's mail server, which hands them on to the bot's hook.
"""

import re
from datetime import datetime, timedelta

import pytest
from acts import accepts, completes_the_form, page, refers_to_marm
from meeting_acts import MARM, lists_on_the_next_panel
from town import Town, at
from town_in_teams import ON_BOTH

from bot.local.itip import reply_to

pytestmark = ON_BOTH

OWEN = "owen.pritchard@nhs.aldermere.example"
NHS = "Aldermere NHS"


@pytest.fixture
async def town(made, sqlite_database):
    """A town on either platform, and Owen is on neither."""
    async with made(sqlite_database.url, start=at("2026-03-02 09:30"), not_in_slack=(OWEN,)) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await completes_the_form(town, town.mary)
        await lists_on_the_next_panel(town, town.ruth, ref)
        yield town


def panel(town: Town) -> str:
    return str(next(each for each in reversed(town.ruth.messages(MARM)) if "Quorum" in each))


def line_of(town: Town, agency: str) -> str:
    return next(line for line in panel(town).splitlines() if agency in line)


async def written(town: Town, sender: str = "", **but: object):
    """A reply to Owen's first invitation, as it could be made by hand."""
    letter = next(each for each in reversed(town.owen.mail) if each.invitation)
    answer = str(but.pop("answer", "accepted"))
    mail = reply_to(
        {**letter.invitation, **but}, answer, by=town.here.world.chairs[town.owen.user], at=town.now
    )
    if sender:
        mail.replace_header("From", sender)
    await town.here.world.mail_program.send(mail)
    await town.settled()


async def test_a_person_without_any_chat_answers_by_email_and_counts_in_the_quorum(town):
    assert "no answer yet" in line_of(town, NHS)
    coming = int(re.search(r"(\d+) of \d+ needed", panel(town))[1])

    await town.owen.answers_mail("Panel", "accepted")
    await town.settled()
    assert "coming, by e-mail (Owen Pritchard" in line_of(town, NHS)
    assert f"{coming + 1} of" in panel(town)

    await town.here.world.clock.move(town.now + timedelta(minutes=5))
    await town.owen.answers_mail("Panel", "declined")
    await town.settled()
    assert "not coming, by e-mail" in line_of(town, NHS)
    assert f"{coming} of" in panel(town)
    assert await town.faults_in_the_record() == []


async def test_a_reply_to_the_time_before_the_move_is_put_before_the_coordinator(town):
    old = next(each for each in town.owen.mail if each.invitation)
    await town.ruth.press("Move", MARM)
    await page(town.ruth)
    begins = re.search(r"^2\. (\w+ \d+ \w+ \d+), (\d\d:\d\d) to", str(town.ruth.modal), re.MULTILINE)
    assert begins, town.ruth.modal
    await town.ruth.press("Move to this time", near=begins[0])
    await town.ruth.close()
    await town.settled()
    moved = next(each for each in town.owen.mail if each.invitation)
    assert moved.invitation["sequence"] > old.invitation["sequence"]

    await written(town)  # the first letter again
    assert "no answer yet" in line_of(town, NHS)
    told = town.ruth.last()
    assert "A reply by e-mail needs you" in told
    assert "It answers an earlier version of the invitation" in told
    assert "Nothing has been recorded" in told

    await town.ruth.press("Record it as their answer", "dm", near="earlier version")
    await town.settled()
    assert "coming, by e-mail (Owen Pritchard" in line_of(town, NHS)
    assert "Recorded as their answer by Ruth Calloway" in town.ruth.last()


async def test_a_forged_sender_is_put_before_the_coordinator_and_counts_nothing(town):
    await written(town, sender="owen.pritchard@elsewhere.example")
    assert "It came from another address" in town.ruth.last()
    assert "no answer yet" in line_of(town, NHS)

    await written(
        town, organizer="convenor@aldermere.example", answer="declined"
    )  # his name, not his address
    assert "Nothing proves that they sent it" in town.ruth.last()
    assert "no answer yet" in line_of(town, NHS)
    await town.ruth.press("Set it aside", "dm", near="Nothing proves")
    await town.settled()
    assert "Set aside by Ruth Calloway" in town.ruth.last()
    assert "elsewhere.example" not in "".join(str(each) for each in town.ruth.messages())


async def test_another_time_that_is_proposed_reaches_the_coordinator_with_a_way_to_look_for_it(town):
    start = datetime.fromisoformat(town.owen.mail[0].invitation["start"]) + timedelta(days=1)
    await town.owen.answers_mail("Panel", "counter", start)
    await town.settled()
    told = town.ruth.last()
    assert "Owen Pritchard asks for another time" in told
    assert f"{start:%-d %B %Y}" in str(told) or f"{start:%-d %b %Y}" in str(told)
    assert "no answer yet" in line_of(town, NHS)
    await town.ruth.press("Find another time", "dm", near="asks for another time")
    assert town.ruth.modal
