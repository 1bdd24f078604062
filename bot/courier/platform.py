"""A chat platform as the errands see it: where a room or a person is, and how a payload gets there and is changed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Protocol

from bot.courier.errand import About
from bot.storage.transaction import Work

Json = dict[str, Any]


class Read(Protocol):
    """`Running.read`: a look at the record on a reading thread."""

    async def __call__(self, look: Callable[..., Any], /, *args: Any) -> Any: ...


class Platform(Protocol):
    """One platform. A place is whatever it calls a channel or a chat; an address is one message in it.

    Every method that asks the platform raises TryLater or Undeliverable, as its gateway does.
    """

    name: ClassVar[str]
    """Whose templates draw for it; every address begins with it and a colon."""

    def room(self, name: str) -> str | None:
        """The place of a room of the area; None when the area has none for it here."""

    async def knows(self, person_id: str) -> bool:
        """Whether this person has been met here, so that nobody needs to be asked where they are."""

    async def person(self, person_id: str) -> str | None:
        """The place of the direct messages with a person; None for somebody who is not here."""

    async def post(self, place: str, payload: Json, delivery_id: str, about: About) -> str:
        """Post it, and give its address. Undeliverable, too, where somebody reads along who may not read `about`."""

    async def edit(self, address: str, payload: Json, about: About) -> None:
        """Put this in the place of what was posted; doing it twice is harmless. Refused as `post` is."""

    async def find(self, place: str, delivery_id: str, since: datetime) -> str | None:
        """The address of what an earlier attempt posted after `since`, None when nothing did or nobody can tell."""

    async def picture(self, name: str, png: bytes, address: str, said: str = "The times found") -> str | None:
        """What an image in a card here names to show this picture; None where it cannot be shown.

        `address` is where the picture can be fetched from outside, empty where no pages are served; `said` is a short
        description that stays with the file.
        """

    async def home(self, person_id: str) -> str | None:
        """Whose Home it is, as the platform calls them; None where the platform or the person has none."""

    async def show_home(self, home: str, view: Json) -> None:
        """Show this view there."""


def email_of(work: Work, person_id: str) -> str:
    """The professional address of a person."""
    return work.register.row(person_id).email
