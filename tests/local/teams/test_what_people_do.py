"""What people do in the stand-in for Teams, through the page's own API: one code with the hands of the stories."""

from collections import deque
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from stand_in_teams import SCOPE, ScriptedBot, a_card, a_dialog, asks, button, served_beside_slack

from bot.local.shelf import Shelf
from bot.local.teams.aldermere import COUNCIL, HEARTH_CHAT, MEETING, MORAG, PANEL, TOM
from bot.local.teams.hands import TeamsHands
from bot.local.teams.installing import install_everywhere
from bot.local.teams.rates import Rates

CARD = "application/vnd.microsoft.card.adaptive"


@pytest.fixture
async def here():
    """The page's requests as Tom, the world of Teams, and a bot that answers what it is told to."""
    async with served_beside_slack() as (world, address), aiohttp.ClientSession() as pool:
        world.delivery.line = bot = ScriptedBot()

        async def ask(how: str, path: str, user: str = "U0TOM", **said: Any) -> Any:
            url = f"{address}/workspace/people/{user}/{path}"
            async with pool.request(how, url, json=said or None) as reply:
                return await reply.json()

        async def state() -> Any:
            async with pool.get(f"{address}/workspace/state") as reply:
                return await reply.json()

        yield SimpleNamespace(ask=ask, state=state, world=world, bot=bot, address=address, pool=pool)


def posted(world, card, room=PANEL, **more):
    attachment = {"contentType": CARD, "content": card}
    return world.talk.say(room.id, {"from": {"id": "28:bot"}, "attachments": [attachment], **more})


PRESS = button("Accept", "action.accept")
LISTED = a_card("Actions of CV-7K4QMX", PRESS)
ROOM = f"teams/rooms/{PANEL.id}"


async def test_the_page_learns_who_is_in_teams_and_what_rooms_there_are(here):
    teams = (await here.state())["teams"]
    assert teams["accounts"]["U0TOM"] == {"mri": TOM.mri, "tenant": "Aldermere Council", "guest": False}
    assert [(room["name"], room["kind"]) for room in teams["rooms"]] == [
        ("Panel", "channel"),
        ("Panel meeting", "groupChat"),
    ]
    assert teams["rooms"][0]["members"] == ["U0TOM"]
    posted(here.world, LISTED)
    side = (await here.ask("GET", "sidebar"))["teams"]
    assert [(room["id"], room["unread"]) for room in side["rooms"]] == [(PANEL.id, 1), (MEETING.id, 0)]
    assert side["chat"]["unread"] == 0
    assert (await here.ask("GET", "sidebar", user="U0ONLYSLACK"))["teams"] is None


async def test_who_has_no_account_or_is_not_in_the_room_sees_nothing_of_it(here):
    posted(here.world, LISTED)
    path = f"{ROOM}/messages"
    assert (await here.ask("GET", path, user="U0ONLYSLACK"))[
        "error"
    ] == "This person has no account in Teams."
    assert (await here.ask("GET", path, user="U0PRIYA"))["error"] == "You are not in that conversation."
    told = await here.ask("POST", path, user="U0PRIYA", text="hello")
    assert told["error"] == "You are not in that conversation."
    assert here.bot.heard == []


async def test_what_one_writes_in_a_channel_mentions_the_bot_and_stands_there(here):
    assert await here.ask("POST", f"{ROOM}/messages", text="actions") == {"ok": True}
    assert here.bot.last["text"] == "<at>Convenor</at> actions"
    [said] = (await here.ask("GET", f"{ROOM}/messages"))["messages"]
    assert (said["user"], said["user_name"], said["text"]) == ("U0TOM", "Tom Askew", "@Convenor actions")
    chat = (await here.ask("GET", "sidebar"))["teams"]["chat"]["id"]
    await here.ask("POST", f"teams/rooms/{chat}/messages", text="home")
    assert here.bot.last["text"] == "home"


async def test_a_button_is_pressed_with_what_was_filled_in_beside_it(here):
    card = a_card("Choose", button("Go", "go"), asks("when", choices=("mon", "tue")), asks("why"))
    message = posted(here.world, card)
    here.bot.answers.append(
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Noted"}
    )
    path = f"{ROOM}/messages/{message.id}/press"
    said = {"action": button("Go", "go"), "inputs": {"when": "tue", "why": "a cold", "else": "x"}}
    assert await here.ask("POST", path, **said) == {"ok": True, "told": "Noted"}
    value = here.bot.last["value"]
    assert value["action"]["data"] == {"convenor": {"verb": "go"}, "when": "tue", "why": "a cold"}
    assert (value["action"]["verb"], value["trigger"], here.bot.last["replyToId"]) == (
        "go",
        "manual",
        message.id,
    )
    await here.ask("POST", path, action=button("Go", "go"), inputs={"when": "never"})
    assert here.bot.last["value"]["action"]["data"]["when"] == "", "only what is on offer can be chosen"


async def test_a_button_that_was_edited_away_is_not_there_any_more(here):
    message = posted(here.world, LISTED)
    here.world.talk.edit(
        PANEL.id, message.id, {"attachments": [{"contentType": CARD, "content": a_card("Done")}]}
    )
    told = await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=PRESS)
    assert told == {"ok": False, "error": "That button is not there any more."}
    here.world.talk.delete(PANEL.id, message.id)
    told = await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=PRESS)
    assert told["error"] == "That message is gone."


async def test_behind_an_are_you_sure_stands_the_button_that_does_it(here):
    sure = {"type": "Action.ShowCard", "title": "Start", "card": a_card("Start now?", button("Yes", "start"))}
    message = posted(here.world, a_card("Booked", sure))
    path = f"{ROOM}/messages/{message.id}/press"
    assert (await here.ask("POST", path, action=sure))["error"] == "That button asks nothing of the app."
    await here.ask("POST", path, action=button("Yes", "start"))
    assert here.bot.last["value"]["action"]["verb"] == "start"


async def test_the_card_that_answers_a_press_is_for_the_presser_alone_until_the_message_is_edited(here):
    message = posted(here.world, LISTED)
    here.bot.answers.append({"statusCode": 200, "type": CARD, "value": a_card("Yours")})
    await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=PRESS)
    assert message.card_for(TOM.mri) == a_card("Yours")
    assert message.card_for(MORAG.mri) == LISTED
    here.world.talk.edit(
        PANEL.id, message.id, {"attachments": [{"contentType": CARD, "content": a_card("New")}]}
    )
    assert message.card_for(TOM.mri) == a_card("New")


def with_views(*mris, data=None):
    action = {"type": "Action.Execute", "verb": "view", **({"data": data} if data else {})}
    return {**LISTED, "refresh": {"action": action, "userIds": list(mris)}}


async def test_a_view_of_ones_own_is_asked_for_as_the_card_comes_on_the_screen(here):
    data = {"convenor": {"verb": "view", "value": "list-1"}}
    message = posted(here.world, with_views(TOM.mri, data=data))
    here.bot.answers.append({"statusCode": 200, "type": CARD, "value": a_card("Tom's own")})
    [shown] = (await here.ask("GET", f"{ROOM}/messages"))["messages"]
    assert (shown["has_views"], shown["own_view"]) == (True, False)
    assert await here.ask("POST", f"{ROOM}/messages/{message.id}/look") == {"ok": True, "came": True}
    asked = here.bot.last
    assert (asked["name"], asked["replyToId"]) == ("adaptiveCard/action", message.id)
    assert asked["value"] == {
        "action": {"type": "Action.Execute", "verb": "view", "data": data},
        "trigger": "automatic",
    }
    [shown] = (await here.ask("GET", f"{ROOM}/messages"))["messages"]
    assert (shown["card"], shown["own_view"]) == (a_card("Tom's own"), True)


async def test_hands_see_the_view_of_their_own_and_press_what_is_on_it(here):
    posted(here.world, with_views(TOM.mri))
    posted(here.world, with_views(MORAG.mri))
    tom = TeamsHands(here.world, TOM)
    here.bot.answers.append(
        {"statusCode": 200, "type": CARD, "value": a_card("Tom's own", button("Mine", "m"))}
    )
    await tom.looks(PANEL)
    assert len(here.bot.heard) == 1
    assert tom.reads(PANEL).startswith("Tom's own")
    assert "Tom's own" not in TeamsHands(here.world, MORAG).reads(PANEL)
    await tom.press("Mine", PANEL)
    assert here.bot.last["value"]["action"]["verb"] == "m"


async def test_a_view_is_not_asked_for_twice_within_a_minute_unless_the_card_was_edited(here):
    seconds = here.world.real_seconds
    message = posted(here.world, with_views(TOM.mri))
    look = f"{ROOM}/messages/{message.id}/look"
    await here.ask("POST", look)
    await here.ask("POST", look)
    assert len(here.bot.heard) == 1
    seconds.now += 61
    await here.ask("POST", look)
    assert len(here.bot.heard) == 2
    here.world.talk.edit(
        PANEL.id, message.id, {"attachments": [{"contentType": CARD, "content": with_views(TOM.mri)}]}
    )
    await here.ask("POST", look)
    assert len(here.bot.heard) == 3


async def test_who_has_no_view_of_their_own_is_not_asked_for_one_and_silence_is_no_fault(here):
    message = posted(here.world, with_views(MORAG.mri))
    look = f"{ROOM}/messages/{message.id}/look"
    assert await here.ask("POST", look) == {"ok": True, "came": False}
    assert here.bot.heard == []
    message = posted(here.world, with_views(TOM.mri))
    here.bot.statuses.append(500)
    assert await here.ask("POST", f"{ROOM}/messages/{message.id}/look") == {"ok": True, "came": False}


async def test_a_dialog_opens_comes_back_with_problems_and_closes(here):
    opens = button("Refer", "refer", fetch=True)
    message = posted(here.world, a_card("Welcome", opens))
    send = button("Send", "refer", kind="submission")
    here.bot.answers += [
        a_dialog("Page 1", a_card("Why?", send, asks("why"))),
        a_dialog("Page 1", a_card("To mend", send, asks("why"))),
        {"task": {"type": "message", "value": "Sent."}},
    ]
    await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=opens)
    assert here.bot.last["name"] == "task/fetch"
    first = (await here.ask("GET", "teams/dialog"))["dialog"]
    assert (first["title"], first["turn"]) == ("Page 1", 1)
    await here.ask("POST", "teams/dialog/submit", action=send, inputs={"why": ""})
    again = (await here.ask("GET", "teams/dialog"))["dialog"]
    assert (again["card"]["body"][0]["text"], again["turn"]) == ("To mend", 2)
    told = await here.ask("POST", "teams/dialog/submit", action=send, inputs={"why": "because"})
    assert told == {"ok": True, "told": "Sent."}
    assert (here.bot.last["name"], here.bot.last["value"]["data"]["why"]) == ("task/submit", "because")
    assert here.bot.last["conversation"]["id"] == PANEL.id
    assert (await here.ask("GET", "teams/dialog"))["dialog"] is None
    gone = await here.ask("POST", "teams/dialog/submit", action=send)
    assert gone["error"] == "That form is not open any more."


async def test_a_dialog_that_was_closed_while_the_app_was_at_it_does_not_come_back(here):
    opens, send = button("Refer", "refer", fetch=True), button("Send", "refer", kind="submission")
    message = posted(here.world, a_card("Welcome", opens))
    here.bot.answers += [a_dialog("Page 1", a_card("Why?", send)), a_dialog("Page 2", a_card("More", send))]
    await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=opens)
    here.bot.meanwhile = lambda: here.world.dialogs.close(TOM.mri)
    await here.ask("POST", "teams/dialog/submit", action=send)
    assert here.bot.last["name"] == "task/submit"
    assert (await here.ask("GET", "teams/dialog"))["dialog"] is None


async def test_a_command_of_the_message_extension_opens_a_dialog_that_goes_back_the_same_way(here):
    send = button("Send", "refer", kind="submission")
    here.bot.answers += [a_dialog("Refer", a_card("Why?", send))]
    await here.ask("POST", f"{ROOM}/extension", command="raise-concern")
    assert (here.bot.last["name"], here.bot.last["value"]["commandContext"]) == (
        "composeExtension/fetchTask",
        "compose",
    )
    await here.ask("POST", "teams/dialog/submit", action=send)
    assert (here.bot.last["name"], here.bot.last["value"]["commandId"]) == (
        "composeExtension/submitAction",
        "raise-concern",
    )
    said = here.world.talk.say(PANEL.id, {"from": {"id": MORAG.mri}, "text": "He fell again."})
    await here.ask("POST", f"{ROOM}/extension", command="refer-this", on=said.id)
    assert here.bot.last["value"]["messagePayload"]["body"]["content"] == "He fell again."
    here.bot.answers.append(a_dialog("Refer", a_card("Why?", send)))
    await here.ask("POST", f"{ROOM}/extension", command="raise-concern")
    assert await here.ask("POST", "teams/dialog/close") == {"ok": True}
    assert (await here.ask("GET", "teams/dialog"))["dialog"] is None


async def test_what_teams_would_not_draw_is_refused_and_an_error_is_told_in_words(here):
    opens = button("Refer", "refer", fetch=True)
    message = posted(here.world, a_card("Welcome", opens, PRESS))
    path = f"{ROOM}/messages/{message.id}/press"
    here.bot.answers.append(a_dialog("Page 1", a_card("x" * 60_000)))
    told = await here.ask("POST", path, action=opens)
    assert "The app's answer is not a card that Teams draws: it takes" in told["error"]
    here.bot.answers.append({"statusCode": 200, "type": CARD, "value": a_card("x" * 25_000)})
    assert "25000 are allowed" in (await here.ask("POST", path, action=PRESS))["error"]
    here.bot.statuses.append(500)
    assert "answered Teams with 500" in (await here.ask("POST", path, action=PRESS))["error"]
    here.bot.answers.append(
        {"statusCode": 403, "type": "application/vnd.microsoft.error", "value": {"message": "No."}}
    )
    assert (await here.ask("POST", path, action=PRESS))["error"] == "No."
    here.world.delivery.patience, here.bot.slow = 0.01, True
    assert "Teams waited 0.01 seconds" in (await here.ask("POST", path, action=PRESS))["error"]


async def test_changes_are_told_to_the_page(here):
    heard: deque[Any] = deque()
    listening = here.world.news.listen()
    message = posted(here.world, LISTED)
    here.world.talk.show(PANEL, message, TOM.mri, a_card("Yours"))
    here.world.talk.delete(PANEL.id, message.id)
    for _ in range(3):
        heard.append(await anext(listening))
    assert list(heard) == [
        {"type": "teams", "room": PANEL.id},
        {"type": "teams", "room": PANEL.id, "person": TOM.mri},
        {"type": "teams", "room": PANEL.id},
    ]


async def test_teams_goes_on_where_it_was_after_a_restart(tmp_path):
    file = tmp_path / "convenor.db"
    send = button("Send", "refer", kind="submission")
    async with served_beside_slack(Shelf(file)) as (world, _):
        world.delivery.line = bot = ScriptedBot([a_dialog("Refer", a_card("Why?", send, asks("why")))])
        kept, gone = posted(world, LISTED), posted(world, a_card("Taken back"))
        world.talk.show(PANEL, kept, TOM.mri, a_card("Tom's own"))
        world.talk.delete(PANEL.id, gone.id)
        world.talk.mark_read(TOM.mri, PANEL.id)
        await TeamsHands(world, TOM).extension("raise-concern", PANEL)
        await install_everywhere(world)
        address, told = world.address, len(bot.heard)
    async with served_beside_slack(Shelf(file), address=address) as (world, _):
        world.delivery.line = bot = ScriptedBot()
        assert [one.card_for(TOM.mri) for one in world.talk.in_room(PANEL.id)] == [a_card("Tom's own")]
        assert (world.talk.unread(TOM.mri, PANEL.id), world.talk.unread(MORAG.mri, PANEL.id)) == (0, 1)
        assert TeamsHands(world, TOM).title == "Refer"
        assert int(posted(world, LISTED).id) > int(kept.id)
        await install_everywhere(world)
        assert (told > 1, bot.heard) == (True, []), "told once, and again only at another address"


async def test_the_app_is_put_in_every_chat_and_room_once(here):
    await install_everywhere(here.world)
    places = {each["conversation"]["id"] for each in here.bot.heard if each["type"] == "installationUpdate"}
    assert {PANEL.id, MEETING.id, HEARTH_CHAT.id} <= places
    assert len(places) == 3 + 4, "two rooms and everybody's own chat"
    added = [each["conversation"]["id"] for each in here.bot.heard if each["type"] == "conversationUpdate"]
    assert sorted(added) == sorted([PANEL.id, MEETING.id])


async def test_the_switch_for_haste_is_teams_own_limit_for_a_thread(here):
    here.world.delivery.switches.rate_limit = True
    token = here.world.issuer.outbound(SCOPE, COUNCIL)
    url = f"{here.address}/teams/v3/conversations/{PANEL.id}/activities"
    statuses = []
    for _ in range(8):
        headers = {"authorization": f"Bearer {token}"}
        async with here.pool.post(url, json={"text": "x"}, headers=headers) as reply:
            statuses.append((reply.status, reply.headers.get("Retry-After")))
    assert statuses == [*[(201, None)] * 7, (429, "1")]


def test_haste_is_counted_over_each_of_teams_windows():
    clock = SimpleNamespace(now=0.0)
    rates = Rates(lambda: clock.now)
    assert [rates.wait("a") for _ in range(8)] == [0] * 7 + [1]
    assert rates.wait("b") == 0
    clock.now = 1.0
    assert [rates.wait("a"), rates.wait("a")] == [0, 1]
    clock.now = 2.0
    assert rates.wait("a") == 0


async def test_a_press_may_be_delivered_twice(here):
    here.world.delivery.switches.duplicates = True
    message = posted(here.world, LISTED)
    await here.ask("POST", f"{ROOM}/messages/{message.id}/press", action=PRESS)
    await here.bot.has_heard(2)
    assert here.bot.heard[0] == here.bot.heard[1]
