"""A case taken to another forum: what went, and when somebody asks whether it arrived (S2-42 to S2-44, S4-22). Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.errors import Invalid
from bot.domain.measures import Watch
from bot.domain.nudges import Days, Ladder, Plain
from bot.domain.pathway import Choice

ANOTHER_AREA = Choice(id="another_area", label="Another area, to which the case moves")
"""The route that every pathway has: the other area takes the whole case over (S4-22)."""

PACK = (
    Choice(id="referral", label="The referral"),
    Choice(id="risk", label="The risk assessment, or the result of a screening tool"),
    Choice(id="chronology", label="The chronology"),
    Choice(id="plan", label="The plan and its open actions"),
    Choice(id="minutes", label="Minutes"),
    Choice(id="views", label="The person’s own views"),
    Choice(id="safe_contact", label="How the person can be reached safely"),
    Choice(id="roles", label="Who does what, and whom to ask"),
)
"""What can go along; the program keeps a note of it and sends nothing."""

CHASED = (
    Plain(offset=2, to=("coordinator",)),
    Plain(offset=5, to=("chair", "coordinator")),
    Plain(offset=10, to=("board", "coordinator")),
)
"""Working days from the day it was sent, and who is asked while nobody has said that it arrived (P)."""

ANSWERS = {
    "received": "They have received it",
    "heard": "They have heard it",
    "withdrawn": "It was taken back, or is not needed any more",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A referral onward as it is put on record: `route` is an id of the list, `pack` ids of `PACK`."""

    route: str
    forum: str
    why: str
    pack: tuple[str, ...]
    sent_on: date | None

    def checked(self, routes: Sequence[Choice], today: date) -> None:
        """Invalid, beside each field."""
        found = {}
        if self.route not in {route.id for route in routes}:
            found["route"] = "Choose where it was referred to."
        if len(self.forum.strip()) < 3:
            found["forum"] = "Say which team or forum, so that somebody else can ask it."
        if len(self.why.strip()) < 10:
            found["why"] = "Say why in a sentence: it stays on the record with your name."
        if not self.pack or not set(self.pack) <= {each.id for each in PACK}:
            found["pack"] = "Tick what went along; the referral at least."
        if self.sent_on is None or self.sent_on > today:
            found["sent_on"] = "Choose the day on which it was sent: today or earlier."
        if found:
            raise Invalid(found)


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What is known of it since: one of `ANSWERS`, the day, and who said so or why."""

    answer: str
    on: date | None
    said: str

    def checked(self, sent_on: date, today: date) -> None:
        """Invalid, beside each field; nothing counts as received because nobody complained (design.md rule 7)."""
        found = {}
        if self.answer not in ANSWERS:
            found["answer"] = "Choose what is known."
        if self.answer != "withdrawn" and (self.on is None or not sent_on <= self.on <= today):
            found["on"] = "Choose the day, between the day it was sent and today."
        if len(self.said.strip()) < 10:
            found["said"] = "Say in a sentence who told you, and how; or why it was taken back."
        if found:
            raise Invalid(found)


def receipt_watch(sent_on: date, days: Days) -> Watch:
    """Of a referral onward that nobody has said arrived."""
    return Watch(ladders=(("receipt", Ladder(due=sent_on, rungs=CHASED, days=days)),))
