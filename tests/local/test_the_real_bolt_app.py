"""A real Bolt app against the stand-in, over Socket Mode and over signed HTTP (slack.md sections 2 and 8)."""

import asyncio
import re

import pytest
from slack_sdk.errors import SlackApiError

from bot.local.gestures import Gestures
from bot.local.refusals import CannotDo


def plain(words):
    return {"type": "plain_text", "text": words}


def form(title="Refer", **but):
    why = {"type": "input", "block_id": "why", "label": plain("What worries you?"),
           "element": {"type": "plain_text_input", "action_id": "answer", "multiline": True}}  # fmt: skip
    return {
        "type": "modal",
        "callback_id": "refer",
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": [why],
        **but,
    }


def said(words):
    return {"why": {"answer": {"type": "plain_text_input", "value": words}}}


async def test_a_command_opens_a_form_that_is_refused_then_changed_then_done(bot, world):
    """views.open within the trigger; response_action errors, update and clear."""
    hands = Gestures(world)

    @bot.app.command("/refer")
    async def refer(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=form())
        await ack()

    @bot.app.view("refer")
    async def submitted(ack, view):
        answer = view["state"]["values"]["why"]["answer"]["value"]
        if answer == "short":
            await ack(response_action="errors", errors={"why": "Please say more"})
        elif view["title"]["text"] == "Refer":
            await ack(response_action="update", view=form("Page two"))
        else:
            await ack(response_action="clear")

    await hands.command("U0PRIYA", "C0PANEL", "/refer", "marm")
    [opened] = world.stage.stack("U0PRIYA")
    assert (await hands.submit("U0PRIYA", opened["id"], {})).errors == {
        "why": "Please complete this required field."
    }
    refused = await hands.submit("U0PRIYA", opened["id"], said("short"))
    assert refused.errors == {"why": "Please say more"}
    outcome = await hands.submit("U0PRIYA", opened["id"], said("long enough"))
    assert not outcome.closed
    [updated] = world.stage.stack("U0PRIYA")
    assert (updated["id"], updated["title"]["text"]) == (opened["id"], "Page two")
    assert updated["hash"] != opened["hash"]
    assert (await hands.submit("U0PRIYA", opened["id"], said("done"))).closed
    assert world.stage.stack("U0PRIYA") == []


async def test_a_button_is_pressed_and_the_message_edited_in_place(bot, world):
    seen = []

    @bot.app.action("accept")
    async def accept(ack, body, client, respond):
        seen.append(body)
        await client.chat_update(channel=body["channel"]["id"], ts=body["message"]["ts"], text="Accepted")
        await respond("Thank you", replace_original=False)
        await ack()

    button = {"type": "button", "action_id": "accept", "text": plain("Accept"), "value": "abc"}
    posted = await bot.client.chat_postMessage(
        channel="U0TOM", text="An action", blocks=[{"type": "actions", "block_id": "b", "elements": [button]}]
    )
    where = {"type": "message", "channel": posted["channel"], "ts": posted["ts"]}
    await Gestures(world).press("U0TOM", where, "b", "accept", {"type": "button", "value": "forged"})
    assert seen[0]["actions"][0]["value"] == "abc"
    assert seen[0]["container"]["message_ts"] == posted["ts"]
    told = world.talk.seen_by("U0TOM", "D0TOM")
    assert [(one.text, one.only_for) for one in told] == [("Accepted", None), ("Thank you", "U0TOM")]
    with pytest.raises(CannotDo, match="not there any more"):
        await Gestures(world).press("U0TOM", where, "b", "accept", {"type": "button"})


async def test_a_form_pushes_a_second_and_a_third_but_never_a_fourth(bot, world):
    hands, told = Gestures(world), []
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    page = form(
        blocks=[{"type": "actions", "block_id": "b", "elements": [button]}], submit=None, notify_on_close=True
    )
    page = {key: value for key, value in page.items() if value is not None}

    @bot.app.shortcut("refer")
    async def opens(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=page)
        await ack()

    @bot.app.action("more")
    async def pushes(ack, body, client):
        try:
            await client.views_push(trigger_id=body["trigger_id"], view=page)
        except SlackApiError as no:
            told.append(no.response["error"])
        await ack()

    @bot.app.view_closed("refer")
    async def closed(ack, body):
        told.append(body["view"]["id"])
        await ack()

    await hands.shortcut("U0TOM", "refer")
    for _ in range(3):
        top = world.stage.stack("U0TOM")[-1]
        await hands.press("U0TOM", {"type": "view", "view_id": top["id"]}, "b", "more", {})
    first, second, third = world.stage.stack("U0TOM")
    assert third["previous_view_id"] == second["id"]
    assert {one["root_view_id"] for one in (first, second, third)} == {first["id"]}
    await hands.close("U0TOM", third["id"])
    assert told == ["push_limit_reached", third["id"]]


async def test_a_trigger_opens_once_and_for_three_seconds(bot, world, seconds):
    triggers, told = [], []

    @bot.app.command("/refer")
    async def keeps(ack, body):
        triggers.append(body["trigger_id"])
        await ack("Noted")

    async def opens(trigger, view=None):
        try:
            await bot.client.views_open(trigger_id=trigger, view=view or form())
        except SlackApiError as no:
            told.append(no.response["error"])
        else:
            told.append("opened")

    hands = Gestures(world)
    await hands.command("U0PRIYA", "C0PANEL", "/refer", "")
    await opens(triggers[0], view=form(title="Professionals' meeting referral"))  # refused, and not spent
    await opens(triggers[0])
    await opens(triggers[0])
    await hands.command("U0PRIYA", "C0PANEL", "/refer", "")
    seconds.now += 3.1
    await opens(triggers[1])
    await opens("made.up.trigger")
    assert told == [
        "invalid_arguments",
        "opened",
        "exchanged_trigger_id",
        "expired_trigger_id",
        "invalid_trigger_id",
    ]
    assert world.talk.seen_by("U0PRIYA", "C0PANEL")[-1].text == "Noted"
    assert world.talk.seen_by("U0TOM", "C0PANEL") == []


async def test_twenty_presses_at_once_all_arrive(bot, world):
    pressed = []

    @bot.app.action("accept")
    async def accept(ack, body):
        pressed.append(body["actions"][0]["value"])
        await ack()

    elements = [
        {"type": "button", "action_id": f"accept:{n}", "text": plain(f"{n}"), "value": f"{n}"}
        for n in range(20)
    ]
    bot.app.action(re.compile("accept:.*"))(accept)
    message = world.talk.say(
        "C0PANEL", "U0BOT", "Press", blocks=[{"type": "actions", "block_id": "b", "elements": elements}]
    )
    where = {"type": "message", "channel": "C0PANEL", "ts": message.ts}
    hands = Gestures(world)
    async with asyncio.TaskGroup() as burst:
        for one in elements:
            burst.create_task(hands.press("U0TOM", where, "b", one["action_id"], {}))
    assert sorted(pressed, key=int) == [f"{n}" for n in range(20)]


async def test_silence_is_told_to_the_person_in_plain_words(bot, world):
    world.delivery.patience = 0.2

    @bot.app.command("/refer")
    async def never_acks():
        return None

    with pytest.raises(CannotDo, match=r"/refer failed: the app .* Please try again"):
        await Gestures(world).command("U0PRIYA", "C0PANEL", "/refer", "")


async def test_everything_arrives_twice_when_duplicates_are_on(bot, world):
    """One dedupe rule serves both lines: a resend says so in x-slack-retry-num."""
    heard = []

    @bot.app.event("app_home_opened")
    async def home(event, body, request, client):
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num", ["0"])[0]))
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "divider"}]}
        )

    @bot.app.command("/refer")
    async def refer(ack, request):
        heard.append(("/refer", request.headers.get("x-slack-retry-num", ["0"])[0]))
        await ack()

    world.turn(duplicates=True)
    hands = Gestures(world)
    await hands.open_home("U0TOM")
    await world.delivery.idle()
    (first, attempt), (again, resend) = heard
    assert first == again
    assert (attempt, resend) == ("0", "1")
    assert world.stage.homes["U0TOM"]["type"] == "home"
    await hands.command("U0TOM", "C0PANEL", "/refer", "")
    await world.delivery.idle()
    assert heard[2:] == [("/refer", "0"), ("/refer", "1")]


async def test_what_is_late_still_arrives(bot, world):
    heard = []

    @bot.app.command("/refer")
    async def refer(ack, body):
        heard.append(body["text"])
        await ack()

    world.switches.late_by = 0.01
    world.turn(late=True)
    await Gestures(world).command("U0TOM", "C0PANEL", "/refer", "marat")
    assert heard == ["marat"]


async def test_a_resend_follows_when_an_event_was_not_answered(bot, world):
    heard = []
    world.delivery.resends = (0.0, 0.0, 0.0)

    @bot.app.event("app_mention")
    async def mentioned(event, request):
        heard.append(request.headers.get("x-slack-retry-num", ["0"])[0])
        if len(heard) < 3:
            raise RuntimeError("a fault in the tiny app")

    @bot.app.error
    async def faults(error):
        return None

    world.delivery.patience = 0.5  # an error leaves Socket Mode without any answer
    await Gestures(world).say("U0PRIYA", "C0PANEL", "@Convenor are you there?")
    await world.delivery.idle()
    assert heard == ["0", "1", "2"]


async def test_a_choice_list_is_asked_for_as_one_types(bot, world):
    select = {"type": "external_select", "action_id": "owner", "min_query_length": 1}
    page = form(blocks=[{"type": "input", "block_id": "who", "label": plain("Owner"), "element": select}])

    @bot.app.shortcut("refer")
    async def opens(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=page)
        await ack()

    @bot.app.options("owner")
    async def offers(ack, payload):
        await ack(options=[{"text": plain(f"{payload['value']}, housing"), "value": "p1"}])

    hands = Gestures(world)
    await hands.shortcut("U0TOM", "refer")
    [view] = world.stage.stack("U0TOM")
    offered = await hands.options("U0TOM", {"type": "view", "view_id": view["id"]}, "who", "owner", "Ad")
    assert [one["text"]["text"] for one in offered] == ["Ad, housing"]


async def test_a_direct_message_and_a_newcomer_are_events(bot, world):
    heard = []

    @bot.app.event("message")
    async def written(event):
        heard.append((event["channel_type"], event["text"]))

    @bot.app.event("member_joined_channel")
    async def joined(event):
        heard.append((event["channel"], event["user"]))

    await Gestures(world).say("U0PRIYA", "D0PRIYA", "I cannot on <Tuesday>")
    await bot.client.conversations_invite(channel="C0TRIAGE", users="U0PRIYA")
    await world.delivery.idle()
    assert heard == [("im", "I cannot on &lt;Tuesday&gt;"), ("C0TRIAGE", "U0PRIYA")]


async def test_a_message_shortcut_carries_its_message(bot, world):
    seen = []

    @bot.app.shortcut({"type": "message_action", "callback_id": "refer-message"})
    async def refers(ack, body):
        seen.append(body)
        await ack()

    hands = Gestures(world)
    await hands.say("U0TOM", "C0PANEL", "A concern")
    [message] = world.talk.seen_by("U0TOM", "C0PANEL")
    await hands.shortcut("U0TOM", "refer-message", "C0PANEL", message.ts)
    assert seen[0]["message"]["text"] == "A concern"
    assert seen[0]["channel"] == {"id": "C0PANEL", "name": "panel"}
