"""Keeps us below what Teams allows a bot: each conversation has its pace, and each tenant (teams.md section 7)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.courier.buckets import NOTHING, Buckets
from bot.courier.pacing import TeamsPacing
from bot.domain.errors import NotYet
from bot.gateways.teams_reference import Reference


class TeamsPace:
    """Asked before anything is posted or edited."""

    def __init__(
        self,
        pacing: TeamsPacing,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.pacing, self._buckets, self._sleep = pacing, Buckets(now), sleep

    async def turn(self, to: Reference) -> None:
        """Return when something may be sent there; NotYet where the conversation is to rest.

        For a conversation nobody waits here, for that would keep a hand of the courier's from all others. For a
        tenant the hands wait, each for its own turn, and that is a fraction of a second.
        """
        rest = self._buckets.wait(_conversation(to), self.pacing.conversation)
        if rest > NOTHING:
            raise NotYet(rest.total_seconds(), "this conversation in Teams is to rest")
        rest = self._buckets.wait(to.tenant, self.pacing.tenant)
        self.count(to)
        if rest > NOTHING:
            await self._sleep(rest.total_seconds())

    def count(self, to: Reference) -> None:
        """Something is sent there whatever the pace, to a person who waits for it: the others wait the longer."""
        self._buckets.take(_conversation(to), self.pacing.conversation)
        self._buckets.take(to.tenant, self.pacing.tenant)


def _conversation(to: Reference) -> str:
    """The whole of it: Microsoft counts by conversation, whatever thread is answered."""
    return to.conversation.partition(";")[0]
