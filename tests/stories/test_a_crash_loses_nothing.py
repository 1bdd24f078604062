"""The program dies at the worst moments, and people press again: nothing is lost, and nothing happens twice.

Recorded before acknowledged, look before resend (design.md rules 1, 2 and 10; issue 2, Referral).
"""

import asyncio
from datetime import timedelta

import pytest
from acts import accepts, begins_to_refer, reference, sends
from sqlmodel import select
from told import MS_B
from town import Town, at
from town_in_teams import NEEDS_TEAMS, ON_BOTH, TownInTeams

from bot.local.hands import Hands
from bot.local.refusals import CannotDo
from bot.local.screen import Screen
from bot.storage.tables import ReferralRow

MONDAY = at("2026-03-02 09:30")
A_LEASE = timedelta(minutes=2)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        pytest.param("sqlite", Town, id="Slack on SQLite"),
        pytest.param("postgresql", Town, id="Slack on PostgreSQL"),
        pytest.param("sqlite", TownInTeams, id="Teams", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
    indirect=["kind"],
)
async def test_a_crash_between_commit_and_acknowledgement_gives_one_referral(made, database):
    async with made(database.url, start=MONDAY) as town:
        mary, tom = town.mary, town.tom
        await begins_to_refer(mary, "marm", MS_B)
        async with town.dying_once_committed(ReferralRow):
            with pytest.raises(CannotDo, match=r"the app hung up|cannot be reached"):
                await sends(mary, MS_B)
        assert tom.messages("triage") == receipts(mary) == []  # it is on record, and nobody has heard

        await town.starts_again()
        await mary.submit()  # as anybody would: the form still stands there
        ref = reference(str(mary.modal))
        await town.is_away_until(town.now + A_LEASE)  # what the first program was carrying is free again
        assert await referrals(town) == [ref]
        [receipt] = receipts(mary)
        assert ref in receipt
        [card] = tom.messages("triage")
        assert f"{ref}: new referral" in card
        assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_nobody_presses_again_and_the_referral_reaches_triage_all_the_same(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        await begins_to_refer(town.mary, "marm", MS_B)
        async with town.dying_once_committed(ReferralRow):
            with pytest.raises(CannotDo):
                await sends(town.mary, MS_B)
        await town.starts_again()
        await town.is_away_until(town.now + A_LEASE)
        [ref] = await referrals(town)
        assert f"{ref}: new referral" in town.tom.last("triage")
        assert f"We have your referral: {ref}" in town.mary.last()


async def test_a_crash_between_a_post_and_its_record_posts_nothing_twice(database):
    async with Town(database.url, start=MONDAY) as town:
        mary, tom = town.mary, town.tom
        await begins_to_refer(mary, "marm", MS_B)
        posted = town.dies_once(lambda: tom.messages("triage"))
        await asyncio.gather(sends(mary, MS_B), posted)
        ref = reference(str(mary.modal))

        await town.starts_again()
        await town.is_away_until(town.now + A_LEASE)
        [card] = tom.messages("triage")
        assert len(mary.messages()) == 1
        # It was found again, so what comes next is an edit of it.
        await accepts(town, tom, ref)
        [edited] = tom.messages("triage")
        assert edited.container == card.container
        assert f"{ref}: accepted" in edited


@NEEDS_TEAMS
@pytest.mark.long
async def test_a_crash_between_a_post_and_its_record_costs_a_second_card_in_teams_and_loses_nothing(
    sqlite_database,
):
    """Teams keeps no key of ours and lets nobody look for what was posted (teams.md section 8)."""
    async with TownInTeams(sqlite_database.url, start=MONDAY) as town:
        mary, tom = town.mary, town.tom
        await begins_to_refer(mary, "marm", MS_B)
        posted = town.dies_once(lambda: tom.messages("triage"))
        await asyncio.gather(sends(mary, MS_B), posted)
        ref = reference(str(mary.modal))

        await town.starts_again()
        await town.is_away_until(town.now + A_LEASE)
        forgotten, card = tom.messages("triage")
        assert ref in forgotten
        assert {ref in receipt for receipt in receipts(mary)} == {True}
        await accepts(town, tom, ref)
        before, edited = tom.messages("triage")
        assert edited.container == card.container
        assert f"{ref}: accepted" in edited
        # What nobody remembers stands as it was; who presses on it reads, and decides nothing a second time.
        assert f"{ref}: new referral" in before
        await tom.press_on(before, "Review")
        assert "Decide…" not in str(tom.modal)
        assert await referrals(town) == [ref]


@pytest.mark.parametrize(
    ("made", "arrived"),
    [
        pytest.param(Town, True, id="Slack, after it was carried out"),
        pytest.param(Town, False, id="Slack, before"),
        pytest.param(TownInTeams, False, id="Teams, before", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
)
async def test_an_answer_lost_on_the_way_costs_no_second_message(made, sqlite_database, arrived):
    async with made(sqlite_database.url, start=MONDAY) as town:
        await begins_to_refer(town.mary, "marm", MS_B)
        town.takes_no_post(times=2, after=arrived)
        await sends(town.mary, MS_B)
        ref = reference(str(town.mary.modal))
        await town.settled()
        assert len(town.tom.messages("triage")) == arrived
        await town.is_away_until(town.now + timedelta(seconds=30))
        [card] = town.tom.messages("triage")
        [receipt] = receipts(town.mary)
        assert ref in card
        assert ref in receipt


@NEEDS_TEAMS
@pytest.mark.long
async def test_what_teams_took_without_saying_so_is_said_again_rather_than_lost(sqlite_database):
    """Nobody can tell whether it arrived, so it is there twice, and everything that is said stands in both."""
    async with TownInTeams(sqlite_database.url, start=MONDAY) as town:
        await begins_to_refer(town.mary, "marm", MS_B)
        town.takes_no_post(times=2, after=True)
        await sends(town.mary, MS_B)
        ref = reference(str(town.mary.modal))
        await town.settled()
        await town.is_away_until(town.now + timedelta(seconds=30))
        for said in (town.tom.messages("triage"), receipts(town.mary)):
            assert [ref in one for one in said] == [True, True]
        assert await referrals(town) == [ref]


def receipts(who: Hands) -> list[Screen]:
    """What this person was sent about a referral of theirs."""
    return [one for one in who.messages() if "We have your referral" in one]


async def referrals(town: Town) -> list[str]:
    """The references of all that were sent in."""
    return list(await town.looks_up(lambda work: work.session.exec(select(ReferralRow.ref)).all()))
