"""Replies as mail programs write them, with everything in them that people may add. Everybody is invented."""

from base64 import encodebytes
from datetime import UTC, datetime
from quopri import encodestring

UID = "k3v7meeting@convenor"
TOKEN = "0123456789abcdef" * 2
PATTERN = "convenor+{token}@aldermere.example"
ADDRESS = PATTERN.replace("{token}", TOKEN)
ANA = "ana@example.test"
STAMP = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
SECRET = "Qanary cannot come because of the invented story"

OUTLOOK_ZONE = """BEGIN:VTIMEZONE
TZID:GMT Standard Time
BEGIN:STANDARD
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T010000
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


def ics(
    partstat="ACCEPTED",
    *,
    method="REPLY",
    uid=UID,
    sequence=0,
    attendee=ANA,
    stamp=STAMP,
    start="20260401T093000",
    end="20260401T110000",
    zone="GMT Standard Time",
    definition=OUTLOOK_ZONE,
    params="",
    more="",
) -> str:
    """The calendar object as Outlook writes it: upper-case MAILTO, a zone of 1601, a comment, folded lines."""
    text = f"""BEGIN:VCALENDAR
METHOD:{method}
PRODID:Microsoft Exchange Server 2010
VERSION:2.0
{definition}
BEGIN:VEVENT
ATTENDEE;PARTSTAT={partstat};CN="Wells, Ana: adult
  care"{params}:MAILTO:{attendee}
COMMENT;LANGUAGE=en-GB:{SECRET}\\n
UID:{uid}
SUMMARY;LANGUAGE=en-GB:Accepted: {SECRET}
DTSTART;TZID={zone}:{start}
DTEND;TZID={zone}:{end}
CLASS:PRIVATE
DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}
SEQUENCE:{sequence}
LOCATION;LANGUAGE=en-GB:{SECRET}
X-MICROSOFT-CDO-APPT-SEQUENCE:{sequence}
{more}BEGIN:VALARM
DESCRIPTION:REMINDER
UID:of-the-alarm
TRIGGER;RELATED=START:-PT15M
ACTION:DISPLAY
END:VALARM
END:VEVENT
END:VCALENDAR
"""
    return text.replace("\n", "\r\n")


def mail(
    calendar: str | None = None,
    *,
    sender=ANA,
    to=ADDRESS,
    message_id="<reply-1@example.test>",
    encoding="base64",
    method="REPLY",
    kind="text/calendar",
    headers="",
) -> bytes:
    """A reply as it lies in a mailbox: words for people, and the calendar's part."""
    body = (ics() if calendar is None else calendar).encode()
    coded = {"base64": encodebytes, "quoted-printable": encodestring, "8bit": bytes}[encoding](body)
    head = f"""{headers}From: "Ana Wells" <{sender}>
To: Convenor <{to}>
Subject: Accepted: {SECRET}
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="between"

--between
Content-Type: text/plain; charset="utf-8"

{SECRET}
--between
Content-Type: {kind}; charset="utf-8"; method={method}
Content-Transfer-Encoding: {encoding}

"""
    return head.replace("\n", "\r\n").encode() + coded + b"\r\n--between--\r\n"


def letter(text=SECRET, *, sender=ANA, to=ADDRESS, headers="") -> bytes:
    """An ordinary letter."""
    head = f"{headers}From: {sender}\nTo: {to}\nSubject: Re: Conference\nMessage-ID: <w@example.test>\n\n{text}\n"
    return head.replace("\n", "\r\n").encode()
