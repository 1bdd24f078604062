"""What a case's chronology is made of, in which orders it is read, and when it asks for a review (S5-12 to S5-24).

Pure. An entry is never changed: a correction is an entry of its own that names the one it puts right (IG-30, IG-35), so
what was known on a day is what had been recorded by then, and nothing of what came after (IG-31).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo

from bot.domain.errors import Invalid
from bot.domain.pathway import IncidentKind
from bot.domain.workdays import WorkingDays

LONGEST, SHORTEST = 3000, 3
"""Characters of a text in an entry: at most, and at least where one is needed."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """One question of an entry's form: `long` for several lines."""

    id: str
    label: str
    needed: bool = True
    long: bool = False
    hint: str = ""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of entry and its own small form, besides when it happened."""

    id: str
    label: str
    says: str
    boxes: tuple[Box, ...]
    about_whom: bool = False


KINDS: Mapping[str, Kind] = {
    kind.id: kind
    for kind in (
        Kind(
            id="fact",
            label="Fact",
            says="Something that is known to have happened",
            boxes=(
                Box(id="text", label="What happened", long=True),
                Box(id="source", label="How it is known", hint="Who saw it, or which record says so."),
            ),
            about_whom=True,
        ),
        Kind(
            id="quote",
            label="Quote",
            says="What somebody said, in their own words",
            boxes=(
                Box(id="text", label="The words that were used", long=True, hint="As they were said."),
                Box(id="source", label="Who said it"),
            ),
            about_whom=True,
        ),
        Kind(
            id="opinion",
            label="Opinion",
            says="What somebody thinks, kept apart from what is known",
            boxes=(
                Box(id="text", label="The opinion, and what it rests on", long=True),
                Box(id="source", label="Whose opinion it is"),
            ),
            about_whom=True,
        ),
        Kind(
            id="observation",
            label="Visit or observation",
            says="Who was there, what was said, how the person seemed",
            boxes=(
                Box(id="present", label="Who was present"),
                Box(id="text", label="What was said and seen", long=True),
                Box(
                    id="presentation",
                    label="How the person presented, and what has changed",
                    needed=False,
                    long=True,
                ),
            ),
        ),
        Kind(
            id="contact",
            label="Contact",
            says="A call, letter or talk with an agency or a person",
            boxes=(
                Box(id="contact", label="Agency and person", hint="Who it was, of which agency."),
                Box(id="advice", label="What was asked or advised", long=True),
                Box(
                    id="action",
                    label="What was done about it",
                    long=True,
                    hint="Write “nothing yet” if so, and why.",
                ),
            ),
        ),
        Kind(
            id="incident",
            label="Incident",
            says="Time, place, trigger and outcome, always in the same way",
            boxes=(
                Box(id="place", label="Where"),
                Box(id="trigger", label="What set it off", hint="Write “not known” if so."),
                Box(id="outcome", label="What happened, and how it ended", long=True),
            ),
        ),
        Kind(
            id="decision",
            label="Decision outside a meeting",
            says="What was decided between meetings, by whom and why",
            boxes=(
                Box(id="text", label="What was decided", long=True),
                Box(id="source", label="Who decided"),
                Box(id="reasons", label="Reasons", long=True),
            ),
        ),
    )
}
"""Every kind of entry that people write, in the order offered."""

OF_THE_RECORD: Mapping[str, str] = {
    "decided": "Decision",
    "meeting": "Meeting held",
    "action_ended": "Action ended",
    "reminder": "Reminder by Convenor",
    "measure": "Interim measure",
}
"""What stands in the chronology from records of its own: read there, never copied."""

SUBJECTS: Mapping[str, str] = {
    "person": "The person at risk",
    "child": "A child",
    "family": "Somebody of the family or household",
    "harm": "Somebody who causes harm",
    "other": "Somebody else",
}
"""Whom an entry can be about; blank is the case as a whole."""

TEXTS = (
    "text",
    "source",
    "reasons",
    "place",
    "trigger",
    "outcome",
    "present",
    "presentation",
    "contact",
    "advice",
    "action",
)
"""Every box that any kind has, as the record names them."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An entry as somebody writes it; `day` and `clock` by the area's own time, `clock` None where it is not known."""

    kind: str
    day: date | None
    clock: time | None = None
    about: bool = False
    subject: str = ""
    incident: str = ""
    texts: Mapping[str, str]

    def checked(self, today: date, incidents: Sequence[IncidentKind]) -> None:
        """Invalid, beside each field, for what is missing or cannot be."""
        found = {}
        kind = KINDS.get(self.kind)
        if kind is None:
            raise Invalid({"kind": "Choose what kind of entry it is."})
        if self.day is None:
            found["day"] = "Choose the day on which it happened. If it is not certain, tick “About then”."
        elif self.day > today:
            found["day"] = "This day is still to come. The chronology holds what has happened."
        for box in kind.boxes:
            said = self.texts.get(box.id, "").strip()
            if box.needed and len(said) < SHORTEST:
                found[box.id] = "Please fill this in. If it is not known, write “not known”."
            elif len(said) > LONGEST:
                found[box.id] = f"This is over {LONGEST:,} characters. Please make two entries of it."
        if self.subject and (not kind.about_whom or self.subject not in SUBJECTS):
            found["subject"] = "Choose one of the list, or leave it empty."
        if kind.id == "incident" and incidents and self.incident not in {each.id for each in incidents}:
            found["incident"] = "Choose what kind of incident it was."
        if found:
            raise Invalid(found)

    def happened_at(self, zone: str) -> datetime:
        """The moment, aware; the beginning of the day where no time is known."""
        assert self.day is not None
        return datetime.combine(self.day, self.clock or time(), ZoneInfo(zone)).astimezone(ZoneInfo("UTC"))


@dataclass(frozen=True, kw_only=True)
class Reading:
    """How a chronology is read: by when things `happened` or were `known`, which end first, what had been recorded by
    the end of the day `as_at` (None for now), of which kind ("" for all)."""

    by: Literal["happened", "known"] = "happened"
    newest_first: bool = True
    as_at: date | None = None
    kind: str = ""

    @property
    def code(self) -> str:
        """The same in a few letters, for a button: what `Reading.of` reads."""
        day = self.as_at.isoformat() if self.as_at else ""
        return f"{self.by[0]}{'n' if self.newest_first else 'o'}~{day}~{self.kind}"

    @staticmethod
    def of(code: str) -> "Reading":
        """What the code says, and the usual reading where it says nothing that can be understood."""
        order, _, rest = code.partition("~")
        day, _, kind = rest.partition("~")
        try:
            as_at = date.fromisoformat(day) if day else None
        except ValueError:
            as_at = None
        return Reading(
            by="known" if order.startswith("k") else "happened",
            newest_first=not order.endswith("o"),
            as_at=as_at,
            kind=kind if kind in {*KINDS, *OF_THE_RECORD} else "",
        )

    def until(self, zone: str) -> datetime | None:
        """The moment before which something must have been recorded to be seen; None for all that is known now."""
        if self.as_at is None:
            return None
        end = datetime.combine(self.as_at + timedelta(days=1), time(), ZoneInfo(zone))
        return end.astimezone(ZoneInfo("UTC"))


class Recorded(Protocol):
    """What counting needs of an incident in the record."""

    @property
    def id(self) -> str: ...

    @property
    def incident(self) -> str: ...

    @property
    def happened_at(self) -> datetime: ...

    @property
    def recorded_at(self) -> datetime: ...

    @property
    def corrects_id(self) -> str | None: ...


def counted(
    entries: Iterable[Recorded],
    kind: IncidentKind,
    *,
    after: datetime | None,
    today: date,
    days: WorkingDays,
    zone: str,
) -> int:
    """How many incidents of that kind lie in the pathway's window up to today (S5-22).

    An incident that was corrected counts once, as its last correction has it. `after`: only what was first recorded
    later than that counts, because a review of what came before has been asked for already.
    """
    if kind.within is None:
        return 0
    by_id = {each.id: each for each in entries}
    corrected = {each.corrects_id for each in by_id.values() if each.corrects_id is not None}
    number = 0
    for last in (each for each in by_id.values() if each.id not in corrected):
        first = last
        while first.corrects_id is not None and first.corrects_id in by_id:
            first = by_id[first.corrects_id]
        day = last.happened_at.astimezone(ZoneInfo(zone)).date()
        new = after is None or first.recorded_at > after
        number += new and last.incident == kind.id and kind.within.after(day, days) >= today
    return number
