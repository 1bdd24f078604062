"""Ruth looks for a time, and sees how everybody stands: as an image in her own chat, once, through trouble on the line.

Everybody is invented.
"""

import logging
from datetime import timedelta
from io import BytesIO

import httpx
import pytest
from acts import accepts, refers_to_marat
from canaries import found_outside
from meeting_acts import MARAT, looks_for_a_time
from PIL import Image
from told import MS_C
from town import Town, at
from town_in_teams import NEEDS_TEAMS, TownInTeams

from bot.local.files import named_in

pytestmark = pytest.mark.long

THREE = ["Aldermere Council Adult Social Care", "Aldermere Police", "Kindly Company"]


def pictures(town: Town, who: str) -> list[list[str]]:
    """The files that each message of the bot to this person shows, oldest first."""
    said = town.here.world.talk.said[f"D{who[1:]}"].values()
    return [files for one in said if (files := list(named_in(one.blocks)))]


async def ruth_looks_for_a_time(town: Town) -> str:
    ref = await refers_to_marat(town, town.priya)
    await accepts(town, town.tom, ref, "A professional judges the risk to be high.")
    await looks_for_a_time(town.ruth, ref, MARAT, required=THREE, optional=[])
    return ref


async def test_ruth_has_the_times_found_drawn_and_the_list_stays_where_it_was(sqlite_database, caplog):
    caplog.set_level(logging.INFO)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await ruth_looks_for_a_time(town)
        await town.ruth.press("Show as a picture")
        assert "The picture is on its way" in str(town.ruth.modal)
        await town.ruth.close()
        assert "Times found" in str(town.ruth.modal)
        await town.settled()

        [files] = pictures(town, town.ruth.user)
        kept = [town.here.world.files.shown(id) for id in files]
        assert all(Image.open(BytesIO(file.content)).width == 750 for file in kept)
        card = str(town.ruth.look(f"{ref}: ", "dm"))
        assert "[Image: " in card
        assert "Aldermere Police" in card
        everybody = [chair.name for chair in town.here.world.chairs.values()]
        assert [name for name in everybody if name in card] == []
        assert [who.user for who in town.everybody if pictures(town, who.user)] == [town.ruth.user]
        assert await town.faults_in_the_record() == []
        assert await found_outside(town, MS_C, log=caplog.text) == []


@pytest.mark.parametrize(
    "trouble",
    [
        {"files.getUploadURLExternal": False},
        {"files.completeUploadExternal": False},
        {"files.completeUploadExternal": True},
        {"chat.postMessage": True},
        {"slow": 2},
    ],
    ids=["no address", "not completed", "completed and not told", "posted and not told", "read slowly"],
)
async def test_whatever_happens_on_the_line_she_gets_one_picture(sqlite_database, trouble):
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        await ruth_looks_for_a_time(town)
        await town.settled()
        for method, after in trouble.items():
            if method == "slow":
                town.here.world.files.slow = after
            else:
                town.here.world.fail(method, after=bool(after))
        await town.ruth.press("Show as a picture")
        await town.settled()
        for _ in range(3):  # as long as Slack asks for patience, and a little more
            await town.is_away_until(town.now + timedelta(minutes=1))
        assert len(pictures(town, town.ruth.user)) == 1
        assert await town.faults_in_the_record() == []


async def test_where_uploads_are_not_allowed_she_gets_the_words(sqlite_database):
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        ref = await ruth_looks_for_a_time(town)
        town.here.world.files.forbidden = "missing_scope"
        await town.ruth.press("Show as a picture")
        await town.settled()
        assert pictures(town, town.ruth.user) == []
        assert "Can come: " in str(town.ruth.look(f"{ref}: ", "dm"))


@NEEDS_TEAMS
async def test_in_teams_her_card_names_each_page_by_an_address_that_works_for_half_a_day(sqlite_database):
    async with (
        TownInTeams(sqlite_database.url, start=at("2026-03-02 09:30")) as town,
        httpx.AsyncClient() as far,
    ):
        await ruth_looks_for_a_time(town)
        await town.ruth.press("Show as a picture")
        assert "The picture is on its way" in str(town.ruth.modal)
        await town.settled()
        await town.ruth.press("Back to the search")
        await town.ruth.submit()
        assert "Book this time" in str(town.ruth.modal)

        cards = [each.card or {} for each in town.ruth.hands.cards()]
        shown = [part for card in cards for part in card["body"] if part["type"] == "Image"]
        assert shown[0]["altText"].count("Can come: ") >= 1
        for part in shown:
            answer = await far.get(part["url"])
            assert answer.status_code == 200
            assert Image.open(BytesIO(answer.content)).width == 750
        await town.is_away_until(town.now + timedelta(hours=12))
        assert (await far.get(shown[0]["url"])).status_code == 404
        assert await town.faults_in_the_record() == []
