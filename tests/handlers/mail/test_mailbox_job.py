"""The minute's look at the mailbox: what it takes, what a failure leaves, and when it was last read."""

import pytest
from imap_server import ImapServer
from meeting_builders import NOW, PRACTICE
from written_replies import PATTERN

from bot.domain.reply_address import ReplyAddress
from bot.gateways.mailbox import Mailbox
from bot.handlers.clock import MAILBOX_SECONDS, Clock
from bot.mail_in import MailIn, MailInWiring
from bot.usecases.mailbox_read import JOB


@pytest.fixture
async def server():
    server = ImapServer()
    await server.open()
    yield server
    await server.close()


@pytest.fixture
def mail_in(town, server):
    wiring = MailInWiring(address=ReplyAddress(PATTERN), mailbox=Mailbox(server.url, timeout=5))
    return MailIn(
        wiring, town.run, PRACTICE, lambda: NOW, counted=town.became.append, turned_away=town.became.append
    )


def last_read(town):
    with town.begin() as work:
        return work.heartbeats.last(JOB)


async def test_a_reply_in_the_mailbox_becomes_an_answer(town, server, mail_in):
    uid = server.put(town.reply("TENTATIVE"))
    await mail_in.read_mailbox()
    assert (town.ana.answer, town.became, server.seen) == ("tentative", ["recorded"], {uid})
    assert last_read(town) == NOW


async def test_a_reply_that_could_not_be_recorded_stays_unseen_for_the_next_look(town, server, mail_in):
    server.put(town.reply())
    town.broken = True
    with pytest.raises(TimeoutError):
        await mail_in.read_mailbox()
    assert (server.seen, last_read(town)) == (set(), None)
    town.broken = False
    await mail_in.read_mailbox()
    assert town.became == ["recorded"]


async def test_a_mailbox_that_cannot_be_read_is_tried_again_and_leaves_the_last_time(town, server, mail_in):
    await server.close()
    await mail_in.read_mailbox()
    assert last_read(town) is None


async def test_the_clock_looks_every_minute_where_there_is_a_mailbox(mail_in, town):
    async def run(usecase, *args):
        return await town.run(usecase, *args)

    for read, expected in ((mail_in.read_mailbox, [MAILBOX_SECONDS]), (None, [])):
        clock = Clock(run, PRACTICE, lambda: NOW, read_mailbox=read)
        await clock.start()
        jobs = [job for job in clock._scheduler.get_jobs() if job.id == "mailbox"]
        clock.stop()
        assert [job.trigger.interval.total_seconds() for job in jobs] == expected
