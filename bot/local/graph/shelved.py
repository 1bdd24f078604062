"""Events of the stand-in, kept over a restart of the workspace."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.domain.spans import Span
from bot.local.graph.world import Event, Keep
from bot.local.shelf import Shelf

Json = dict[str, Any]

KIND = "graph_event"


class Shelved(Keep):
    """On the workspace's shelf."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def all(self) -> dict[str, Event]:
        """The events that were kept, by id."""
        return {id: _event(body) for id, body in self.shelf.all(KIND).items()}

    def put(self, event: Event) -> None:
        """Keep an event as it is now."""
        times = {address: at.isoformat() for address, at in event.answered_at.items()}
        span = [event.span.start.isoformat(), event.span.end.isoformat()]
        self.shelf.put(KIND, event.id, asdict(event) | {"span": span, "answered_at": times})

    def drop(self, event: Event) -> None:
        """Forget an event."""
        self.shelf.drop(KIND, event.id)


def _event(body: Json) -> Event:
    start, end = (datetime.fromisoformat(each) for each in body["span"])
    times = {address: datetime.fromisoformat(at) for address, at in body["answered_at"].items()}
    return Event(**body | {"span": Span(start, end), "answered_at": times})
