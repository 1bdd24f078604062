"""A room on two platforms, and a person who may be on either; the far sides are lists."""

import pytest
from plan_builders import PRACTICE, an_action, at, settle
from sqlmodel import select

from bot.courier.errands import Chat, Show, Tell
from bot.courier.loop import Courier
from bot.courier.pacing import Backoff, Pacing
from bot.courier.platform import Platform
from bot.courier.showing import Message, Surface
from bot.domain.errors import TryLater, Undeliverable
from bot.running import Running
from bot.storage.tables import PlacedRow
from bot.usecases.owed import show, tell

NOW = at("2026-04-02", "09:00")
ROOM = "room:care-connect-marm"


class Far(Platform):
    """A platform that keeps what it is given, and can be down, or refuse one place."""

    def __init__(self, name, rooms=(), people=(), met=()):
        self.name, self.rooms, self.people, self.met_here = name, rooms, people, met
        self.posts, self.edits, self.down, self.refuses = [], [], False, set()

    def room(self, name):
        return f"{name}-here" if name in self.rooms else None

    async def knows(self, person_id):
        return person_id in self.met_here

    async def person(self, person_id):
        return f"dm-{person_id}" if person_id in (*self.people, *self.met_here) else None

    async def post(self, place, payload, delivery_id, about):
        if self.down:
            raise TryLater(1, "down")
        if place in self.refuses:
            raise Undeliverable("blocked")
        self.posts.append((place, payload["drawn_by"]))
        return f"{self.name}:{place}:{len(self.posts)}"

    async def edit(self, address, payload, about):
        if self.down:
            raise TryLater(1, "down")
        if address.split(":")[1] in self.refuses:
            raise Undeliverable("blocked")
        self.edits.append(address)

    async def find(self, place, delivery_id, since):
        return None

    async def home(self, person_id):
        return None


class Drawn:
    """Says only who draws."""

    def shape(self, channel, name, /, **view):
        return {"drawn_by": channel, "text": "a surface"}

    def words(self, name, /, **view):
        return type("Words", (), {"text": "Some words"})


class Post:
    def __init__(self):
        self.letters = []

    async def write(self, to, subject, text, delivery_id):
        self.letters.append((to, subject))
        return f"<{delivery_id}@aldermere.test>"


class Town:
    def __init__(self, url, *platforms):
        self.running, self.now, self.mail = Running.on(url), NOW, Post()
        self.asks_again = False
        chat = Chat(self._read, PRACTICE, Drawn(), platforms, self.mail, lambda: self.now)
        errands = {
            "show": Show(
                chat,
                {
                    "list": Surface(
                        look=lambda *_: "a view", shape="list", afresh=lambda view: self.asks_again
                    )
                },
            ),
            "tell": Tell(chat, {"note": Message(look=lambda *_: "a view", words="note")}),
        }
        self.courier = Courier(
            self.running.run,
            errands,
            now=lambda: self.now,
            pacing=Pacing(rests={}),
            backoff=Backoff(jitter=lambda: 1.0),
        )

    async def _read(self, look, /, *args):
        def query(begin, *args):
            with begin() as work:
                return look(work, *args)

        return await self.running.read(query, *args)

    async def shows(self, where=ROOM):
        with self.running.begin() as work:
            show(work, "list", "c1", where, self.now)
        await self.carried()

    async def tells(self, where=ROOM, key=""):
        with self.running.begin() as work:
            tell(work, "note", "c1", where, self.now, key=key)
        await self.carried()

    async def carried(self):
        while await self.courier.carry():
            pass

    def placed(self):
        with self.running.begin() as work:
            return sorted(row.address for row in work.session.exec(select(PlacedRow)))


@pytest.fixture
def slack():
    return Far("slack", rooms=["care-connect-marm"], people=["helen"])


@pytest.fixture
def teams():
    return Far("teams", rooms=["care-connect-marm"])


@pytest.fixture
def town(database, slack, teams):
    town = Town(database.url, slack, teams)
    settle(town.running.begin)
    an_action(town.running.begin)
    yield town
    town.running.close()


async def test_a_room_on_both_shows_the_same_surface_on_each_drawn_its_own_way(town, slack, teams):
    await town.shows()
    assert slack.posts == [("care-connect-marm-here", "slack")]
    assert teams.posts == [("care-connect-marm-here", "teams")]
    await town.shows()
    assert (len(slack.posts), len(teams.posts)) == (1, 1)
    assert (slack.edits, teams.edits) == (
        ["slack:care-connect-marm-here:1"],
        ["teams:care-connect-marm-here:1"],
    )


async def test_a_burst_is_one_edit_on_each(town, slack, teams):
    await town.shows()
    with town.running.begin() as work:
        for _ in range(20):
            show(work, "list", "c1", ROOM, NOW)
    await town.carried()
    assert (len(slack.edits), len(teams.edits)) == (1, 1)


async def test_one_that_is_down_holds_up_no_other_and_catches_up(town, slack, teams):
    slack.down = True
    await town.shows()
    assert (len(slack.posts), len(teams.posts)) == (0, 1)
    slack.down = False
    town.now = at("2026-04-02", "09:30")
    await town.carried()
    assert (len(slack.posts), len(teams.posts)) == (1, 1)


async def test_a_message_is_said_once_on_each(town, slack, teams):
    await town.tells()
    await town.tells()
    assert (len(slack.posts), len(teams.posts)) == (1, 1)


async def test_what_was_posted_before_the_second_platform_came_is_edited_and_not_posted_again(
    database, town, slack, teams
):
    alone = Town(database.url, slack)
    await alone.shows()
    alone.running.close()
    await town.shows()
    assert (len(slack.posts), slack.edits) == (1, ["slack:care-connect-marm-here:1"])
    assert len(teams.posts) == 1
    assert town.placed() == ["slack:care-connect-marm-here:1", "teams:care-connect-marm-here:1"]


async def test_a_person_is_spoken_to_where_they_were_met(town, slack, teams):
    teams.met_here = ["helen"]
    await town.tells("person:helen")
    assert (slack.posts, teams.posts) == ([], [("dm-helen", "teams")])


async def test_who_was_met_nowhere_is_looked_for_in_order(town, slack, teams):
    teams.people = ["helen"]
    await town.tells("person:helen")
    assert (slack.posts, teams.posts) == ([("dm-helen", "slack")], [])


async def test_where_one_refuses_the_other_is_tried_and_then_mail(town, slack, teams):
    teams.met_here = ["helen"]
    teams.refuses = {"dm-helen"}
    await town.tells("person:helen")
    assert slack.posts == [("dm-helen", "slack")]
    slack.refuses = {"dm-helen"}
    await town.tells("person:helen", key="again")
    assert town.mail.letters == [("helen@example.test", "Some words")]


async def test_a_surface_to_a_person_is_edited_where_it_was_put(town, slack, teams):
    await town.shows("person:helen")
    teams.met_here = ["helen"]
    await town.shows("person:helen")
    assert (slack.edits, teams.posts) == (["slack:dm-helen:1"], [])


async def test_where_a_surface_cannot_be_edited_any_more_the_person_is_shown_it_elsewhere(town, slack, teams):
    """The app was taken away: the other platform, then mail; and from then on it lives there."""
    teams.met_here, slack.people = ["helen"], ["helen"]
    await town.shows("person:helen")
    teams.refuses = {"dm-helen"}
    await town.shows("person:helen")
    await town.shows("person:helen")
    assert (slack.posts, slack.edits) == ([("dm-helen", "slack")], ["slack:dm-helen:1"])
    assert town.placed() == ["slack:dm-helen:1"]
    slack.refuses = {"dm-helen"}
    await town.shows("person:helen")
    await town.shows("person:helen")
    assert town.mail.letters == [("helen@example.test", "a surface")]


async def test_a_surface_of_a_room_that_cannot_be_edited_is_a_dead_letter(town, slack, teams):
    await town.shows()
    slack.refuses = {"care-connect-marm-here"}
    await town.shows()
    assert len(slack.posts) == 1
    with town.running.begin() as work:
        assert [row.last_error for row in work.outbox.dead_letters()] == ["blocked"]


async def test_what_was_mailed_is_mailed_again_only_when_it_asks_anew(town, slack, teams):
    slack.people = teams.people = {}
    await town.shows(where="person:helen")
    await town.shows(where="person:helen")
    assert len(town.mail.letters) == 1
    town.asks_again = True
    await town.shows(where="person:helen")
    assert len(town.mail.letters) == 2


async def test_a_room_that_is_nowhere_is_a_dead_letter_and_not_a_mail(town):
    await town.shows("room:elsewhere")
    with town.running.begin() as work:
        assert [row.last_error for row in work.outbox.dead_letters()] == [
            "the area file gives no channel for elsewhere"
        ]
    assert town.mail.letters == []
