"""A talk with the safeguarding contact about what would meet the threshold, as an entry of the chronology (S5-13)."""

from dataclasses import dataclass
from datetime import date

from bot.domain.chronology import SHORTEST, Written
from bot.domain.errors import Invalid

KIND = "contact"
"""The kind of entry that it becomes: it is read and corrected with the others."""


@dataclass(frozen=True, kw_only=True)
class Advice:
    """What was advised: by whom, what would meet the threshold, what is still needed, who gets it by when."""

    day: date | None
    contact: str
    advice: str
    needed: str
    action: str

    def as_entry(self) -> Written:
        """The entry; Invalid beside `needed`, the one question that the entry itself does not have."""
        if len(self.needed.strip()) < SHORTEST:
            raise Invalid({"needed": "Say which information is still needed, or write “nothing more”."})
        said = f"What would meet the threshold: {self.advice.strip()}" if self.advice.strip() else ""
        still = f"\nInformation still needed: {self.needed.strip()}"
        texts = {"contact": self.contact, "advice": said + still if said else "", "action": self.action}
        return Written(kind=KIND, day=self.day, texts=texts)
