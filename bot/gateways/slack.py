"""Slack's Web API, one call a method: no wording, no rules, no retries (design rule 13).

Every method raises TryLater (rate limit, outage, a token that is being replaced) or Undeliverable (Slack
said no, with Slack's own code as the reason). Neither holds anything that was sent (IG-32).
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.errors import TryLater, Undeliverable

Json = dict[str, Any]

API = "https://slack.com/api/"
EVENT_TYPE = "convenor_delivery"

# Slack's clock and ours may differ: look back a little further than the first attempt.
CLOCKS_DIFFER = timedelta(minutes=2)
PAGE = 200

DESCRIPTION = 1_000  # characters of what a file is described by; Slack: alt_txt_too_large

TRANSIENT = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
# The token, not the message, is at fault: nothing is lost while somebody replaces it.
TOKEN_AT_FAULT = {"invalid_auth", "not_authed", "token_expired", "token_revoked", "account_inactive"}
UNKNOWN_PERSON = {"users_not_found", "user_not_found", "user_not_visible"}

PAUSE = 5.0
PAUSE_FOR_TOKEN = 60.0


def pool(timeout: float = 10.0) -> aiohttp.ClientSession:
    """The connections shared by all calls; made on the running loop, closed by whoever made it.

    `timeout` is for a whole call, in seconds: with a session of one's own the SDK's setting is ignored.
    """
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout))


def client(token: str, session: aiohttp.ClientSession, base_url: str = API) -> AsyncWebClient:
    """A Web API client for one workspace.

    It retries only when no connection was made, so that nothing can have arrived: the courier looks first.
    """
    quiet = logging.getLogger("bot.slack_sdk")
    quiet.setLevel(logging.WARNING)  # at DEBUG the SDK logs bodies
    return AsyncWebClient(
        token=token,
        base_url=base_url,
        session=session,
        logger=quiet,
        retry_handlers=[AsyncConnectionErrorRetryHandler(error_types=[aiohttp.ClientConnectorError])],
    )


@dataclass(frozen=True, kw_only=True)
class SlackPerson:
    """Who Slack says somebody is; the register decides who they are to us."""

    team: str
    user: str
    name: str
    email: str | None
    zone: str | None
    is_active: bool
    is_bot: bool


class Slack:
    """One workspace, seen through one token."""

    def __init__(self, client: AsyncWebClient) -> None:
        self.client = client

    async def post(self, channel: str, payload: Json, delivery_id: str, *, thread: str | None = None) -> str:
        """Post a message that carries its delivery id, and give its `ts`."""
        answer = await self._ask(
            "chat.postMessage",
            {
                "unfurl_links": False,
                "unfurl_media": False,
                **payload,
                "channel": channel,
                "thread_ts": thread,
                "metadata": {"event_type": EVENT_TYPE, "event_payload": {"delivery": delivery_id}},
            },
        )
        return str(answer["ts"])

    async def find(
        self, channel: str, delivery_id: str, since: datetime, *, thread: str | None = None
    ) -> str | None:
        """The `ts` of the message that carries this delivery id and was posted after `since`, if there is one."""
        args: Json = {
            "channel": channel,
            "oldest": f"{(since - CLOCKS_DIFFER).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
            "ts": thread,
        }
        while True:
            method = "conversations.replies" if thread else "conversations.history"
            page = await self._ask(method, args, reading=True)
            for message in page.get("messages", []):
                metadata = message.get("metadata") or {}
                if metadata.get("event_payload", {}).get("delivery") == delivery_id:
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
            args = args | {"cursor": cursor}

    async def update(self, channel: str, ts: str, payload: Json) -> None:
        """Edit a message in place; doing it twice is harmless."""
        await self._ask("chat.update", {**payload, "channel": channel, "ts": ts})

    async def ephemeral(self, channel: str, user: str, payload: Json) -> None:
        """Show one person something that may be lost: a confirmation, never a duty (slack.md section 4)."""
        await self._ask("chat.postEphemeral", {**payload, "channel": channel, "user": user})

    async def upload(self, name: str, image: bytes, alternative: str) -> str:
        """Keep an image in the workspace, and give the id by which an image block shows it.

        It is shared with nobody: only a message of ours that names it shows it. Sent twice it is two files. Slack reads
        it after it has answered, and until then refuses a message that names it with `invalid_blocks`.
        """
        try:
            answer = await self.client.files_upload_v2(
                filename=name, content=image, title=name, alt_txt=alternative[:DESCRIPTION]
            )
        except SlackApiError as error:
            raise _translated(error) from None
        except SlackRequestError:  # its text holds what was said where the bytes went
            raise TryLater(PAUSE, "the image was not taken") from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(PAUSE, f"no answer from Slack: {type(error).__name__}") from None
        return str(answer["file"]["id"])

    async def open_dm(self, user: str) -> str:
        """The channel of the bot's direct messages with this person."""
        answer = await self._ask("conversations.open", {"users": user})
        return str(answer["channel"]["id"])

    async def publish_home(self, user: str, view: Json) -> None:
        """Show this view as the person's App Home."""
        await self._ask("views.publish", {"user_id": user, "view": view})

    async def open_view(self, trigger_id: str, view: Json) -> str:
        """Open a modal within three seconds of the click that made the trigger, and give its id."""
        answer = await self._ask("views.open", {"trigger_id": trigger_id, "view": view})
        return str(answer["view"]["id"])

    async def push_view(self, trigger_id: str, view: Json) -> str:
        """Put a modal on top of the open one (three at most), and give its id."""
        answer = await self._ask("views.push", {"trigger_id": trigger_id, "view": view})
        return str(answer["view"]["id"])

    async def update_view(self, view_id: str, view: Json, *, hash: str | None = None) -> None:
        """Replace an open modal; with `hash`, only when nobody else replaced it meanwhile."""
        await self._ask("views.update", {"view_id": view_id, "view": view, "hash": hash})

    async def user_by_email(self, email: str) -> SlackPerson | None:
        """The member with this address; None when there is none. A failed look-up raises."""
        return await self._person("users.lookupByEmail", {"email": email})

    async def user_info(self, user: str) -> SlackPerson | None:
        """The member with this id; None when there is none."""
        return await self._person("users.info", {"user": user})

    async def whoami(self) -> Json:
        """Team, bot and user ids of the token: what `convenor check` shows."""
        return await self._ask("auth.test", {})

    async def _person(self, method: str, args: Json) -> SlackPerson | None:
        try:
            answer = await self._ask(method, args, reading=True)
        except Undeliverable as no:
            if no.reason in UNKNOWN_PERSON:
                return None
            raise
        return _person_in(answer["user"])

    async def _ask(self, method: str, args: Json, *, reading: bool = False) -> Json:
        given = {name: value for name, value in args.items() if value is not None}
        try:
            if reading:  # the methods that read take their arguments in the query, not as JSON
                answer = await self.client.api_call(method, http_verb="GET", params=given)
            else:
                answer = await self.client.api_call(method, json=given)
        except SlackApiError as error:
            raise _translated(error) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TryLater(PAUSE, f"no answer from Slack: {type(error).__name__}") from None
        if not isinstance(answer.data, dict):
            raise TryLater(PAUSE, "an answer from Slack that is not JSON")
        return answer.data


def _translated(error: SlackApiError) -> TryLater | Undeliverable:
    response = error.response
    status = int(getattr(response, "status_code", 0) or getattr(response, "status", 0))
    headers: Mapping[str, str] = getattr(response, "headers", None) or {}
    data = getattr(response, "data", None)
    code = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == 429 or code in ("ratelimited", "rate_limited"):
        return TryLater(_seconds(headers), "ratelimited")
    if status >= 500 or code in TRANSIENT or not code:
        return TryLater(PAUSE, code or f"HTTP {status}")
    if code in TOKEN_AT_FAULT:
        return TryLater(PAUSE_FOR_TOKEN, code)
    return Undeliverable(code)


def _seconds(headers: Mapping[str, str]) -> float:
    """What Retry-After asks for; a minute when it cannot be read."""
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(asked) if asked.isdecimal() else 60.0


def _person_in(user: Json) -> SlackPerson:
    profile = user.get("profile") or {}
    return SlackPerson(
        team=user.get("team_id") or "",
        user=user["id"],
        name=user.get("real_name") or profile.get("real_name") or user.get("name") or "",
        email=profile.get("email"),
        zone=user.get("tz"),
        is_active=not user.get("deleted", False),
        is_bot=bool(user.get("is_bot")),
    )
