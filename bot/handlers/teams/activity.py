"""An activity in words of our own: what a handler gets to see of Teams' wire."""

from dataclasses import dataclass, field
from typing import Any

from bot.gateways.teams_reference import Reference

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Activity:
    """Something that was said, pressed, submitted or that happened, signed by Teams and of a tenant of ours.

    `kind` is the activity's type and `name` what an invoke or an event is called. `sender` is an MRI (29:…) and
    `person` the object id in `tenant`'s directory, the key of an identity; a guest's is the host's. `where` is
    personal, groupChat or channel. `said` is a message's text without mentions; `value` what an invoke carries.
    `on` is the id of the message that was pressed. `whole` is the activity as it came, for what is needed rarely.
    """

    id: str
    kind: str
    name: str
    tenant: str
    sender: str
    person: str
    conversation: str
    where: str
    team: str
    channel: str
    bot: str
    service_url: str
    said: str
    value: Json
    on: str
    whole: Json = field(repr=False)

    @property
    def is_invoke(self) -> bool:
        """Whether somebody waits for the answer."""
        return self.kind == "invoke"

    @property
    def reference(self) -> Reference:
        """Where this conversation, or its thread, is written to: the guard has checked the address and the tenant."""
        return Reference(
            service_url=self.service_url, conversation=self.conversation, tenant=self.tenant, bot=self.bot
        )


def activity_of(body: Json, said: str = "") -> Activity:
    """From the wire's JSON, as the SDK read it; `said` is the text without mentions."""
    conversation, about = _part(body, "conversation"), _part(body, "channelData")
    return Activity(
        id=str(body["id"]),
        kind=str(body["type"]),
        name=_text(body, "name"),
        tenant=_text(conversation, "tenantId") or _text(_part(about, "tenant"), "id"),
        sender=_text(_part(body, "from"), "id"),
        person=_text(_part(body, "from"), "aadObjectId"),
        conversation=_text(conversation, "id"),
        where=_text(conversation, "conversationType") or "personal",
        team=_text(_part(about, "team"), "id"),
        channel=_text(_part(about, "channel"), "id"),
        bot=_text(_part(body, "recipient"), "id"),
        service_url=_text(body, "serviceUrl"),
        said=said,
        value=_part(body, "value"),
        on=_text(body, "replyToId"),
        whole=body,
    )


def _part(body: Json, name: str) -> Json:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def _text(body: Json, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""
