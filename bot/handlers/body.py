"""Reads what a platform sends, and no more of it than any platform would send."""

from starlette.requests import Request


async def body_within(request: Request, most: int) -> bytes | None:
    """The body, or None past `most` bytes: an unsigned stranger must not fill the memory."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            return None
    return body
