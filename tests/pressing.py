"""Presses everything that can be seen, as somebody who holds every role, and keeps what is shown for it.

Each press is made in a savepoint of its own and undone, so the same world serves them all. It begins at what the
courier sends, at the commands and the shortcuts; each modal that opens is pressed and sent in its turn, once as it
opened and once filled in. Only Slack itself is played here.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from full_world import NOW, TODAY, World
from leaving import Left
from sqlalchemy import Connection, Engine, func, select
from sqlmodel import Session

from bot.domain.area import Practice
from bot.domain.diary import FRESH
from bot.domain.errors import Refused
from bot.domain.people import Person
from bot.handlers.slack.deliver import beside, deliver
from bot.handlers.slack.identity import SlackIdentity
from bot.handlers.slack.payload import aim_of, read
from bot.handlers.verbs.ask import Ask, NotShown
from bot.handlers.verbs.courtesies import Courtesies
from bot.handlers.verbs.registry import registered
from bot.local.answers import ANSWER, state
from bot.local.elements import choices
from bot.local.stage import elements
from bot.render import Render
from bot.storage.ledger_tables import EVENT
from bot.storage.transaction import Begin, Work
from bot.usecases.diaries import Sought

Json = dict[str, Any]

TEAM = "T0ALDERMERE"
ENOUGH = {0: 8, 1: 2, 2: 2, 3: 1, 4: 1}
"""How often one kind of button is pressed, by how many modals lie below it: each time with another value."""

SENTENCE = "Said in the test, of an invented person, in a sentence that is long enough."


@dataclass
class Shown:
    """One thing put in front of a person, and how they came to it."""

    way: str
    payload: Json
    trail: str
    recorded: int = 0
    """How many events the press wrote to the audit."""

    def __str__(self) -> str:
        return f"{self.way} after {self.trail}"


class OutOfReach:
    """Calendars that do not answer: what was read of diaries before is all there is."""

    async def look(self, sought: Sought, *, patience: float, fresh: timedelta = FRESH) -> None:
        pass

    def look_ahead(self, sought: Sought) -> None:
        pass


class Slack:
    """What is asked of Slack while a person waits: every call is kept."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Json]] = []

    async def api_call(self, method: str, *, json: Json) -> Json:
        self.calls.append((method, json))
        return {"ok": True}

    async def chat_postMessage(self, **what: Any) -> Json:
        return await self.api_call("chat.postMessage", json=what)

    async def chat_postEphemeral(self, **what: Any) -> Json:
        return await self.api_call("chat.postEphemeral", json=what)


@dataclass
class Presser:
    """The whole of the Slack edge but Bolt, over one world. `shown` and `broken` grow as it goes."""

    engine: Engine
    world: World
    render: Render
    me: Person
    contact: str = "the Aldermere safeguarding hub"
    shown: list[Shown] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    done: set[tuple[str, ...]] = field(default_factory=set)
    times: Counter[tuple[str, int]] = field(default_factory=Counter)
    answered: set[tuple[str, str]] = field(default_factory=set)

    @property
    def practice(self) -> Practice:
        return self.world.practice

    @property
    def diaries(self) -> OutOfReach:
        return OutOfReach()

    def now(self) -> datetime:
        return NOW

    def paper_of(self, kind: str, form: str, id: str, person_id: str) -> str:
        return f"https://convenor.aldermere.example/answer/papers/{kind}.{form}.{id}.{person_id}"

    def picture_of(self, meeting_id: str, person_id: str) -> str:
        return f"https://convenor.aldermere.example/answer/times/{meeting_id}.{person_id}"

    async def person(self, who: SlackIdentity) -> Person:
        return self.me

    async def run(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        return usecase(self.begin, *args, **but)

    async def read(self, look: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        with self.begin() as work:
            return look(work, *args, **but)

    async def everything(self, left: list[Left]) -> None:
        """Press all of it."""
        with self.engine.connect() as self.db:
            self.begin = _within(self.db)
            whole = self.db.begin()
            for name in sorted(registered().names("command")):
                for text in ("", "marm", "nonsense", "next tuesday"):
                    await self._asked({"command": name, "text": text, **_from("", self.me)}, name, 0)
            for kind, called in (("shortcut", "shortcut"), ("message_shortcut", "message_action")):
                for name in sorted(registered().names(kind)):  # type: ignore[arg-type]
                    said = {"text": SENTENCE} if called == "message_action" else {}
                    await self._asked(
                        {**_from(called, self.me), "callback_id": name, "message": said}, name, 0
                    )
            for name in sorted(registered().names("event")):
                event = {
                    "type": name.partition(".")[0],
                    "user": f"U0{self.me.id.upper()}",
                    "tab": "home",
                    "text": SENTENCE,
                }
                event |= {"channel_type": name.partition(".")[2], "channel": "C0TRIAGE"}
                await self._asked(
                    {**_from("event_callback", self.me), "event_id": "Ev1", "event": event}, name, 0
                )
            drafts = [
                _button("draft.resume", id) for id in self.world.ids["draft"]
            ]  # Home shows only the latest
            for use in (
                *_spread(_first(left)),
                *(("home", draft, {"type": "view"}, None) for draft in drafts),
            ):
                await self._press(*use, 0)
            whole.rollback()

    async def _presses(
        self, blocks: list[Json], trail: str, depth: int, container: Json, view: Json | None
    ) -> None:
        for block, element in elements(blocks):
            if "external" in element["type"]:
                asked = {"action_id": element["action_id"], "block_id": block["block_id"], "value": "a"}
                await self._asked({**_from("block_suggestion", self.me), **asked, "view": view}, trail, depth)
            for action in _uses(block, element):
                verb = _verb(action)
                key = (
                    verb,
                    json.dumps(action, sort_keys=True),
                    str((view or {}).get("callback_id")),
                    str(depth),
                )
                if key not in self.done and self.times[verb, depth] < ENOUGH[depth]:
                    self.done.add(key)
                    self.times[verb, depth] += 1
                    await self._press(trail, action, container, view, depth)

    async def _press(self, trail: str, action: Json, container: Json, view: Json | None, depth: int) -> None:
        body = {**_from("block_actions", self.me), "actions": [{**action, "action_ts": "17.5"}]}
        body |= {"container": container, "view": view} if view else {"container": container}
        await self._asked(body, f"{trail} > {action['action_id']}", depth)

    async def _asked(self, body: Json, trail: str, depth: int) -> None:
        """One payload, in a savepoint: what it shows is kept, pressed in its turn, and then all of it undone."""
        aim = aim_of(body)
        verb = registered().find(aim) if aim else None
        if aim is None or verb is None:
            self.broken.append(f"{trail}: nothing answers")
            return
        self.answered.add((aim.kind, aim.name))
        slack = Slack()
        point, before = self.db.begin_nested(), self._events()
        try:
            ask = read(body, aim, bot=self, slack=slack, respond=None)  # type: ignore[arg-type]
            ask.known = self.me
            courtesies = Courtesies()
            answer = await deliver(ask, await verb.handler(ask), courtesies)
            await courtesies.drain()
            found = [*_calls(slack), *_acknowledged(ask, answer.body)]
        except NotShown as error:
            found, _ = [], self.broken.append(f"{trail}: {error.code}")
        except Refused as refusal:
            found = [("message", {"text": str(refusal)})]
            if ask.kind == "submission":
                beside(ask, getattr(refusal, "problems", {}))
        except Exception as error:  # a person would be told that it was unexpected: never right
            self.broken.append(f"{trail}: {type(error).__name__}: {error}")
            found = []
        recorded = self._events() - before
        for way, payload in found:
            self.shown.append(Shown(way=way, payload=payload, trail=trail, recorded=recorded))
            if depth + 1 not in ENOUGH:
                continue
            if way == "modal":
                await self._modal(payload, trail, depth + 1)
            elif way == "message":
                said = {
                    "type": "message",
                    "channel_id": "C0TRIAGE",
                    "message_ts": "1.2",
                    "is_ephemeral": True,
                }
                await self._presses(payload.get("blocks", []), trail, depth + 1, said, None)
        point.rollback()

    def _events(self) -> int:
        return int(self.db.execute(select(func.count()).select_from(EVENT)).scalar_one())

    async def _modal(self, view: Json, trail: str, depth: int) -> None:
        """Press what is in a modal, and send it: as it opened, and filled in."""
        callback = str(view.get("callback_id", ""))
        opened = state(view["blocks"], {})
        given = {"id": "V0ONE", "hash": "1.h", "root_view_id": "V0ONE", "previous_view_id": None}
        here = {**view, **given, "app_installed_team_id": TEAM, "state": {"values": opened}}
        await self._presses(view["blocks"], trail, depth, {"type": "view", "view_id": "V0ONE"}, here)
        if "submit" not in view:
            return
        for how, values in (("as it is", opened), ("filled in", _filled(view["blocks"], opened))):
            if self.times[f"{callback} {how}", depth] < ENOUGH[depth]:
                self.times[f"{callback} {how}", depth] += 1
                body = {**_from("view_submission", self.me), "view": {**here, "state": {"values": values}}}
                await self._asked(body, f"{trail} > sent {how}", depth)


Use = tuple[str, Json, Json, Json | None]
"""Where it stands, what Slack would send, the container and the view that it is in."""


def _button(action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "block_id": "b", "value": value}


def _verb(action: Json) -> str:
    return str(action["action_id"]).partition(":")[0]


def _first(left: list[Left]) -> Iterator[Use]:
    """Every use of everything that the courier sent."""
    for each in left:
        container = {"type": each.way, "channel_id": "C0TRIAGE", "message_ts": "1.1"}
        view = {"type": "home", "id": "V0HOME", **each.payload} if each.way == "home" else None
        for block, element in elements(each.payload.get("blocks", [])):
            for action in _uses(block, element):
                yield each.name, action, container, view


def _spread(uses: Iterator[Use]) -> Iterator[Use]:
    """Of each verb enough, each with another value, from all over."""
    by: dict[str, dict[str, Use]] = {}
    for use in uses:
        action = use[1]
        by.setdefault(_verb(action), {}).setdefault(
            json.dumps([action["action_id"], action.get("value")]), use
        )
    for found in by.values():
        several = list(found.values())
        yield from several[:: -(-len(several) // ENOUGH[0])]


def _within(db: Connection) -> Begin:
    """Transactions that end at a savepoint of this connection."""

    @contextmanager
    def begin() -> Iterator[Work]:
        with (
            Session(db, expire_on_commit=False, join_transaction_mode="create_savepoint") as session,
            session.begin(),
        ):
            yield Work(session)

    return begin


def _from(kind: str, me: Person) -> Json:
    user = f"U0{me.id.upper()}"
    if not kind:
        return {"team_id": TEAM, "user_id": user, "channel_id": "C0TRIAGE", "trigger_id": "1.2.abc"}
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "aldermere"},
        "user": {"id": user, "team_id": TEAM},
        "trigger_id": "1.2.abc",
    }


def _uses(block: Json, element: Json) -> Iterator[Json]:
    """What Slack would send for each way of using an element that acts at once."""
    if block["type"] == "input" and not block.get("dispatch_action"):
        return
    about = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block.get("block_id", "b"),
    }
    if element["type"] == "button":
        if "url" not in element:
            yield {**about, "value": element.get("value", "")}
        return
    key = ANSWER.get(element["type"], ("selected_option",))[0]
    options = choices(element)
    if key == "selected_option":
        yield from ({**about, key: option} for option in options[:3])
    elif key == "selected_options":
        yield {**about, key: options[:2]}
    elif key == "selected_date":
        yield {**about, key: (TODAY + timedelta(days=8)).isoformat()}


def _filled(blocks: list[Json], opened: Json) -> Json:
    """Something in every field that stands empty."""
    values = json.loads(json.dumps(opened))
    for block, element in elements(blocks):
        if element["type"] not in ANSWER:
            continue
        key = ANSWER[element["type"]][0]
        entry = values[block["block_id"]][element["action_id"]]
        if entry.get(key):
            continue
        match key, element["type"]:
            case "value", "number_input":
                entry[key] = "30"
            case "value", "email_text_input":
                entry[key] = "somebody@aldermere.example"
            case "value", _:
                entry[key] = SENTENCE[: element.get("max_length", 3000)]
            case "selected_option", _:
                entry[key] = next(iter(choices(element)), None)
            case "selected_options", _:
                entry[key] = choices(element)[:2]
            case "selected_date", _:
                entry[key] = (TODAY + timedelta(days=8)).isoformat()
            case "selected_time", _:
                entry[key] = "10:00"
    return values


def _calls(slack: Slack) -> Iterator[tuple[str, Json]]:
    for method, what in slack.calls:
        if method.startswith("views."):
            yield what["view"]["type"], what["view"]
        else:
            yield "message", {key: what[key] for key in ("text", "blocks") if key in what}


def _acknowledged(ask: Ask, body: Any) -> Iterator[tuple[str, Json]]:
    answer = json.loads(body) if isinstance(body, str) and body.startswith("{") else body
    if not isinstance(answer, dict):
        return
    if "view" in answer:
        yield "modal", answer["view"]
    elif answer.get("response_type") == "ephemeral":
        yield "message", {key: answer[key] for key in ("text", "blocks") if key in answer}
    elif answer.get("response_action") == "errors":
        yield (
            "errors",
            {"text": json.dumps(answer["errors"], ensure_ascii=False), **_blocks(ask, answer["errors"])},
        )


def _blocks(ask: Ask, errors: Json) -> Json:
    known = {block.get("block_id") for block in (ask.view or {}).get("blocks", [])}
    return {"lost": sorted(set(errors) - known)}
