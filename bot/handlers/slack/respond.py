"""Says something at the address that came with a request, over the connections that are open already.

Bolt's own `respond` makes a session, and so a TCP and TLS handshake, for every note (slack.md section 3).
"""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient

Respond = Callable[..., Awaitable[None]]


def respond_at(address: object, client: AsyncWebClient) -> Respond | None:
    """`await respond(text=..., blocks=...)` to a `response_url` (five uses in half an hour); None without one.

    Raises aiohttp.ClientError, or TimeoutError after the client's own patience.
    """
    session = client.session
    if not isinstance(address, str) or not address or session is None:
        return None

    async def respond(**message: Any) -> None:
        patience = ClientTimeout(total=client.timeout)
        async with session.post(address, json=message, timeout=patience, proxy=client.proxy) as answer:
            answer.raise_for_status()

    return respond
