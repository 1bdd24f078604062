"""Dan goes on leave with an action open: his deputy hears in his place, and why; then he is back (T17)."""

import pytest
from acts import accepts, page, refers_to_marm
from meeting_acts import agrees_on_a_plan
from plan_acts import accepts_the_action, grouped, is_done
from sqlmodel import select
from town import Town, at
from town_in_teams import ON_BOTH

from bot.local.hands import Hands
from bot.storage.tables import NudgeRow


@pytest.mark.long
@ON_BOTH
async def test_while_the_owner_is_on_leave_the_deputy_hears_and_answers(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        dan, lucy = town.dan, town.lucy
        ref = await a_plan_with_three_actions_of_dans(town)
        await goes_on_leave(town, dan, "2026-03-04", "2026-03-10", instead="Lucy Pell")

        await town.moves_to(at("2026-03-06 12:00"))
        assert grouped(dan) == []
        for message in grouped(lucy):  # two working days before, and on the day
            assert f"{ref}/1" in message
            assert "You hear of it as the owner’s deputy, in place of the owner." in message
        assert len(grouped(lucy)) == 2
        # The list says to whom it went, and the record why it did not go to Dan.
        passed_over = [row for row in await town.looks_up(nudges_of, "Dan Rusk") if row.state == "skipped"]
        assert {row.why for row in passed_over} == {"on leave, sent to the owner’s deputy"}

        told = await is_done(town, lucy, f"{ref}/1", evidence="Both alarms fitted; she made us tea.")
        assert f"{ref}/1 is done" in told
        assert dan.look(f"Closed: {ref}/1", "dm")


@pytest.mark.long
@ON_BOTH
async def test_who_comes_back_early_hears_again_themselves(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        dan, lucy = town.dan, town.lucy
        ref = await a_plan_with_three_actions_of_dans(town)
        await goes_on_leave(town, dan, "2026-03-04", "2026-03-20", instead="Lucy Pell")
        await town.moves_to(at("2026-03-06 12:00"))
        heard = len(grouped(lucy))

        await comes_back(town, dan)
        await town.moves_to(at("2026-03-10 12:00"))
        monday, tuesday = grouped(dan)
        assert f"{ref}/1 Visit and report back\nDue Fri 6 Mar 2026, overdue by 1 working day." in monday
        assert f"{ref}/2 Visit and report back\nDue Thu 12 Mar 2026, in 2 working days." in tuesday
        assert len(grouped(lucy)) == heard


@pytest.mark.long
@ON_BOTH
async def test_with_owner_and_deputy_both_away_the_agencys_lead_hears(made, sqlite_database):
    async with made(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await a_plan_with_three_actions_of_dans(town)
        await goes_on_leave(town, town.dan, "2026-03-04", "2026-03-10", instead="Lucy Pell")
        await goes_on_leave(town, town.lucy, "2026-03-04", "2026-03-10")
        await town.moves_to(at("2026-03-06 12:00"))
        assert grouped(town.dan) == grouped(town.lucy) == []
        assert len(grouped(town.peter)) == 2
        assert f"{ref}/1" in grouped(town.peter)[-1]
        assert "You hear of it as the agency lead, in place of the owner." in grouped(town.peter)[-1]


async def a_plan_with_three_actions_of_dans(town: Town) -> str:
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref)
    dues = ("2026-03-06", "2026-03-12", "2026-03-31")
    await agrees_on_a_plan(town, town.ruth, ref, *(("Aldermere Fire", "Dan", "Visit", due) for due in dues))
    for number in (1, 2, 3):
        await accepts_the_action(town, town.dan, f"{ref}/{number}")
    return ref


async def goes_on_leave(town: Town, who: Hands, first: str, last: str, instead: str | None = None) -> None:
    """From one's own actions."""
    await who.command("/actions")
    await who.press("I am going on leave")
    await page(who, first=first, last=last, **({"deputy": instead} if instead else {}))
    assert "You are on leave from" in who.modal
    while who.modal_open:
        await who.close()
    await town.settled()


async def comes_back(town: Town, who: Hands) -> None:
    """The leave is taken back."""
    await who.command("/actions")
    await who.press("Take it back")
    await who.close()
    await town.settled()


def nudges_of(work, name):
    """Every nudge planned for somebody, whatever became of it."""
    rows = work.session.exec(select(NudgeRow).where(NudgeRow.person_id.is_not(None))).all()
    return [row for row in rows if work.register.row(row.person_id).name == name]
