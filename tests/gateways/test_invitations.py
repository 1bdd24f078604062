"""Invitations as calendars receive them; the parsing is icalendar's, the zone rules are checked against zoneinfo."""

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Timezone

from bot.domain.errors import Undeliverable
from bot.gateways.gate import gate
from bot.gateways.invitations import SUMMARIES, VTIMEZONE, Invitation, as_ics, as_mail

unhurried = settings(deadline=None)  # a busy machine is no failure

LONDON = ZoneInfo("Europe/London")


def an_invitation(**but):
    start = datetime(2026, 3, 27, 9, 30, tzinfo=LONDON)
    usual = {
        "uid": "k3v7meeting@convenor",
        "sequence": 0,
        "method": "REQUEST",
        "kind": "conference",
        "reference": "CV-7K4QMX",
        "start": start,
        "end": start + timedelta(hours=1),
        "organiser": "convenor@aldermere.example",
        "attendee": "priya.okafor@housing.example",
        "required": True,
        "place": "Room 2, Aldermere House",
        "stamp": datetime(2026, 3, 2, 10, 0, tzinfo=UTC),
        "delivery_id": "abc234def567",
    }
    return Invitation(**{**usual, **but})


def received(invitation):
    """The message as the far side parses it: from its bytes."""
    return email.message_from_bytes(as_mail(invitation).as_bytes(), policy=email.policy.default)


def event_in(invitation):
    (part,) = [p for p in received(invitation).walk() if p.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    assert calendar["METHOD"] == part.get_param("method") == invitation.method
    (event,) = calendar.walk("VEVENT")
    return event


def test_a_request_is_text_a_calendar_part_and_a_file():
    mail = received(an_invitation())
    assert [part.get_content_type() for part in mail.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/calendar",
        "application/ics",
    ]
    plain, calendar, file = (p for p in mail.walk() if not p.is_multipart())
    assert file.get_filename() == "invite.ics"
    assert file.get_payload(decode=True) == calendar.get_payload(decode=True)
    assert "Friday 27 March 2026 at 09:30" in plain.get_content()
    assert mail["Subject"] == "Conference CV-7K4QMX, Friday 27 March 2026 at 09:30"


def test_each_recipient_sees_only_themselves():
    """Who is invited can identify somebody (calendar.md section 3)."""
    event = event_in(an_invitation())
    assert str(event["ATTENDEE"]) == "mailto:priya.okafor@housing.example"
    assert event["ATTENDEE"].params == {
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "NEEDS-ACTION",
        "RSVP": "TRUE",
    }
    assert received(an_invitation())["To"] == "priya.okafor@housing.example"
    assert event["CLASS"] == "PRIVATE"


def test_somebody_optional_is_told_so():
    assert event_in(an_invitation(required=False))["ATTENDEE"].params["ROLE"] == "OPT-PARTICIPANT"


def test_a_move_keeps_the_uid_and_raises_the_sequence_and_a_cancellation_ends_it():
    first = an_invitation()
    moved = replace(
        first, sequence=1, start=first.start + timedelta(days=3), end=first.end + timedelta(days=3)
    )
    ended = replace(moved, sequence=2, method="CANCEL")
    events = [event_in(each) for each in (first, moved, ended)]
    assert {str(event["UID"]) for event in events} == {"k3v7meeting@convenor"}
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert received(ended)["Subject"].startswith("Cancelled: Conference CV-7K4QMX")
    assert len({received(each)["References"] for each in (first, moved, ended)}) == 1


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [
        ("2026-03-27", 9),  # Friday before the spring change
        ("2026-03-30", 8),  # Monday after
        ("2026-10-23", 8),
        ("2026-10-26", 9),
    ],
)
def test_half_past_nine_is_half_past_nine_on_both_sides_of_a_clock_change(day, utc_hour):
    start = datetime.fromisoformat(f"{day}T09:30").replace(tzinfo=LONDON)
    event = event_in(an_invitation(start=start.astimezone(UTC), end=start + timedelta(hours=1)))
    assert event["DTSTART"].params["TZID"] == "Europe/London"
    assert event["DTSTART"].to_ical() == f"{day.replace('-', '')}T093000".encode()
    assert event.start.astimezone(UTC).hour == utc_hour
    assert event.end - event.start == timedelta(hours=1)


@unhurried
@given(st.datetimes(datetime(1997, 1, 1), datetime(2037, 12, 31)))  # noqa: DTZ001
def test_the_rules_sent_along_are_londons_own(wall):
    """A client that reads the rules, and not the zone's name, comes to the same instant."""
    rules = Timezone.from_ical(VTIMEZONE.replace("Europe/London", "Our Own Rules")).to_tz(lookup_tzid=False)
    here = wall.replace(tzinfo=LONDON)
    if (
        here.astimezone(UTC).astimezone(LONDON).replace(tzinfo=None) != wall
        or here.utcoffset() != here.replace(fold=1).utcoffset()
    ):
        return  # the hour that spring skips and the one that autumn repeats
    assert wall.replace(tzinfo=rules).utcoffset() == here.utcoffset()


def test_lines_are_folded_and_no_list_of_dates_is_sent():
    ics = as_ics(an_invitation())
    assert all(len(line) <= 75 for line in ics.split(b"\r\n"))
    assert b"RDATE" not in ics
    assert len(ics) < 1400


def test_the_same_delivery_sent_twice_is_one_message():
    once, twice = (received(an_invitation())["Message-ID"] for _ in range(2))
    assert once == twice == "<abc234def567@aldermere.example>"
    odd = received(an_invitation(delivery_id="invite:é b>"))["Message-ID"]
    assert re.fullmatch(r"<[0-9a-f]{40}@aldermere\.example>", odd)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "Ms B, hoarding"},
        {"reference": "Ms B"},
        {"reference": "CV-7K4QM"},
        {"sequence": -1},
        {"end": datetime(2026, 3, 27, 9, tzinfo=LONDON)},
        {"start": datetime(2026, 3, 27, 9)},  # noqa: DTZ001
    ],
)
def test_only_the_closed_set_and_a_reference_may_stand_in_a_calendar(wrong):
    """IG-01: pointers in calendars, people in the store."""
    with pytest.raises(ValueError, match=r"calendar|sequence|zone"):
        an_invitation(**wrong)


def test_a_panel_of_several_cases_carries_no_reference():
    assert str(event_in(an_invitation(kind="panel", reference=""))["SUMMARY"]) == "Panel"


def test_a_recipient_that_is_no_address_is_not_written_to():
    with pytest.raises(Undeliverable) as held:
        as_mail(an_invitation(attendee="priya"))
    assert "priya" not in held.value.reason


@unhurried
@given(
    st.sampled_from(sorted(SUMMARIES)),
    st.sampled_from(["REQUEST", "CANCEL"]),
    st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1)),  # noqa: DTZ001
)
def test_people_called_like_a_word_of_the_template_do_not_stop_the_mail(kind, method, when):
    """Ms May, Mr Will, Mrs London and Mr Friday are in a case; the place is the only word of ours left."""
    start = when.replace(tzinfo=UTC)
    invitation = an_invitation(kind=kind, method=method, start=start, end=start + timedelta(hours=1))
    names = ["May London", "Will Friday", "Grace Sent", "Priya Chat", "June August", "Mon Private"]
    gate(names, as_mail(invitation).as_bytes(), known=invitation.known)


@pytest.mark.parametrize("hidden", [{"place": "14 Wren Street"}, {"link": "https://meet.example/wren"}])
def test_a_name_in_the_place_or_the_link_holds_the_invitation_back(hidden):
    invitation = an_invitation(**hidden)
    with pytest.raises(Undeliverable):
        gate(["Jenny Wren"], as_mail(invitation).as_bytes(), known=invitation.known)


def test_answers_by_mail_go_to_the_address_of_the_invitation():
    """Mail programs differ in which of the two they answer: the organiser, or where the mail wants its replies."""
    own = "convenor+0123456789abcdef0123456789abcdef@aldermere.example"
    invitation = an_invitation(reply_to=own)
    assert str(event_in(invitation)["ORGANIZER"]) == f"mailto:{own}"
    assert received(invitation)["Reply-To"].addresses[0].addr_spec == own
    assert received(invitation)["From"].addresses[0].addr_spec == "convenor@aldermere.example"
    assert "buttons of this invitation" in received(invitation).get_body(("plain",)).get_content()
    assert received(an_invitation())["Reply-To"] is None
    assert "in chat" in received(an_invitation()).get_body(("plain",)).get_content()
