"""One thing that somebody asked in chat, on whatever platform, and what can be shown to them while they wait.

A platform reads what it is sent into an `Ask` of its own, which knows how that platform opens a dialog; the verbs know
nothing else of it. So what a press does is written once (design.md section 5).
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Concatenate, Literal, ParamSpec, Protocol, TypeVar

from bot.domain.area import Practice
from bot.domain.diary import FRESH
from bot.domain.errors import Refused
from bot.domain.forms import Answer
from bot.domain.people import Person
from bot.render import Render
from bot.usecases.diaries import Sought
from bot.usecases.once import once

Json = dict[str, Any]
P = ParamSpec("P")
T = TypeVar("T")

Kind = Literal["command", "shortcut", "message_shortcut", "submission", "closed", "press", "options", "event"]


class Unregistered(Refused):
    """Somebody whom the register does not know asked for something that only registered people may do."""


class NotShown(Exception):
    """The platform did not open or change a dialog; `code` is its own word for it (`expired_trigger_id`)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Diaries(Protocol):
    """What looks into people's own calendars."""

    async def look(self, sought: Sought, *, patience: float, fresh: timedelta = FRESH) -> None:
        """Read what was not read within `fresh`, waiting `patience` seconds at most."""

    def look_ahead(self, sought: Sought) -> None:
        """Begin to read what a search will probably need."""


class Bot(Protocol):
    """What every verb may ask of the running program."""

    @property
    def diaries(self) -> Diaries | None:
        """What looks into diaries; None where none can be read."""

    @property
    def render(self) -> Render:
        """Words and shapes."""

    @property
    def practice(self) -> Practice:
        """The area and its pathways."""

    @property
    def contact(self) -> str:
        """Whom an unregistered person should turn to, as words."""

    def now(self) -> datetime:
        """The moment, aware; the local workspace can move it."""

    def picture_of(self, meeting_id: str, person_id: str) -> str:
        """Where this person sees the times found for a meeting drawn; empty where no pages are served."""

    def paper_of(self, kind: str, form: str, id: str, person_id: str) -> str:
        """Where this person can take a paper once, as a file; empty where no pages are served."""

    async def run(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case, off the event loop, its `begin` supplied."""

    async def read(self, look: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A look at the record, off the event loop, its `work` supplied; it can change nothing."""


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Which verb something is for."""

    kind: Kind
    name: str
    qualifier: str = ""


@dataclass(kw_only=True)
class Ask(ABC):
    """What was asked, by whom, from where; `key` makes asking it twice harmless (design rule 2).

    `value` is the text of a command, or of a message as it was written (said to us, or under a shortcut); the
    value of a button or of a single choice; or what was typed into a list that searches. `chosen` is the whole
    answer of the pressed element, `block` the question to which that element belongs. `ids` is what the dialog was
    given to carry. `room` is the channel in which it was asked, by the platform's id, empty elsewhere. `key` is
    empty only where nothing can be recorded (options).
    """

    platform: ClassVar[str]
    """Whose templates draw the answers."""

    slash: ClassVar[str]
    """What stands before a command that is typed there; nothing, where commands are plain words."""

    kind: Kind
    name: str
    key: str
    bot: Bot
    qualifier: str = ""
    known: Person | None = None
    value: str = ""
    chosen: Answer = None
    block: str = ""
    ids: Json = field(default_factory=dict)
    room: str = ""

    @property
    def person(self) -> Person:
        """The registered person who asks; Unregistered when the register does not know them."""
        if self.known is None:
            raise Unregistered
        return self.known

    @property
    @abstractmethod
    def answers(self) -> dict[str, Answer]:
        """What the form in this dialog says, by field id: a blank is None."""

    @property
    def asked(self) -> frozenset[str] | None:
        """The questions that were on this dialog; None where a platform tells of each change at once, so that
        what hangs on an answer has long been shown."""
        return None

    @property
    @abstractmethod
    def in_modal(self) -> bool:
        """Whether this happened inside a dialog."""

    @property
    @abstractmethod
    def on_home(self) -> bool:
        """Whether this happened on the person's own Home, which is redrawn whenever something changes."""

    def shape(self, name: str, /, **view: object) -> Json:
        """A card or dialog as this platform draws it."""
        return self.bot.render.shape(self.platform, name, **view)

    async def once(self, usecase: Callable[Concatenate[Any, P], T], /, *args: P.args, **but: P.kwargs) -> T:
        """A use case that overwrites what stands, so that a copy of this command must not: HeardBefore."""
        return await self.bot.run(once, usecase, self.key, self.bot.now(), *args, **but)

    @abstractmethod
    async def open(self, view: Json) -> None:
        """Open a dialog, once and before anything slow. NotShown when the platform does not."""

    @abstractmethod
    async def push(self, view: Json) -> None:
        """Put a dialog on top of the one that was pressed. NotShown when the platform does not."""

    @abstractmethod
    async def publish(self, view: Json) -> None:
        """Show this person their Home. NotShown when the platform does not."""
