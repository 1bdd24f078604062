"""Run by itself: answers every request over loopback with one event, as Graph or Google tells it; prints its port."""

import asyncio
import json
import re
import sys

OF_GOOGLES = {
    "kind": "calendar#event", "etag": '"invented"', "status": "confirmed", "htmlLink": "https://calendar.google.com/x",
    "id": "9vgs0sdsbgt36igk5mitsv76sdoduc3tdhhsd2c9190v16lm6k60", "summary": "Conference CV-7K4QMX",
    "created": "2026-02-20T09:00:00.000Z", "updated": "2026-02-20T09:00:01.000Z", "eventType": "default",
    "description": "Please answer in chat.", "location": "Willow Room", "visibility": "private", "sequence": 0,
    "creator": {"email": "meetings@aldermere.example", "self": True}, "guestsCanSeeOtherGuests": False,
    "organizer": {"email": "meetings@aldermere.example", "self": True}, "guestsCanInviteOthers": False,
    "start": {"dateTime": "2026-03-02T09:00:00Z", "timeZone": "Europe/London"}, "reminders": {"useDefault": True},
    "end": {"dateTime": "2026-03-02T10:00:00Z", "timeZone": "Europe/London"}, "iCalUID": "invented@google.com",
    "attendees": [
        {"email": f"guest{n}@aldermere.example", "responseStatus": "needsAction"} for n in range(8)
    ],
    "hangoutLink": "https://meet.google.com/abc-defg-hij",
    "conferenceData": {
        "createRequest": {"requestId": "invented", "status": {"statusCode": "success"}},
        "entryPoints": [{"entryPointType": "video", "uri": "https://meet.google.com/abc-defg-hij"}],
    },
}  # fmt: skip
OF_GRAPHS = {
    "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users('meetings')/events/$entity",
    "id": "AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0AwU6",
    "subject": "Conference CV-7K4QMX",
    "bodyPreview": "Please answer in chat.",
    "sensitivity": "private",
    "isOnlineMeeting": True,
    "start": {"dateTime": "2026-03-02T09:00:00.0000000", "timeZone": "UTC"},
    "end": {"dateTime": "2026-03-02T10:00:00.0000000", "timeZone": "UTC"},
    "attendees": [
        {"type": "required", "status": {"response": "none", "time": "0001-01-01T00:00:00Z"},
         "emailAddress": {"name": f"guest{n}@aldermere.example", "address": f"guest{n}@aldermere.example"}}
        for n in range(8)
    ],
    "@odata.etag": 'W/"invented=="', "createdDateTime": "2026-02-20T09:00:00.0000000Z", "type": "singleInstance",
    "lastModifiedDateTime": "2026-02-20T09:00:01.0000000Z", "changeKey": "invented==", "categories": [],
    "transactionId": "meeting-1", "originalStartTimeZone": "Europe/London", "importance": "normal",
    "originalEndTimeZone": "Europe/London", "iCalUId": "040000008200E00074C5B7101A82E008", "isAllDay": False,
    "reminderMinutesBeforeStart": 15, "isReminderOn": True, "hasAttachments": False, "isCancelled": False,
    "isOrganizer": True, "responseRequested": True, "seriesMasterId": None, "showAs": "busy", "isDraft": False,
    "webLink": "https://outlook.office365.com/owa/?itemid=invented", "onlineMeetingUrl": None,
    "onlineMeetingProvider": "teamsForBusiness", "allowNewTimeProposals": True, "hideAttendees": True,
    "occurrenceId": None, "recurrence": None, "responseStatus": {"response": "organizer",
        "time": "0001-01-01T00:00:00Z"},
    "body": {"contentType": "html", "content": "<html><body>Please answer in chat.</body></html>"},
    "location": {"displayName": "Willow Room", "locationType": "default", "uniqueId": "Willow Room",
        "uniqueIdType": "private"},
    "locations": [{"displayName": "Willow Room", "locationType": "default", "uniqueId": "Willow Room",
        "uniqueIdType": "private"}],
    "organizer": {"emailAddress": {"name": "Convenor", "address": "meetings@aldermere.example"}},
    "onlineMeeting": {"joinUrl": "https://teams.microsoft.com/l/meetup-join/invented"},
}  # fmt: skip
BODY = json.dumps(OF_GOOGLES if sys.argv[1:] == ["google"] else OF_GRAPHS).encode()
HEAD = (
    f"HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: {len(BODY)}\r\n\r\n".encode()
)
LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection, kept as long as the other side keeps it."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            if found := LENGTH.search(head):
                await reader.readexactly(int(found.group(1)))
            writer.write(HEAD + BODY)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


asyncio.run(main())
