"""README's five minutes by hand, in a browser: from a charity's worry to an action that is done (issue 2, Proof)."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, expect
from sitting import DAN, MARM, MARY, RUTH, TOM, TRIAGE, Sitting

pytestmark = pytest.mark.browser

HER_NAME = "Bridget Ellwood"
HER_STORY = "she sleeps in a chair by the door because the bed can no longer be reached"
HER_WORDS = "“Ask before you touch. Then I might say yes to a bag or two.”"
MEETING = "MARM panel in progress"


def test_a_concern_becomes_a_finished_action(sitting: Sitting) -> None:
    ref = mary_raises_a_concern(sitting)
    tom_decides_that_a_case_is_opened(sitting, ref)
    starts_at = ruth_finds_a_time_and_books_it(sitting, ref)
    dan_is_invited_by_a_reference_only(sitting, ref)
    sitting.moves_the_clock_to(starts_at)
    ruth_holds_the_meeting(sitting, ref)
    dan_accepts_his_action(sitting, ref)
    dan_is_reminded_as_the_days_go_by(sitting, ref)
    dan_says_that_it_is_done(sitting, ref)


def mary_raises_a_concern(sitting: Sitting) -> str:
    sitting.sit(MARY, "home")
    sitting.press("Raise a concern")
    sitting.opens("Raise a concern")
    sitting.keep("raise-a-concern")
    sitting.answer(danger="No", pathway="MARM")
    sitting.submit()

    sitting.opens("How we reach you")
    sitting.submit()
    expect(sitting.dialog.get_by_text("Please complete this required field")).to_be_visible()
    sitting.keep("an-error-stands-beside-its-question")
    sitting.answer(call_back="01632 960 601")
    sitting.answer(**{"out_of_hours:unknown": "Nobody, or not known"})
    sitting.submit()

    sitting.opens("What worries you")
    sitting.answer(
        concern=f"Belongings fill each room to shoulder height; {HER_STORY}.",
        concerns=["Hoarding", "Fire risk at home"],
        concern_on="2026-02-20",
    )
    sitting.keep("what-worries-her")
    sitting.submit()

    sitting.opens("About the person")
    sitting.answer(name=f"{HER_NAME} (invented)", born="1948-05-04", address="14 Quincetree Row, Aldermere")
    sitting.submit()

    sitting.opens("Sharing information")
    sitting.answer(consent="Yes, they agreed")
    sitting.submit()

    sitting.opens("Where the risk is from")
    sitting.answer(third_party="No", can_protect="Yes")
    sitting.submit()

    expect(sitting.dialog.get_by_text("Sent. Your reference is")).to_be_visible()
    sitting.keep("sent")
    ref = sitting.reference()
    sitting.shut()
    sitting.sit(MARY, "messages")
    expect(sitting.message(f"We have your referral: {ref}")).to_be_visible()
    sitting.keep("the-receipt")
    return ref


def tom_decides_that_a_case_is_opened(sitting: Sitting, ref: str) -> None:
    sitting.sit(TOM, TRIAGE)
    expect(sitting.message(f"{ref}: new referral")).to_be_visible()
    nothing_of_her_is_shown(sitting)
    sitting.press("Review", f"{ref}: new referral")
    sitting.opens(ref)
    sitting.press("Next: What worries you")
    expect(sitting.dialog.get_by_text(HER_STORY)).to_be_visible()
    sitting.keep("her-story-as-triage-reads-it")
    sitting.press("Decide…")
    sitting.opens(f"Decide {ref}")
    sitting.keep("the-threshold")
    sitting.answer(
        outcome="Accept: open a case",
        reason="Self-neglect with fire risk; several agencies know parts of it.",
    )
    sitting.submit()
    sitting.shut()
    expect(sitting.message(f"{ref}: accepted")).to_be_visible()
    sitting.keep("accepted")


def ruth_finds_a_time_and_books_it(sitting: Sitting, ref: str) -> datetime:
    sitting.sit(RUTH, MARM)
    sitting.press("Find a time", f"Case {ref}: open")
    sitting.opens("Find a time")
    sitting.keep("who-must-come")
    sitting.submit()
    sitting.opens("Times found")
    sitting.keep("times-found")
    time = sitting.dialog.locator(".block-section").filter(has_text="Book this time").last
    starts_at = moment_in(time)
    time.get_by_role("button", name="Book this time").click()
    sitting.page.locator("[data-confirm=confirm]").click()
    expect(sitting.dialog.get_by_text("Booked: MARM panel")).to_be_visible()
    sitting.keep("booked")
    sitting.shut()
    expect(sitting.message("MARM panel booked", ref)).to_be_visible()
    expect(sitting.message(f"Case {ref}: listed for a meeting")).to_be_visible()
    sitting.keep("the-meeting-in-the-channel")
    return starts_at


def dan_is_invited_by_a_reference_only(sitting: Sitting, ref: str) -> None:
    sitting.sit(DAN, "messages")
    sitting.press("Accept", "invites you", ref)
    expect(sitting.message("invites you", ref)).to_contain_text("You have accepted.")
    sitting.keep("invited-in-chat")

    sitting.sit(DAN, "mail")
    sitting.main.get_by_role("button", name=f"Panel {ref}").click()
    expect(sitting.main.get_by_role("region", name="Invitation")).to_contain_text(f"Panel {ref}")
    nothing_of_her_is_shown(sitting)
    sitting.keep("invited-by-e-mail")

    sitting.sit(DAN, "calendar")
    expect(sitting.main.get_by_role("heading", name="Week of")).to_be_visible()
    in_the_calendar = sitting.main.get_by_title(f"Panel {ref}")
    if in_the_calendar.count() == 0:
        sitting.press("Next week")
    expect(in_the_calendar).to_be_visible()
    sitting.keep("in-his-calendar")


def ruth_holds_the_meeting(sitting: Sitting, ref: str) -> None:
    sitting.sit(RUTH, MARM)
    sitting.press("Start the meeting", "MARM panel booked", ref, sure=True)
    expect(sitting.message(MEETING, f"On the table: {ref}")).to_be_visible()
    sitting.keep("the-meeting-has-begun")

    sitting.press("Attendance", MEETING, ref)
    sitting.opens("Attendance")
    for agency in sitting.dialog.get_by_role("combobox").all():
        agency.select_option(index=1)  # the one who was asked
    sitting.dialog.get_by_label("Aldermere Fire and Rescue").select_option(label="Present: Dan Rusk")
    sitting.keep("attendance")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Quorate: 6 agencies of 4 needed")

    sitting.press("Conclude the meeting", MEETING, ref)
    sitting.opens("Conclude the meeting")
    expect(sitting.dialog).to_contain_text(f"{ref} still needs: the person’s views")
    sitting.keep("not-yet")
    sitting.shut()

    sitting.press("Person’s views", MEETING, ref)
    sitting.opens("The person’s views")
    sitting.answer(how="Told to a professional", views=HER_WORDS)
    sitting.keep("her-views")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Views: recorded")

    sitting.press("Prompts", MEETING, ref)
    sitting.opens("Prompts")
    for prompt in sitting.dialog.get_by_role("checkbox").all():
        prompt.check()
    sitting.keep("prompts")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Prompts: 7 of 7")

    sitting.press("Record a decision", MEETING, ref)
    sitting.opens("Record a decision")
    sitting.answer(
        kind="Risk management plan agreed",
        text="A way to the bed and to the front door is cleared first, with her.",
        reasons="It takes the gravest risk away soonest, and she has agreed to it.",
        options="A full clearance was weighed, and set aside because she would close the door again.",
        support="Mary went through each option with her.",
        law=["Care Act 2014, section 11"],
    )
    sitting.keep("a-decision")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Decisions: 1")

    sitting.press("Risk and review", MEETING, ref)
    sitting.opens("Risk and review")
    sitting.answer(rating="High", mitigated="Yes")
    sitting.keep("risk-and-review")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Risk: High")

    sitting.press("Add action", MEETING, ref)
    sitting.opens("Add action")
    sitting.answer(agency="Aldermere Fire and Rescue")
    expect(sitting.dialog.get_by_label("Owner")).to_be_visible()
    sitting.answer(
        owner="Dan Rusk",
        category="Home fire safety visit",
        detail="Fit alarms that work, and a way out, agreed with her.",
        due="In 3 working days",
    )
    sitting.keep("an-action")
    sitting.submit()
    expect(sitting.message(MEETING, ref)).to_contain_text("Actions: 1")

    sitting.press("Conclude the meeting", MEETING, ref)
    sitting.opens("Conclude the meeting")
    sitting.submit()
    expect(sitting.dialog.get_by_text("The meeting is concluded")).to_be_visible()
    sitting.shut()
    expect(sitting.message(f"Actions of {ref}")).to_contain_text("Waiting to be accepted")
    nothing_of_her_is_shown(sitting)
    sitting.keep("the-action-list")

    sitting.press("Read the minutes", "MARM panel concluded", ref)
    sitting.opens("Minutes")
    expect(sitting.dialog).to_contain_text(HER_WORDS)
    sitting.keep("the-minutes")
    sitting.shut()


def dan_accepts_his_action(sitting: Sitting, ref: str) -> None:
    sitting.sit(DAN, "messages")
    sitting.press("Accept", f"An action for you: {ref}/1")
    expect(sitting.message(f"Your action: {ref}/1")).to_contain_text("Accepted")
    sitting.keep("his-action")


def dan_is_reminded_as_the_days_go_by(sitting: Sitting, ref: str) -> None:
    for _ in range(4):
        sitting.moves_the_clock("next-working-day")
    nudge = sitting.message(f"{ref}/1", "overdue by 1 working day", "it is overdue")
    expect(nudge).to_be_visible()
    expect(nudge).to_contain_text("told on")  # what comes next, and when
    sitting.keep("the-nudge")


def dan_says_that_it_is_done(sitting: Sitting, ref: str) -> None:
    sitting.sit(RUTH, MARM)
    posted = sitting.message(f"Actions of {ref}")
    expect(posted).to_contain_text("1 open action, 1 overdue")
    stamp = posted.get_attribute("data-ts")

    sitting.sit(DAN, "messages")
    sitting.press("Done", f"{ref}/1", "it is overdue")
    sitting.opens("Done")
    sitting.answer(evidence="Alarms fitted on Thursday; the stairs are clear.")
    sitting.keep("done")
    sitting.submit()
    expect(sitting.dialog.get_by_text(f"{ref}/1 is done")).to_be_visible()
    sitting.shut()

    sitting.sit(RUTH, MARM)
    lists = sitting.main.locator("article.message").filter(has_text=f"Actions of {ref}")
    expect(lists).to_have_count(1)
    expect(lists).to_contain_text("0 open actions, 1 closed")
    expect(lists.locator(".edited")).to_be_visible()
    assert lists.get_attribute("data-ts") == stamp  # the same message, edited in place
    nothing_of_her_is_shown(sitting)
    sitting.keep("the-list-says-so")


def nothing_of_her_is_shown(sitting: Sitting) -> None:
    """Design rule 4: a place shows references, dates and agencies, never a name or a story."""
    for told in (HER_NAME, HER_STORY, HER_WORDS):
        expect(sitting.main).not_to_contain_text(told)


def moment_in(time: Locator) -> datetime:
    """When a time on offer begins, as it is written: "5. Wed 4 Mar 2026, 10:30 to 13:30"."""
    found = re.search(r"\w{3} (\d+ \w{3} \d{4}, \d\d:\d\d) to", time.inner_text())
    assert found
    return datetime.strptime(found[1], "%d %b %Y, %H:%M").replace(tzinfo=ZoneInfo("Europe/London"))
