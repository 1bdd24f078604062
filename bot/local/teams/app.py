"""The stand-in Bot Framework's server: key server, token endpoint and connector, with the bot's routes beside."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.local.guard import Guard
from bot.local.teams.connector import Connector
from bot.local.teams.issuer import LIVES
from bot.local.teams.world import TeamsWorld


def routes(world: TeamsWorld) -> list[BaseRoute]:
    """Everything of Microsoft's that the bot talks to, key and token addresses as Microsoft has them."""

    async def metadata(request: Request) -> Response:
        return JSONResponse(world.issuer.metadata(world.address))

    async def keys(request: Request) -> Response:
        world.keys_asked += 1
        return JSONResponse(world.issuer.jwks())

    async def token(request: Request) -> Response:
        asked = dict(parse_qsl((await request.body()).decode()))
        if asked.get("client_id") != world.app_id or asked.get("grant_type") != "client_credentials":
            return JSONResponse({"error": "invalid_client"}, 401)
        made = world.issuer.outbound(asked.get("scope", ""), request.path_params["tenant"])
        return JSONResponse({"token_type": "Bearer", "expires_in": LIVES, "access_token": made})

    return [
        Route("/v1/.well-known/openidconfiguration", metadata),
        Route("/v1/.well-known/keys", keys),
        Route("/{tenant}/oauth2/v2.0/token", token, methods=["POST"]),
        *Connector(world).routes(),
    ]


def teams_app(
    world: TeamsWorld,
    *,
    beside: Sequence[BaseRoute] = (),
    lifespan: Callable[[Starlette], Any] | None = None,
) -> Starlette:
    """Everything under one address, to be served on 127.0.0.1; `beside` holds the bot's own routes.

    Set `world.address` once the port is known. Call `await world.close()` before the server is asked to stop.
    """
    return Starlette(routes=[*routes(world), *beside], middleware=[Middleware(Guard)], lifespan=lifespan)
