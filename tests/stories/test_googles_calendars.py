"""The same with Google: diaries of a housing association, and an organiser's calendar (calendar.md section 4).

Google does not say when a guest answered, nor which event has changed. All of it is invented.
"""

import re
from datetime import timedelta

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import MARM, answers_invitation, books, looks_for_a_time
from town import Town, at

from bot.demo_calendars import LocalCalendars
from bot.drill.in_google import GOOGLES_DIARIES, in_google
from bot.drill.in_graph import DIARIES, in_graph

pytestmark = pytest.mark.long
WHY = "Several agencies are needed; she has said yes to it."
JUDE, OWEN = "jude.farrow@kindlycompany.example", "owen.pritchard@nhs.aldermere.example"


def both() -> LocalCalendars:
    return LocalCalendars(with_graph=in_graph, with_google=in_google, diaries=DIARIES | GOOGLES_DIARIES)


def googles() -> LocalCalendars:
    return LocalCalendars(with_google=in_google, diaries=GOOGLES_DIARIES)


async def a_case(town: Town) -> str:
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref, WHY)
    return ref


def answer_of(town: Town, agency: str) -> str:
    return re.search(rf"{agency}: ([^(]+?) \(", str(town.ruth.last(MARM)))[1]


async def hears_of_it(town: Town) -> None:
    await town.here.calendars.google.notices.carry()
    await town.program.entries.settled()
    await town.settled()


async def test_diaries_of_two_systems_and_of_none_are_weighed_together(sqlite_database):
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=both()) as town:
        ref = await a_case(town)
        offer = await looks_for_a_time(town.ruth, ref)
        read = re.search(r"Diary read on .*", offer)[0]
        assert "Anya Petrescu" in read
        assert "Sam Whitlock" in read
        assert "Nadia Vance" in re.search(r"By the working hours in the register: .*", offer)[0]
        await books(town, town.ruth, re.search(r"1\. (.+?) to ", offer)[1])
        assert len(town.here.calendars.graph.events) == 1, "the council's calendar has the meeting"
        assert town.here.calendars.google.events == {}


async def test_with_google_alone_it_keeps_the_meeting_and_tells_who_answers(sqlite_database):
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=googles()) as town:
        google = town.here.calendars.google
        ref = await a_case(town)
        offer = await looks_for_a_time(town.ruth, ref)
        await books(town, town.ruth, re.search(r"1\. (.+?) to ", offer)[1])
        [event] = google.events.values()
        assert event.said["summary"] == f"Panel {ref}"
        assert "Bell" not in str(event.said)

        google.reply(event.id, JUDE, "accepted")
        await hears_of_it(town)
        assert answer_of(town, "Kindly Company") == "coming, in their calendar"

        await town.here.world.clock.move(town.now + timedelta(minutes=1))
        await answers_invitation(town, town.jude, "Decline")
        google.touch(event)  # something else of it changes: the old answer is no news
        await hears_of_it(town)
        assert answer_of(town, "Kindly Company") == "not coming"

        google.forget()  # Google knows our mark no more: 410, and everything is looked at
        google.reply(event.id, JUDE, "tentative")
        await hears_of_it(town)
        assert answer_of(town, "Kindly Company") == "maybe, in their calendar"

        google.withdraw(event.id)
        await hears_of_it(town)
        said = [
            str(each) for each in town.ruth.messages("dm") if "out of the organiser’s calendar" in str(each)
        ]
        assert len(said) == 1
