"""The mail server is off for a day: nobody is told twice, and nobody is not told at all (calendar.md section 6).

Jude's charity has nothing but mail, and everybody's invitation to a meeting goes by mail. All of it is invented.
"""

from collections import Counter

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import books, lists_on_the_next_panel, looks_for_a_time
from town import Town, at

from bot.drill.workspace import BY_MAIL_ALONE

pytestmark = pytest.mark.long


def letters(town: Town, ref: str) -> Counter[tuple[str, str, int]]:
    """Every calendar message about a case that arrived: to whom, which, and in which version."""
    return Counter(
        (one.to, one.invitation["method"], one.invitation["sequence"])
        for one in town.here.world.letters.all
        if one.invitation and ref in one.invitation["summary"]
    )


async def test_each_invitation_arrives_once_when_the_server_is_back(sqlite_database):
    start = at("2026-03-02 09:30")
    async with Town(sqlite_database.url, start=start, not_in_slack=BY_MAIL_ALONE) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await town.here.sink.close()
        await looks_for_a_time(town.ruth, ref)
        told = await books(town, town.ruth, "Thu 5 Mar 2026, 09:30")
        assert "8 people are asked" in told
        for hour in range(10, 34):
            # Nothing settles: what is new to somebody waits behind what could not leave.
            await town.here.world.clock.move(at(f"2026-03-0{2 + hour // 24} {hour % 24:02}:30"))
        assert letters(town, ref) == {}
        home = await town.ruth.open_home()
        assert "Held up" in home
        assert "Could not be delivered" not in home

        await town.here.sink.open()
        await town.is_away_until(at("2026-03-03 10:30"))
        arrived = letters(town, ref)
        assert len(arrived) == 8
        assert set(arrived.values()) == {1}
        invited = [one for one in town.jude.mail if "invites you" in one.subject and ref in one.text]
        assert len(invited) == 1
        assert "Held up" not in await town.ruth.open_home()


async def test_what_changed_meanwhile_is_told_as_it_is_in_the_end(sqlite_database):
    """Listed, then cancelled while nothing leaves: nobody is invited to what is off, and nobody's entry stays."""
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await refers_to_marm(town, town.mary)
        await accepts(town, town.tom, ref)
        await town.here.sink.close()
        await lists_on_the_next_panel(town, town.ruth, ref)
        await town.is_away_until(at("2026-03-02 12:30"))
        await town.ruth.press("Cancel the meeting", "marm-panel")
        await town.ruth.fill(reason="There is nothing to discuss")
        await town.ruth.submit()
        await town.settled()
        await town.here.sink.open()
        await town.is_away_until(at("2026-03-03 10:30"))
        assert {method for _, method, _ in letters(town, ref)} <= {"CANCEL"}
        assert set(letters(town, ref).values()) <= {1}
