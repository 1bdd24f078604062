"""Aldermere's owners in Teams: who they are there, the keys that sign, a press of theirs, and forgeries of one."""

import json
import uuid
from collections.abc import Iterator
from functools import cache
from itertools import cycle

from bench_town import NOW, Json
from loopback import Request, posted
from sqlmodel import col, select

from bot.local.teams.activities import Activities, Bot
from bot.local.teams.aldermere import COUNCIL
from bot.local.teams.issuer import Issuer
from bot.local.teams.seats import Person, Room
from bot.local.teams.world import APP_ID
from bot.storage.engine import connect
from bot.storage.tables import PersonRow
from bot.storage.transaction import transactions

MESSAGES = "/api/messages"
KEYS = "/v1/.well-known/keys"
SERVICE = "https://smba.trafficmanager.net/teams"
ACCEPT = "action.accept"

FORGERIES = {
    "wrong signature": {"signing": "rogue key"},
    "wrong algorithm": {"signing": "none"},
    "unknown key": {"header": {"kid": "nobody-s"}, "signing": "rogue key"},
    "wrong issuer": {"iss": "https://sts.windows.net/", "signing": "rogue key"},
    "not a token": {},
}
"""How each is forged, by the reason for which the guard turns it away; unknown keys, tenants, garbage are all new."""


@cache
def issuer() -> Issuer:
    """Signs for Teams in this run."""
    return Issuer(APP_ID)


def link(url: str) -> None:
    """Tie everybody who is in Slack to an account in the council's tenant as well."""
    engine = connect(url)
    with transactions(engine)() as work:
        for person in work.session.exec(select(PersonRow).where(col(PersonRow.slack_user).is_not(None))):
            there = owner(str(person.slack_user))
            work.teams.link(person.id, COUNCIL, there.object_id, mri=there.mri, is_guest=False, at=NOW)
    engine.dispose()


def owner(user: str) -> Person:
    """Who somebody of Slack is in Teams."""
    object_id = str(uuid.uuid5(uuid.NAMESPACE_OID, user))
    return Person(mri=f"29:1{user}", object_id=object_id, name=user, email="", tenant=COUNCIL)


def press(action: str, user: str) -> Request:
    """*Accept* on the owner's own card in their chat with the bot, under a token of its own."""
    return posted(MESSAGES, json.dumps(_activity(action, user)), _headers(issuer().mint(SERVICE)), action)


def forged(action: str, user: str, each: int = 100) -> Iterator[tuple[str, Request]]:
    """Forgeries of that press without end, `each` different ones of a kind, with the reason for which one is refused.

    They are made before the first is given out: to forge one takes longer than to refuse it.
    """
    body = json.dumps(_activity(action, user))
    return cycle(
        [
            (reason, posted(MESSAGES, body, _headers(_forgery(reason))))
            for _ in range(each)
            for reason in FORGERIES
        ]
    )


def _forgery(reason: str) -> str:
    new = uuid.uuid4().hex
    if reason == "not a token":
        return f"{new}.{new}.{new}"
    how: Json = dict(FORGERIES[reason])
    if reason == "unknown key":
        how["header"] = {"kid": new}
    if reason == "wrong issuer":
        how |= {"iss": f"{how['iss']}{uuid.uuid4()}/", "tid": new}
    return issuer().mint(SERVICE, jti=new, **how)


def _headers(token: str) -> dict[str, str]:
    return {"content-type": "application/json; charset=utf-8", "authorization": f"Bearer {token}"}


def _activity(action: str, user: str) -> Json:
    """With what Teams itself adds to one."""
    person = owner(user)
    chat = Room(id=f"a:1{user}", kind="personal", tenant=COUNCIL, members=(person.mri,))
    data = {"convenor": {"verb": ACCEPT, "value": f"{action}.1"}}
    client = {"locale": "en-GB", "country": "GB", "platform": "Web", "timezone": "Europe/London"}
    return {
        **Activities(Bot(id=f"28:{APP_ID}"), SERVICE).presses(person, chat, ACCEPT, data, on="1763287200100"),
        "rawTimestamp": "2026-03-02T09:00:00.000Z",
        "localTimestamp": "2026-03-02T09:00:00.000+00:00",
        "localTimezone": "Europe/London",
        "entities": [{**client, "type": "clientInfo"}],
    }
