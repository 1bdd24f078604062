"""Who and what the stand-in for Teams holds: tenants, people, rooms."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["personal", "groupChat", "channel"]


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody in a tenant; for a guest, ids are those of the host's tenant (teams.md section 8)."""

    mri: str
    object_id: str
    name: str
    email: str
    tenant: str
    is_guest: bool = False

    def account(self) -> Json:
        """As the sender of an activity."""
        return {"id": self.mri, "name": self.name, "aadObjectId": self.object_id}

    def member(self) -> Json:
        """As a line of a roster."""
        given, _, surname = self.name.partition(" ")
        return {
            "id": self.mri,
            "name": self.name,
            "objectId": self.object_id,
            "givenName": given,
            "surname": surname,
            "email": self.email,
            "userPrincipalName": self.email,
            "tenantId": self.tenant,
            "userRole": "guest" if self.is_guest else "user",
        }


@dataclass(frozen=True, kw_only=True)
class Room:
    """A channel or a chat in one tenant; `members` are MRIs. A channel has a `team`; `topic` is for the page."""

    id: str
    kind: Kind
    tenant: str
    members: Sequence[str]
    name: str = ""
    team: str = ""
    topic: str = ""

    def account(self) -> Json:
        """As the conversation of an activity."""
        about = {"id": self.id, "conversationType": self.kind, "tenantId": self.tenant}
        return about if self.kind == "personal" else {**about, "isGroup": True, "name": self.name}

    def channel_data(self) -> Json:
        """What Teams adds to an activity from here."""
        about: Json = {"tenant": {"id": self.tenant}}
        if self.kind == "channel":
            about |= {"team": {"id": self.team}, "channel": {"id": self.id, "name": self.name}}
        return about
