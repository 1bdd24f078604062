"""An inbox for each person, and the calendar that the invitations in it add up to."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any, cast

from icalendar import Calendar

from bot.local.clock import LONDON
from bot.local.news import News
from bot.local.seats import Chair
from bot.local.shelf import Shelf

Json = dict[str, Any]


@dataclass(kw_only=True, slots=True)
class Letter:
    """One e-mail as the person it was for reads it. `at` is the workspace's clock, ISO in UTC."""

    id: str
    to: str
    sender: str
    subject: str
    at: str
    text: str
    html: str = ""
    invitation: Json | None = None
    read: bool = False
    answered: str = ""

    def as_page(self) -> Json:
        """The message object of the page API."""
        shown = asdict(self)
        del shown["to"], shown["html"]
        shown["from"] = shown.pop("sender")
        return shown


class Letters:
    """All mail that reached the workspace."""

    def __init__(
        self, people: dict[str, Chair], shelf: Shelf, news: News, now: Callable[[], datetime]
    ) -> None:
        self.people, self.shelf, self.news, self.now = people, shelf, news, now
        self.by_address = {one.email.lower(): one.user_id for one in people.values() if one.email}
        self.diaries: list[Callable[[str, datetime, datetime], list[Json]]] = []
        """What people have in calendars of their own, by address and window: `uid`, `summary`, `start` and `end`."""
        self.all = [Letter(**body) for body in shelf.all("letter").values()]

    def has(self, address: str) -> bool:
        """Whether somebody here has this address."""
        return address.lower() in self.by_address

    def arrive(self, address: str, mail: EmailMessage) -> Letter:
        """Put a mail into the inbox of the person with that address."""
        user = self.by_address[address.lower()]
        plain, html = mail.get_body(("plain",)), mail.get_body(("html",))
        letter = Letter(
            id=f"M0{secrets.token_hex(6).upper()}",
            to=user,
            sender=str(mail.get("From", "")),
            subject=str(mail.get("Subject", "")),
            at=self.now().isoformat(),
            text=_said(plain),
            html=_said(html),
            invitation=_invitation(mail),
        )
        self.all.append(letter)
        self._keep(letter)
        return letter

    def _keep(self, letter: Letter) -> None:
        self.shelf.put("letter", letter.id, asdict(letter))
        self.news.tell("mail", user=letter.to)

    def of(self, user: str) -> list[Letter]:
        """A person's mail, newest first."""
        return [one for one in reversed(self.all) if one.to == user]

    def unread(self, user: str) -> int:
        """How many letters a person has not opened."""
        return sum(1 for one in self.all if one.to == user and not one.read)

    def open(self, user: str, letter_id: str) -> bool:
        """A person opens a letter; False when there is no such letter of theirs."""
        for letter in self.of(user):
            if letter.id == letter_id:
                if not letter.read:
                    letter.read = True
                    self._keep(letter)
                return True
        return False

    def answered(self, letter: Letter, answer: str) -> None:
        """A person has answered the invitation in a letter, in words for the page."""
        letter.answered = answer
        self._keep(letter)

    def week(self, user: str, day: date) -> Json:
        """A person's week around `day`: working hours, what the received invitations say, their own entries."""
        monday = day - timedelta(days=day.weekday())
        hours = [
            {"day": (monday + timedelta(days=one.weekday)).isoformat(), "from": one.start, "to": one.end}
            for one in self.people[user].hours
        ]
        begins = datetime.combine(monday, datetime.min.time(), LONDON)
        ends = datetime.combine(monday + timedelta(days=7), datetime.min.time(), LONDON)
        entries = [
            {key: entry[key] for key in ("uid", "summary", "start", "end", "location")} | {"status": state}
            for entry, state in _standing(one.invitation for one in self.all if one.to == user)
            if datetime.fromisoformat(entry["start"]) < ends and begins < datetime.fromisoformat(entry["end"])
        ]
        address = self.people[user].email
        own = [
            {**entry, "location": "", "status": "own"}
            for diary in self.diaries
            for entry in diary(address, begins, ends)
        ]
        return {
            "week": monday.isoformat(),
            "hours": hours,
            "entries": sorted([*entries, *own], key=_starts),
        }


def _said(part: Any) -> str:
    return str(part.get_content()).replace("\r\n", "\n") if isinstance(part, EmailMessage) else ""


def _starts(entry: Json) -> datetime:
    return datetime.fromisoformat(entry["start"])


def _standing(invitations: Iterable[Json | None]) -> list[tuple[Json, str]]:
    """What stands for each UID: the highest SEQUENCE, and of equals the last to arrive (RFC 5546 section 2.1.5)."""
    latest: dict[str, Json] = {}
    for one in invitations:
        if one and one["start"] and one["sequence"] >= latest.get(one["uid"], {"sequence": -1})["sequence"]:
            latest[one["uid"]] = one
    return [(one, "cancelled" if _is_off(one) else "confirmed") for one in latest.values()]


def _is_off(invitation: Json) -> bool:
    return "CANCEL" in (invitation["method"], invitation["status"][:6])


def _invitation(mail: EmailMessage) -> Json | None:
    """The first event of a text/calendar part, or None (RFC 5545, RFC 6047)."""
    for part in mail.walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(cast(bytes, part.get_payload(decode=True)))
            for event in calendar.walk("VEVENT"):
                start, end = event.get("DTSTART"), event.get("DTEND")
                return {
                    "method": str(calendar.get("METHOD") or part.get_param("method") or "PUBLISH").upper(),
                    "uid": str(event.get("UID", "")),
                    "sequence": int(event.get("SEQUENCE", 0)),
                    "summary": str(event.get("SUMMARY", "")),
                    "start": _utc(start.dt) if start else None,
                    "end": _utc(end.dt if end else start.dt) if end or start else None,
                    "location": str(event.get("LOCATION", "")),
                    "description": str(event.get("DESCRIPTION", "")),
                    "organizer": _address(event.get("ORGANIZER")),
                    "status": str(event.get("STATUS", "")).upper() or "CONFIRMED",
                }
    return None


def _address(organiser: object) -> str:
    return str(organiser or "").lower().removeprefix("mailto:")


def _utc(moment: datetime | date) -> str:
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, datetime.min.time(), LONDON)
    return (moment if moment.tzinfo else moment.replace(tzinfo=LONDON)).astimezone(UTC).isoformat()
