"""What `convenor check` says of the calendars in Google Workspace: the sign-in, and each scope by what it is for."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.check_line import Line
from bot.domain.diary import Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways.google import Google
from bot.gateways.google_sign_in import EVENTS, FREE_BUSY, NoToken, key_fault
from bot.settings import Settings

DELEGATE = (
    "in the Admin console (Security, API controls, Domain-wide delegation) enter the client id of the service account,"
    " which is a number, with {scopes}"
)
TOKENS = {
    "unauthorized_client": f"nobody has delegated that: {DELEGATE}",
    "invalid_grant": "is there a user of the address in GOOGLE_MAILBOX, does the key still belong to the account, and"
    " is this machine's clock right?",
    "PERMISSION_DENIED": "this machine's identity may not sign for the account in GOOGLE_SERVICE_ACCOUNT: grant it"
    " Service Account Token Creator there, and switch the IAM Service Account Credentials API on",
    "NOT_FOUND": "there is no service account of the address in GOOGLE_SERVICE_ACCOUNT",
    "DefaultCredentialsError": "this machine has no identity that Google knows: set up workload identity, or give a key"
    " in GOOGLE_KEY_FILE",
}
"""Why Google gives no token, by its own codes, and what to do about it."""

CALENDARS = {
    "accessNotConfigured": "switch the Google Calendar API on in the service account's project (Cloud console)",
    "insufficientPermissions": DELEGATE,
    "notACalendarUser": "Google Calendar is switched off for the user in GOOGLE_MAILBOX",
    "notFound": "there is no calendar of the address in GOOGLE_MAILBOX",
}
"""The same for what the calendars refuse."""

Tried = Line | NoToken


async def check_google(
    settings: Settings, now: datetime, google_of: Callable[[Settings], Google | None]
) -> list[Line]:
    """Nothing where the calendars are not set up. Everything is read; nothing is written anywhere."""
    google = google_of(settings)
    if google is None:
        return []
    what = f"Google's sign-in ({settings.google_proof})"
    if settings.google_key_file and (fault := key_fault(settings.google_key_file)):
        return [Line(False, what, fault)]

    async def own_diary() -> None:
        read = await google.diaries([google.mailbox], Span(now, now + timedelta(days=1)))
        found = read[google.mailbox]
        if isinstance(found, Unreadable):
            raise Undeliverable(found.reason)

    try:
        diaries = await _tried("diaries", FREE_BUSY, own_diary, "may be read")
        may_read = "may be read; whether also written, the first booking shows"
        meetings = await _tried("meetings", EVENTS, google.try_events, may_read)
    finally:
        await google.close()
    if isinstance(diaries, NoToken) and isinstance(meetings, NoToken) and diaries.code == meetings.code:
        return [Line(False, what, _no_token(diaries.code, f"the scopes {FREE_BUSY} and {EVENTS}"))]
    signed_in = Line(True, what, "the service account may act for the user in GOOGLE_MAILBOX")
    return [signed_in, _said("diaries", FREE_BUSY, diaries), _said("meetings", EVENTS, meetings)]


async def _tried(role: str, scope: str, call: Callable[[], Awaitable[Any]], fine: str) -> Tried:
    what = f"Google's {role}"
    try:
        await call()
    except NoToken as none:
        return none
    except TryLater as later:
        return Line(False, what, f"cannot be tried now ({later.reason})")
    except Undeliverable as no:
        said = CALENDARS.get(no.reason, "Google refuses").format(scopes=f"the scope {scope}")
        return Line(False, what, f"{no.reason}: {said}")
    return Line(True, what, fine)


def _said(role: str, scope: str, tried: Tried) -> Line:
    if isinstance(tried, Line):
        return tried
    return Line(False, f"Google's {role}", _no_token(tried.code, f"the scope {scope}"))


def _no_token(code: str, scopes: str) -> str:
    if code in TOKENS:
        return f"{code}: {TOKENS[code].format(scopes=scopes)}"
    if re.fullmatch(r"[a-z_]+", code):  # OAuth's way of writing its errors: Google did answer
        return f"{code}: Google gives no token"
    return f"cannot be tried now ({code})"
