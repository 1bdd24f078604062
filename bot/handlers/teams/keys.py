"""The Bot Framework's public keys, kept in memory and fetched without holding anybody else up."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import jwt

Json = dict[str, Any]
Fetch = Callable[[], Awaitable[Json]]
"""Gives the published key set; raises OSError, TimeoutError or ValueError when it cannot be had."""

KEYS_URL = "https://login.botframework.com/v1/.well-known/keys"

PATIENCE = 5.0  # seconds a fetch may take
PAUSE = 30.0  # seconds between two tries, whoever asks
FRESH = 86_400.0  # seconds; Microsoft asks for a look every day
OLDEST = 2 * FRESH
"""Seconds that a key is still believed while the key server cannot be reached."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """A public key and the channels it may speak for."""

    public: jwt.PyJWK
    endorsements: frozenset[str]


class Keys:
    """Keys by their id (teams.md section 4)."""

    def __init__(self, fetch: Fetch, now: Callable[[], float]) -> None:
        """`now` is in seconds, of any clock that only goes forward."""
        self._fetch, self._now = fetch, now
        self._held: Mapping[str, Key] = {}
        self._fetched: float | None = None
        self._tried: float | None = None
        self._one_at_a_time = asyncio.Lock()

    def held(self, kid: str) -> Key | None:
        """A key that is in memory and not too old; asks nobody."""
        return self._held.get(kid) if self._younger_than(OLDEST) else None

    async def find(self, kid: str) -> Key | None:
        """A key by its id, fetched where need be; None when it is not published or cannot be had.

        However many ask for however many unknown keys, the key server hears of it once in PAUSE seconds. Who has a
        key that is known waits for nobody else's look.
        """
        key = self.held(kid)
        if key is not None and (self._younger_than(FRESH) or self._one_at_a_time.locked()):
            return key
        async with self._one_at_a_time:
            if self.held(kid) is None or not self._younger_than(FRESH):
                await self._refresh()
        return self.held(kid)

    async def _refresh(self) -> None:
        now = self._now()
        if self._tried is not None and now - self._tried < PAUSE:
            return
        self._tried = now
        try:
            async with asyncio.timeout(PATIENCE):
                found = _read(await self._fetch())
        except (OSError, TimeoutError, ValueError) as error:
            log.warning("teams keys cannot be had", extra={"error": type(error).__name__})
            return
        self._held, self._fetched = found, now

    def _younger_than(self, seconds: float) -> bool:
        return self._fetched is not None and self._now() - self._fetched < seconds


def fetching(session: aiohttp.ClientSession, url: str = KEYS_URL) -> Fetch:
    """Fetches the key set from `url`, over connections that the caller opens and closes."""

    async def fetch() -> Json:
        try:
            async with session.get(url, allow_redirects=False) as answer:
                answer.raise_for_status()
                found = await answer.json(content_type=None)
        except aiohttp.ClientError as error:
            raise ConnectionError(type(error).__name__) from None
        return found if isinstance(found, dict) else {}

    return fetch


def _read(published: Json) -> dict[str, Key]:
    """The keys that can be used; ValueError when there is none, so that a bad answer replaces nothing."""
    found = {}
    for each in published.get("keys") or []:
        if isinstance(each, dict) and each.get("kid") and each.get("kty") == "RSA":
            try:
                public = jwt.PyJWK(each, algorithm="RS256")
            except (jwt.PyJWTError, ValueError):
                continue
            found[str(each["kid"])] = Key(public, frozenset(map(str, each.get("endorsements") or [])))
    if not found:
        raise ValueError("no key of the set can be used")
    return found
