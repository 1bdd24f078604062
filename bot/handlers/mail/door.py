"""The door for mail that a mail server hands on: POST of the raw message, signed over its body and the time.

`X-Convenor-Time` is in seconds since 1970; `X-Convenor-Signature` is `v1=` and the hexadecimal HMAC-SHA256, by the
shared secret, of the time, a full stop and the body. A mail is taken once however often it is handed on, so an answer
that was lost costs nothing.
"""

import hashlib
import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.handlers.body import body_within
from bot.handlers.mail.reading import MOST
from bot.handlers.mail.take import Take

PATH = "/mail/replies"
WINDOW = 300
"""Seconds by which the time of a request may differ from ours, either way."""


def signature(secret: str, at: str, body: bytes) -> str:
    """What `X-Convenor-Signature` has to be."""
    return "v1=" + hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


class MailDoor:
    """Lets in mail from whoever knows the secret. Whom it turns away is counted by why."""

    def __init__(
        self, secret: str, take: Take, real_seconds: Callable[[], float], turned_away: Callable[[str], None]
    ) -> None:
        """`real_seconds` since 1970, whatever the workspace's clock says: the mail server's is real as well."""
        self._secret, self._take, self._turned_away = secret, take, turned_away
        self._real_seconds = real_seconds

    async def receive(self, request: Request) -> Response:
        """202 and what became of it, in one word; 400, 401 or 413, and nothing done, for what is not to be let in."""
        at = request.headers.get("x-convenor-time", "")
        if not (at.isascii() and at.isdigit() and len(at) < 12):
            return self._away("no_time", 401)
        if abs(self._real_seconds() - int(at)) > WINDOW:
            return self._away("other_time", 401)
        raw = await body_within(request, MOST)
        if raw is None:
            return self._away("too_big", 413)
        given = request.headers.get("x-convenor-signature", "")
        if not hmac.compare_digest(given.encode(), signature(self._secret, at, raw).encode()):
            return self._away("forged", 401)
        if not raw:
            return self._away("empty", 400)
        return PlainTextResponse(await self._take(raw), 202)

    def _away(self, why: str, status: int) -> Response:
        self._turned_away(why)
        return PlainTextResponse(why, status)
