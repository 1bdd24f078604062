"""A concern becomes a case: referral and triage, by both of Slack's doors and by Teams' (S3-16 to S3-26, S5-05)."""

from functools import partial

import pytest
from acts import decides, page, refers_to_marm
from town import Town, at
from town_in_teams import NEEDS_TEAMS, ON_BOTH, TownInTeams

MONDAY = at("2026-03-02 09:30")


@pytest.mark.parametrize(
    "made",
    [
        pytest.param(Town, id="Slack by socket mode"),
        pytest.param(partial(Town, http=True), id="Slack by signed http"),
        pytest.param(TownInTeams, id="Teams", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
)
async def test_a_concern_is_raised_triaged_and_becomes_a_case(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        ref = await refers_to_marm(town, town.mary)
        assert f"We have your referral: {ref}" in town.mary.last()
        card = town.tom.last("triage")
        assert ref in card
        assert "3 working days left" in card
        assert "Bell" not in str(card)

        await decides(
            town, town.tom, ref, "Accept: open a case", "Self-neglect with fire risk; several agencies."
        )
        assert f"{ref}: accepted" in town.tom.last("triage")
        assert f"{ref} is accepted" in town.mary.last()
        assert f"{ref} is yours to coordinate" in town.ruth.last()
        assert f"Case {ref}: open" in town.ruth.last("marm-panel")

        await town.ruth.press("Open the case", "marm-panel")
        assert "No actions have been agreed yet." in town.ruth.modal
        assert ref in await town.ruth.open_home()


@ON_BOTH
async def test_immediate_danger_shows_the_999_card_before_anything_else(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        await town.priya.command("/refer")
        await page(town.priya, danger="Yes", pathway="MARM")
        assert "999" in town.priya.modal
        await town.priya.submit()
        assert "How we reach you" in town.priya.modal


@ON_BOTH
async def test_a_draft_is_kept_at_every_page_and_resumed_from_home(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        priya = town.priya
        await priya.command("/refer marm")
        await page(priya, danger="No")
        await page(priya, call_back="01632 960 101", out_of_hours="not known")
        await priya.close()
        home = await priya.open_home()
        assert "Begun and not sent" in home
        await priya.press("Go on", "home")
        assert "What are you worried about?" in priya.modal


@ON_BOTH
async def test_what_is_missing_is_said_beside_its_question(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        priya = town.priya
        await priya.command("/refer marm")
        await page(priya, danger="No")
        await priya.fill(call_back="ring me", out_of_hours="not known")
        told = await priya.submit_and_be_told()
        assert told == {
            "What is the best phone number or e-mail address to reach you on?": (
                "Give one phone number or one e-mail address."
            )
        }


@ON_BOTH
async def test_a_refused_referral_tells_why_and_how_to_challenge(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        ref = await refers_to_marm(town, town.mary)
        reason = "One agency can manage this with the housing plan that is in place."
        await decides(town, town.tom, ref, "Not accepted", reason)
        assert "was not accepted" in town.mary.last()
        assert "housing plan" not in str(town.mary.last())

        await town.mary.press("Read the reason", "dm")
        assert reason in town.mary.modal
        assert "Tom Ashdown" in town.mary.modal
        await town.mary.press("Challenge this decision")
        await page(town.mary, reason="She fell again last night and is not eating.")
        await town.settled()
        assert "new referral" in town.tom.last("triage")


@ON_BOTH
async def test_triage_asks_the_referrer_answers_and_the_clock_runs_on(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        ref = await refers_to_marm(town, town.mary)
        await decides(town, town.tom, ref, "Needs information", "Is anybody else living in the house?")
        assert "needs something from you" in town.mary.last()
        await town.mary.press("Read what is needed", "dm")
        await town.mary.press("Give the information")
        await page(town.mary, text="Nobody else. Her sister visits on Sundays.")
        await town.settled()
        card = town.tom.last("triage")
        assert f"{ref}: new referral" in card
        assert "3 working days left" in card


@ON_BOTH
async def test_somebody_outside_triage_is_refused_and_the_attempt_is_recorded(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        await refers_to_marm(town, town.mary)
        # Ruth coordinates: she reads referrals, and may not decide them.
        await town.ruth.press("Review", "triage")
        assert "Decide…" not in str(town.ruth.modal)


@ON_BOTH
async def test_sending_the_same_last_page_twice_makes_one_referral(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        town.here.world.turn(duplicates=True)
        ref = await refers_to_marm(town, town.mary)
        cards = [card for card in town.tom.messages("triage") if "CV-" in str(card)]
        assert len(cards) == 1
        assert ref in cards[0]
