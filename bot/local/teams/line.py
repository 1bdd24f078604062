"""Reaches the bot as Teams does: signed requests to its messaging endpoint, and the answer given back."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.local.teams.issuer import Issuer

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the bot answered: the status and the JSON of the body, None where it was empty."""

    status: int
    body: Json | None


class Line:
    """POSTs activities to one address, such as http://127.0.0.1:8400/api/messages."""

    def __init__(self, url: str, issuer: Issuer) -> None:
        self.url, self.issuer = url, issuer
        self._pool: aiohttp.ClientSession | None = None

    async def tell(self, activity: Json) -> Answer:
        """Send an activity with a good token; aiohttp.ClientError when the bot cannot be reached."""
        return await self.send(json.dumps(activity).encode(), self.issuer.mint(activity["serviceUrl"]))

    async def send(self, body: bytes, token: str | None) -> Answer:
        """Send any body with any token, or with none."""
        headers = {"content-type": "application/json"}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        self._pool = self._pool or aiohttp.ClientSession()
        async with self._pool.post(self.url, data=body, headers=headers) as reply:
            text = await reply.text()
            return Answer(status=reply.status, body=json.loads(text) if text else None)

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None
