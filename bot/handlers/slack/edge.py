"""The Bolt app and its two doors, signed HTTP and Socket Mode, around one dispatch (slack.md section 2)."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import ClientOSError, ClientSession, ServerDisconnectedError
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import to_starlette_response
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from slack_sdk.http_retry.builtin_interval_calculators import FixedValueRetryIntervalCalculator
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.handlers.body import body_within
from bot.handlers.slack.asked import SlackBot
from bot.handlers.slack.dispatch import Dispatch, Timed
from bot.handlers.slack.identity import Installation, enterprise_of, workspace_of
from bot.handlers.slack.request import DoorRequest
from bot.handlers.verbs.registry import Verbs

Installed = Callable[[str, str], Installation | None]
"""From (enterprise, workspace) to the installation there; from memory, because it is asked on every request."""

BODY_BYTES = 2_000_000  # Slack's largest, a 250 kB view with its answers, stays far below

log = logging.getLogger(__name__)

# Bolt writes the whole body of a request at INFO when its signature is wrong, and the SDK what it sends at DEBUG.
# A mistyped secret would thus fill the log with disclosures (design rule 4): never below WARNING, whatever is set.
quiet = logging.getLogger(f"{__name__}.bolt")
quiet.setLevel(logging.WARNING)


class SlackEdge:
    """Everything Slack says to us comes in here. `app` is Bolt's, `dispatch` ours."""

    def __init__(
        self,
        bot: SlackBot,
        verbs: Verbs,
        installed: Installed,
        *,
        client: AsyncWebClient,
        signing_secret: str = "",
        timed: Timed = lambda kind, seconds: None,
    ) -> None:
        self.dispatch = Dispatch(bot, verbs, timed=timed)
        self._secret = signing_secret
        self.app = AsyncApp(
            name=quiet.name,
            logger=quiet,
            client=client,
            signing_secret=signing_secret,
            request_verification_enabled=True,
            process_before_response=True,
            before_authorize=_Doorstep(installed),
            authorize=_authorize,
            attaching_function_token_enabled=False,
            attaching_conversation_kwargs_enabled=False,
        )
        self.app.use(self.dispatch)
        self.app.error(self.dispatch.translate)

    def route(self, path: str = "/slack/events") -> Route:
        """The door for signed HTTP; ValueError without a signing secret, for then anybody could sign."""
        if not self._secret:
            raise ValueError("signed HTTP needs SLACK_SIGNING_SECRET")

        return Route(path, self.receive, methods=["POST"])

    async def receive(self, request: Request) -> Response:
        """One request of Slack's: 401 unless it is signed, 400 or 413 for what is nothing of Slack's."""
        if not self._secret:
            return Response(status_code=404)
        body = await body_within(request, BODY_BYTES)
        if body is None:
            return Response(status_code=413)
        try:
            asked = DoorRequest(body, request.headers)
        except ValueError:  # no JSON, no UTF-8, no object: nothing of Slack's
            return Response(status_code=400)
        return to_starlette_response(await self.app.async_dispatch(asked))

    def socket(self, app_token: str, client: AsyncWebClient) -> AsyncSocketModeHandler:
        """The door for Socket Mode: `await .connect_async()`, later `.close_async()`.

        `client` is one of its own that carries `app_token`: the app's would connect with a bot's token.
        """
        return AsyncSocketModeHandler(self.app, app_token, web_client=client)

    async def close(self) -> None:
        """Let the last private notes leave."""
        await self.dispatch.courtesies.drain()


def front_client(session: ClientSession, base_url: str = AsyncWebClient.BASE_URL) -> AsyncWebClient:
    """The client for calls made before an acknowledgement: short and pooled.

    It tries again only, once and at once, where a kept connection was closed as the request left; a call that had
    arrived after all is refused by its trigger or hash. It holds no token; Bolt gives each request that of its
    workspace. `session` needs the running loop.
    """
    hung_up = AsyncConnectionErrorRetryHandler(
        interval_calculator=FixedValueRetryIntervalCalculator(0),
        error_types=[ServerDisconnectedError, ClientOSError],
    )
    return AsyncWebClient(
        base_url=base_url, timeout=3, session=session, retry_handlers=[hung_up], logger=quiet
    )


async def installation(client: AsyncWebClient) -> Installation:
    """The one workspace of a bot token, asked once at start (`auth.test`); SlackApiError when the token is no good."""
    who = await client.auth_test()
    return Installation(
        team=str(who["team_id"]),
        enterprise=str(who.get("enterprise_id") or ""),
        bot_token=str(client.token),
        bot_id=str(who["bot_id"]),
        bot_user=str(who["user_id"]),
    )


class _Doorstep(AsyncMiddleware):
    """Knows whose workspace this is before Bolt asks, and sends strangers away without a call to Slack.

    Bolt would answer an unknown workspace through its `response_url`, inside the acknowledgement.
    """

    def __init__(self, installed: Installed) -> None:
        self.installed = installed

    async def async_process(
        self, *, req: AsyncBoltRequest, resp: BoltResponse, next: Callable[[], Awaitable[BoltResponse]]
    ) -> BoltResponse:
        """Go on for a workspace of ours and for Slack's own handshake; acknowledge anything else and stop."""
        if req.body.get("type") == "url_verification":
            return await next()
        here = self.installed(enterprise_of(req.body), workspace_of(req.body))
        if here is None:
            log.warning("slack payload of an unknown workspace", extra={"workspace": workspace_of(req.body)})
            return BoltResponse(status=200, body="")
        req.context["installation"] = here
        return await next()


async def _authorize(context: AsyncBoltContext) -> AuthorizeResult:
    """From memory: Bolt's own way asks `auth.test` on every request."""
    here: Installation = context["installation"]
    return AuthorizeResult(
        enterprise_id=here.enterprise or None,
        team_id=here.team,
        bot_token=here.bot_token,
        bot_id=here.bot_id,
        bot_user_id=here.bot_user,
    )
