"""A request from the signed door as Bolt takes it, its body read by what it says it is.

Bolt's own reading takes a command whose text holds the word "payload" for an empty form (slack.md section 3), and
spends a third of an acknowledgement on taking percent signs out of a press, one after the other.
"""

import json
from binascii import a2b_qp
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_internals import build_async_context
from slack_bolt.request.async_request import AsyncBoltRequest

Json = dict[str, Any]


class DoorRequest(AsyncBoltRequest):
    """One signed request, not yet verified: `raw_body` is what the signature is of."""

    def __init__(self, body: bytes, headers: Mapping[str, str]) -> None:
        """ValueError when the body is not UTF-8, not what its content type says, or no object."""
        super().__init__(body="", headers=dict(headers))
        self.raw_body = body.decode()
        self.body = _read(self.raw_body, self.content_type or "")
        self.context = build_async_context(AsyncBoltContext(), self.body)


def _read(body: str, content_type: str) -> Json:
    if not body:
        return {}
    if content_type == "application/json" or body.startswith("{"):
        read = json.loads(body)
    else:
        fields = form_fields(body)
        read = json.loads(fields["payload"]) if "payload" in fields else fields
    if not isinstance(read, dict):
        raise ValueError("no object")
    return read


def form_fields(body: str) -> dict[str, str]:
    """The fields of an `application/x-www-form-urlencoded` body, blank ones too; of one name the last counts."""
    pairs = (pair.partition("=") for pair in body.split("&") if pair)
    return {_plain(name): _plain(value) for name, _, value in pairs}


def _plain(text: str) -> str:
    """Percent-decoding is quoted-printable with another sign, and that decoder is written in C."""
    quoted = text.replace("+", " ").replace("=", "=3D").replace("%", "=")
    return a2b_qp(quoted).decode("utf-8", "replace")
