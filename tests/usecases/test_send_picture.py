"""Asking for the times found as a picture: owed once for each press, and only to whoever may book one of them."""

import pytest
from meeting_builders import NOW, PRACTICE, a_case, owed, person, settle, wanted

from bot.domain.errors import TooLate
from bot.storage.transaction import transactions
from bot.usecases.convene import find_times
from bot.usecases.send_picture import send_picture


@pytest.fixture
def begin(sqlite_database):
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    yield begin
    engine.dispose()


@pytest.fixture
def offer(begin):
    cora = person(begin, "cora")
    return find_times(begin, PRACTICE, wanted(a_case(begin)), source="s", by=cora, now=NOW)


def test_a_press_that_is_delivered_twice_owes_one_picture(begin, offer):
    for _ in range(2):
        send_picture(begin, offer.meeting_id, source="press-1", by=person(begin, "cora"), now=NOW)
    assert owed(begin, "picture") == ["picture:press-1"]


def test_of_two_presses_before_one_has_left_only_the_newest_is_owed(begin, offer):
    for n in (1, 2):
        send_picture(begin, offer.meeting_id, source=f"press-{n}", by=person(begin, "cora"), now=NOW)
    assert owed(begin, "picture") == ["picture:press-2"]


def test_two_people_get_one_each(begin, offer):
    for who in ("cora", "chai"):
        send_picture(begin, offer.meeting_id, source=who, by=person(begin, who), now=NOW)
    assert owed(begin, "picture") == ["picture:cora", "picture:chai"]


def test_whoever_may_not_book_a_time_hears_no_more_than_that_none_is_on_offer(begin, offer):
    for meeting, who in ((offer.meeting_id, "pru"), ("m-unknown", "cora")):
        with pytest.raises(TooLate, match="no longer on offer"):
            send_picture(begin, meeting, source="press", by=person(begin, who), now=NOW)
    assert owed(begin, "picture") == []
