"""From the settings to the calendars of a council's Microsoft 365."""

from typing import Protocol

from bot import diary_reading, entry_watch
from bot.courier import entry
from bot.gateways.graph import Graph
from bot.gateways.graph_sign_in import GraphSignIn
from bot.settings import Settings


class Calendars(diary_reading.Calendars, entry.Calendar, entry_watch.Calendar, Protocol):
    """Calendars of another system: diaries to be read, and the organiser's own to be written."""


def calendars_of(settings: Settings) -> dict[str, Calendars]:
    """Each that is set up, by the name that the area's file gives it."""
    graph = graph_of(settings)
    return {"graph": graph} if graph is not None else {}


def graph_of(settings: Settings) -> Graph | None:
    """Graph with the one proof that is set; None where it is not set up. Nothing is asked or imported yet."""
    if settings.graph_app_id is None or settings.graph_tenant_id is None or settings.graph_mailbox is None:
        return None
    secret = settings.graph_app_password
    proof = GraphSignIn(
        settings.graph_app_id,
        settings.graph_tenant_id,
        secret=secret.get_secret_value() if secret else "",
        certificate=settings.graph_certificate,
        token_file=settings.graph_token_file,
    )
    return Graph(proof, settings.graph_mailbox)
