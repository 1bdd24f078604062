"""Reaches the bot by signed HTTP requests, as Slack does at a public request URL."""

import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp

from bot.local.delivery import Ack, Parcel

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def signature(secret: str, stamp: str, body: str) -> str:
    """Slack's v0 signature of a request body."""
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256)
    return f"v0={digest.hexdigest()}"


class SignedHttp:
    """POSTs every parcel to one address (such as http://127.0.0.1:8400/slack/events)."""

    def __init__(self, url: str, secret: str) -> None:
        self.url, self.secret = url, secret
        self._pool: aiohttp.ClientSession | None = None

    async def carry(self, parcel: Parcel) -> Ack:
        """Post once; anything but 200 is no answer."""
        kind, body = written(parcel)
        stamp = str(int(time.time()))
        headers = {
            "content-type": kind,
            "x-slack-request-timestamp": stamp,
            "x-slack-signature": signature(self.secret, stamp, body),
        }
        if parcel.retry is not None:
            headers |= {"x-slack-retry-num": str(parcel.retry), "x-slack-retry-reason": parcel.reason or ""}
        self._pool = self._pool or aiohttp.ClientSession()
        try:
            async with self._pool.post(self.url, data=body.encode(), headers=headers) as reply:
                text = await reply.text()
                no_retry = reply.headers.get("x-slack-no-retry") == "1"
                if reply.status != 200:
                    return Ack(answered=False, trouble=f"the app answered {reply.status}", no_retry=no_retry)
                return Ack(answered=True, body=_read(reply.content_type, text))
        except aiohttp.ClientError:
            return Ack(answered=False, trouble="the app cannot be reached")

    async def close(self) -> None:
        """Close the connections."""
        if self._pool is not None:
            await self._pool.close()
            self._pool = None


def written(parcel: Parcel) -> tuple[str, str]:
    """Content type and body of a parcel: events are JSON, interactions a form with one JSON field."""
    if parcel.kind == "events_api":
        return JSON, json.dumps(parcel.payload)
    if parcel.kind == "slash_commands":
        return FORM, urlencode(parcel.payload)
    return FORM, urlencode({"payload": json.dumps(parcel.payload)})


def _read(kind: str, text: str) -> Any:
    if not text:
        return None
    return json.loads(text) if kind == JSON else text
