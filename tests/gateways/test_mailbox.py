"""An IMAP mailbox over a socket: each mail once, seen only when it was taken, and nothing secret in an error."""

import pytest
from imap_server import ImapServer

from bot.domain.errors import TryLater
from bot.gateways.mailbox import AT_ONCE, Mailbox

LONGEST = 1_000


@pytest.fixture
async def server():
    server = ImapServer()
    await server.open()
    yield server
    await server.close()


@pytest.fixture
def taken():
    return []


async def empty(server, taken, url="") -> int:
    async def take(raw: bytes) -> None:
        if raw == b"breaks":
            raise TimeoutError
        taken.append((raw, set(server.seen)))

    return await Mailbox(url or server.url, timeout=5).empty(take, longest=LONGEST)


async def test_each_mail_is_taken_once_and_seen_only_afterwards(server, taken):
    first, second = server.put(b"one"), server.put(b"two\r\nlines")
    assert await empty(server, taken) == 2
    assert taken == [(b"one", set()), (b"two\r\nlines", {first})]
    assert server.seen == {first, second}
    assert await empty(server, taken) == 0
    assert server.asked[-1] == "LOGOUT"


async def test_what_was_not_taken_stays_unseen_and_is_taken_the_next_time(server, taken):
    uid = server.put(b"breaks")
    with pytest.raises(TimeoutError):
        await empty(server, taken)
    assert server.seen == set()
    server.mails[uid] = b"mended"
    await empty(server, taken)
    assert [raw for raw, _ in taken] == [b"mended"]


async def test_of_a_huge_mail_only_so_much_is_fetched_as_shows_that_it_is_one(server, taken):
    server.put(b"x" * 50_000)
    await empty(server, taken)
    assert [len(raw) for raw, _ in taken] == [LONGEST + 1]


async def test_a_full_mailbox_is_emptied_a_sitting_at_a_time(server, taken):
    for n in range(AT_ONCE + 2):
        server.put(b"%d" % n)
    assert [await empty(server, taken) for _ in range(3)] == [AT_ONCE, 2, 0]


@pytest.mark.parametrize("wrong", ["sesame", "Replies"])
async def test_a_wrong_password_or_folder_is_for_later_and_is_not_repeated(server, taken, wrong):
    with pytest.raises(TryLater) as later:
        await empty(server, taken, server.url.replace(wrong, "mistaken"))
    assert not any(each in str(later.value) for each in ("sesame", "mistaken", "aldermere"))


async def test_no_server_is_for_later(server, taken):
    await server.close()
    with pytest.raises(TryLater, match="cannot be reached"):
        await empty(server, taken)


async def test_how_many_wait_is_asked_without_touching_them(server):
    server.put(b"one")
    assert await Mailbox(server.url).unseen() == 1
    assert not any("FETCH" in each or "STORE" in each for each in server.asked)


@pytest.mark.parametrize("url", ["pop://u:p@h", "imaps://mail.example.org", "imaps:///INBOX"])
def test_another_kind_of_address_is_refused_without_repeating_it(url):
    with pytest.raises(ValueError, match="must look like") as no:
        Mailbox(url)
    assert url not in str(no.value)
