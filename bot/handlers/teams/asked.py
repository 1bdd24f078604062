"""One thing that somebody asked in Teams, and what is to be shown to them in answer."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Literal

from bot.domain.forms import Answer
from bot.handlers.teams.activity import Activity
from bot.handlers.teams.dialog import again
from bot.handlers.teams.inputs import answers_in, field_of, inputs_of
from bot.handlers.verbs.ask import Ask, Json

Way = Literal["dialog", "card", "message"]
"""How it is answered: by a dialog, on the card that was pressed, or by a message of our own."""


@dataclass(kw_only=True)
class TeamsAsk(Ask):
    """A message, a press on a card, a dialog opened or sent.

    `data` is what the button carried with the inputs beside it, `ours` our own part of it; `carried` is what its
    dialog carried, empty outside of one.
    """

    platform: ClassVar[str] = "teams"
    slash: ClassVar[str] = ""

    activity: Activity
    way: Way
    data: Json = field(default_factory=dict)
    ours: Json = field(default_factory=dict)
    carried: Json = field(default_factory=dict)
    opened: Json | None = None
    home: Json | None = None

    @cached_property
    def dialog(self) -> Json | None:
        """The dialog in which it was pressed or sent, as it was shown."""
        return again(self.carried)

    @property
    def answers(self) -> dict[str, Answer]:
        """What the form in this dialog says, by field id."""
        return answers_in(self.data, self.asked or frozenset())

    @property
    def asked(self) -> frozenset[str] | None:
        """The questions that were on this dialog."""
        shown = self.dialog
        return frozenset(field_of(each["id"]) for each in inputs_of(shown["card"])) if shown else frozenset()

    @property
    def in_modal(self) -> bool:
        """Whether this happened inside a dialog."""
        return "form" in self.carried

    @property
    def on_home(self) -> bool:
        """Never: a Home is a message here, and does not change by itself."""
        return False

    async def open(self, view: Json) -> None:
        """To be shown in the answer."""
        self.opened = view

    async def push(self, view: Json) -> None:
        """In the place of the one that was pressed: Teams has no stack."""
        self.opened = view

    async def publish(self, view: Json) -> None:
        """To be shown in the answer: the Home is a card like any other."""
        self.home = view


def of(value: Any) -> Json:
    """The data of a button, wherever an invoke carries it (teams.md section 2)."""
    inside = (
        value.get("action") if isinstance(value, dict) and isinstance(value.get("action"), dict) else value
    )
    data = inside.get("data") if isinstance(inside, dict) else None
    return data if isinstance(data, dict) else {}
