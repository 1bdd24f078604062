"""What `convenor check` says of the calendars in Microsoft 365: the sign-in, and each role by trying what it is for."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

from bot.check_line import Line
from bot.domain.diary import Unreadable
from bot.domain.errors import TryLater, Undeliverable
from bot.domain.spans import Span
from bot.gateways.graph import Graph
from bot.gateways.graph_sign_in import NoToken
from bot.gateways.teams_sign_in import certificate_fault
from bot.microsoft_codes import advised
from bot.settings import Settings

TOO_MUCH = frozenset({"Calendars.ReadWrite", "Calendars.Read", "Mail.Send", "Mail.ReadWrite"})
"""Consented in Entra these reach every mailbox, whatever scope Exchange was told of: the two are added together."""

SCOPED = (
    "with a management scope that holds the mailbox of GRAPH_MAILBOX alone (Exchange, RBAC for Applications)"
)
ROLES = {
    "diaries": "grant the app Calendars.ReadBasic.All with an administrator's consent (Entra)",
    "meetings": f"grant the app the role Application Calendars.ReadWrite {SCOPED}",
    "rooms": "grant the app Place.Read.All with an administrator's consent (Entra)",
}
DENIED = {"ErrorAccessDenied", "Authorization_RequestDenied", "AccessDenied", "HTTP 403", "Forbidden"}
NO_MAILBOX = {
    "ErrorInvalidUser",
    "MailboxNotEnabledForRESTAPI",
    "Request_ResourceNotFound",
    "ResourceNotFound",
}


async def check_graph(
    settings: Settings, now: datetime, graph_of: Callable[[Settings], Graph | None]
) -> list[Line]:
    """Nothing where the calendars are not set up. Everything is read; nothing is written anywhere."""
    graph = graph_of(settings)
    if graph is None:
        return []
    what = f"Graph's sign-in ({settings.graph_proof})"
    if settings.graph_certificate and (fault := certificate_fault(settings.graph_certificate, now)):
        return [Line(False, what, fault)]
    try:
        roles = await graph.roles()
        signed_in = Line(True, what, f"tenant {settings.graph_tenant_id} gives Convenor a token")
        return [signed_in, *_reach(roles), *await _tried(graph, now)]
    except NoToken as none:
        refused = none.code.startswith("AADSTS")
        said = advised(none.code, "GRAPH") if refused else f"cannot be tried now ({none.code})"
        return [Line(False, what, said)]
    finally:
        await graph.close()


def _reach(roles: frozenset[str]) -> list[Line]:
    if not (found := sorted(roles & TOO_MUCH)):
        return []
    said = f"{', '.join(found)}: consented in Entra, so for every mailbox there is. Take it back, and grant it {SCOPED}"
    return [Line(False, "Graph's reach", said)]


async def _tried(graph: Graph, now: datetime) -> list[Line]:
    async def own_diary() -> None:
        read = await graph.diaries([graph.mailbox], Span(now, now + timedelta(days=1)))
        found = read[graph.mailbox]
        if isinstance(found, Unreadable):
            raise Undeliverable(found.reason)

    return [
        await _line("diaries", own_diary, "may be read"),
        await _line(
            "meetings", graph.try_events, "may be read; whether also written, the first booking shows"
        ),
        await _line("rooms", graph.rooms, "may be listed"),
    ]


async def _line(role: str, call: Callable[[], Awaitable[Any]], fine: str) -> Line:
    what = f"Graph's {role}"
    try:
        await call()
    except TryLater as later:
        return Line(False, what, f"cannot be tried now ({later.reason})")
    except Undeliverable as no:
        if no.reason in DENIED:
            return Line(False, what, f"{no.reason}: {ROLES[role]}")
        if no.reason in NO_MAILBOX:
            return Line(False, what, f"{no.reason}: there is no mailbox of the address in GRAPH_MAILBOX")
        return Line(False, what, f"Graph answers {no.reason}")
    return Line(True, what, fine)
