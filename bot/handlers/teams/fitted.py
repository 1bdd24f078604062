"""Makes an activity fit for the SDK's models, or settles what the SDK would answer with 500 (teams.md section 5)."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

MEETING = "application/vnd.microsoft.meeting"

TYPES = frozenset(
    {
        "message",
        "messageUpdate",
        "messageDelete",
        "messageReaction",
        "conversationUpdate",
        "installationUpdate",
        "event",
        "invoke",
        "typing",
    }
)
INVOKES = frozenset(
    {
        "task/fetch",
        "task/submit",
        "adaptiveCard/action",
        "composeExtension/fetchTask",
        "composeExtension/submitAction",
    }
)
EVENTS = frozenset({f"{MEETING}{what}" for what in ("Start", "End", "ParticipantJoin", "ParticipantLeave")})


@dataclass(frozen=True)
class Settled:
    """Nobody needs to see this activity: it is answered with this status and no body."""

    status: int


def fitted(body: Json) -> Json | Settled:
    """The activity as the SDK can read it, `body` itself being left alone, or how it is answered at once.

    200 for a type or an event of which we know nothing, so that Teams does not send it again; 501 for such an
    invoke, so that whoever pressed is told; 400 for an activity that names no sender, conversation or recipient.
    """
    kind, name = body.get("type"), body.get("name")
    if not _is_one_of(kind, TYPES) or (kind == "event" and not _is_one_of(name, EVENTS)):
        return Settled(200)
    if kind == "invoke" and not _is_one_of(name, INVOKES):
        return Settled(501)
    if not all(_has_id(body.get(party)) for party in ("from", "conversation", "recipient")):
        return Settled(400)
    if not isinstance(body.get("id"), str):
        return Settled(400)
    return {**body, "value": _pressed(body.get("value"))} if name == "adaptiveCard/action" else body


def _is_one_of(word: object, words: frozenset[str]) -> bool:
    return isinstance(word, str) and word in words


def _has_id(party: object) -> bool:
    return isinstance(party, dict) and isinstance(party.get("id"), str) and bool(party["id"])


def _pressed(value: object) -> object:
    """Without `trigger`, of which the SDK knows "manual" alone; with data, which Teams leaves out when empty."""
    if not isinstance(value, dict):
        return value
    rest = {key: inner for key, inner in value.items() if key != "trigger"}
    action = rest.get("action")
    if isinstance(action, dict) and action.get("data") is None:
        rest["action"] = {**action, "data": {}}
    return rest
