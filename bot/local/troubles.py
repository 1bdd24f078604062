"""What the stand-ins for servers have in common: how they say no, fail on demand, fall silent, and keep their calls."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Json = dict[str, Any]
Call = TypeVar("Call")

CALLS = 1_000
"""How many calls are remembered."""


class HttpRefuses(Exception):
    """A call is answered with this status; `retry_after` is in seconds."""

    def __init__(self, status: int, code: str, *, why: str = "", retry_after: int | None = None) -> None:
        super().__init__(f"{status} {code} {why}".strip())
        self.status, self.code, self.why, self.retry_after = status, code, why, retry_after

    def body(self) -> Json:
        """The answer's JSON, as Microsoft's servers have it."""
        return {"error": {"code": self.code, "message": self.why or self.code}}

    def headers(self) -> dict[str, str]:
        """The answer's own headers."""
        return {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """How the next call fails; `after` means that it was carried out all the same, `only` of which kind it is.

    `code` is "" for the usual one.
    """

    status: int
    retry_after: int | None
    after: bool
    only: str = ""
    code: str = ""


class Troubled(Generic[Call]):
    """A stand-in's troubles, and the calls that it was asked, the latest last."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.troubles: deque[Trouble] = deque()
        self.open_again: asyncio.Event | None = None

    def note(self, call: Call) -> None:
        """Remember a call."""
        self.calls.append(call)
        del self.calls[:-CALLS]

    def fail(
        self,
        status: int,
        *,
        times: int = 1,
        retry_after: int | None = None,
        after: bool = False,
        only: str = "",
        code: str = "",
    ) -> None:
        """Answer the next calls with this status (429, 503, …); with `after`, once each has been carried out.

        `only` is for calls of one kind (create, schedule, POST, …, as the stand-in calls them).
        """
        trouble = Trouble(status=status, retry_after=retry_after, after=after, only=only, code=code)
        self.troubles.extend([trouble] * times)

    def fall_silent(self) -> None:
        """Take calls and give no answer, until `speak_again`."""
        self.open_again = asyncio.Event()

    def speak_again(self) -> None:
        """End a silence."""
        if self.open_again is not None:
            self.open_again.set()
            self.open_again = None

    async def silence(self) -> None:
        """Wait for the end of a silence, if there is one."""
        if self.open_again is not None:
            await self.open_again.wait()

    @contextmanager
    def trouble(self, kind: str, refusal: Callable[[Trouble], HttpRefuses]) -> Iterator[None]:
        """Around a call of this kind: a trouble raises before it, or else once the call was carried out."""
        found = next((each for each in self.troubles if each.only in ("", kind)), None)
        if found is not None:
            self.troubles.remove(found)
            if not found.after:
                raise refusal(found)
        yield
        if found is not None:
            raise refusal(found)


def object_in(body: bytes, otherwise: HttpRefuses) -> Json:
    """The JSON object of a body, {} for an empty one; the refusal for anything else."""
    try:
        said = json.loads(body) if body else {}
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise otherwise
    return said
