"""The two ends of a benchmark's wire, both bare: a stand-in for Slack's Web API, and hands that ask by signed HTTP.

Plain sockets on 127.0.0.1, so that what is measured is the server between them. Both ends live in one process:
a call's arrival and the request that caused it are read off the same clock.
"""

import asyncio
import json
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from bot.local.signed import FORM, signature

Json = dict[str, Any]

SECRET = "an invented signing secret"
ANSWER = {
    "ok": True,
    "team_id": "T0ALDERMERE",
    "user_id": "U0CONVENOR",
    "bot_id": "B0CONVENOR",
    "user": "convenor",
    "view": {"id": "V0BENCH", "hash": "1"},
    "channel": "D0BENCH",
    "ts": "1.000001",
}
_TRIGGER = re.compile(rb"""trigger_id["'=:\s]+([\w.]+)""")


class StubSlack:
    """Says yes to every call of the Web API, and notes when each trigger arrived.

    `beside` are answers of its own for other paths, and `asked` says how often each path was asked for.
    """

    def __init__(self, beside: Mapping[str, Json] | None = None) -> None:
        self.opened: dict[str, float] = {}
        self.asked: Counter[str] = Counter()
        self._beside = {path: _yes(body) for path, body in (beside or {}).items()}
        self._yes = _yes(ANSWER)

    async def __aenter__(self) -> "StubSlack":
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def api(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.address}/api/"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await _head(reader):
                body = await reader.readexactly(_length(head))
                arrived = time.perf_counter()
                if head.startswith(b"POST /api/views.open") and (found := _TRIGGER.search(body)):
                    self.opened.setdefault(found[1].decode(), arrived)
                path = head.split(b" ", 2)[1].decode()
                self.asked[path] += 1
                writer.write(self._beside.get(path, self._yes))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


def _yes(answer: Json) -> bytes:
    body = json.dumps(answer).encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    return head.encode() + body


@dataclass(frozen=True)
class Request:
    """One request, ready for the wire; `name` is how its answer or its trigger is found again."""

    name: str
    wire: bytes


def signed(path: str, form: dict[str, str], name: str = "") -> Request:
    """A form that Slack could have signed a moment ago."""
    body = urlencode(form)
    stamp = str(int(time.time()))
    headers = {
        "content-type": FORM,
        "x-slack-request-timestamp": stamp,
        "x-slack-signature": signature(SECRET, stamp, body),
    }
    return posted(path, body, headers, name)


def posted(path: str, body: str, headers: Mapping[str, str], name: str = "") -> Request:
    """Any POST."""
    lines = {"host": "127.0.0.1", "content-length": str(len(body.encode())), **headers}
    head = "".join(f"{header}: {value}\r\n" for header, value in lines.items())
    return Request(name, f"POST {path} HTTP/1.1\r\n{head}\r\n{body}".encode())


class Line:
    """One connection that is kept open."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Line":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, wire: bytes) -> tuple[int, bytes]:
        """Status and body."""
        self._writer.write(wire)
        head = await _head(self._reader)
        return int(head[9:12]), await self._reader.readexactly(_length(head))

    async def get(self, path: str) -> dict[str, float]:
        """A JSON answer."""
        status, body = await self.ask(f"GET {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n".encode())
        assert status == 200, (path, status, body)
        return dict(json.loads(body))

    def close(self) -> None:
        self._writer.close()


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def _length(head: bytes) -> int:
    found = re.search(rb"(?i)content-length: *(\d+)", head)
    return int(found[1]) if found else 0


@dataclass(frozen=True)
class Asked:
    """When one request was sent and answered, on time.perf_counter's clock."""

    name: str
    sent: float
    answered: float

    @property
    def ms(self) -> float:
        return (self.answered - self.sent) * 1000


async def ask_all(port: int, requests: Sequence[Request], at_once: int) -> list[Asked]:
    """Send every request, so many at once; each hand asks the next as soon as it is answered. All must get a 200."""
    lines = [await Line.to(port) for _ in range(at_once)]
    waiting = iter(requests)
    asked: list[Asked] = []

    async def hand(line: Line) -> None:
        for request in waiting:
            sent = time.perf_counter()
            status, body = await line.ask(request.wire)
            asked.append(Asked(request.name, sent, time.perf_counter()))
            assert status == 200, (status, body)

    await asyncio.gather(*(hand(line) for line in lines))
    for line in lines:
        line.close()
    return asked


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all values does not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * round(share * 1000) // 1000) - 1)]
