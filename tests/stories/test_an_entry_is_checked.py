"""The register's question reaches a person where they chat, and their press there answers it (S5-30, T24)."""

from datetime import date

import pytest
from sqlmodel import select
from town import at
from town_in_teams import ON_BOTH

from bot.storage.tables import PersonRow

pytestmark = pytest.mark.long
ASKED = "Is your entry in the contact register still right?"


@ON_BOTH
async def test_who_was_last_checked_long_ago_is_asked_in_their_chat_and_says_that_it_is_right(
    made, sqlite_database
):
    """The question arrives in the morning with its buttons, in Slack and in Teams alike (S5-30, T24)."""
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        await town.program.run(checked_last, "Helen Strand", date(2025, 3, 1))
        await town.moves_to("next-working-day")
        assert ASKED in (await town.helen.sees("register still right", "dm")).text
        await town.helen.press("Still right", "dm")
        await town.settled()
        assert await town.looks_up(when_checked, "Helen Strand") == date(2026, 3, 3)


def checked_last(begin, name, day):
    """As if this person had last said so on that day."""
    with begin() as work:
        of(work, name).verified_on = day


def when_checked(work, name):
    """The day on which this person last said that their entry is right."""
    return of(work, name).verified_on


def of(work, name):
    return work.session.exec(select(PersonRow).where(PersonRow.name == name)).one()
