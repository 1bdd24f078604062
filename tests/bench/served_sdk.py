"""The bare side of a press in Teams: our door and its guard, and behind it the SDK's App with one handler."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from bench_teams import ACCEPT, SERVICE
from starlette.routing import BaseRoute

from bot.handlers.teams.answers import words_for_presser
from bot.handlers.teams.door import PATH, Door
from bot.handlers.teams.front import close, give_keys
from bot.handlers.teams.guard import Guard
from bot.handlers.teams.keys import Keys, fetching
from bot.handlers.teams.sdk import App
from bot.local.teams.aldermere import COUNCIL
from bot.local.teams.world import APP_ID
from bot.logs import set_up_logs


@asynccontextmanager
async def sdk(keys_url: str) -> AsyncIterator[list[BaseRoute]]:
    """One handler, found by the SDK's own routing; nothing is looked up and nothing is kept."""
    from aiohttp import ClientSession

    set_up_logs("INFO")
    async with ClientSession() as session:
        keys = Keys(fetching(session, keys_url), time.monotonic)
        door = Door(Guard(app_id=APP_ID, tenants=[COUNCIL], keys=keys, now=time.time))
        app = App(
            client_id=APP_ID,
            tenant_id=COUNCIL,
            token=lambda scope, tenant: "",
            http_server_adapter=door,
            messaging_endpoint=PATH,
            service_url=SERVICE,
            fetch_user_token=False,
            dangerously_allow_unauthenticated_requests=False,
            telemetry={"agent365": False},
        )

        @app.on_card_action_execute(ACCEPT)
        async def answer(ctx: Any) -> Any:
            return {"status": 200, "body": words_for_presser("Noted.")}

        await app.initialize()
        give_keys(app, keys)
        yield [door.route()]
        await close(app)
