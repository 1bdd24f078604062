"""What is asked of Microsoft Graph, as the SDK's requests; importing this is as slow as importing the SDK."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.request_information import RequestInformation
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.attendee_type import AttendeeType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.location import Location
from msgraph.generated.models.online_meeting_provider_type import OnlineMeetingProviderType
from msgraph.generated.models.sensitivity import Sensitivity
from msgraph.generated.places.graph_room.graph_room_request_builder import GraphRoomRequestBuilder
from msgraph.generated.users.item.calendar.get_schedule.get_schedule_post_request_body import (
    GetSchedulePostRequestBody,
)
from msgraph.generated.users.item.events.events_request_builder import EventsRequestBuilder
from msgraph.generated.users.item.events.item.cancel.cancel_post_request_body import CancelPostRequestBody
from msgraph.generated.users.item.events.item.event_item_request_builder import EventItemRequestBuilder
from msgraph.graph_service_client import GraphServiceClient

from bot.domain.spans import Span
from bot.domain.workdays import LONDON
from bot.gateways.graph_booking import Booking

UTC_TIMES = 'outlook.timezone="UTC"'
STEADY_IDS = 'IdType="ImmutableId"'  # or an event has another id once it is moved to another folder
WHOLE_DAYS = 1_440  # minutes: the coarse view is not read, so it may be as short as it can be
OF_AN_EVENT = ["id", "start", "end", "isCancelled", "attendees", "onlineMeeting"]
"""What is read of an event: neither its subject nor its text, in which somebody may have written."""

OF_A_ROOM = ["emailAddress", "displayName", "capacity", "isWheelChairAccessible"]
ROOMS_ON_A_PAGE = 100


class Request(NamedTuple):
    """One request, and its body as it will travel."""

    info: RequestInformation
    body: bytes


class GraphRequests:
    """The requests about one mailbox, which owns every meeting."""

    def __init__(self, client: GraphServiceClient, mailbox: str) -> None:
        """Builders are made now, since each of them imports something."""
        self._user = client.users.by_user_id(mailbox)
        self._events, self._schedule = self._user.events, self._user.calendar.get_schedule
        self._rooms = client.places.graph_room

    def schedule(self, addresses: Sequence[str], window: Span) -> Request:
        """When these people are taken."""
        asked = GetSchedulePostRequestBody(
            schedules=list(addresses),
            start_time=_in_utc(window.start),
            end_time=_in_utc(window.end),
            availability_view_interval=WHOLE_DAYS,
        )
        return _request(self._schedule.to_post_request_information(asked, _configured()))

    def create(self, booking: Booking) -> Request:
        """A new event, or the one that was made before for the same key."""
        event = Event(
            subject=booking.subject,
            body=ItemBody(content_type=BodyType.Text, content=booking.sentence),
            start=_in_london(booking.start),
            end=_in_london(booking.end),
            attendees=_attendees(booking),
            hide_attendees=True,  # who is invited can tell who it is about
            sensitivity=Sensitivity.Private,
            is_online_meeting=booking.online,
            transaction_id=booking.key,
        )
        if booking.online:
            event.online_meeting_provider = OnlineMeetingProviderType.TeamsForBusiness
        if booking.place:
            event.location = Location(display_name=booking.place, location_email_address=booking.room or None)
        return _request(self._events.to_post_request_information(event, _configured()))

    def move(self, id: str, start: datetime, end: datetime) -> Request:
        """Another time for an event; nothing else of it is written."""
        event = Event(start=_in_london(start), end=_in_london(end))
        return _request(self._events.by_event_id(id).to_patch_request_information(event, _configured()))

    def cancel(self, id: str, comment: str) -> Request:
        """Take an event back, telling everybody who was asked."""
        said = CancelPostRequestBody(comment=comment)
        return _request(self._events.by_event_id(id).cancel.to_post_request_information(said, _configured()))

    def event(self, id: str) -> Request:
        """An event as it is now."""
        query = EventItemRequestBuilder.EventItemRequestBuilderGetQueryParameters(select=OF_AN_EVENT)
        return _request(self._events.by_event_id(id).to_get_request_information(_configured(query)))

    def any_event(self) -> Request:
        """The id of one event, whichever it is."""
        query = EventsRequestBuilder.EventsRequestBuilderGetQueryParameters(select=["id"], top=1)
        return _request(self._events.to_get_request_information(_configured(query)))

    def rooms(self, page: str = "") -> Request:
        """A page of the rooms: the first, or the one at an address that Graph gave."""
        if page:
            return _request(self._rooms.with_url(page).to_get_request_information(_configured()))
        query = GraphRoomRequestBuilder.GraphRoomRequestBuilderGetQueryParameters(
            select=OF_A_ROOM, top=ROOMS_ON_A_PAGE
        )
        return _request(self._rooms.to_get_request_information(_configured(query)))


def _request(info: RequestInformation) -> Request:
    return Request(info, info.content or b"")


def _configured(query: Any = None) -> Any:
    configuration: RequestConfiguration[Any] = RequestConfiguration(query_parameters=query)
    for preference in (STEADY_IDS, UTC_TIMES):
        configuration.headers.add("Prefer", preference)
    return configuration


def _attendees(booking: Booking) -> list[Attendee]:
    invited = [
        (each.address, AttendeeType.Required if each.required else AttendeeType.Optional)
        for each in booking.guests
    ]
    if booking.room:
        invited.append((booking.room, AttendeeType.Resource))
    return [Attendee(email_address=EmailAddress(address=address), type=kind) for address, kind in invited]


def _in_utc(moment: datetime) -> DateTimeTimeZone:
    return DateTimeTimeZone(date_time=f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}", time_zone="UTC")


def _in_london(moment: datetime) -> DateTimeTimeZone:
    """As people there will read it; the mail that Graph sends to others names the zone."""
    return DateTimeTimeZone(
        date_time=f"{moment.astimezone(LONDON):%Y-%m-%dT%H:%M:%S}", time_zone="Europe/London"
    )
