"""The errand of a person's one grouped message of a day: in chat, else by mail (anchors.md section 4, idea 2)."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any, Protocol

from bot.courier.errand import About, Errand
from bot.courier.errands import Chat
from bot.domain.errors import TryLater
from bot.storage.claims import Delivery
from bot.storage.transaction import Work
from bot.usecases.digest import TooEarly, prepare, settle
from bot.views.actions import Digest

Json = dict[str, Any]

ANSWER = ("owner", "deputy", "agency_lead")
"""As what somebody hears of an action who may answer it."""


class Run(Protocol):
    """`Running.run`: a use case on a writing thread."""

    def __call__(self, usecase: Callable[..., Any], *args: Any) -> Awaitable[Any]: ...


class SendDigest(Errand):
    """Prepares the message at the moment of sending, so that what was answered meanwhile is not in it."""

    def __init__(self, chat: Chat, run: Run) -> None:
        self.chat, self.run = chat, run

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Post it, or mail it where chat does not reach. None when nothing is left of it, or its day is over."""
        person_id, day = str(about["person"]), date.fromisoformat(about["day"])
        found: Digest | TooEarly | None = await self.run(
            prepare, self.chat.practice, person_id, day, self.chat.now()
        )
        if found is None:
            return None
        if isinstance(found, TooEarly):
            raise TryLater(found.seconds, "the area's day has not begun")
        mail = {
            "view": found,
            "contact": self.chat.practice.area.contact or "the coordinator",
            "links": self._links(found, person_id),
            "until": self.chat.links.ends(self.chat.now()) if self.chat.links else None,
        }

        def payload(platform: str) -> Json:
            words = self.chat.render.words("digest", view=found)
            return self.chat.render.shape(platform, "digest", words=words, view=found)

        return await self.chat.post(
            _to(person_id), payload, lambda: self.chat.render.words("digest_mail", **mail).text, delivery_id
        )

    def _links(self, found: Digest, person_id: str) -> dict[str, str]:
        """A link for each action that is this person's to answer, and each invitation, by its id."""
        if self.chat.links is None:
            return {}
        mine = [item.action.id for item in found.items if item.action and item.role in ANSWER]
        asked = [item.invitation.id for item in found.items if item.invitation]
        checks = [item.check for item in found.items if item.check and item.role in ANSWER]
        now = self.chat.now()
        return {
            **{id: self.chat.links.to("action", id, person_id, now) for id in mine},
            **{id: self.chat.links.to("invitation", id, person_id, now) for id in asked},
            **{each.id: self.chat.links.to("involvement", each.id, person_id, now) for each in checks},
        }

    async def look(self, about: About, delivery_id: str, since: datetime) -> str | None:
        """Whether an earlier attempt did arrive in chat."""
        return await self.chat.find(_to(str(about["person"])), delivery_id, since)

    def record(self, work: Work, delivery: Delivery, external_id: str | None) -> None:
        """Write it against every nudge that was in it; nothing when there was no message."""
        if external_id is not None:
            day, way = date.fromisoformat(delivery.about["day"]), external_id.partition(":")[0]
            settle(work, delivery.about["person"], day, sent=True, way=way)

    def failed(self, work: Work, delivery: Delivery, reason: str) -> None:
        """Nobody was reached: the ledger says so, and the next step of the ladder goes further up."""
        day = date.fromisoformat(delivery.about["day"])
        settle(work, delivery.about["person"], day, sent=False, why=reason)


def _to(person_id: str) -> About:
    return {"where": f"person:{person_id}"}
