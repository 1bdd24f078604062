"""The page's Teams side, by hand: a referral and its decision in Teams, the same seen in Slack (issue 3)."""

from importlib.util import find_spec

import pytest
from playwright.sync_api import expect
from sitting import MARM, OWEN, PRIYA, RUTH, TEAMS_CHAT, TEAMS_MARM, TEAMS_TRIAGE, TOM, TRIAGE, Sitting

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(find_spec("microsoft_teams") is None, reason="the package for Teams is not here"),
]

HIS_NAME = "Walter Finch"
HIS_STORY = "he no longer opens the door, and the heating has been off since Sunday"


def test_a_case_is_raised_and_decided_in_teams_and_slack_shows_the_same(sitting: Sitting) -> None:
    ref = priya_raises_a_concern_from_the_box_where_she_writes(sitting)
    tom_decides_in_the_channel(sitting, ref)
    both_channels_say_so(sitting, ref)
    owen_who_is_in_teams_alone_accepts_an_invitation(sitting)
    ruth_is_asked_whether_she_is_sure(sitting)


def priya_raises_a_concern_from_the_box_where_she_writes(sitting: Sitting) -> str:
    sitting.sit(PRIYA, TEAMS_CHAT)
    sitting.page.get_by_role("button", name="Shortcuts").click()
    sitting.page.get_by_role("button", name="Raise a concern").last.click()
    sitting.opens("Raise a concern")
    sitting.answer(danger="No", pathway="MARM")
    sitting.press("Next")

    sitting.opens("How we reach you")
    sitting.press("Next")
    phone = sitting.dialog.get_by_label("What is the best phone number")
    expect(phone).to_be_focused()
    expect(phone).to_have_accessible_description("To mend: Write an answer.")
    sitting.keep("what-needs-mending")
    nobody = "Nobody, or not known: Who can we ring about this outside office hours?"
    sitting.answer(**{"call_back": "01632 960 101", "out_of_hours[unknown]": nobody})
    sitting.press("Next")

    sitting.opens("What worries you")
    sitting.answer(
        **{
            "concern": f"He is 81 and {HIS_STORY}.",
            "concerns[]": ["Self-neglect"],
            "concern_on": "2026-02-27",
        }
    )
    sitting.keep("what-worries-her")
    sitting.press("Next")
    sitting.opens("About the person")
    sitting.answer(name=f"{HIS_NAME} (invented)", born="1945-01-04", address="2 Tern Lane, Aldermere")
    sitting.press("Next")
    sitting.opens("Sharing information")
    sitting.answer(consent="Yes, they agreed")
    sitting.press("Next")
    sitting.opens("Where the risk is from")
    sitting.answer(third_party="No", can_protect="Yes")
    sitting.press("Send")
    expect(sitting.dialog.get_by_text("Sent. Your reference is")).to_be_visible()
    ref = sitting.reference()
    sitting.shut()
    expect(sitting.message(f"We have your referral: {ref}")).to_be_visible()
    sitting.keep("the-receipt")
    return ref


def tom_decides_in_the_channel(sitting: Sitting, ref: str) -> None:
    sitting.sit(TOM, TEAMS_TRIAGE)
    expect(sitting.message(f"{ref}: new referral")).to_be_visible()
    nothing_of_him_is_shown(sitting)
    sitting.press("Review", f"{ref}: new referral")
    sitting.opens(ref)
    sitting.press("Next: What worries you")
    expect(sitting.dialog.get_by_text(HIS_STORY)).to_be_visible()
    sitting.press("Decide…")
    sitting.opens(f"Decide {ref}")
    sitting.answer(outcome="Accept: open a case", reason="Self-neglect, and nobody can get in.")
    sitting.keep("the-decision")
    sitting.press("Record decision")
    sitting.shut()
    expect(sitting.message(f"{ref}: accepted")).to_be_visible()
    sitting.keep("accepted")


def both_channels_say_so(sitting: Sitting, ref: str) -> None:
    sitting.sit(TOM, TRIAGE)
    expect(sitting.message(f"{ref}: accepted")).to_be_visible()
    nothing_of_him_is_shown(sitting)
    for place in (TEAMS_MARM, MARM):
        sitting.sit(RUTH, place)
        expect(sitting.message(f"Case {ref}: open")).to_be_visible()
        nothing_of_him_is_shown(sitting)


def owen_who_is_in_teams_alone_accepts_an_invitation(sitting: Sitting) -> None:
    sitting.sit(OWEN, TEAMS_CHAT)
    expect(sitting.page.get_by_role("navigation", name="Places")).to_contain_text("In Microsoft Teams only")
    invited = sitting.message("invites you")
    invited.get_by_role("button", name="Accept", exact=True).click()
    expect(invited).to_contain_text("Noted")  # what Teams says above the card, to him alone
    expect(invited).to_contain_text("You have accepted.")
    expect(invited.locator(".edited")).to_be_visible()
    sitting.keep("he-has-accepted")


def ruth_is_asked_whether_she_is_sure(sitting: Sitting) -> None:
    sitting.sit(RUTH, TEAMS_MARM)
    booked = sitting.message("Start the meeting")
    expect(booked).to_contain_text("Aldermere NHS Trust: coming (Owen Pritchard)")
    booked.get_by_role("button", name="Start the meeting").click()
    expect(booked).to_contain_text("the agenda can no longer be changed")
    sitting.keep("is-she-sure")
    booked.get_by_role("button", name="Start the meeting").click()
    expect(booked).not_to_contain_text("the agenda can no longer be changed")


def nothing_of_him_is_shown(sitting: Sitting) -> None:
    """Design rule 4: a place shows references, dates and agencies, never a name or a story."""
    for told in (HIS_NAME, HIS_STORY):
        expect(sitting.main).not_to_contain_text(told)
