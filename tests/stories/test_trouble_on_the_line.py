"""The platform slows us down, sends things twice and late: everything arrives, and exactly once (design rule 2).

Rate limits with Retry-After, duplicate deliveries and late ones are switched on together for a whole case's beginning.
"""

import pytest
from acts import accepts, page, reference, refers_to_marm
from meeting_acts import MARM, agrees_on_a_plan, books, looks_for_a_time
from plan_acts import accepts_the_action, is_done
from sqlmodel import select
from town import Town, at
from town_in_teams import ON_BOTH

from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import VoiceRow

MONDAY = at("2026-03-02 09:30")


@pytest.mark.parametrize(
    "http", [False, pytest.param(True, marks=pytest.mark.long)], ids=["socket mode", "signed http"]
)
async def test_with_everything_going_wrong_at_once_everything_arrives_exactly_once(sqlite_database, http):
    async with Town(sqlite_database.url, start=MONDAY, http=http) as town:
        world = town.here.world
        world.turn(rate_limit=True, duplicates=True, late=True)
        world.switches.late_by = 0.05
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await agrees_on_a_plan(town, town.ruth, ref, ("Aldermere Fire", "Dan", "Visit", "In 5 working days"))
        await accepts_the_action(town, town.dan, f"{ref}/1")
        await is_done(town, town.dan, f"{ref}/1")

        for who, room, words in (
            (town.tom, "triage", f"{ref}: accepted"),
            (town.mary, "dm", f"We have your referral: {ref}"),
            (town.mary, "dm", f"{ref} is accepted"),
            (town.ruth, "dm", f"{ref} is yours to coordinate"),
            (town.ruth, MARM, f"Case {ref}: plan active"),
            (town.ruth, MARM, "MARM panel held"),
            (town.ruth, MARM, "MARM panel concluded"),
            (town.ruth, MARM, f"Actions of {ref}"),
            (town.dan, "dm", "MARM panel was held"),
            (town.dan, "dm", "Agenda of the MARM panel"),
            (town.dan, "dm", f"Closed: {ref}/1"),
            (town.ruth, "dm", f"Every action of {ref} is closed"),
        ):
            assert len([one for one in who.messages(room) if words in one]) == 1, (who.name, words)
        # One letter for this meeting, and one for the next monthly panel, to which everybody was asked meanwhile.
        assert len({one.subject for one in town.dan.mail}) == len(town.dan.mail) == 2
        # Nobody is told of a failure that was none.
        assert [who.name for who in town.everybody if COMPLAINTS & complaints_to(who)] == []
        recorded = await town.looks_up(verbs_about, ref)
        once = ("referral.submitted", "triage.accept", "case.opened", "case.listed", "case.heard")
        for verb in (*once, "action.added", "action.accepted", "action.done"):
            assert recorded.count(verb) == 1, verb
        assert len(await town.looks_up(lambda work: work.session.exec(select(VoiceRow)).all())) == 1
        assert await town.looks_up(undelivered) == []
        assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_a_lost_acknowledgement_and_a_second_press_book_one_meeting(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        town.here.world.turn(duplicates=True)
        await looks_for_a_time(town.ruth, ref)
        told = await books(town, town.ruth, "2. ")
        assert reference(told) == ref
        assert len([one for one in town.ruth.messages(MARM) if "MARM panel booked" in one]) == 1
        assert len(town.dan.mail) == 1


@ON_BOTH
async def test_a_burst_of_duplicates_of_one_challenge_is_one_challenge(made, sqlite_database):
    async with made(sqlite_database.url, start=MONDAY) as town:
        ref = await refers_to_marm(town, town.mary)
        await town.tom.press("Review", "triage", near=ref)
        await town.tom.press("Decide…")
        town.here.world.turn(duplicates=True)
        await page(town.tom, outcome="Not accepted", reason="One agency can manage this with its own plan.")
        await town.settled()
        assert len([one for one in town.mary.messages() if "was not accepted" in one]) == 1
        assert (await town.looks_up(verbs_about, ref)).count("triage.not_accept") == 1


COMPLAINTS = {"That window could not be opened", "That was not done", "Something went wrong"}


def complaints_to(who):
    """Which of the complaints stand anywhere in front of somebody."""
    return {words for words in COMPLAINTS if who.look(words)}


def verbs_about(work, ref):
    """What is on record about a case, in order."""
    query = select(AuditEvent.verb).where(AuditEvent.stream == ref).order_by(AuditEvent.seq)
    return list(work.session.exec(query).all())


def undelivered(work):
    """What the ledger still owes, or has given up."""
    query = select(OutboxRow.key).where(OutboxRow.state.in_(["owed", "trying", "dead"]))
    return list(work.session.exec(query).all())
