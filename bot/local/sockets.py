"""Reaches the bot over Socket Mode: envelopes out, acknowledgements back, any of several connections."""

import asyncio
import itertools
import json
import secrets
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.local.delivery import Ack, Parcel
from bot.local.seats import APP

Json = dict[str, Any]


class Sockets:
    """The connections that the bot holds open, and the envelopes that wait for an answer."""

    def __init__(self) -> None:
        self.connections: list[WebSocket] = []
        self._tickets: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._turn = itertools.count()
        self._someone = asyncio.Event()

    def ticket(self) -> str:
        """A single-use ticket for one connection, handed out by apps.connections.open."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return ticket

    async def carry(self, parcel: Parcel) -> Ack:
        """Send one envelope by the next connection and wait for its acknowledgement."""
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": parcel.kind,
            "payload": parcel.payload,
            "accepts_response_payload": parcel.kind != "events_api",
        }
        if parcel.retry is not None or parcel.kind == "events_api":
            envelope |= {"retry_attempt": parcel.retry or 0, "retry_reason": parcel.reason or ""}
        while not self.connections:
            await self._someone.wait()
        connection = self.connections[next(self._turn) % len(self.connections)]
        answer: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        self._waiting[envelope["envelope_id"]] = answer
        try:
            await connection.send_text(json.dumps(envelope))
            return await answer
        except (WebSocketDisconnect, RuntimeError):  # starlette's words for a connection that just went away
            return Ack(answered=False, trouble="the app hung up")
        finally:
            self._waiting.pop(envelope["envelope_id"], None)

    async def serve(self, connection: WebSocket) -> None:
        """One connection's life: hello, then acknowledgements until it ends."""
        ticket = connection.query_params.get("ticket", "")
        if ticket not in self._tickets:
            await connection.close(code=4401)
            return
        self._tickets.discard(ticket)
        await connection.accept()
        await connection.send_text(json.dumps(self._hello()))
        self.connections.append(connection)
        self._someone.set()
        try:
            while True:
                self._answered(await connection.receive_text())
        except (WebSocketDisconnect, RuntimeError):
            pass
        finally:
            self._gone(connection)

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections) + 1,
            "connection_info": {"app_id": APP},
            "debug_info": {"host": "local-workspace", "approximate_connection_time": 3600},
        }

    def _answered(self, text: str) -> None:
        said = json.loads(text)
        waiting = self._waiting.get(said.get("envelope_id", ""))
        if waiting is not None and not waiting.done():
            waiting.set_result(Ack(answered=True, body=said.get("payload")))

    def _gone(self, connection: WebSocket) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self._someone.clear()

    async def connected(self) -> None:
        """Return when the bot holds at least one connection."""
        while not self.connections:
            await self._someone.wait()

    async def refresh(self) -> None:
        """Ask one connection to come back: `disconnect` with refresh_requested, then hang up."""
        if self.connections:
            await self._hang_up(self.connections[0], "refresh_requested")

    async def _hang_up(self, connection: WebSocket, reason: str) -> None:
        self._gone(connection)
        try:
            await connection.send_text(json.dumps({"type": "disconnect", "reason": reason}))
            await connection.close()
        except (WebSocketDisconnect, RuntimeError):
            return

    def cut(self) -> None:
        """The app is gone in mid-sentence: whoever waits for its answer hears so, and no answer counts any more."""
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_result(Ack(answered=False, trouble="the app hung up"))
        for connection in list(self.connections):
            self._gone(connection)

    async def close(self) -> None:
        """Hang up on everybody."""
        for connection in list(self.connections):
            await self._hang_up(connection, "link_disabled")
