"""The web hook for mail, by HTTP: signed over body and time, or not let in (and counted)."""

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from written_replies import SECRET

from bot.handlers.mail.door import PATH, WINDOW, MailDoor, signature
from bot.handlers.mail.reading import MOST

KEY, AT = "an-invented-secret-4711", 1_772_442_000.0


@pytest.fixture
def away():
    return []


@pytest.fixture
async def post(town, away):
    door = MailDoor(KEY, town.take, lambda: AT, away.append)
    app = Starlette(routes=[Route(PATH, door.receive, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:

        async def send(raw, *, key=KEY, at=str(int(AT)), signed=None):
            headers = {"x-convenor-time": at, "x-convenor-signature": signed or signature(key, at, raw)}
            return await http.post(PATH, content=raw, headers=headers)

        yield send


async def test_a_signed_mail_is_taken_and_what_became_of_it_is_said(town, post, away):
    answer = await post(town.reply())
    assert (answer.status_code, answer.text) == (202, "recorded")
    assert (town.ana.answer, town.ana.way) == ("accepted", "mail")
    assert away == []


async def test_handed_on_twice_it_counts_once(town, post):
    raw = town.reply()
    assert [(await post(raw)).text for _ in range(2)] == ["recorded", "again"]
    assert town.became == ["recorded", "again"]


async def test_what_is_no_reply_is_taken_off_the_mail_servers_hands(town, post):
    answer = await post(b"From: a@b.example\r\n\r\nhello")
    assert (answer.status_code, answer.text) == (202, "no_calendar")


@pytest.mark.parametrize(
    ("but", "status", "why"),
    [
        ({"key": "another-secret-4711"}, 401, "forged"),
        ({"signed": "v1="}, 401, "forged"),
        ({"signed": signature(KEY, str(int(AT)), b"another mail")}, 401, "forged"),
        ({"at": str(int(AT - WINDOW - 1))}, 401, "other_time"),
        ({"at": str(int(AT + WINDOW + 1))}, 401, "other_time"),
        ({"at": ""}, 401, "no_time"),
        ({"at": "soon"}, 401, "no_time"),
        ({"at": "1" * 40}, 401, "no_time"),
    ],
)
async def test_whatever_is_not_signed_for_now_is_turned_away_and_counted(town, post, away, but, status, why):
    answer = await post(town.reply(), **but)
    assert (answer.status_code, answer.text) == (status, why)
    assert (away, town.became, town.ana.answer) == ([why], [], "none")


async def test_a_signature_of_another_time_does_not_fit(town, post, away):
    raw, earlier = town.reply(), str(int(AT) - 60)
    assert (await post(raw, signed=signature(KEY, earlier, raw))).status_code == 401
    assert (await post(raw, at=earlier)).status_code == 202


async def test_more_than_any_mail_is_not_read_to_its_end(post, away):
    assert (await post(b"x" * (MOST + 1))).status_code == 413
    assert (await post(b"")).status_code == 400
    assert away == ["too_big", "empty"]


async def test_what_could_not_be_recorded_is_not_taken(town, post):
    """The mail server keeps it and hands it on again."""
    town.broken, raw = True, town.reply()
    with pytest.raises(TimeoutError):  # 500 to the mail server
        await post(raw)
    town.broken = False
    assert (await post(raw)).text == "recorded"


async def test_the_log_holds_a_word_of_a_fixed_list_and_nothing_of_the_mail(town, post, caplog):
    caplog.set_level("DEBUG")
    await post(town.reply())
    await post(town.reply("DECLINED", sender="somebody@elsewhere.example", message_id="<2@x>"))
    assert town.became == ["recorded", "told"]
    for secret in (SECRET, "Wells", "ana@", "elsewhere", town.ana.token):
        assert secret not in caplog.text
