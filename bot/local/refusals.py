"""How the stand-in says no: Slack's own error codes, and words for a person at the page."""

from collections.abc import Sequence
from typing import Any


class SlackRefuses(Exception):
    """A Web API call is answered with `ok: false` and this code (slack.md sections 4 to 6)."""

    def __init__(self, code: str, messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(code if not messages else f"{code}: {'; '.join(messages)}")
        self.code, self.messages, self.more = code, list(messages), more


class CannotDo(Exception):
    """A person's gesture cannot be done; the message is plain English for that person."""


class TooFast(Exception):
    """The caller is over a rate limit: 429 with `Retry-After` of `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds = seconds
