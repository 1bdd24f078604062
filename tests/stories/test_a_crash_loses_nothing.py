"""The program dies at the worst moments, and people press again: nothing is lost, and nothing happens twice.

Recorded before acknowledged, look before resend (design.md rules 1, 2 and 10; issue 2, Referral).
"""

import asyncio
from datetime import timedelta

import pytest
from acts import accepts, begins_to_refer, reference, refers_to_marm, sends
from sqlmodel import select
from told import MS_B
from town import Town, at
from town_in_teams import NEEDS_TEAMS, TownInTeams

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


async def test_nobody_presses_again_and_the_referral_reaches_triage_all_the_same(sqlite_database):
    async with Town(sqlite_database.url, start=MONDAY) as town:
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


@pytest.mark.parametrize("arrived", [True, False], ids=["after it was carried out", "before"])
async def test_an_answer_lost_on_the_way_costs_no_second_message(sqlite_database, arrived):
    async with Town(sqlite_database.url, start=MONDAY) as town:
        town.here.world.fail("chat.postMessage", times=2, after=arrived)
        ref = await refers_to_marm(town, town.mary)
        assert len(town.tom.messages("triage")) == arrived
        await town.is_away_until(town.now + timedelta(seconds=30))
        [card] = town.tom.messages("triage")
        [receipt] = town.mary.messages()
        assert ref in card
        assert ref in receipt


def receipts(who: Hands) -> list[Screen]:
    """What this person was sent about a referral of theirs."""
    return [one for one in who.messages() if "We have your referral" in one]


async def referrals(town: Town) -> list[str]:
    """The references of all that were sent in."""
    return list(await town.looks_up(lambda work: work.session.exec(select(ReferralRow.ref)).all()))
