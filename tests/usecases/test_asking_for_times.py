"""Times put to people whose diaries cannot be read: who is asked, what an answer does, reminders, the end (issue 4)."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from meeting_builders import NOW, PRACTICE, a_case, at, away, bar, on, owed, person, settle, wanted
from sqlmodel import select

from bot.domain.diary import Diary, Reading, Unreadable
from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.domain.spans import whole_days
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import SlotPollAnswerRow, SlotPollPersonRow, SlotPollRow, SlotPollTimeRow
from bot.storage.transaction import Begin
from bot.usecases.ask_times import (
    ask_times,
    begin_asking,
    begin_saying,
    none_of_these,
    say_times,
    stop_asking,
)
from bot.usecases.book import book, cancel
from bot.usecases.by_mail import by_mail
from bot.usecases.close_polls import close_polls
from bot.usecases.convene import find_times
from bot.usecases.looks.home import home
from bot.usecases.looks.polls import poll_card, times_asked, times_card, times_to_chase, whose_diaries
from bot.usecases.once import HeardBefore, once
from bot.usecases.read_diaries import keep_readings
from bot.usecases.tidy import KEPT, tidy

NOON = at("2026-03-03", "12:00")
HALF_WAY = at("2026-03-02", "14:30")
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def town(begin: Begin) -> Begin:
    """Nobody knows when Hal (Homes) and Fay (Fire) work."""
    settle(begin)
    with begin() as work:
        for id in ("hal", "fay"):
            work.register.row(id).pattern = {}
    return begin


def search(town, case: str = "", **but):
    """By Cora, the coordinator; `by` and `now` if said so."""
    by, now, source = but.pop("by", "cora"), but.pop("now", NOW), but.pop("source", "s")
    look = wanted(case, **but)
    return find_times(town, PRACTICE, look, source=source, by=person(town, by), now=now)


def asks(town, offer, now=NOW, by="cora"):
    """Look at who would be asked, and ask them."""
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, by), now=now)
    return ask_times(town, PRACTICE, sheet.poll_id, sheet.shown, by=person(town, by), now=now)


@pytest.fixture
def offer(town):
    return search(town, a_case(town))


@pytest.fixture
def poll(town, offer) -> str:
    return asks(town, offer).poll_id


def asked(town, poll: str) -> dict[str, str]:
    """The id of being asked, by person."""
    with town() as work:
        return {each.person_id: each.id for each in work.polls.people(poll)}


def times(town, poll: str) -> list[str]:
    with town() as work:
        return [each.id for each in work.polls.times(poll)]


def says(town, poll: str, who: str, *cans: str, now=LATER):
    """An answer to each time in order; what is not given is left open."""
    said = dict(zip(times(town, poll), cans, strict=False))
    return say_times(town, PRACTICE, asked(town, poll)[who], said, by=person(town, who), now=now)


def card(town, poll: str, now=LATER):
    with town() as work:
        return poll_card(work, PRACTICE, poll, now)


def rows(town, model):
    with town() as work:
        return list(work.session.exec(select(model)))


def events(town, verb: str) -> list[tuple[str, str]]:
    with town() as work:
        found = work.session.exec(select(AuditEvent).where(AuditEvent.verb == verb))
        return [(row.actor, row.facts) for row in found]


def test_a_search_offers_to_ask_those_whose_diaries_cannot_be_read_and_asks_nobody(town, offer):
    assert offer.nothing_fits
    assert set(offer.not_known) == {"Hal Birch", "Fay Crane"}
    assert offer.asking
    assert rows(town, SlotPollPersonRow) == []
    assert owed(town) == []
    assert {each.source: set(each.people) for each in offer.known_from}["unknown"] == {
        "Hal Birch",
        "Fay Crane",
    }


def test_who_would_be_asked_is_shown_before_anybody_is(town, offer):
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, "cora"), now=NOW)
    assert [(each.person, each.agency) for each in sheet.people] == [
        ("Hal Birch", "Aldermere Homes"),
        ("Fay Crane", "Aldermere Fire Service"),
    ]
    assert 3 <= len(sheet.times) <= 8
    assert (sheet.closes_at, sheet.chase_at) == (NOON, HALF_WAY)
    assert all(each.starts_at >= NOON + timedelta(hours=2) for each in sheet.times)
    assert owed(town) == []


def test_exactly_those_who_were_shown_are_asked_once(town, offer):
    told = asks(town, offer)
    again = ask_times(town, PRACTICE, offer.asking, "", by=person(town, "cora"), now=LATER)
    assert again == told
    assert set(asked(town, told.poll_id)) == {"hal", "fay"}
    ids = asked(town, told.poll_id)
    assert {each for each in owed(town) if "card" in each} == {
        f"show:poll_card:{told.poll_id}:person:cora",
        f"show:times_card:{ids['hal']}:person:hal",
        f"show:times_card:{ids['fay']}:person:fay",
    }
    [(actor, facts)] = events(town, "times.asked")
    assert actor == "cora"
    assert '"people":2' in facts


def test_others_than_were_shown_are_not_asked(town, offer):
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, "cora"), now=NOW)
    with town() as work:
        work.register.row("viv").pattern = {}
    with pytest.raises(TooLate, match="something has changed"):
        ask_times(town, PRACTICE, sheet.poll_id, sheet.shown, by=person(town, "cora"), now=NOW)
    assert rows(town, SlotPollPersonRow) == []


def test_nobody_is_asked_whose_answer_nobody_needs(town):
    """The trust has a second representative, whose hours nobody knows; the first can come. Cora only may."""
    with town() as work:
        work.register.row("ned").pattern = {}
        work.register.row("cora").pattern = {}
    offer = search(town, a_case(town))
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, "cora"), now=NOW)
    assert {each.person for each in sheet.people} == {"Hal Birch", "Fay Crane"}


def test_where_something_fits_or_nothing_could_there_is_no_asking(town):
    some = tuple(id for id in wanted().required if id not in ("homes", "fire"))
    case = a_case(town)
    assert search(town, case, required=some).asking == ""
    away(town, "nur", at("2026-03-02", "00:00"), at("2026-04-30", "00:00"), "leave")
    away(town, "ned", at("2026-03-02", "00:00"), at("2026-04-30", "00:00"), "leave")
    assert search(town, case, source="t").asking == ""


def test_a_day_on_which_there_is_no_time_to_wait_for_answers_is_for_the_telephone(town):
    case = a_case(town)
    late = at("2026-03-03", "12:00")
    assert search(town, case, first=on("2026-03-03"), last=on("2026-03-03"), now=late).asking == ""


def test_after_a_deadline_that_is_missed_people_are_asked_about_later_times_and_the_card_says_so(town):
    case = a_case(town, received=at("2026-02-02", "09:00"))
    offer = search(town, case)
    assert offer.deadline < NOW.date()
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, "cora"), now=NOW)
    assert sheet.late
    poll = asks(town, offer).poll_id
    for who in ("hal", "fay"):
        says(town, poll, who, "yes")
    [best] = [each for each in card(town, poll).best if each.fits]
    assert best.working_days < 0
    book(town, PRACTICE, best.id, by=person(town, "cora"), now=LATER)


def test_a_pressing_deadline_leaves_less_time_to_answer(town):
    offer = search(town, a_case(town), first=on("2026-03-02"), last=on("2026-03-03"))
    sheet = begin_asking(town, PRACTICE, offer.asking, by=person(town, "cora"), now=NOW)
    assert sheet.closes_at == at("2026-03-02", "15:00")  # six of the twelve working hours until Tuesday 13:00
    assert sheet.chase_at == at("2026-03-02", "12:00")


@pytest.mark.parametrize("who", ["ana", "hal", "pru"])
def test_only_who_runs_the_meeting_asks(town, offer, who):
    for usecase, but in ((begin_asking, ()), (ask_times, ("",)), (stop_asking, ())):
        with pytest.raises(NotAllowed):
            usecase(town, PRACTICE, offer.asking, *but, by=person(town, who), now=NOW)
    assert ("denied", who) in [(verb, actor) for verb in ("denied",) for actor, _ in events(town, verb)]


def test_somebody_barred_from_the_case_is_neither_asked_nor_shown(town):
    case = a_case(town)
    bar(town, "fay", case)
    offer = search(town, case, required=tuple(id for id in wanted().required if id != "fire"))
    assert set(asked(town, asks(town, offer).poll_id)) == {"hal"}


def test_with_every_answer_the_search_is_made_again(town, poll):
    before = card(town, poll)
    assert (before.answered, len(before.people), [each.fits for each in before.best]) == (0, 2, [False] * 3)
    says(town, poll, "hal", "yes", "no", "yes")
    half = card(town, poll)
    assert (half.answered, any(each.fits for each in half.best)) == (1, False)
    assert half.not_known == ("Fay Crane",)
    says(town, poll, "fay", "no", "yes", "maybe")
    whole = card(town, poll)
    third = times(town, poll)[2]
    with town() as work:
        starts = next(each.starts_at for each in work.polls.times(poll) if each.id == third)
    assert [each.starts_at for each in whole.best if each.fits] == [starts]
    assert whole.best[0].tentative == ("Fay Crane",)
    assert {each.person: (each.yes, each.maybe) for each in whole.people} == {
        "Hal Birch": (2, 0),
        "Fay Crane": (1, 1),
    }
    told = [key for key in owed(town) if key.startswith("tell:times_heard")]
    assert told == [f"tell:times_heard:{poll}:person:cora:"]


def test_what_is_found_by_answers_can_be_booked_and_the_asking_ends(town, poll):
    says(town, poll, "hal", "yes")
    says(town, poll, "fay", "yes")
    best = card(town, poll).best[0]
    told = book(town, PRACTICE, best.id, by=person(town, "cora"), now=LATER)
    assert told.starts_at == best.starts_at
    hal = asked(town, poll)["hal"]
    with town() as work:
        assert work.meetings.invitation(told.meeting_id, "hal").answer == "none"
        assert times_card(work, PRACTICE, hal, LATER).ended == "booked"
    assert rows(town, SlotPollAnswerRow) == rows(town, SlotPollTimeRow) == []
    assert card(town, poll).ended == "booked"
    assert {f"show:times_card:{id}:person:{who}" for who, id in asked(town, poll).items()} <= set(owed(town))
    with pytest.raises(TooLate, match="a time has been found"):
        says(town, poll, "hal", "no")


def test_a_time_to_which_somebody_says_no_after_all_is_not_booked(town, poll):
    says(town, poll, "hal", "yes")
    says(town, poll, "fay", "yes", "yes")
    best = card(town, poll).best[0]
    says(town, poll, "hal", "no", "yes")
    with pytest.raises((TooLate, NotFound)):
        book(town, PRACTICE, best.id, by=person(town, "cora"), now=LATER)
    assert card(town, poll).best[0].starts_at != best.starts_at


def test_a_later_answer_replaces_the_earlier_and_the_same_again_is_no_news(town, poll):
    says(town, poll, "hal", "yes", "yes", "no")
    says(town, poll, "hal", "yes", "yes", "no")
    assert len(events(town, "times.answered")) == 1
    says(town, poll, "hal", "no", "maybe", "no")
    with town() as work:
        said = work.polls.answers(asked(town, poll)["hal"])
    assert [said[id] for id in times(town, poll)[:3]] == ["no", "maybe", "no"]
    assert len(said) == len(times(town, poll))


def test_the_same_command_twice_is_taken_down_once(town, poll):
    id, by = asked(town, poll)["hal"], person(town, "hal")
    said = dict.fromkeys(times(town, poll), "yes")
    once(town, say_times, "k1", LATER, PRACTICE, id, said, by=by, now=LATER)
    once(town, none_of_these, "k2", LATER, PRACTICE, id, by=by, now=LATER)
    with pytest.raises(HeardBefore):
        once(town, say_times, "k1", LATER, PRACTICE, id, said, by=by, now=LATER)
    assert card(town, poll).people[1].no == len(said)


def test_none_of_these_is_an_answer_with_nothing_more(town, poll):
    by = person(town, "hal")
    by_mail(town, none_of_these, PRACTICE, asked(town, poll)["hal"], by=by, now=LATER)
    line = card(town, poll).people[1]  # Homes, after the Fire Service
    assert (line.answered, line.by_mail, line.yes, line.maybe) == (True, True, 0, 0)
    assert '"way":"mail"' in events(town, "times.answered")[0][1]
    assert card(town, poll).not_known == ("Fay Crane",)


def test_an_answer_is_given_only_for_oneself(town, poll):
    for who in ("fay", "cora", "chai"):
        for usecase, but in ((begin_saying, ()), (say_times, ({},)), (none_of_these, ())):
            with pytest.raises(NotAllowed):
                usecase(town, PRACTICE, asked(town, poll)["hal"], *but, by=person(town, who), now=LATER)
    with town() as work:
        assert times_asked(work, PRACTICE, asked(town, poll)["hal"], person(town, "fay"), LATER) is None
    assert card(town, poll).answered == 0


def test_an_answer_of_nothing_at_all_is_asked_for_again(town, poll):
    with pytest.raises(Invalid) as error:
        says(town, poll, "hal", "", "")
    assert set(error.value.problems) == {times(town, poll)[0]}
    with pytest.raises(Invalid):
        says(town, poll, "hal", "perhaps")
    assert card(town, poll).answered == 0


def test_what_comes_too_late_is_told_so_and_not_kept(town, poll):
    with pytest.raises(TooLate, match=r"The time to answer is over\..*Nothing was kept"):
        says(town, poll, "hal", "yes", now=NOON)
    assert rows(town, SlotPollAnswerRow) == []
    assert not card(town, poll, NOON).open  # though nobody has closed it yet


def test_whoever_is_silent_is_reminded_once_half_way(town, poll):
    says(town, poll, "hal", "yes")
    assert close_polls(town, PRACTICE, HALF_WAY - timedelta(minutes=1)) == 0
    assert close_polls(town, PRACTICE, HALF_WAY) == 1
    assert close_polls(town, PRACTICE, HALF_WAY + timedelta(minutes=1)) == 0
    chased = [key for key in owed(town) if key.startswith("tell:times_chase")]
    assert chased == [f"tell:times_chase:{asked(town, poll)['fay']}:person:fay:"]
    says(town, poll, "fay", "no", now=HALF_WAY)
    with town() as work:
        assert times_to_chase(work, PRACTICE, asked(town, poll)["fay"], HALF_WAY) is None


def test_nobody_is_reminded_by_night(town, poll):
    assert close_polls(town, PRACTICE, at("2026-03-02", "19:00")) == 0
    assert close_polls(town, PRACTICE, at("2026-03-03", "09:00")) == 2


def test_at_the_deadline_it_ends_and_whoever_asked_is_told_once(town, poll):
    says(town, poll, "hal", "yes")
    assert close_polls(town, PRACTICE, NOON) == 1
    assert close_polls(town, PRACTICE, NOON + timedelta(hours=1)) == 0
    ended = card(town, poll, NOON)
    assert (ended.open, ended.ended, ended.answered, ended.not_known) == (
        False,
        "deadline",
        1,
        ("Fay Crane",),
    )
    assert [key for key in owed(town) if "times_" in key and key.startswith("tell")] == [
        f"tell:times_heard:{poll}:person:cora:"
    ]


def test_a_week_unseen_ends_it_without_a_reminder(town, poll):
    close_polls(town, PRACTICE, NOW + timedelta(days=7))
    assert [key for key in owed(town) if "times_chase" in key] == []
    assert [row.ended for row in rows(town, SlotPollRow)] == ["deadline"]


def test_stopped_by_hand_what_was_said_still_counts(town, poll):
    says(town, poll, "hal", "yes")
    says(town, poll, "fay", "yes")
    stop_asking(town, PRACTICE, poll, by=person(town, "chai"), now=LATER)
    stop_asking(town, PRACTICE, poll, by=person(town, "chai"), now=LATER)
    assert len(events(town, "times.stopped")) == 1
    with pytest.raises(TooLate, match="no longer waited for"):
        says(town, poll, "hal", "no")
    best = card(town, poll).best[0]
    assert best.fits
    assert book(town, PRACTICE, best.id, by=person(town, "cora"), now=LATER).starts_at == best.starts_at


def test_another_search_ends_the_asking_and_forgets_the_answers(town, offer, poll):
    says(town, poll, "hal", "yes")
    again = search(town, "", meeting_id=offer.meeting_id, minutes=90, source="t", now=LATER)
    assert set(again.not_known) == {"Hal Birch", "Fay Crane"}
    assert again.asking
    assert again.asking != poll
    assert rows(town, SlotPollAnswerRow) == []
    assert card(town, poll).ended == "searched"
    with pytest.raises(TooLate, match="another search"):
        says(town, poll, "fay", "yes") if times(town, poll) else none_of_these(
            town, PRACTICE, asked(town, poll)["fay"], by=person(town, "fay"), now=LATER
        )


def test_the_same_search_again_keeps_the_asking_and_shows_what_was_said(town, offer, poll):
    says(town, poll, "hal", "yes")
    says(town, poll, "fay", "yes")
    again = search(town, "", meeting_id=offer.meeting_id, source="t", now=LATER)
    assert (again.asking, again.nothing_fits) == ("", False)
    assert {each.source: set(each.people) for each in again.known_from}["asked"] == {"Hal Birch", "Fay Crane"}
    assert card(town, poll).open


def test_who_stays_silent_can_be_asked_again_and_earlier_answers_still_count(town, offer, poll):
    says(town, poll, "hal", *["yes"] * 8)
    close_polls(town, PRACTICE, NOON)
    next_day = at("2026-03-03", "13:00")
    again = search(town, "", meeting_id=offer.meeting_id, source="t", first=on("2026-03-04"), now=next_day)
    second = asks(town, again, now=next_day).poll_id
    assert set(asked(town, second)) == {"fay"}
    says(town, second, "fay", *["yes"] * 8, now=next_day)
    assert card(town, second, next_day).best[0].fits


@pytest.mark.parametrize("but", [{"last": on("2026-04-02")}, {"optional": ("hearth",)}, {"minutes": 60}])
def test_a_wider_or_other_search_asks_afresh(town, offer, poll, but):
    """Who said that none of the times suits could else never be asked about others."""
    for who in ("hal", "fay"):
        none_of_these(town, PRACTICE, asked(town, poll)[who], by=person(town, who), now=LATER)
    required = tuple(id for id in wanted().required if id not in but.get("optional", ()))
    again = search(town, "", meeting_id=offer.meeting_id, source="t", now=LATER, required=required, **but)
    assert set(asked(town, asks(town, again, now=LATER).poll_id)) == {"hal", "fay"}


def test_a_cancelled_meeting_asks_nobody_any_more(town, offer, poll):
    cancel(town, PRACTICE, offer.meeting_id, "no_cases", by=person(town, "cora"), now=LATER)
    assert card(town, poll).ended == "cancelled"
    with pytest.raises(TooLate, match="was cancelled"):
        begin_saying(town, PRACTICE, asked(town, poll)["hal"], by=person(town, "hal"), now=LATER)


def test_what_one_is_asked_stands_on_ones_home_until_it_is_answered(town, poll):
    def waiting(who, now=LATER):
        with town() as work:
            return [each.id for each in home(work, PRACTICE, who, now).asked]

    assert waiting("hal") == [asked(town, poll)["hal"]]
    assert waiting("ana") == []
    says(town, poll, "hal", "yes")
    assert waiting("hal") == []
    assert waiting("fay", NOON) == []


def test_a_meeting_that_moves_can_be_asked_about_too(town, poll):
    says(town, poll, "hal", "yes")
    says(town, poll, "fay", "yes")
    meeting = book(town, PRACTICE, card(town, poll).best[0].id, by=person(town, "cora"), now=LATER).meeting_id
    moving = search(town, "", meeting_id=meeting, source="m", now=LATER)
    second = asks(town, moving, now=LATER).poll_id
    for who in ("hal", "fay"):
        says(town, second, who, "yes")
    best = card(town, second).best[0]
    assert card(town, second).moving
    assert book(town, PRACTICE, best.id, by=person(town, "cora"), now=LATER).moved


def test_nothing_of_it_is_kept_longer_than_it_is_needed(town, poll):
    says(town, poll, "hal", "yes")
    close_polls(town, PRACTICE, NOON)
    tidy(town, now=NOON)
    assert len(rows(town, SlotPollTimeRow)) > 2
    tidy(town, now=at("2026-03-25", "03:30"))
    assert rows(town, SlotPollTimeRow) == rows(town, SlotPollAnswerRow) == []
    assert len(rows(town, SlotPollPersonRow)) == 2
    tidy(town, now=NOON + KEPT + timedelta(days=1))
    assert rows(town, SlotPollRow) == rows(town, SlotPollPersonRow) == []


def test_a_search_whose_asking_was_never_pressed_leaves_nothing(town, offer):
    assert len(rows(town, SlotPollRow)) == 1
    search(town, "", meeting_id=offer.meeting_id, source="t", minutes=90)
    assert len(rows(town, SlotPollRow)) == 1
    tidy(town, now=NOW + KEPT + timedelta(days=1))
    assert rows(town, SlotPollRow) == []


def test_where_nobodys_diary_can_be_read_everybody_is_asked(town):
    """The first day of a council without a calendar: there is nothing to show but who to ask."""
    with town() as work:
        for row in work.register.rows(
            ["ana", "abe", "pia", "per", "nur", "ned", "viv", "chai", "dag"]
        ).values():
            row.pattern = {}
    offer = search(town, a_case(town))
    assert offer.options == ()
    assert len(asked(town, asks(town, offer).poll_id)) == 8  # six agencies, the trust's two, and the chair


WITH_DIARIES = replace(PRACTICE, area=replace(PRACTICE.area, diaries={"example.test": "graph"}))


def read_all_but_hals(town, now) -> None:
    window = whole_days(on("2026-03-02"), on("2026-03-24"), ZoneInfo("Europe/London"))
    everybody = ("abe", "ana", "chai", "dag", "fay", "ned", "nur", "per", "pia", "viv")
    found: dict[str, Diary | Unreadable] = {id: Diary() for id in everybody} | {
        "hal": Unreadable(reason="not_found")
    }
    keep_readings(town, {id: Reading(window=window, read_at=now, diary=each) for id, each in found.items()})


def test_somebody_whose_diary_should_be_read_and_cannot_is_asked(begin):
    settle(begin)
    read_all_but_hals(begin, NOW)
    by, hal = person(begin, "cora"), person(begin, "hal")
    offer = find_times(begin, WITH_DIARIES, wanted(a_case(begin)), source="s", by=by, now=NOW)
    sheet = begin_asking(begin, WITH_DIARIES, offer.asking, by=by, now=NOW)
    assert [each.person for each in sheet.people] == ["Hal Birch"]
    poll = ask_times(begin, WITH_DIARIES, offer.asking, sheet.shown, by=by, now=NOW).poll_id

    # He answers when what was read of the others is too old: without another look they are not free either.
    late = NOON - timedelta(minutes=5)
    said = dict.fromkeys(times(begin, poll), "yes")
    id = asked(begin, poll)["hal"]
    with begin() as work:
        looked = whose_diaries(work, WITH_DIARIES, id, hal)
        assert {"ana", "fay", "hal"} <= set(looked.people)
        assert whose_diaries(work, WITH_DIARIES, id, by).people == ()
    read_all_but_hals(begin, late)
    say_times(begin, WITH_DIARIES, id, said, by=hal, now=late)
    with begin() as work:
        best = poll_card(work, WITH_DIARIES, poll, late).best[0]
    assert best.fits
    told = book(begin, WITH_DIARIES, best.id, by=by, now=late)
    assert told.starts_at == best.starts_at
