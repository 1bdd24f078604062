"""The errand of the one grouped message a day: chat, else mail, and never twice (anchors.md section 4, idea 2)."""

import re
from datetime import timedelta

import pytest
from plan_builders import PRACTICE, an_action, at, on, person, settle
from sqlmodel import select

from bot.courier.digest import SendDigest
from bot.courier.errands import Chat
from bot.courier.loop import Courier
from bot.courier.slack import InSlack
from bot.domain.errors import Undeliverable
from bot.links import Links
from bot.render import Render
from bot.running import Running
from bot.storage.tables import NudgeRow
from bot.usecases import answer
from bot.usecases.nudge import nudge

LINKS = Links("a key that nobody guesses", "https://convenor.aldermere.example")
MORNING = at("2026-04-02", "09:00")


class FarSlack:
    """What stands across the network: notes what it is asked to post."""

    def __init__(self):
        self.posts, self.closed_dms, self.forgets = [], set(), False

    async def open_dm(self, user):
        return f"D{user}"

    async def user_by_email(self, email):
        return None

    async def post(self, channel, payload, delivery_id, *, thread=None):
        if channel in self.closed_dms:
            raise Undeliverable("messages_tab_disabled")
        self.posts.append((channel, payload, delivery_id))
        if self.forgets:
            self.forgets = False
            raise ConnectionError
        return str(len(self.posts))

    async def find(self, channel, delivery_id, since):
        return next((str(n) for n, post in enumerate(self.posts, 1) if post[2] == delivery_id), None)


class FarPost:
    def __init__(self):
        self.letters = []

    async def write(self, to, subject, text, delivery_id):
        self.letters.append((to, subject, text))
        return f"<{delivery_id}@aldermere.test>"


class Town:
    def __init__(self, url, now):
        self.running, self.now = Running.on(url), now
        self.slack, self.post = FarSlack(), FarPost()
        slack = InSlack(self.slack, {}, self._read, self._introduce)
        chat = Chat(self._read, PRACTICE, Render(), [slack], self.post, lambda: self.now, LINKS)
        errands = {"digest": SendDigest(chat, self.running.run)}
        self.courier = Courier(self.running.run, errands, now=lambda: self.now)

    @property
    def begin(self):
        return self.running.begin

    async def _read(self, look, /, *args):
        def query(begin, *args):
            with begin() as work:
                return look(work, *args)

        return await self.running.read(query, *args)

    async def _introduce(self, person_id, member):
        raise AssertionError("nobody new is met here")

    async def sweep(self, now=None):
        self.now = now or self.now
        nudge(self.begin, PRACTICE, self.now)
        await self.courier.carry()

    def nudges(self):
        with self.begin() as work:
            return [(row.rung, row.person_id, row.state) for row in work.session.exec(select(NudgeRow))]


@pytest.fixture
def town(sqlite_database):
    town = Town(sqlite_database.url, MORNING)
    settle(town.begin)
    yield town
    town.running.close()


async def test_it_is_posted_to_the_person_with_the_buttons_and_recorded(town):
    an_action(town.begin, state="accepted")
    await town.sweep()
    [(channel, payload, _)] = town.slack.posts
    assert channel == "DU0HELEN"
    assert payload["text"] == "Drill. 1 thing needs an answer"
    buttons = [
        each["action_id"]
        for block in payload["blocks"]
        for each in block.get("elements", ())
        if "action_id" in each
    ]
    assert buttons == [
        "action.done",
        "action.more_time",
        "action.cannot",
        "action.pass_on",
        "action.snooze",
        "actions.own",
    ]
    assert ("due+0", "helen", "sent") in town.nudges()


async def test_an_answer_between_planning_and_sending_leaves_nothing_to_send(town):
    id = an_action(town.begin, state="accepted")
    nudge(town.begin, PRACTICE, MORNING)
    answer.done(town.begin, PRACTICE, id, by=person(town.begin, "helen"), now=MORNING)
    await town.courier.carry()
    assert town.slack.posts == []
    assert ("due+0", "helen", "skipped") in town.nudges()


async def test_who_has_no_chat_gets_it_by_mail_with_how_to_answer(town):
    an_action(town.begin, state="accepted")
    with town.begin() as work:
        work.register.row("helen").slack_user = None
    await town.sweep()
    assert town.slack.posts == []
    [(to, subject, text)] = town.post.letters
    assert (to, subject) == ("helen@example.test", "Drill. 1 thing needs an answer")
    [token] = re.findall(r"   To answer: https://convenor\.aldermere\.example/answer/(\S+)", text)
    link = LINKS.read(token, town.now)
    assert (link.kind, link.id, link.person_id) == ("action", "a-7k4qmx-1", "helen")
    assert "works until Thu 16 Apr 2026" in text
    assert "photograph" not in text  # pointers only


async def test_without_links_a_letter_says_whom_to_tell(town):
    an_action(town.begin, state="accepted")
    with town.begin() as work:
        work.register.row("helen").slack_user = None
    town.courier.errands["digest"].chat.links = None
    await town.sweep()
    [(_, _, text)] = town.post.letters
    assert "https://" not in text
    assert "tell the coordinator" in text


async def test_the_chair_gets_no_link_to_answer_for_the_owner(town):
    an_action(town.begin, state="declined", asked_on=on("2026-04-01"))
    with town.begin() as work:
        work.register.row("chai").slack_user = None
    await town.sweep()
    letters = [text for to, _, text in town.post.letters if to == "chai@example.test"]
    assert letters
    assert not any("https://" in text for text in letters)


async def test_an_undeliverable_chat_message_goes_by_mail(town):
    an_action(town.begin, state="accepted")
    town.slack.closed_dms.add("DU0HELEN")
    await town.sweep()
    assert len(town.post.letters) == 1
    assert ("due+0", "helen", "sent") in town.nudges()


async def test_when_nothing_reaches_a_person_the_ledger_says_so_and_the_ladder_goes_on(town):
    an_action(town.begin, state="accepted", nudged_on=on("2026-04-01"))
    town.slack.closed_dms.add("DU0HELEN")
    town.courier.errands["digest"].chat.letters = None
    await town.sweep()
    assert town.nudges() == [("due+0", "helen", "failed")]
    await town.sweep(at("2026-04-09", "09:00"))
    assert {who for rung, who, state in town.nudges() if (rung, state) == ("due+3", "sent")} == {
        "dev",
        "lena",
    }


async def test_a_post_whose_answer_was_lost_is_looked_for_before_it_is_sent_again(town):
    an_action(town.begin, state="accepted")
    town.slack.forgets = True
    await town.sweep()
    assert len(town.slack.posts) == 1
    town.now += timedelta(minutes=5)
    await town.courier.carry()
    assert len(town.slack.posts) == 1
    assert ("due+0", "helen", "sent") in town.nudges()


async def test_a_courier_that_was_down_over_easter_sends_one_message_not_two(town):
    an_action(town.begin, state="accepted")
    nudge(town.begin, PRACTICE, MORNING)
    town.now = at("2026-04-05", "12:00")  # Easter Sunday
    await town.courier.carry()
    assert town.slack.posts == []
    await town.sweep(at("2026-04-07", "09:00"))
    assert len(town.slack.posts) == 1


async def test_a_failed_delivery_tried_again_by_a_coordinator_reaches_the_person(town):
    an_action(town.begin, state="accepted")
    town.slack.closed_dms.add("DU0HELEN")
    chat = town.courier.errands["digest"].chat
    chat.letters = None
    await town.sweep()
    chat.letters = town.post
    with town.begin() as work:
        [dead] = [row for row in work.outbox.dead_letters() if row.errand == "digest"]
        work.outbox.try_again(dead.id, at=town.now)
    await town.courier.carry()
    assert len(town.post.letters) == 1
    assert ("due+0", "helen", "sent") in town.nudges()
