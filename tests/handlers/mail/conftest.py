"""A way in for mail over a town with one booked meeting; what became of each mail, and who was turned away."""

import asyncio

import pytest
from meeting_builders import NOW, PRACTICE, a_case, person, settle, wanted
from written_replies import PATTERN, ics, mail

from bot.domain.reply_address import ReplyAddress
from bot.handlers.mail.reading import Reader
from bot.handlers.mail.take import Take
from bot.storage.transaction import transactions
from bot.usecases.book import book
from bot.usecases.convene import find_times


class Town:
    """One meeting; Ana's invitation, and mail of hers in answer to it."""

    def __init__(self, begin):
        self.begin, self.became = begin, []
        settle(begin)
        cora = person(begin, "cora")
        found = find_times(begin, PRACTICE, wanted(a_case(begin)), source="s", by=cora, now=NOW)
        self.meeting = book(begin, PRACTICE, found.options[0].id, by=cora, now=NOW).meeting_id
        self.broken = False
        self.take = Take(Reader(ReplyAddress(PATTERN)), self.run, PRACTICE, lambda: NOW, self.became.append)

    async def run(self, usecase, /, *args, **but):
        if self.broken:
            raise TimeoutError
        return await asyncio.to_thread(usecase, self.begin, *args, **but)

    @property
    def ana(self):
        with self.begin() as work:
            return work.meetings.invitation(self.meeting, "ana")

    def reply(self, partstat="ACCEPTED", **but) -> bytes:
        with self.begin() as work:
            uid = work.meetings.row(self.meeting).uid
        to = PATTERN.replace("{token}", self.ana.token)
        return mail(ics(partstat, uid=uid, stamp=NOW), to=to, **but)


@pytest.fixture
def town(sqlite_database):
    engine = sqlite_database.connect()
    yield Town(transactions(engine))
    engine.dispose()
