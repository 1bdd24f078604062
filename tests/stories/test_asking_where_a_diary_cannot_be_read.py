"""Nobody knows when Jude works, and his charity has neither Slack nor Teams: he is asked for times by e-mail (issue 4).

Three organisations are to discuss Ms C. Mary, the charity's other representative, is away. Everybody is invented.
"""

import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from acts import accepts, refers_to_marat
from canaries import found_outside
from meeting_acts import MARAT, answers_invitation
from test_somebody_without_chat import all_that_is_written, links_in, presses, ways_of
from told import MS_C
from town import Town, at
from town_in_teams import NEEDS_TEAMS, TownInTeams

from bot.demo_calendars import LocalCalendars
from bot.drill.in_graph import DIARIES, in_graph
from bot.drill.workspace import BY_MAIL_ALONE, user_id
from bot.local.hands import Hands
from bot.storage.transaction import Begin

THREE = ["Aldermere Council Adult Social Care", "Aldermere Police", "Kindly Company"]
ASK = "Ask whose diaries cannot be read"
ASKED = "Times for: "
"""On the card of how it stands: so many of one have answered, or has."""


@asynccontextmanager
async def in_slack(url: str) -> AsyncIterator[Town]:
    async with Town(url, start=at("2026-03-02 09:30"), not_in_slack=BY_MAIL_ALONE) as town:
        yield town


@asynccontextmanager
async def in_teams(url: str) -> AsyncIterator[Town]:
    town = TownInTeams(url, start=at("2026-03-02 09:30"))
    town.here.not_in_slack = BY_MAIL_ALONE
    async with town:
        town.__dict__["jude"] = Hands(
            town.here.world, user_id(BY_MAIL_ALONE[0])
        )  # of whom there is only his mail
        yield town


ON_BOTH = pytest.mark.parametrize(
    "opened",
    [
        pytest.param(in_slack, id="Slack"),
        pytest.param(in_teams, id="Teams", marks=(NEEDS_TEAMS, pytest.mark.long)),
    ],
)


@ON_BOTH
async def test_jude_says_by_his_letter_when_he_can_and_that_time_is_booked(opened, sqlite_database, caplog):
    caplog.set_level(logging.INFO)
    async with opened(sqlite_database.url) as town, httpx.AsyncClient() as browser:
        await three_are_to_meet_and_nobody_knows_when_jude_can(town)
        await ruth_sees_who_would_be_asked_and_asks(town)
        card = town.ruth.look(ASKED, "dm")
        assert "0 of 1 have answered" in card
        assert "Jude Farrow, Kindly Company: has not answered" in card

        [link] = links_in(town, "When could you meet?")
        before = await town.looks_up(all_that_is_written)
        seen = await a_scanner_opens_whatever_there_is(browser, link)
        assert await town.looks_up(all_that_is_written) == before

        # He forgets. He is reminded once, half-way to Tuesday noon, by a letter with a link of its own.
        await town.moves_to(at("2026-03-02 14:00"))
        assert letters(town, "A reminder") == 0
        await town.moves_to(at("2026-03-02 15:30"))
        assert letters(town, "A reminder") == 1
        [link] = links_in(town, "A reminder: when could you meet?")

        times = times_on(seen[0])
        answer = dict.fromkeys(times, "no") | {list(times)[1]: "yes", list(times)[2]: "maybe"}
        seen.append(await presses(browser, f"{link}/say", **answer))
        assert "You could come at 2 of the times" in seen[-1]
        await town.settled()
        card = town.ruth.look(ASKED, "dm")
        assert "1 of 1 has answered" in card
        assert "1 yes, 1 if need be, by e-mail" in card
        assert town.ruth.look("everybody asked about times has answered", "dm")

        await town.ruth.press("Book this time", "dm", near=list(times.values())[1])
        await town.settled()
        assert "A time has been booked" in town.ruth.look(ASKED, "dm")
        [invited] = links_in(town, "Convenor invites you")
        assert list(times.values())[1][:16] in (await browser.get(invited)).text
        await answers_invitation(town, town.joel)

        # What he said is thrown away, and his old links say so.
        late = await browser.get(link)
        assert late.status_code == 409
        assert "a time has been found" in late.text
        assert await town.looks_up(ways_of, "Jude Farrow") == {"mail"}
        assert await town.faults_in_the_record() == []
        shown = "\n".join(seen)
        assert [name for name in ("Jude", "Joel", "Nadia", "Kindly") if name in shown] == []
        assert await found_outside(town, MS_C, log=caplog.text + shown) == []


@pytest.mark.long
@ON_BOTH
async def test_at_the_deadline_ruth_hears_who_was_silent_and_a_late_answer_is_not_kept(
    opened, sqlite_database
):
    async with opened(sqlite_database.url) as town, httpx.AsyncClient() as browser:
        await three_are_to_meet_and_nobody_knows_when_jude_can(town)
        await ruth_sees_who_would_be_asked_and_asks(town)
        [link] = links_in(town, "When could you meet?")
        form = re.findall(r'name="form" value="([^"]+)"', (await browser.get(link)).text)[0]
        await town.moves_to(at("2026-03-03 12:01"))
        assert letters(town, "A reminder") == 1
        assert town.ruth.look("the time to answer is over, and 0 of 1 have answered", "dm")
        assert "you could telephone them" in str(town.ruth.look(ASKED, "dm")).lower()

        headers = {"origin": "null", "sec-fetch-site": "same-origin"}
        late = await browser.post(f"{link}/say", data={"form": form, "x": "yes"}, headers=headers)
        assert late.status_code == 409
        assert "The time to answer is over" in late.text
        await town.settled()
        assert "0 of 1 have answered" in town.ruth.look(ASKED, "dm")
        assert await town.faults_in_the_record() == []


@ON_BOTH
async def test_mary_says_in_chat_when_she_can_and_changes_her_mind(opened, sqlite_database):
    async with opened(sqlite_database.url) as town:
        await town.program.run(_nobody_knows_the_hours_of, "Mary Osei")
        await town.program.run(_has_left, "Jude Farrow")
        ref = await refers_to_marat(town, town.priya)
        await accepts(town, town.tom, ref, "A professional judges the risk to be high.")
        await town.ruth.press("Find a time", MARAT, near=ref)
        await town.ruth.fill(required=THREE, optional=[])
        await town.ruth.submit()
        await town.ruth.press(ASK)
        await town.ruth.submit()
        await town.ruth.close()
        await town.settled()

        await town.mary.press("None of these", "dm", near="When could you meet?")
        await town.settled()
        assert "Mary Osei, Kindly Company: none of these" in town.ruth.look(ASKED, "dm")
        assert "No time suits everybody who must come yet" in town.ruth.look(ASKED, "dm")

        await town.mary.press("Change my answer", "dm", near="When could you meet?")
        first = next(block for block in town.mary.modal.blocks if block["type"] == "input")
        await town.mary.fill(**{first["block_id"]: "I can"})
        await town.mary.submit()
        assert "You could come at 1 of the times" in town.mary.modal
        await town.mary.close()
        await town.settled()
        assert "you can" in town.mary.look("When could you meet?", "dm")
        card = town.ruth.look(ASKED, "dm")
        assert "Best time now: Tue 3 Mar 2026, 14:00" in card

        # The search is changed: nobody waits for Mary's answer any more.
        await town.ruth.press("Change the search", "dm", near=ASKED)
        await town.ruth.fill(minutes="90")
        await town.ruth.submit()
        await town.ruth.close()
        await town.settled()
        assert "Another search has taken the place of these times" in town.mary.look(
            "No longer asked for", "dm"
        )
        assert await town.faults_in_the_record() == []


async def three_are_to_meet_and_nobody_knows_when_jude_can(town: Town) -> str:
    await town.program.run(_nobody_knows_the_hours_of, "Jude Farrow")
    await town.mary.command("/cannot 2-27 March")
    ref = await refers_to_marat(town, town.priya)
    await accepts(town, town.tom, ref, "A professional judges the risk to be high.")
    await town.ruth.press("Find a time", MARAT, near=ref)
    await town.ruth.fill(required=THREE, optional=[])
    await town.ruth.submit()
    found = str(town.ruth.modal)
    assert "Ask Jude Farrow, whose hours are not known" in found
    assert "By the working hours in the register:" in found
    return ref


async def ruth_sees_who_would_be_asked_and_asks(town: Town) -> None:
    await town.ruth.press(ASK)
    sheet = str(town.ruth.modal)
    assert "Jude Farrow, Kindly Company" in sheet
    assert "Mary Osei" not in sheet
    assert letters(town, "When could you meet?") == 0
    await town.ruth.submit()
    assert "1 person is asked about" in town.ruth.modal
    await town.ruth.close()
    await town.settled()
    assert letters(town, "When could you meet?") == 1


async def a_scanner_opens_whatever_there_is(browser: httpx.AsyncClient, link: str) -> list[str]:
    pages = [(await browser.get(link)).text]
    base = link.partition("/answer/")[0]
    for path in sorted(set(re.findall(r'href="(/answer/[^"]+)"', pages[0]))):
        pages.append((await browser.get(base + path)).text)
    assert len(pages) == 3  # the style sheet, and that none of them suits
    return pages


def times_on(page: str) -> dict[str, str]:
    """The times on a page, each id with its words."""
    legends = re.findall(r"<legend>([^<]+)</legend>", page)
    ids = list(dict.fromkeys(re.findall(r'type="radio" id="[^"]+" name="([^"]+)"', page)))
    assert len(ids) == len(legends) > 2
    return dict(zip(ids, legends, strict=True))


def letters(town: Town, subject: str) -> int:
    return sum(subject in letter.subject for letter in town.jude.mail)


def _nobody_knows_the_hours_of(begin: Begin, name: str) -> None:
    with begin() as work:
        [person] = [one.id for one in work.register.people("aldermere") if one.name == name]
        work.register.row(person).pattern = {}


def _has_left(begin: Begin, name: str) -> None:
    with begin() as work:
        [person] = [one.id for one in work.register.people("aldermere") if one.name == name]
        work.register.row(person).active = False


@pytest.mark.long
async def test_a_marat_conference_is_found_by_diaries_working_hours_and_one_answer(sqlite_database):
    """The council's diaries are with Microsoft, the police go by the register, the charity's one person is silent."""
    start, councils = at("2026-03-02 09:30"), LocalCalendars(with_graph=in_graph, diaries=DIARIES)
    async with (
        Town(sqlite_database.url, start=start, not_in_slack=BY_MAIL_ALONE, calendars=councils) as town,
        httpx.AsyncClient() as browser,
    ):
        await town.program.run(_nobody_knows_the_hours_of, "Jude Farrow")
        await town.mary.command("/cannot 2-27 March")
        ref = await refers_to_marat(town, town.priya)
        await accepts(town, town.tom, ref, "A professional judges the risk to be high.")
        await town.ruth.press("Find a time", MARAT, near=ref)
        await town.ruth.fill(stage="MARAT conference")
        await town.ruth.submit()
        found = str(town.ruth.modal)
        assert "MARAT conference" in found
        assert "Deadline: Fri 20 Mar 2026" in found, "the fourteenth working day (S4-02)"
        for source, person in (
            ("Diary read on", "Anya Petrescu"),
            ("By the working hours in the register", "Nadia Vance"),
            ("Hours not known", "Jude Farrow"),
        ):
            assert re.search(rf"{source}.*: .*{person}", found), source
        await ruth_sees_who_would_be_asked_and_asks(town)

        [link] = links_in(town, "When could you meet?")
        times = times_on((await browser.get(link)).text)
        chosen = next(iter(times))
        await presses(browser, f"{link}/say", **dict.fromkeys(times, "no") | {chosen: "yes"})
        await town.settled()
        await town.ruth.press("Book this time", "dm", near=times[chosen])
        await town.settled()
        [event] = councils.graph.events.values()
        assert event.said["subject"] == f"Conference {ref}"
        came = {guest.partition("@")[2] for guest in event.guests}
        assert {"aldermere.example", "police.aldermere.example", "kindlycompany.example"} <= came
