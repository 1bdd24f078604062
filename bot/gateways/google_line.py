"""HTTP to Google's Calendar API: a request in, JSON out; Google's own codes as the reasons of what it refuses."""

import asyncio
import json
import re
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.answering import PAUSE, PAUSE_AT_THE_LIMIT, PAUSE_FOR_TOKEN, asked_to_wait
from bot.gateways.google_sign_in import GoogleSignIn

Json = dict[str, Any]

AT_ONCE = 4
"""Calls at a time: Google counts by the minute and the user, and calls in a burst run into that sooner."""

LIMITS = {"rateLimitExceeded", "userRateLimitExceeded"}
"""Why a 403 is one for later: everything else that it may say needs somebody to mend it."""

SPENT = {"quotaExceeded", "dailyLimitExceeded"}
PAUSE_WHEN_SPENT = 3_600.0  # seconds: such a limit is one of hours, for guests invited or calls in a day
TRANSIENT = {408, 429}  # and whatever is 500 or more
_CODE = re.compile(r"[A-Za-z0-9_.]{1,64}")


class GoogleRefuses(Undeliverable):
    """Google said no, with this status; the reason is its own code."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status = status


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request: the steps of its path, its query, and its body as it will travel, b"" for none."""

    scope: str
    method: Literal["GET", "POST", "PATCH", "DELETE"]
    path: str
    query: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class GoogleLine:
    """Connections to one address, and the tokens that go there. No redirection is followed: the body would go along."""

    def __init__(
        self,
        base_url: str,
        proof: GoogleSignIn,
        transport: httpx.AsyncBaseTransport | None,
        patience: float,
    ) -> None:
        """`patience` is for a whole call, in seconds."""
        self._http = httpx.AsyncClient(transport=transport, timeout=patience, follow_redirects=False)
        self._base_url, self._proof, self._patience = base_url, proof, patience
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def send(self, request: Request) -> Json:
        """The answer's JSON, {} for an empty one. Raises TryLater, or GoogleRefuses with its code as the reason."""
        async with self._turns:
            token = await self._proof.token(request.scope)
            headers = {"authorization": f"Bearer {token}"}
            if request.body:
                headers["content-type"] = "application/json"
            try:
                async with asyncio.timeout(self._patience):
                    response = await self._http.request(
                        request.method,
                        f"{self._base_url}{request.path}",
                        params=request.query,
                        content=request.body or None,
                        headers=headers,
                    )
            except (httpx.HTTPError, OSError, TimeoutError) as error:
                raise TryLater(PAUSE, f"no answer from Google: {type(error).__name__}") from None
        if not response.is_success:
            if response.status_code == 401:
                self._proof.forget(request.scope)
            raise _translated(response)
        return _object(response)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


def _object(response: httpx.Response) -> Json:
    try:
        answer = json.loads(response.content) if response.content else {}
    except ValueError as error:
        raise TryLater(PAUSE, f"no sense in the answer of Google: {type(error).__name__}") from None
    if not isinstance(answer, dict):
        raise TryLater(PAUSE, "no sense in the answer of Google: no object")
    return answer


def _translated(response: httpx.Response) -> TryLater | GoogleRefuses:
    status, code = response.status_code, _code(response)
    if status == 429 or (status == 403 and code in LIMITS):
        return TryLater(asked_to_wait(response.headers, PAUSE_AT_THE_LIMIT), code)
    if status == 403 and code in SPENT:
        return TryLater(asked_to_wait(response.headers, PAUSE_WHEN_SPENT), code)
    if status >= 500 or status in TRANSIENT or "retry-after" in response.headers:
        return TryLater(asked_to_wait(response.headers, PAUSE), code)
    if status == 401:
        return TryLater(PAUSE_FOR_TOKEN, code)
    return GoogleRefuses(status, code)


def _code(response: httpx.Response) -> str:
    """Google's own word for it, where it is a word; the message beside it may quote what was sent."""
    try:
        said = json.loads(response.content)
    except ValueError:
        said = None
    error = said.get("error") if isinstance(said, dict) else None
    details = error.get("errors") if isinstance(error, dict) else None
    first = details[0] if isinstance(details, list) and details else None
    code = first.get("reason") if isinstance(first, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"HTTP {response.status_code}"
