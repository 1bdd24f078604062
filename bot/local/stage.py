"""What stands in front of a person: a stack of at most three modals, an App Home, and the triggers that open."""

import copy
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.local.news import News
from bot.local.refusals import SlackRefuses
from bot.local.seats import APP, BOT, TEAM
from bot.local.shelf import Shelf

Json = dict[str, Any]

TRIGGER_LIVES = 3.0  # real seconds
STACK = 3


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal, minted by what a person did; `view` is the modal it happened in, if any."""

    user: str
    made: float
    view: str | None
    spent: bool = False


class Stage:
    """Views by person. Ids stay the same over updates; the hash changes with each."""

    def __init__(self, shelf: Shelf, news: News, real_seconds: Callable[[], float] = time.monotonic) -> None:
        self.shelf, self.news, self.real_seconds = shelf, news, real_seconds
        self.triggers: dict[str, Trigger] = {}
        self.stacks: dict[str, list[Json]] = {key: body["views"] for key, body in shelf.all("stack").items()}
        self.homes: dict[str, Json] = shelf.all("home")

    def mint(self, user: str, view: str | None = None) -> str:
        """A trigger id for something this person did just now."""
        made = self.real_seconds()
        old = [key for key, one in self.triggers.items() if made - one.made > 60]
        for key in old:
            del self.triggers[key]
        id_ = f"{int(made * 1000)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}"
        self.triggers[id_] = Trigger(user, made, view)
        return id_

    def stack(self, user: str) -> list[Json]:
        """The modals in front of a person, top last."""
        return self.stacks.get(user, [])

    def find(self, view_id: str) -> tuple[str, Json] | None:
        """Whose view this is, and the view; home views too."""
        for user, stack in self.stacks.items():
            for view in stack:
                if view["id"] == view_id:
                    return user, view
        for user, view in self.homes.items():
            if view["id"] == view_id:
                return user, view
        return None

    def open(self, trigger_id: str, view: Json) -> Json:
        """views.open: a new stack, or on top of the modal in which the trigger was made."""
        trigger = self._trigger(trigger_id)
        return self._lay(trigger, view) if trigger.view else self._lay(trigger, view, fresh=True)

    def push(self, trigger_id: str, view: Json) -> Json:
        """views.push: on top of the modal in which the trigger was made; never a fourth."""
        trigger = self._trigger(trigger_id)
        if not trigger.view or not self.stack(trigger.user):
            raise SlackRefuses("invalid_trigger_id")
        return self._lay(trigger, view)

    def _trigger(self, id_: str) -> Trigger:
        trigger = self.triggers.get(id_)
        if trigger is None:
            raise SlackRefuses("invalid_trigger_id")
        if trigger.spent:
            raise SlackRefuses("exchanged_trigger_id")
        if self.real_seconds() - trigger.made > TRIGGER_LIVES:
            raise SlackRefuses("expired_trigger_id")
        return trigger

    def _lay(self, trigger: Trigger, view: Json, fresh: bool = False) -> Json:
        below = [] if fresh else self.stack(trigger.user)
        if len(below) >= STACK:
            raise SlackRefuses("push_limit_reached")
        made = self.lay(trigger.user, view, below)
        trigger.spent = True
        return made

    def lay(self, user: str, view: Json, below: list[Json]) -> Json:
        """Put a new view on top of those below."""
        self._own_name(view)
        made = _shaped(view, f"V0{secrets.token_hex(5).upper()}")
        made["root_view_id"] = below[0]["id"] if below else made["id"]
        made["previous_view_id"] = below[-1]["id"] if below else None
        self._keep(user, [*below, made])
        return made

    def _own_name(self, view: Json, but: str = "") -> None:
        name = view.get("external_id")
        views = [*self.homes.values(), *(one for stack in self.stacks.values() for one in stack)]
        if name and any(one["external_id"] == name and one["id"] != but for one in views):
            raise SlackRefuses("duplicate_external_id")

    def update(self, view: Json, view_id: str = "", external_id: str = "", hash_: str = "") -> Json:
        """views.update: in place, refused with hash_conflict when it changed since the caller looked."""
        for user, stack in self.stacks.items():
            for index, old in enumerate(stack):
                if old["id"] == view_id or (external_id and old["external_id"] == external_id):
                    _guard(old, hash_)
                    self._own_name(view, but=old["id"])
                    stays = {key: old[key] for key in ("root_view_id", "previous_view_id")}
                    made = _shaped(view, old["id"]) | stays
                    made["state"] = {"values": _still_there(old["state"]["values"], made["blocks"])}
                    self._keep(user, [*stack[:index], made, *stack[index + 1 :]])
                    return made
        raise SlackRefuses("not_found")

    def publish(self, user: str, view: Json, hash_: str = "") -> Json:
        """views.publish: a person's App Home."""
        old = self.homes.get(user)
        if old:
            _guard(old, hash_)
        made = _shaped(view, old["id"] if old else f"V0HOME{secrets.token_hex(3).upper()}")
        made["root_view_id"], made["previous_view_id"] = made["id"], None
        self.homes[user] = made
        self.shelf.put("home", user, made)
        self.news.tell("home", user=user)
        return made

    def close(self, user: str, view_id: str) -> None:
        """Take one modal away; those above it go with it."""
        stack = self.stack(user)
        ids = [view["id"] for view in stack]
        if view_id in ids:
            self._keep(user, [view for view in stack if view["id"] != view_id])

    def clear(self, user: str) -> None:
        """Take every modal away."""
        self._keep(user, [])

    def remember(self, user: str, view: Json, values: Json) -> None:
        """Keep what a person has filled in so far."""
        view["state"] = {"values": values}
        if view["type"] == "home":
            self.shelf.put("home", user, view)
        else:
            self.shelf.put("stack", user, {"views": self.stack(user)})

    def _keep(self, user: str, stack: list[Json]) -> None:
        for below, view in zip([None, *stack], stack, strict=False):
            view["previous_view_id"] = below["id"] if below else None
        self.stacks[user] = stack
        self.shelf.put("stack", user, {"views": stack})
        self.news.tell("view", user=user)


def _guard(old: Json, hash_: str) -> None:
    if hash_ and old["hash"] != hash_:
        raise SlackRefuses("hash_conflict")


def _still_there(values: Json, blocks: list[Json]) -> Json:
    """What was filled in stays over an update where block and action ids stay."""
    kept: Json = {}
    for block, element in elements(blocks):
        said = values.get(block["block_id"], {}).get(element.get("action_id"))
        if said and said["type"] == element["type"]:
            kept.setdefault(block["block_id"], {})[element["action_id"]] = said
    return kept


def _shaped(view: Json, id_: str) -> Json:
    """The view object that Slack answers with and sends in payloads."""
    shaped: Json = {
        "id": id_,
        "team_id": TEAM,
        "type": view["type"],
        "blocks": named(view["blocks"]),
        "private_metadata": view.get("private_metadata") or "",
        "callback_id": view.get("callback_id") or "",
        "external_id": view.get("external_id") or "",
        "state": {"values": {}},
        "hash": f"{int(time.time())}.{secrets.token_hex(4)}",
        "app_id": APP,
        "app_installed_team_id": TEAM,
        "bot_id": BOT,
        "clear_on_close": bool(view.get("clear_on_close")),
        "notify_on_close": bool(view.get("notify_on_close")),
        "title": view.get("title"),
        "submit": view.get("submit"),
        "close": view.get("close"),
        "submit_disabled": bool(view.get("submit_disabled")),
    }
    return shaped


def elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that a person can use, with its block."""
    for block in blocks:
        if block["type"] == "input":
            yield block, block["element"]
        elif block["type"] == "section" and "accessory" in block:
            yield block, block["accessory"]
        elif block["type"] == "actions":
            yield from ((block, element) for element in block["elements"])
        elif block["type"] == "card":
            yield from ((block, button) for button in block.get("actions", []))
        elif block["type"] in ("container", "carousel"):
            yield from elements(block.get("child_blocks") or block["elements"])


def named(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and element has an id, as Slack gives those that came without."""
    copied = copy.deepcopy(blocks)
    for block in copied:
        block.setdefault("block_id", secrets.token_urlsafe(4))
    for block, element in elements(copied):
        block.setdefault("block_id", secrets.token_urlsafe(4))
        if element["type"] != "image":
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return copied
