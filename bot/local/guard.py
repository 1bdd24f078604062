"""Keeps the workspace to this machine and its own page: it has no log-in, so nobody else may talk to it."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = {"127.0.0.1", "localhost"}


class Guard:
    """Refuses a Host that is not this machine (DNS rebinding) and anything from another origin (CSRF)."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 421 or 403."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _name(host) not in LOOPBACK:
            await _refuse(scope, receive, send, 421, "This server answers on this machine only.")
        elif _foreign(headers, host) and (scope["type"] == "websocket" or scope["method"] != "GET"):
            await _refuse(scope, receive, send, 403, "Requests from other sites are refused.")
        else:
            await self.app(scope, receive, send)


def _name(host: str) -> str:
    return urlsplit(f"//{host}").hostname or "" if "@" not in host and "/" not in host else ""


def _foreign(headers: Headers, host: str) -> bool:
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
    if origin == "null":
        return site != "same-origin"  # so a page of ours that sends no referrer names itself
    return origin not in (None, f"http://{host}") or site not in ("same-origin", "none")


async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, words: str) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4403})
        return
    await PlainTextResponse(words, status)(scope, receive, send)
