"""The office's server is off for a week: one message a person, not five, and the ladder stands where it should.

A missed week costs one nudge; nobody gets two on one day; nothing open is ever forgotten (T17; design rule 8).
"""

import re
from collections import Counter

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import MARM, agrees_on_a_plan
from plan_acts import accepts_the_action, grouped, is_done
from sqlmodel import select
from town import Town, at
from town_in_teams import ON_BOTH

from bot.storage.tables import NudgeRow

DUE = ("2026-03-09", "2026-03-10", "2026-03-11", "2026-03-12", "2026-03-13")


@pytest.mark.long
@ON_BOTH
async def test_a_week_without_the_program_costs_each_person_one_message(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        agreed = [("Aldermere Fire", "Dan", "Visit", due) for due in DUE]
        await agrees_on_a_plan(town, town.ruth, ref, *agreed)
        for number in range(1, 6):
            await accepts_the_action(town, town.dan, f"{ref}/{number}")
        await town.moves_to(at("2026-03-06 12:00"))
        heard = len(grouped(town.dan))

        await town.is_away_until(at("2026-03-16 09:10"))
        assert len(grouped(town.dan)) == heard + 1
        # Each action goes to whoever its ladder has reached meanwhile, all of one person's in one message.
        for who, numbers in ((town.dan, "45"), (town.lucy, "23"), (town.peter, "23"), (town.ruth, "1")):
            message = grouped(who)[-1]
            assert [n for n in "12345" if f"{ref}/{n} " in message] == list(numbers)
        assert "overdue by 5 working days" in grouped(town.ruth)[-1]
        assert [len(grouped(above)) for above in (town.lucy, town.peter, town.ruth)] == [1, 1, 1]

        # What was overtaken is on record as not sent, and why; and every open action says what comes next.
        rows = await town.looks_up(lambda work: work.session.exec(select(NudgeRow)).all())
        assert {row.why for row in rows if row.state == "skipped"} == {"overtaken by a later step"}
        assert {row.state for row in rows} == {"sent", "skipped"}
        shown = town.ruth.look(f"Actions of {ref}", MARM)
        assert str(shown).count("Next: ") == 5

        for number in range(1, 6):
            await is_done(town, town.dan, f"{ref}/{number}")
        said = {who.name: len(grouped(who)) for who in town.everybody}
        await town.moves_to(at("2026-03-30 12:00"))
        # Nobody is asked about them again; Ruth alone hears of the review, which nobody has held.
        assert {who.name: len(grouped(who)) for who in town.everybody} == said | {
            town.ruth.name: said[town.ruth.name] + 1
        }
        assert "MARM review" in grouped(town.ruth)[-1]
        assert most_in_a_day(town) == 1


@ON_BOTH
async def test_with_the_platform_out_as_well_the_message_arrives_later_that_day_and_once(
    made, sqlite_database
):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)  # and triage has until Thursday
        await town.moves_to(at("2026-03-05 16:00"))
        assert f"{ref} MARM\nWaits for triage" in grouped(town.tom)[-1]
        town.takes_no_post(times=3)
        await town.is_away_until(at("2026-03-09 10:00"))
        assert grouped(town.ruth) == []
        for minute in (10, 20, 30):
            await town.moves_to(at(f"2026-03-09 10:{minute}"))
        [message] = grouped(town.ruth)
        assert f"{ref} MARM\nWaits for triage. Due Thu 5 Mar 2026, overdue by 2 working days." in message
        assert most_in_a_day(town) == 1


def most_in_a_day(town: Town) -> int:
    """The most grouped messages that anybody got on any one day; each begins with its day."""
    days = Counter(
        (who.name, day)
        for who in town.everybody
        for message in grouped(who)
        for day in re.findall(r"^\w{3} \d+ \w{3} \d{4}\.", str(message), re.MULTILINE)
    )
    return max(days.values())
