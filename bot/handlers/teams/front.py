"""Makes the SDK's App, the one in the program: checks on, one handler for everything, one callable behind it.

The SDK's decorators are left aside: a route for each kind would spread our verbs over its API. What it does for us is
to check again, to parse, and to find the bot's own tokens.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import jwt
from microsoft_teams.api import (
    ClientCredentials,
    FederatedIdentityCredentials,
    ManagedIdentityCredentials,
    TokenCredentials,
)
from microsoft_teams.api.activities import MessageActivity
from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment
from microsoft_teams.common import ClientOptions

from bot.handlers.teams.activity import Activity, activity_of
from bot.handlers.teams.door import PATH, Door
from bot.handlers.teams.keys import Keys
from bot.handlers.teams.sdk import ActivityContext, App

Json = dict[str, Any]

Receive = Callable[[Activity], Awaitable[Json | None]]
"""From an activity to the body of an invoke's answer (see `answers`); None closes a dialog, or says nothing.

It is called again when Teams sends an activity again: what it does twice is its own business. When it raises, Teams
gets 500, and sends a message again.
"""

Token = Callable[[str | list[str], str | None], str | Awaitable[str]]
"""From a scope and a tenant to a token of the bot's own: for certificates, and for tests."""

SERVICE_URL = "https://smba.trafficmanager.net/teams"
PATIENCE = 10.0  # seconds for a call to Teams; the SDK has no bound of its own


class Misconfigured(Exception):
    """The App is not as it was asked for; the program must not start."""


async def teams_app(
    door: Door,
    receive: Receive,
    *,
    app_id: str,
    home_tenant: str,
    secret: str = "",
    token: Token | None = None,
    managed_identity: str = "",
    cloud: CloudEnvironment = PUBLIC,
    service_url: str = SERVICE_URL,
) -> App:
    """An App that listens at `door`; give it one of `secret`, `token` and `managed_identity` (an id, or "system").

    `home_tenant` is where the bot is registered. ValueError when the credentials are none or several, Misconfigured
    when something about the process (a variable, another release of the SDK) made another App of it.
    """
    if [bool(secret), token is not None, bool(managed_identity)].count(True) != 1:
        raise ValueError("the bot proves who it is by a secret, or a token, or a managed identity")
    app = App(
        client_id=app_id,
        tenant_id=home_tenant,
        client_secret=secret or None,
        token=token,
        managed_identity_client_id=managed_identity or None,
        http_server_adapter=door,
        messaging_endpoint=PATH,
        client=ClientOptions(timeout=PATIENCE),
        cloud=cloud,
        service_url=service_url,
        state=False,
        fetch_user_token=False,
        dangerously_allow_unauthenticated_requests=False,
        telemetry={"agent365": False},
    )
    app.router.add_handler(lambda activity: True, _handler(receive))
    await app.initialize()
    give_keys(app, door.guard.keys)
    _check(app, app_id, secret, token)
    return app


async def close(app: App) -> None:
    """Close the App's connections."""
    await app.http_client.http.aclose()
    await app.api.http.http.aclose()


def _handler(receive: Receive) -> Callable[[ActivityContext[Any]], Awaitable[Json]]:
    async def handle(ctx: ActivityContext[Any]) -> Json:
        activity = ctx.activity
        body: Json = activity.model_dump(mode="json", by_alias=True, exclude_none=True)
        said = activity.strip_mentions_text().text if isinstance(activity, MessageActivity) else ""
        answer = await receive(activity_of(body, said.strip()))
        return {"status": 200, "body": answer}

    return handle


class _Held(jwt.PyJWKClient):
    """The guard's keys, for the SDK's own check: its client would fetch them in the event loop (section 5, fault 2)."""

    def __init__(self, keys: Keys) -> None:
        super().__init__("https://nowhere.invalid/", cache_jwk_set=False)
        self._keys = keys

    def get_signing_key(self, kid: str) -> jwt.PyJWK:
        key = self._keys.held(kid)
        if key is None:
            raise jwt.PyJWKClientError("not a key of the guard's")
        return key.public

    def fetch_data(self) -> Any:
        raise jwt.PyJWKClientError("keys are the guard's business")


def give_keys(app: App, keys: Keys) -> None:
    """Have the SDK check with these keys. No option does; where a release moves this, the program does not start."""
    try:
        validator = app.server._token_validator._service_validator  # type: ignore[union-attr]
        if not isinstance(validator._jwks_client, jwt.PyJWKClient):
            raise Misconfigured("the Teams SDK keeps its key client elsewhere")
        validator._jwks_client = _Held(keys)
    except AttributeError as error:
        raise Misconfigured(f"the Teams SDK checks tokens in another way: no {error.name}") from error


def _check(app: App, app_id: str, secret: str, token: Token | None) -> None:
    if app.options.dangerously_allow_unauthenticated_requests is not False or app.id != app_id:
        raise Misconfigured("the Teams App does not check who speaks to it")
    if secret:
        wanted: tuple[type, ...] = (ClientCredentials,)
    else:
        identities = (ManagedIdentityCredentials, FederatedIdentityCredentials)
        wanted = (TokenCredentials,) if token is not None else identities
    if not isinstance(app.credentials, wanted):
        raise Misconfigured("CLIENT_SECRET of the environment stands in the way of the bot's credentials")
