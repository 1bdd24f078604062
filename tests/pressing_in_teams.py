"""Presses everything that can be seen in Teams, through Teams' own reception, and keeps what each press is answered.

As `pressing` does for Slack: each press is an activity as Teams sends it, in a savepoint that is undone; each dialog
that opens is pressed and sent in its turn, once as it opened and once filled in. Only Teams itself is played here.
"""

import json
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from full_world import NOW, TODAY, World
from pressing import SENTENCE, OutOfReach, _within
from sqlalchemy import Connection, Engine, func, select

from bot.domain.area import Practice
from bot.domain.people import Person
from bot.handlers.teams.activity import Activity, activity_of
from bot.handlers.teams.dialog import CARRIED
from bot.handlers.teams.inputs import OURS, inputs_of
from bot.handlers.teams.reading import COMMANDS, aim_of
from bot.handlers.teams.reception import Reception
from bot.handlers.verbs.registry import registered
from bot.local.teams.activities import Activities, Bot
from bot.local.teams.aldermere import COUNCIL
from bot.local.teams.seats import Person as Seat
from bot.local.teams.seats import Room
from bot.render import Render
from bot.storage.ledger_tables import EVENT

Json = dict[str, Any]

ENOUGH = {0: 3, 1: 1, 2: 1, 3: 1}
"""How often one kind of button is pressed, by how many dialogs lie below it; Slack's presser goes further."""

SEAT = Seat(mri="29:1me", object_id="0" * 32, name="Somebody", email="me@aldermere.example", tenant=COUNCIL)
CHANNEL = Room(id="19:room@thread.tacv2", kind="channel", tenant=COUNCIL, members=(SEAT.mri,), team="19:team")
CHAT = Room(id="a:1chat", kind="personal", tenant=COUNCIL, members=(SEAT.mri,))
WIRE = Activities(Bot(id="28:bot"), "https://teams.example")


@dataclass(frozen=True)
class Answered:
    """What one press was answered: the whole of it, a dialog or card in it, and how many events it recorded."""

    trail: str
    kind: str
    body: Json
    said: tuple[Json, ...]
    recorded: int

    @property
    def dialog(self) -> Json | None:
        """The dialog that is shown: its title and its card."""
        task = self.body.get("task") or {}
        return task["value"] if task.get("type") == "continue" else None

    @property
    def text(self) -> str:
        """All of it, in one line."""
        return json.dumps([self.body, *self.said], ensure_ascii=False)

    @property
    def refused(self) -> bool:
        """Whether it is a refusal in words."""
        return any(words in self.text for words in ("That was not done", "You are not registered"))


@dataclass(frozen=True)
class Specimen:
    """One use of a verb, as Teams sent it; the better the one, the more came of it."""

    body: Json
    worth: int


class Kept(logging.Handler):
    """What the program wrote into its log meanwhile."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@dataclass
class PresserInTeams:
    """The program as the reception sees it, over one world. `answered` and `broken` grow as it goes."""

    engine: Engine
    world: World
    render: Render
    me: Person | None
    contact: str = "the Aldermere safeguarding hub"
    answered: list[Answered] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    reached: set[tuple[str, str]] = field(default_factory=set)
    specimens: dict[tuple[str, str], Specimen] = field(default_factory=dict)
    log: Kept = field(default_factory=Kept)
    times: Counter[tuple[str, int]] = field(default_factory=Counter)

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

    async def person_in_teams(self, activity: Activity) -> Person | None:
        return self.me

    async def met(self, activity: Activity) -> None:
        """Where it was said is known."""

    async def renew(self, activity: Activity) -> bool:
        return True

    async def say(self, activity: Activity, payload: Json, *, to_them: bool) -> None:
        self._said.append(payload)

    async def run(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        return usecase(self.begin, *args, **but)

    async def read(self, look: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        with self.begin() as work:
            return look(work, *args, **but)

    @contextmanager
    def at_work(self, db: Connection) -> Iterator[None]:
        """While this lasts it can be asked; the log is kept."""
        self.db, self.begin, self.reception = db, _within(db), Reception(self, registered())
        logging.getLogger("bot").addHandler(self.log)
        try:
            yield
        finally:
            logging.getLogger("bot").removeHandler(self.log)

    async def everything(self, cards: list[tuple[str, Json]]) -> None:
        """What can be written, the form from the box where one writes, and every button of these cards."""
        with self.engine.connect() as db, self.at_work(db):
            whole = db.begin()
            for word in (*COMMANDS, "home", "refer marm", "refer nonsense", "cannot next tuesday", SENTENCE):
                await self._try(WIRE.message(SEAT, CHAT, word), word, 0)
            await self._try(WIRE.opens_extension(SEAT, CHAT, "raise-concern"), "raise-concern", 0)
            said = {"id": "1772445600000", "text": SENTENCE}
            await self._try(WIRE.opens_extension_on(SEAT, CHAT, "refer-this", said), "refer-this", 0)
            for name, action, card in spread(cards):
                await self._press(action, card, name, 0)
            whole.rollback()

    async def ask(self, body: Json, trail: str) -> Answered:
        """One activity, undone when it is answered."""
        activity = activity_of(body, str(body.get("text") or ""))
        aim = aim_of(activity)
        if aim is None or registered().find(aim) is None:
            self.broken.append(f"{trail}: nothing answers")
        else:
            self.reached.add((aim.kind, aim.name))
        self._said: list[Json] = []
        point, before, logged = self.db.begin_nested(), self._events(), len(self.log.records)
        answer = await self.reception.receive(activity)
        recorded = self._events() - before
        point.rollback()
        wrong = [vars(each) for each in self.log.records[logged:] if each.levelno >= logging.ERROR]
        self.broken += [f"{trail}: {each.get('error')} at {each.get('at')}" for each in wrong]
        found = Answered(trail, aim.kind if aim else "", answer or {}, tuple(self._said), recorded)
        if aim is not None:
            worth = 0 if found.refused or "needs mending" in found.text or "need mending" in found.text else 1
            specimen = Specimen(body, worth + (worth and recorded))
            known = self.specimens.setdefault((aim.kind, aim.name), specimen)
            if specimen.worth > known.worth:
                self.specimens[aim.kind, aim.name] = specimen
        return found

    async def _try(self, body: Json, trail: str, depth: int) -> None:
        found = await self.ask(body, trail)
        self.answered.append(found)
        if depth + 1 not in ENOUGH:
            return
        for payload in found.said:
            await self._buttons(payload["card"], trail, depth + 1)
        if isinstance(own := found.body.get("value"), dict):
            await self._buttons(own, trail, depth + 1)
        if found.dialog is not None:
            await self._buttons(found.dialog["card"]["content"], trail, depth + 1, in_dialog=True)

    async def _buttons(self, card: Json, trail: str, depth: int, *, in_dialog: bool = False) -> None:
        for action in buttons(card):
            verb = verb_of(action)
            if self.times[verb, depth] < ENOUGH[depth]:
                self.times[verb, depth] += 1
                await self._press(action, card, trail, depth, in_dialog=in_dialog)

    async def _press(
        self, action: Json, card: Json, trail: str, depth: int, *, in_dialog: bool = False
    ) -> None:
        given = [picked(card)]
        if action["data"][OURS].get("kind") == "submission":
            given = [opened(card), filled(card)]
        for each in given:
            await self._try(press(action, each, in_dialog), f"{trail} > {verb_of(action)}", depth)

    def _events(self) -> int:
        return int(self.db.execute(select(func.count()).select_from(EVENT)).scalar_one())


def press(action: Json, given: Json, in_dialog: bool = False, room: Room = CHANNEL) -> Json:
    """What Teams sends for a button, with the inputs that stand beside it."""
    data = {**given, **action.get("data", {})}
    if in_dialog:
        return WIRE.submits_dialog(SEAT, CHAT, data)
    if action["type"] == "Action.Execute":
        return WIRE.presses(SEAT, room, action["verb"], data, on="1772445600000")
    return WIRE.opens_dialog(SEAT, room, data, on="1772445600000")


def actions(node: Any) -> Iterator[Json]:
    """Every button that acts, wherever it stands."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "actions":
                yield from (each for each in value if each["type"] != "Action.ShowCard")
            yield from actions(value)
    elif isinstance(node, list):
        for each in node:
            yield from actions(each)


def buttons(card: Json) -> list[Json]:
    """Those that come to us."""
    return [each for each in actions(card) if OURS in each.get("data", {})]


def verb_of(action: Json) -> str:
    """What a button asks for, and whether it sends a form."""
    ours = action["data"][OURS]
    return " ".join([ours["verb"].partition(":")[0], *([ours["kind"]] if "kind" in ours else [])])


def spread(cards: list[tuple[str, Json]], enough: int = ENOUGH[0]) -> Iterator[tuple[str, Json, Json]]:
    """Of each verb enough uses, each with another value, from all over: the card's name, the button, the card."""
    by: dict[str, dict[str, tuple[str, Json, Json]]] = {}
    for name, payload in cards:
        own_view = [payload["refresh"]["action"]] if "refresh" in payload else []
        for action in [*buttons(payload["card"]), *own_view]:
            use = name, action, payload["card"]
            by.setdefault(verb_of(action), {}).setdefault(json.dumps(action["data"]), use)
    for found in by.values():
        several = list(found.values())
        yield from several[:: -(-len(several) // enough)]


def opened(card: Json) -> Json:
    """The inputs as they stand."""
    return {each["id"]: each.get("value", "") for each in inputs_of(card)}


def picked(card: Json) -> Json:
    """The same, with something chosen in the lists that a button takes its value from."""
    lists = {each["id"]: each["choices"][0]["value"] for each in inputs_of(card) if each.get("choices")}
    return opened(card) | {id: value for id, value in lists.items() if id.startswith("pick.")}


def filled(card: Json) -> Json:
    """Something in every input that stands empty; nothing is ticked as unknown."""
    return {
        each["id"]: each.get("value") or _something(each)
        for each in inputs_of(card)
        if each["id"] == CARRIED or not each["id"].endswith("[unknown]")
    }


def _something(each: Json) -> str:
    match each["type"]:
        case "Input.ChoiceSet":
            values = [str(one["value"]) for one in each["choices"]]
            return ",".join(values[:2]) if each.get("isMultiSelect") else next(iter(values), "")
        case "Input.Number":
            return "30"
        case "Input.Date":
            return (TODAY + timedelta(days=8)).isoformat()
        case "Input.Time":
            return "10:00"
        case _ if each.get("style") == "email":
            return "somebody@aldermere.example"
    return SENTENCE[: each.get("maxLength", 3000)]
