"""A meeting found in Microsoft's diaries and kept there: looked up, booked, answered, moved and taken back.

calendar.md sections 1, 2, 5 and 6. The council's diaries are in Graph, everybody else goes by the register; the
council's mailbox owns the meeting and everybody gets an invitation from it. All of it is invented.
"""

import re
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from acts import accepts, refers_to_marm
from meeting_acts import MARM, answers_invitation, books, looks_for_a_time
from sqlmodel import select
from town import Town, at

from bot.demo_calendars import LocalCalendars
from bot.domain.spans import Span
from bot.drill.in_graph import DIARIES, in_graph
from bot.local.graph.world import Entry
from bot.storage.ledger_tables import AuditEvent

WHY = "Several agencies are needed; she has said yes to it."
TUESDAY, WEDNESDAY = "Tue 3 Mar 2026, 09:30", "Wed 4 Mar 2026, 09:30"
JUDE = "jude.farrow@kindlycompany.example"


@pytest.fixture
async def town(sqlite_database):
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=microsofts()) as made:
        yield made


@pytest.fixture
async def ref(town: Town) -> str:
    ref = await refers_to_marm(town, town.mary)
    await accepts(town, town.tom, ref, WHY)
    return ref


@pytest.fixture
async def booked(town: Town, ref: str) -> str:
    await looks_for_a_time(town.ruth, ref)
    await books(town, town.ruth, TUESDAY)
    return ref


def microsofts() -> LocalCalendars:
    return LocalCalendars(with_graph=in_graph, diaries=DIARIES)


def event_of(town: Town) -> Any:
    [event] = town.here.calendars.graph.events.values()
    return event


def told_by_the_calendar(town: Town) -> Counter[str]:
    return Counter(f"{what} {guest}" for what, _, guest in town.here.calendars.graph.told)


async def looks_at_the_calendar(town: Town) -> None:
    """A few minutes pass, and the bot looks."""
    await town.here.world.clock.move(town.now + timedelta(minutes=5))
    await town.program.entries.look()
    await town.settled()


async def hears_of_it(town: Town) -> None:
    """What the calendar says has changed was taken and looked at; no time passes."""
    await notices(town).settled()
    await town.program.entries.settled()
    await town.settled()


def notices(town: Town) -> Any:
    return town.here.calendars.notices


def kindly_company(town: Town) -> str:
    return re.search(r"Kindly Company: ([^(]+?) \(", str(town.ruth.last(MARM)))[1]


async def test_times_are_found_in_the_diaries_and_each_source_is_told(town, ref):
    offer = await looks_for_a_time(town.ruth, ref)
    assert re.search(r"Diary read on Mon 2 Mar 2026, 09:\d\d: .*Anya Petrescu", offer)
    assert re.search(r"By the working hours in the register: .*Nadia Vance", offer)
    assert (
        len([call for call in town.here.calendars.graph.calls if call.path.endswith("getSchedule")]) == 2
    ), "who will probably come was looked up while the form was open, the chair by the search"


@pytest.mark.long
async def test_what_stands_in_a_diary_is_not_offered(town, ref):
    """Anya supervises on Wednesdays until half past three, Joel has visits on Friday afternoons."""
    await looks_for_a_time(
        town.ruth, ref, first=at("2026-03-06 00:00").date(), last=at("2026-03-06 00:00").date()
    )
    assert "Fri 6 Mar 2026, 09:30" in str(town.ruth.modal)
    town.here.calendars.graph.person("anya.petrescu@aldermere.example", *_all_day("2026-03-06"))
    await town.here.world.clock.move(town.now + timedelta(minutes=6))
    await town.ruth.press("Change the search")
    await town.ruth.submit()
    assert "Fri 6 Mar 2026, 13:00" not in str(town.ruth.modal)
    assert "Fri 6 Mar 2026, 09:30" in str(town.ruth.modal), "Joel comes in the morning"


@pytest.mark.long
async def test_a_calendar_that_does_not_answer_makes_nobody_free(town, ref):
    """A rival takes a diary that cannot be read for an empty one."""
    town.here.calendars.graph.fail(503, times=20)
    offer = await looks_for_a_time(town.ruth, ref)
    assert "No time suits everybody who must come" in offer
    assert re.search(r"Diary not read, so counted as not free: .*Anya Petrescu", offer)


async def test_one_entry_in_the_councils_calendar_invites_everybody_once(town, booked):
    event = event_of(town)
    assert event.said["subject"] == f"Panel {booked}"
    assert "Bell" not in str(event.said)
    assert {f"invited {guest}": 1 for guest in event.guests} == told_by_the_calendar(town)
    assert len(event.guests) == 8, "six agencies, the chair, and Dele for the minutes"
    letter = await town.jude.gets_mail(booked)
    assert "Join on your computer" in letter.text
    assert [one.subject for one in town.jude.mail] == [f"Panel {booked}"], "and no second invitation by us"


async def test_an_answer_in_somebodys_own_calendar_counts_as_one_in_chat_does(town, booked):
    await town.jude.answers_mail(booked, "accepted")
    await answers_invitation(town, town.dan, "Decline")
    await looks_at_the_calendar(town)
    card = str(town.ruth.last(MARM))
    assert re.search(r"Kindly Company: coming, in their calendar \(Jude Farrow\)", card)
    assert re.search(r"Aldermere Fire and Rescue: not coming \(Dan Rusk\)", card)


async def test_the_calendar_says_itself_that_somebody_has_answered(town, booked):
    """No minute passes, and nobody looks: the note names the event, and that one is read."""
    await town.jude.answers_mail(booked, "accepted")
    await hears_of_it(town)
    assert kindly_company(town) == "coming, in their calendar"


async def test_notes_that_are_lost_repeated_or_out_of_order_come_to_the_same(town, booked):
    notices(town).lost = True
    await town.jude.answers_mail(booked, "tentative")
    await hears_of_it(town)
    assert kindly_company(town) == "no answer yet"
    await looks_at_the_calendar(town)
    assert kindly_company(town) == "maybe, in their calendar", "found when the bot looked by itself"

    notices(town).lost, notices(town).twice = False, True
    await town.jude.answers_mail(booked, "accepted")
    await hears_of_it(town)
    for note in reversed(notices(town).sent):
        [channel] = notices(town).all.values()
        notices(town).send(channel, note)
    await hears_of_it(town)
    assert kindly_company(town) == "coming, in their calendar"
    said = await town.looks_up(lambda work: [each.verb for each in _events(work)])
    assert said.count("invitation.accepted") == 1


@pytest.mark.long
async def test_a_channel_is_renewed_before_it_ends_and_opened_anew_when_it_is_gone(town, booked):
    [first] = notices(town).all.values()
    ends = first.ends
    await town.moves_to(at("2026-03-07 09:30"))
    assert [each.id for each in notices(town).all.values()] == [first.id]
    assert first.ends > ends + timedelta(days=3)

    notices(town).all.clear()
    await town.is_away_until(at("2026-03-16 09:30"))
    [second] = notices(town).all.values()
    assert second.id != first.id

    notices(town).lifecycle("subscriptionRemoved")
    await hears_of_it(town)
    [third] = notices(town).all.values()
    assert third.id != second.id
    assert third.said["clientState"] != second.said["clientState"]


@pytest.mark.long
async def test_the_later_of_two_answers_stands_wherever_it_was_given(town, booked):
    await town.jude.answers_mail(booked, "accepted")
    await town.here.world.clock.move(town.now + timedelta(minutes=1))
    await answers_invitation(town, town.jude, "Decline")
    await looks_at_the_calendar(town)
    assert re.search(r"Kindly Company: not coming \(Jude Farrow\)", str(town.ruth.last(MARM)))
    await town.jude.answers_mail(booked, "tentative")
    await looks_at_the_calendar(town)
    assert re.search(r"Kindly Company: maybe, in their calendar", str(town.ruth.last(MARM)))


async def test_a_move_tells_everybody_once_and_asks_them_again(town, booked):
    await town.jude.answers_mail(booked, "accepted")
    await looks_at_the_calendar(town)
    await town.ruth.press("Move", MARM)
    await town.ruth.submit()
    await town.ruth.press("Move to this time", near=WEDNESDAY)
    await town.ruth.close()
    await town.settled()
    event = event_of(town)
    assert event.span.start == at("2026-03-04 09:30")
    told = told_by_the_calendar(town)
    joel, anya = "joel.marsh@aldermere.example", "anya.petrescu@aldermere.example"
    stay = {guest for guest in event.guests if guest != joel}
    assert {each for each in told if each.startswith("moved")} == {f"moved {guest}" for guest in stay}
    assert (told[f"invited {joel}"], told[f"cancelled {anya}"]) == (1, 1), "Joel comes in Anya’s place"
    assert set(told.values()) == {1}
    await looks_at_the_calendar(town)
    assert re.search(r"Kindly Company: no answer yet \(Jude Farrow\)", str(town.ruth.last(MARM)))


@pytest.mark.long
async def test_a_deputy_who_is_sent_is_asked_and_nobody_else_hears_of_it(town, booked):
    await answers_invitation(town, town.jude, "Send my deputy")
    told = told_by_the_calendar(town)
    assert told["invited mary.osei@kindlycompany.example"] == 1
    assert told[f"cancelled {JUDE}"] == 1
    assert sum(told.values()) == 8 + 2


@pytest.mark.long
async def test_a_meeting_that_is_cancelled_leaves_every_calendar(town, booked):
    await town.ruth.press("Cancel the meeting", MARM)
    await town.ruth.fill(reason="There is nothing to discuss")
    await town.ruth.submit()
    await town.settled()
    assert town.here.calendars.graph.events == {}
    assert told_by_the_calendar(town)[f"cancelled {JUDE}"] == 1
    assert (await town.jude.gets_mail("Cancelled: ")).invitation["method"] == "CANCEL"


async def test_an_answer_that_was_lost_after_success_makes_one_entry_and_one_invitation(town, ref):
    """Graph says 503 when it had made the event already."""
    await looks_for_a_time(town.ruth, ref)
    town.here.calendars.graph.fail(503, times=3, after=True, only="create")
    await books(town, town.ruth, TUESDAY)
    for _ in range(3):
        await town.here.world.clock.move(town.now + timedelta(minutes=1))
        await town.settled()
    assert [call.status for call in town.here.calendars.graph.calls if call.path.endswith("/events")] == [
        503
    ] * 3 + [201]
    assert set(told_by_the_calendar(town).values()) == {1}


async def test_a_calendar_that_refuses_gives_way_to_invitations_by_e_mail(town, ref):
    town.here.calendars.graph.lacks = {"create"}
    await looks_for_a_time(town.ruth, ref)
    await books(town, town.ruth, TUESDAY)
    await town.settled()
    assert town.here.calendars.graph.events == {}
    assert (await town.jude.gets_mail(ref)).invitation["method"] == "REQUEST"
    assert await town.ruth.sees("is not in the organiser’s calendar", "dm")


@pytest.mark.long
async def test_an_entry_that_somebody_threw_away_is_told_once_and_nothing_is_guessed(town, booked):
    town.here.calendars.graph.events.clear()
    await looks_at_the_calendar(town)
    await looks_at_the_calendar(town)
    said = [str(each) for each in town.ruth.messages("dm") if "out of the organiser’s calendar" in str(each)]
    assert len(said) == 1
    assert "Panel" in str(town.ruth.last(MARM)) or booked in str(town.ruth.last(MARM))


@pytest.mark.long
async def test_an_entry_that_somebody_moved_is_told_once(town, booked):
    event = event_of(town)
    event.span = type(event.span)(event.span.start + timedelta(hours=1), event.span.end + timedelta(hours=1))
    await looks_at_the_calendar(town)
    await looks_at_the_calendar(town)
    said = [str(each) for each in town.ruth.messages("dm") if "Somebody moved" in str(each)]
    assert len(said) == 1


@pytest.mark.long
async def test_diaries_that_cannot_be_looked_into_again_hold_a_booking_up_until_somebody_decides(town, ref):
    await looks_for_a_time(town.ruth, ref)
    await town.here.world.clock.move(town.now + timedelta(minutes=6))
    town.here.calendars.graph.fail(503, times=1)
    await town.ruth.press("Book this time", near=TUESDAY)
    assert "could not be looked into once more" in str(town.ruth.modal)
    assert town.here.calendars.graph.events == {}
    await town.ruth.press("Book it all the same")
    await town.settled()
    assert event_of(town).span.start == at("2026-03-03 09:30")


def _events(work: Any) -> list[AuditEvent]:
    return list(work.session.exec(select(AuditEvent)))


def _all_day(day: str) -> list[Entry]:
    return [Entry(span=Span(at(f"{day} 08:00"), at(f"{day} 18:00")), subject="Away")]
