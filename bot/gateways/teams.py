"""Teams' connector, one call a method: no wording, no rules, no retries (design rule 13).

Every method raises TryLater (rate limit, outage, a token that cannot be had) or Undeliverable (Teams said no, with its
own code as the reason). Neither holds anything that was sent (IG-32). A token leaves for hosts of the list alone.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Collection
from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
import jwt
from microsoft_teams.api import ApiClient
from microsoft_teams.api.activities.message import MessageActivityInput
from microsoft_teams.api.clients.conversation import ConversationClient, CreateConversationParams
from microsoft_teams.api.models.attachment import Attachment

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.answering import PAUSE, PAUSE_AT_THE_LIMIT, PAUSE_FOR_TOKEN, asked_to_wait
from bot.gateways.teams_reference import SERVICE_HOSTS, Reference, is_service

Json = dict[str, Any]
T = TypeVar("T")

CARD = "application/vnd.microsoft.card.adaptive"
PAGE = 200
PAGES = 100  # a roster that never ends is an error, not a reason to turn pages for ever

TRANSIENT = {408, 412, 429}  # and whatever is 500 or more (teams.md section 7)
TOKEN_AT_FAULT = 401

NOT_A_MEMBER = "MemberNotFoundInConversation"
UNKNOWN_MEMBER = {NOT_A_MEMBER, "NotFound", "HTTP 404"}

_CODE = re.compile(r"[A-Za-z0-9_]{1,64}")


@dataclass(frozen=True, kw_only=True)
class Member:
    """A line of a roster, as Teams has it; the register decides who they are to us.

    `person` is the object id in the directory of the conversation's tenant, and `tenant` where they are at home,
    "" where Teams does not say. `sign_in` is the name they sign in by, in a domain that their tenant has proved to
    be its own; `email` is whatever somebody entered there.
    """

    mri: str
    person: str
    name: str
    email: str
    sign_in: str
    tenant: str
    is_guest: bool

    @property
    def addresses(self) -> tuple[str, ...]:
        """Those by which the register may know them, the most trustworthy first (docs/decisions.md).

        A guest's sign-in name is one that the host made, so theirs is the address of the invitation.
        """
        asked = (self.email,) if self.is_guest else (self.sign_in, self.email)
        return tuple(dict.fromkeys(each for each in asked if each))


class Teams:
    """One bot, in all the tenants that know it."""

    def __init__(
        self, api: ApiClient, *, hosts: Collection[str] = SERVICE_HOSTS, patience: float = 10.0
    ) -> None:
        """`api` is that of the SDK's App, which finds the tokens; `patience` is for a whole call, in seconds."""
        self._api, self._hosts, self._patience = api, hosts, patience

    async def post(self, to: Reference, what: str | Json, *, summary: str = "", thread: str = "") -> str:
        """Post a text or a card, and give the message's id.

        `summary` is what a notification of a card says; `thread` is the id of the message of a channel that this
        answers. Not to be repeated lightly: Teams has no key by which it would know the same message again.
        """
        conversation = (
            f"{to.conversation.partition(';')[0]};messageid={thread}" if thread else to.conversation
        )
        sent = await self._ask(self._at(to).create_activity(_in_path(conversation), _activity(what, summary)))
        return sent.id

    async def update(self, to: Reference, activity_id: str, what: str | Json, *, summary: str = "") -> None:
        """Put this in the place of a message of ours; doing it twice is harmless.

        A card with views of its own has to carry its `refresh` again, or everybody loses theirs.
        """
        activity = _activity(what, summary)
        activity.id = activity_id
        await self._ask(
            self._at(to).update_activity(_in_path(to.conversation), _in_path(activity_id), activity)
        )

    async def open_chat(self, near: Reference, mri: str) -> Reference:
        """The bot's own chat with one person, the same one each time.

        `near` is any stored conversation of the person's tenant: the address and the tenant are taken from it.
        """
        asked = CreateConversationParams.model_validate(
            {
                "members": [{"id": mri}],
                "tenantId": near.tenant,
                "channelData": {"tenant": {"id": near.tenant}},
                "bot": {"id": near.bot},
                "isGroup": False,
            }
        )
        made = await self._ask(self._at(near).create(asked))
        return replace(near, conversation=made.id)

    async def member(self, of: Reference, mri: str) -> Member | None:
        """One person of a conversation; None for somebody who is not in it."""
        try:
            found = await self._ask(
                self._at(of).members_client.get_by_id(_in_path(of.conversation), _in_path(mri))
            )
        except Undeliverable as no:
            if no.reason in UNKNOWN_MEMBER:
                return None
            raise
        return _member(found.model_dump(by_alias=True))

    async def is_here(self, of: Reference, mri: str) -> bool:
        """Whether Teams knows this person of a conversation; False only where it says just that it does not.

        That is how somebody shows whose account was deleted or blocked. Whatever else Teams may answer raises.
        """
        try:
            await self._ask(self._at(of).members_client.get_by_id(_in_path(of.conversation), _in_path(mri)))
        except Undeliverable as no:
            if no.reason == NOT_A_MEMBER:
                return False
            raise
        return True

    async def members(self, of: Reference) -> list[Member]:
        """Everybody in a conversation, whatever the number of pages; a roster that was read in part raises."""
        found: list[Member] = []
        token: str | None = None
        for _ in range(PAGES):
            asked = self._at(of).members_client.get_paged(_in_path(of.conversation), PAGE, token)
            page = await self._ask(asked)
            found += [_member(each.model_dump(by_alias=True)) for each in page.members or []]
            token = page.continuation_token
            if not token:
                return found
        raise Undeliverable("roster_without_end")

    def _at(self, reference: Reference) -> ConversationClient:
        if not is_service(reference.service_url, self._hosts):
            raise Undeliverable("service_host_not_on_the_list")
        return self._api.from_service_url(reference.service_url).conversations

    async def _ask(self, call: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._patience):
                return await call
        except httpx.HTTPStatusError as error:
            raise _translated(error.response) from None
        except (httpx.HTTPError, OSError, TimeoutError) as error:
            raise TryLater(PAUSE, f"no answer from Teams: {type(error).__name__}") from None
        except jwt.PyJWTError as error:
            raise TryLater(PAUSE_FOR_TOKEN, f"no token for Teams: {type(error).__name__}") from None
        except ValueError as error:  # no JSON, JSON of another shape, or the reason why there is no token
            raise TryLater(PAUSE, f"no sense in the answer of Teams: {type(error).__name__}") from None


def _activity(what: str | Json, summary: str) -> MessageActivityInput:
    """A new one each time: the SDK writes into the activity that it is given."""
    if isinstance(what, str):
        return MessageActivityInput(text=what, text_format="plain")
    card = Attachment(content_type=CARD, content=what)
    # the SDK's model has no field for it, but keeps what it does not know
    more: Json = {"summary": summary} if summary else {}
    return MessageActivityInput(attachments=[card], **more)


def _in_path(id: str) -> str:
    """An id as one step of a path, whatever stands in it."""
    return quote(id, safe=":@;=")


def _translated(response: httpx.Response) -> TryLater | Undeliverable:
    status, code = response.status_code, _code(response)
    if status == 429 or "retry-after" in response.headers:
        return TryLater(asked_to_wait(response.headers, PAUSE_AT_THE_LIMIT if status == 429 else PAUSE), code)
    if status >= 500 or status in TRANSIENT:
        return TryLater(PAUSE, code)
    if status == TOKEN_AT_FAULT:
        return TryLater(PAUSE_FOR_TOKEN, code)
    return Undeliverable(code)


def _code(response: httpx.Response) -> str:
    """Teams' own word for it, where it is a word; the message beside it may quote what was sent."""
    try:
        said = json.loads(response.content)
    except ValueError:
        said = None
    error = said.get("error") if isinstance(said, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else f"HTTP {response.status_code}"


def _member(line: Json) -> Member:
    def text(name: str) -> str:
        return str(line.get(name) or "")

    return Member(
        mri=text("id"),
        person=text("aadObjectId"),
        name=text("name"),
        email=text("email"),
        sign_in=text("userPrincipalName"),
        tenant=text("tenantId"),
        is_guest=text("userRole").casefold() in ("guest", "anonymous"),
    )
