"""What is asked of Microsoft Graph, as the SDK's requests; importing this is as slow as importing the SDK.

Addresses are the SDK's own. Bodies are plain JSON: its models of an event and of eight guests cost more time than
all else of a call together, and the words are checked against Microsoft's description anyway (tests/contract).
"""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.places.graph_room.graph_room_request_builder import GraphRoomRequestBuilder
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.graph_service_client import GraphServiceClient

from bot.domain.spans import Span
from bot.domain.workdays import LONDON
from bot.gateways.booking import Booking

Json = dict[str, Any]

UTC_TIMES = 'outlook.timezone="UTC"'
STEADY_IDS = 'IdType="ImmutableId"'  # or an event has another id once it is moved to another folder
WHOLE_DAYS = 1_440  # minutes: the coarse view is not read, so it may be as short as it can be
OF_AN_EVENT = ["id", "start", "end", "isCancelled", "attendees", "onlineMeeting", "location"]
"""What is read of an event: neither its subject nor its text, in which somebody may have written."""

OF_A_ROOM = ["emailAddress", "displayName", "capacity", "isWheelChairAccessible"]
ROOMS_ON_A_PAGE = 100
JSON = "application/json"


class Request(NamedTuple):
    """One request, and its body as it will travel."""

    info: RequestInformation
    body: bytes


class GraphRequests:
    """The requests about one mailbox, which owns every meeting."""

    def __init__(self, client: GraphServiceClient, mailbox: str) -> None:
        """Builders are made now, since each of them imports something."""
        user = client.users.by_user_id(mailbox)
        self._events, self._schedule = user.events, user.calendar.get_schedule
        self._rooms, self._subscriptions = client.places.graph_room, client.subscriptions
        self._resource = f"/users/{mailbox}/events"
        _ = self._subscriptions.by_subscription_id("any")
        _ = self._events.by_event_id("any").cancel

    def schedule(self, addresses: Sequence[str], window: Span) -> Request:
        """When these people are taken."""
        asked = {
            "Schedules": list(addresses),
            "StartTime": _in_utc(window.start),
            "EndTime": _in_utc(window.end),
            "AvailabilityViewInterval": WHOLE_DAYS,
        }
        return _saying(Method.POST, self._schedule, asked)

    def create(self, booking: Booking) -> Request:
        """A new event, or the one that was made before for the same key."""
        event: Json = {
            "subject": booking.subject,
            "body": {"contentType": "text", "content": booking.sentence},
            "start": _in_london(booking.start),
            "end": _in_london(booking.end),
            "attendees": _attendees(booking),
            "hideAttendees": True,  # who is invited can tell who it is about
            "sensitivity": "private",
            "isOnlineMeeting": booking.online,
            "transactionId": booking.key,
        }
        if booking.online:
            event["onlineMeetingProvider"] = "teamsForBusiness"
        if booking.place:
            event["location"] = _location(booking)
        return _saying(Method.POST, self._events, event)

    def change(self, id: str, booking: Booking, *, times: bool, guests: bool, place: bool) -> Request:
        """Another time, other guests, another place; nothing else of the event is written. A room is a guest too."""
        said: Json = {}
        if times:
            said |= {"start": _in_london(booking.start), "end": _in_london(booking.end)}
        if guests or place:
            said["attendees"] = _attendees(booking)
        if place:
            said["location"] = _location(booking)
        return _saying(Method.PATCH, self._events.by_event_id(id), said)

    def cancel(self, id: str, comment: str) -> Request:
        """Take an event back, telling everybody who was asked."""
        return _saying(Method.POST, self._events.by_event_id(id).cancel, {"Comment": comment})

    def event(self, id: str) -> Request:
        """An event as it is now."""
        query = EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(select=OF_AN_EVENT)
        return _reading(self._events.by_event_id(id), query)

    def listen(self, address: str, secret: str, until: datetime) -> Request:
        """Tell us at this address of every event that is changed or deleted, and of the channel's own troubles."""
        asked = {
            "changeType": "updated,deleted",
            "notificationUrl": address,
            "lifecycleNotificationUrl": address,  # can only be said now, never later
            "resource": self._resource,
            "expirationDateTime": _instant(until),
            "clientState": secret,
        }
        return _saying(Method.POST, self._subscriptions, asked)

    def listen_on(self, id: str, until: datetime) -> Request:
        """For longer."""
        channel = self._subscriptions.by_subscription_id(id)
        return _saying(Method.PATCH, channel, {"expirationDateTime": _instant(until)})

    def stop_listening(self, id: str) -> Request:
        """No longer."""
        channel = self._subscriptions.by_subscription_id(id)
        return Request(channel.to_delete_request_information(_configured()), b"")

    def any_event(self) -> Request:
        """The id of one event, whichever it is."""
        query = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(select=["id"], top=1)
        return _reading(self._events, query)

    def rooms(self, page: str = "") -> Request:
        """A page of the rooms: the first, or the one at an address that Graph gave."""
        if page:
            return _reading(self._rooms.with_url(page), None)
        query = GraphRoomRequestBuilder.GraphRoomRequestBuilderGetQueryParameters(
            select=OF_A_ROOM, top=ROOMS_ON_A_PAGE
        )
        return _reading(self._rooms, query)


def _saying(method: Method, where: Any, what: Json) -> Request:
    """As the SDK's own `to_post_request_information`, with a body that is written already."""
    info = RequestInformation(method, where.url_template, where.path_parameters)
    info.configure(_configured())
    info.headers.try_add("Accept", JSON)
    body = json.dumps(what).encode()
    info.set_stream_content(body, JSON)
    return Request(info, body)


def _reading(where: Any, query: Any) -> Request:
    return Request(where.to_get_request_information(_configured(query)), b"")


def _configured(query: Any = None) -> Any:
    configuration: RequestConfiguration[Any] = RequestConfiguration(query_parameters=query)
    for preference in (STEADY_IDS, UTC_TIMES):
        configuration.headers.add("Prefer", preference)
    return configuration


def _attendees(booking: Booking) -> list[Json]:
    invited = [(each.address, "required" if each.required else "optional") for each in booking.guests]
    if booking.room:
        invited.append((booking.room, "resource"))
    return [{"emailAddress": {"address": address}, "type": kind} for address, kind in invited]


def _location(booking: Booking) -> Json:
    where: Json = {"displayName": booking.place}
    return {**where, "locationEmailAddress": booking.room} if booking.room else where


def _in_utc(moment: datetime) -> Json:
    return {"dateTime": f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", "timeZone": "UTC"}


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def _in_london(moment: datetime) -> Json:
    """As people there will read it; the mail that Graph sends to others names the zone."""
    return {"dateTime": f"{moment.astimezone(LONDON):%Y-%m-%dT%H:%M:%S}", "timeZone": "Europe/London"}
