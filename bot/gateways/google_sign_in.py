"""How Convenor proves to Google who it is: a service account that may act for the one user who owns the meetings.

google-auth does it, with the account's key file, or without any key through the machine's own identity. It is imported
when it is first needed, on a thread, as it waits for answers there. Each scope has a token of its own, so that no call
carries more than it needs.
"""

import asyncio
import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx

from bot.domain.errors import TryLater
from bot.gateways.answering import PAUSE_FOR_TOKEN

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

EVENTS = "https://www.googleapis.com/auth/calendar.events"
FREE_BUSY = "https://www.googleapis.com/auth/calendar.freebusy"
"""The two scopes that are ever asked for: the events of calendars, and when people are taken."""

ANYWHERE = "https://www.googleapis.com/auth/cloud-platform"
"""What Google's signing of assertions asks of the machine's own identity; no token of it reaches a calendar."""

OF_A_KEY = ("client_email", "private_key", "token_uri")
BUSY = {408, 429}  # and whatever is 500 or more
_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")


class NoToken(TryLater):
    """Google gives no token now; `code` is its own word for why (unauthorized_client, …), or the kind of the fault."""

    def __init__(self, code: str) -> None:
        super().__init__(PAUSE_FOR_TOKEN, f"no token for Google: {code}")
        self.code = code


class GoogleSignIn:
    """One service account, acting for one user of a Workspace (domain-wide delegation)."""

    def __init__(
        self,
        subject: str,
        *,
        key_file: Path | None = None,
        service_account: str = "",
        transport: httpx.BaseTransport | None = None,
        patience: float = 10.0,
    ) -> None:
        """`subject` is the user, by address. Either a key file, or the account's address: then the machine's own
        identity (application default credentials) has Google sign for it. `patience` is for a whole token, in seconds.
        """
        self._subject, self._key_file, self._service_account = subject, key_file, service_account
        self._transport, self._patience = transport, patience
        self._credentials: dict[str, Credentials] = {}
        self._turn = asyncio.Lock()

    async def token(self, scope: str) -> str:
        """A token for this scope alone, kept until shortly before its end. Raises NoToken and nothing else."""
        async with self._turn:
            held = self._credentials.get(scope)
            if held is not None and held.valid:
                return str(held.token)
            try:
                async with asyncio.timeout(self._patience):
                    return await asyncio.to_thread(self._fresh, scope)
            except TimeoutError:
                raise NoToken("TimeoutError") from None

    def forget(self, scope: str) -> None:
        """Ask for another token the next time: this one is not taken any more."""
        self._credentials.pop(scope, None)

    async def close(self) -> None:
        """Forget every token; connections are closed as soon as a token was given."""
        self._credentials.clear()

    def _fresh(self, scope: str) -> str:
        from google.auth.exceptions import GoogleAuthError

        for chatty in ("google.auth", "google.oauth2"):
            logging.getLogger(chatty).setLevel(logging.CRITICAL)  # they quote what Google answers
        # a connection of this thread's own: whoever gave it up in the meantime has nothing to close
        with httpx.Client(transport=self._transport, timeout=self._patience) as http:
            line = _Line(http)
            try:
                made = self._credentials.get(scope) or self._made(scope, line)
                made.refresh(line)
            except GoogleAuthError as error:
                raise NoToken(_code(error)) from None  # the cause quotes what was sent
            except (OSError, LookupError, TypeError, ValueError, AttributeError) as error:
                # a file that is not there or is no key, or an answer of another shape
                raise NoToken(type(error).__name__) from None
        self._credentials[scope] = made
        return str(made.token)

    def _made(self, scope: str, line: Any) -> "Credentials":
        if self._key_file is not None:
            from google.oauth2 import service_account

            key = json.loads(self._key_file.read_text(encoding="utf-8"))
            with_key: Credentials = service_account.Credentials.from_service_account_info(
                key, scopes=[scope], subject=self._subject
            )
            return with_key
        import google.auth
        from google.auth import impersonated_credentials

        own, _ = google.auth.default(scopes=[ANYWHERE], request=line)
        signed_by_google: Credentials = impersonated_credentials.Credentials(
            own, target_principal=self._service_account, target_scopes=[scope], subject=self._subject
        )
        return signed_by_google


class _Line:
    """Requests of google-auth's, without its repeats: it would sleep between them, and waiting is the courier's."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **_: Any,
    ) -> "Reply":
        """An answer; google-auth's own TransportError, after which it gives up, for an outage."""
        from google.auth.exceptions import TransportError

        wait = httpx.USE_CLIENT_DEFAULT if timeout is None else timeout
        try:
            reply = self._http.request(method, url, content=body, headers=headers, timeout=wait)
        except httpx.HTTPError as error:
            raise TransportError(type(error).__name__) from None
        if reply.status_code in BUSY or reply.status_code >= 500:
            raise TransportError(f"HTTP {reply.status_code}")
        return Reply(reply.status_code, reply.headers, reply.content)


class Reply(NamedTuple):
    """An answer, as google-auth reads one."""

    status: int
    headers: Mapping[str, str]
    data: bytes


def key_fault(file: Path) -> str | None:
    """Why this file cannot prove anything, in plain words; None when it looks as if it can."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return "there is no such file, or it may not be read"
    except ValueError:
        return "it is no JSON: take the key as the Cloud console gives it out"
    if not isinstance(said, dict) or said.get("type") != "service_account":
        return "it is no key of a service account: take the key as the Cloud console gives it out"
    missing = [name for name in OF_A_KEY if not said.get(name)]
    return f"of a key it lacks: {', '.join(missing)}" if missing else None


def _code(error: Exception) -> str:
    """Google's own word for it, where it is a word; what stands beside it may quote what was sent."""
    told = error.args[1] if len(error.args) > 1 else None
    if isinstance(told, str | bytes):
        try:
            told = json.loads(told)
        except ValueError:
            told = None
    code = told.get("error") if isinstance(told, dict) else None
    if isinstance(code, dict):  # as Google's other servers say it
        code = code.get("status")
    if isinstance(code, str) and _CODE.fullmatch(code):
        return code
    first = str(error.args[0]) if error.args else ""
    return first if re.fullmatch(r"HTTP \d{3}|[A-Za-z]{1,40}", first) else type(error).__name__
