"""The edge against the local workspace, over Socket Mode and over signed HTTP: one code base, one behaviour."""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import aiohttp
import pytest
import uvicorn
from slack_sdk.web.async_client import AsyncWebClient
from starlette.routing import Route

from bot.domain.errors import Refused
from bot.domain.forms import Condition, Field, Form, Option, Page
from bot.handlers.slack.edge import SlackEdge, front_client, installation
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.pages import Register, fitting, next_page, page_before, page_view
from bot.handlers.verbs.replies import Ephemeral, Errors, Options, Reply, Update
from bot.local.app import workspace_app
from bot.local.clock import MovableClock
from bot.local.gestures import Gestures
from bot.local.seats import BOT_USER, Chair, Command, Place, Room, Shortcut
from bot.local.world import World

MORNING = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
ADA, STRANGER = "U0ADA", "U0STRANGER"
AGENCIES = tuple(Option(id=f"a{n}", label=f"Agency {n} of Aldermere") for n in range(120))


def a_world() -> World:
    def chair(id: str, name: str) -> Chair:
        return Chair(
            user_id=id, name=name, title="", agency="Aldermere Council", chair="", email=f"{id}@a.example"
        )

    def tomorrow(day: date) -> date:
        return day + timedelta(days=1)

    return World(
        place=Place(name="Aldermere", note="An invented place"),
        people=(chair(ADA, "Ada Field"), chair(STRANGER, "Some Body")),
        rooms=(Room(id="C0PANEL", name="panel", members=(ADA, STRANGER, BOT_USER)),),
        clock=MovableClock(tomorrow, start=MORNING, real=lambda: MORNING),
        commands=[Command(command="/refer", description="Raise a concern")],
        shortcuts=[Shortcut(type="global", name="Raise a concern", callback_id="raise-concern")],
    )


@contextlib.asynccontextmanager
async def served(world: World, door: Route) -> AsyncIterator[str]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        world.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = workspace_app(world, beside=[door])
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", ws="websockets-sansio", lifespan="off")
        )
        task = asyncio.create_task(server.serve(sockets=[listener]))
        yield world.address
        await world.close()
        server.should_exit = True
        await task


@pytest.fixture(params=["socket mode", "signed http"])
async def town(request, bot, verbs) -> AsyncIterator[SimpleNamespace]:
    """The local workspace with the edge on the other end of either line."""
    world = a_world()
    here = {}
    async with aiohttp.ClientSession() as pool:
        # The address is known only once the server has its port; the client is told then.
        client = front_client(pool, "http://127.0.0.1:1/api/")
        edge = SlackEdge(
            bot,
            verbs,
            lambda enterprise, team: here.get(team),
            client=client,
            signing_secret=world.signing_secret,
        )
        async with served(world, edge.route()) as address:
            client.base_url = f"{address}/api/"
            token = AsyncWebClient(token=world.bot_token, base_url=client.base_url, session=pool)
            found = await installation(token)
            here[found.team] = found
            line = None
            if request.param == "signed http":
                world.reach_by_http(f"{address}/slack/events")
            else:
                app_client = AsyncWebClient(token=world.app_token, base_url=client.base_url, session=pool)
                line = edge.socket(world.app_token, app_client)
                await line.connect_async()
            yield SimpleNamespace(world=world, hands=Gestures(world), edge=edge, client=token)
            await edge.close()
            if line is not None:
                await line.close_async()


FORM = Form(
    id="f",
    title="A form",
    when="referral",
    pages=(
        Page(
            id="one",
            title="The person",
            fields=(
                Field(id="name", label="Name", kind="text", required=True, sensitivity=2),
                Field(id="born", label="Born", kind="date", required=True, sensitivity=2, unknown=True),
                Field(id="agencies", label="Who else?", kind="agencies", required=False, sensitivity=1),
            ),
        ),
        Page(
            id="two",
            title="The concern",
            fields=(
                Field(id="told", label="Do they know?", kind="yes_no", required=True, sensitivity=3),
                Field(
                    id="why",
                    label="Why not?",
                    kind="long_text",
                    required=True,
                    sensitivity=3,
                    shown_if=Condition(field="told", one_of=("no",)),
                ),
            ),
        ),
    ),
)


@pytest.fixture
def draft(verbs, render, shape) -> dict:
    """A form of two pages over a draft that is a dictionary."""
    kept: dict = {}

    def shown(page: str) -> dict:
        register = Register(agencies=AGENCIES)
        return page_view(shape, FORM, page, kept, callback_id="refer", ids={"draft": "d1"}, register=register)

    @verbs.command("/refer")
    @verbs.shortcut("raise-concern")
    async def begin(ask: Ask) -> None:
        assert ask.person
        await ask.open(shown("one"))

    @verbs.submission("refer")
    async def submitted(ask: Ask) -> Reply:
        kept.update(ask.answers)
        if kept["name"] == "?":
            return Errors({"name": "Say who."})
        if kept["name"] == "nobody":
            raise Refused("There is nobody of that name.")
        following = next_page(FORM, ask.ids["page"], kept)
        words = ask.bot.render.words("edge/refused", message="Sent")
        return Update(shown(following) if following else ask.bot.render.shape("slack", "notice", words=words))

    @verbs.press("form.back")
    async def back(ask: Ask) -> Reply:
        kept.update(ask.answers)
        return Update(shown(page_before(FORM, ask.ids["page"], kept) or "one"))

    @verbs.press("answer")
    async def steered(ask: Ask) -> Reply:
        kept.update(ask.answers)
        return Update(shown(ask.ids["page"]))

    @verbs.options("answer")
    async def offered(ask: Ask) -> Reply:
        return Options(fitting(AGENCIES, ask.value))

    return kept


def typed(**values: str) -> dict:
    return {
        field: {"answer": {"type": "plain_text_input", "value": value}} for field, value in values.items()
    }


def top(town: SimpleNamespace) -> dict:
    return town.world.stage.stack(ADA)[-1]


async def test_a_form_is_filled_in_mended_turned_back_and_sent(town, draft):
    await town.hands.command(ADA, "C0PANEL", "/refer", "")
    view = top(town)
    ticked = {"unknown": {"type": "checkboxes", "selected_options": [{"value": "unknown"}]}}
    first = {**typed(name="?"), "born:unknown": ticked}
    assert (await town.hands.submit(ADA, view["id"], first)).errors == {"name": "Say who."}

    assert not (await town.hands.submit(ADA, view["id"], {**first, **typed(name="Jo <&>")})).closed
    assert (top(town)["id"], top(town)["title"]["text"]) == (view["id"], "The concern")
    assert {key: draft[key] for key in ("name", "born")} == {"name": "Jo <&>", "born": "unknown"}

    where = {"type": "view", "view_id": view["id"]}
    no = {"type": "radio_buttons", "selected_option": {"value": "no"}}
    await town.hands.press(ADA, where, "told", "answer", no)
    assert [b["block_id"] for b in top(town)["blocks"] if b["type"] == "input"] == ["told", "why"]

    await town.hands.press(ADA, where, "form.back", "form.back", {"type": "button"})
    assert top(town)["title"]["text"] == "The person"
    assert top(town)["blocks"][1]["element"]["initial_value"] == "Jo <&>"

    await town.hands.submit(ADA, view["id"], {**typed(name="Jo"), "born:unknown": ticked})
    await town.hands.submit(ADA, view["id"], {"told": {"answer": no}, **typed(why="Afraid")})
    assert top(town)["blocks"][1]["text"]["text"] == "Sent"
    assert (draft["told"], draft["why"]) == ("no", "Afraid")


async def test_agencies_are_found_by_typing(town, draft):
    await town.hands.shortcut(ADA, "raise-concern")
    where = {"type": "view", "view_id": top(town)["id"]}
    found = await town.hands.options(ADA, where, "agencies", "answer", "agency 11")
    assert [each["value"] for each in found] == ["a11", *(f"a{n}" for n in range(110, 120))]


async def test_a_refusal_lies_on_the_form_and_what_was_typed_is_still_there(town, draft):
    await town.hands.command(ADA, "C0PANEL", "/refer", "")
    form = top(town)
    ticked = {"unknown": {"type": "checkboxes", "selected_options": [{"value": "unknown"}]}}
    await town.hands.submit(ADA, form["id"], {**typed(name="nobody"), "born:unknown": ticked})
    below, above = town.world.stage.stack(ADA)
    assert "There is nobody of that name." in str(above["blocks"])
    assert below["state"]["values"]["name"]["answer"]["value"] == "nobody"


async def test_strangers_are_told_kindly_on_every_surface(town, draft):
    await town.hands.command(STRANGER, "C0PANEL", "/refer", "")
    (note,) = [m for m in town.world.talk.seen_by(STRANGER, "C0PANEL") if m.only_for == STRANGER]
    assert "You are not registered here yet" in note.text
    await town.hands.shortcut(STRANGER, "raise-concern")
    await town.edge.close()
    (window,) = town.world.stage.stack(STRANGER)
    assert "the Aldermere safeguarding hub" in str(window["blocks"])


async def test_what_is_said_to_the_bot_arrives_as_it_was_written(town, verbs):
    heard: asyncio.Queue[Ask] = asyncio.Queue()

    @verbs.event("message.im")
    async def said(ask: Ask) -> Reply:
        heard.put_nowait(ask)
        return Ephemeral({"text": "Noted"})

    await town.hands.say(ADA, town.world.talk.dm(ADA).id, "I cannot on <Tuesday> & @Some Body knows")
    ask = await heard.get()
    assert ask.value == "I cannot on <Tuesday> & @U0STRANGER knows"
    await town.edge.close()
    assert town.world.talk.seen_by(ADA, ask.room)[-1].text == "Noted"


async def test_a_button_in_a_message_pushes_nothing_but_a_private_word(town, verbs, render):
    @verbs.press("action.accept")
    async def accept(ask: Ask) -> Reply:
        raise Refused("This action belongs to another agency.")

    button = {"text": "Accept", "verb": "action.accept", "value": "a1"}
    words = render.words("edge/refused", message="An action")
    message = render.shape("slack", "message", words=words, buttons=[button])
    posted = await town.client.chat_postMessage(channel="C0PANEL", **message)
    block = posted["message"]["blocks"][-1]["block_id"]
    where = {"type": "message", "channel": "C0PANEL", "ts": posted["ts"]}
    await town.hands.press(ADA, where, block, "action.accept", {"type": "button", "value": "a1"})
    await town.edge.close()
    assert "This action belongs to another agency." in str(town.world.talk.seen_by(ADA, "C0PANEL")[-1].blocks)
    assert "another agency" not in str([m.blocks for m in town.world.talk.seen_by(STRANGER, "C0PANEL")])
