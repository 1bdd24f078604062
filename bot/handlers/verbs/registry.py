"""Which handler answers what. Each verb module keeps a `verbs = Verbs()` of its own; `registered()` joins them."""

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from bot.handlers.verbs.ask import Aim, Ask, Kind
from bot.handlers.verbs.replies import Reply

Handler = Callable[[Ask], Awaitable[Reply | None]]


class Clash(Exception):
    """Two handlers want the same thing; the message names it and both modules."""


@dataclass(frozen=True, kw_only=True)
class Verb:
    """A handler, and whether somebody whom the register does not know may reach it.

    `asks` is False where nobody asks for anything, so that nobody is looked up or made known by it.
    """

    aim: Aim
    handler: Handler
    anyone: bool
    asks: bool = True


class Verbs:
    """Handlers by what they answer. Only registered people reach one, unless it is for `anyone`."""

    def __init__(self) -> None:
        self._by: dict[tuple[Kind, str], Verb] = {}

    def command(self, name: str, *, anyone: bool = False) -> Callable[[Handler], Handler]:
        """A slash command, its name with the slash."""
        return self._add("command", name, anyone)

    def shortcut(
        self, name: str, *, on: Literal["global", "message"] = "global", anyone: bool = False
    ) -> Callable[[Handler], Handler]:
        """A shortcut by its callback id: global, or on a message."""
        return self._add("shortcut" if on == "global" else "message_shortcut", name, anyone)

    def submission(self, name: str, *, anyone: bool = False) -> Callable[[Handler], Handler]:
        """A modal sent, by its callback id up to any colon."""
        return self._add("submission", name, anyone)

    def closed(self, name: str, *, anyone: bool = False) -> Callable[[Handler], Handler]:
        """A modal closed without sending (only where the view asks for `notify_on_close`)."""
        return self._add("closed", name, anyone)

    def press(self, name: str, *, anyone: bool = False) -> Callable[[Handler], Handler]:
        """A button pressed or a choice made, by its action id up to any colon."""
        return self._add("press", name, anyone)

    def options(self, name: str, *, anyone: bool = False) -> Callable[[Handler], Handler]:
        """What an external select offers, by its action id; `ask.block` is the field, `ask.value` what was typed."""
        return self._add("options", name, anyone)

    def event(self, name: str, *, asks: bool = True) -> Callable[[Handler], Handler]:
        """An event by its type; a message by where it was said, `message.im`.

        Events reach the handler whoever caused them; `ask.person` refuses the unregistered kindly where one is needed.
        With `asks` False it only tells of somebody, whom `ask.known` does not hold.
        """
        return self._add("event", name, anyone=True, asks=asks)

    def join(self, other: "Verbs") -> None:
        """Take another module's handlers in; Clash when both answer the same thing."""
        for verb in other:
            self._put(verb)

    def find(self, aim: Aim) -> Verb | None:
        """The verb that this is for."""
        return self._by.get((aim.kind, aim.name))

    def names(self, kind: Kind) -> set[str]:
        """Everything of this kind that has a handler."""
        return {name for each, name in self._by if each == kind}

    def __iter__(self) -> Iterator[Verb]:
        return iter(self._by.values())

    def _add(self, kind: Kind, name: str, anyone: bool, asks: bool = True) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self._put(Verb(aim=Aim(kind=kind, name=name), handler=handler, anyone=anyone, asks=asks))
            return handler

        return add

    def _put(self, verb: Verb) -> None:
        key = (verb.aim.kind, verb.aim.name)
        if (first := self._by.get(key)) and first.handler is not verb.handler:
            raise Clash(f"{key[0]} {key[1]}: {first.handler.__module__} and {verb.handler.__module__}")
        self._by[key] = verb


@cache
def registered() -> Verbs:
    """The handlers of every module in this package; ImportError or Clash at start rather than silence later."""
    package = __name__.rpartition(".")[0]
    all_of_them = Verbs()
    for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
        verbs = getattr(importlib.import_module(module.name), "verbs", None)
        if isinstance(verbs, Verbs):
            all_of_them.join(verbs)
    return all_of_them
