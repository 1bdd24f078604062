"""One question: what it asks, how it may be answered, and when it applies (forms.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from bot.domain.sensitivity import Sensitivity

Answer = str | list[str] | None
Answers = Mapping[str, Answer]

Kind = Literal[
    "yes_no",
    "yes_no_unknown",
    "text",
    "long_text",
    "date",
    "number",
    "email",
    "select",
    "multi",
    "agencies",
    "person",
    "confirm",
]
Check = Literal[
    "nhs_number",
    "phone_or_email",
    "not_future",
    "at_least_16",
    "at_least_18",
    "last_3_months",
    "not_yourself",
]

KINDS: tuple[str, ...] = get_args(Kind)
UNKNOWN = "unknown"
NONE = "none"  # an option of this id stands alone, as "unknown" does


@dataclass(frozen=True, kw_only=True)
class Option:
    """One choice of a select or multi field; the answer stored is its id."""

    id: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Condition:
    """Whether something applies, judged by the answer to one other field. Exactly one test is set.

    one_of      any of these was answered
    none_of     something was answered, and none of these
    not_all_of  something was answered, and at least one of these is lacking
    answered    an answer was given (True) or was not (False)
    """

    field: str
    one_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    not_all_of: tuple[str, ...] = ()
    answered: bool | None = None

    def holds(self, answers: Answers) -> bool:
        """True when the answers given so far meet it; a blank meets only `answered: false`."""
        given = set(chosen(answers.get(self.field)))
        if self.answered is not None:
            return bool(given) is self.answered
        if self.one_of:
            return bool(given & set(self.one_of))
        if self.none_of:
            return bool(given) and not given & set(self.none_of)
        return bool(given) and not given >= set(self.not_all_of)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One question.

    `sensitivity` is 0 to 4 as in model.md section 2 and has no default. `unknown` lets "unknown" stand as a
    real answer, shown as `unknown_label`. Lengths are characters, `min_lines` counts lines with text in them.
    `about` is the role of the person the answer describes, so that a view can keep two people apart (IG-21).
    """

    id: str
    label: str
    kind: Kind
    required: bool
    sensitivity: Sensitivity
    hint: str = ""
    options: tuple[Option, ...] = ()
    unknown: bool = False
    unknown_label: str = "Unknown"
    min_length: int = 0
    max_length: int = 0
    min_lines: int = 0
    minimum: int | None = None
    maximum: int | None = None
    many: bool = False
    required_if: Condition | None = None
    shown_if: Condition | None = None
    checks: tuple[Check, ...] = ()
    about: str = "subject"

    @property
    def choices(self) -> tuple[Option, ...]:
        """What can be picked, "unknown" included; empty for what is typed or comes from the register."""
        if self.kind in ("yes_no", "yes_no_unknown"):
            unknown = self.unknown or self.kind == "yes_no_unknown"
            picks: tuple[Option, ...] = (Option(id="yes", label="Yes"), Option(id="no", label="No"))
        else:
            unknown, picks = self.unknown, self.options
        return (*picks, Option(id=UNKNOWN, label=self.unknown_label)) if unknown and picks else picks

    @property
    def unknown_allowed(self) -> bool:
        """Whether "unknown" may stand as the answer."""
        return self.unknown or self.kind == "yes_no_unknown"

    def must_be_answered(self, answers: Answers) -> bool:
        """Required outright, or because of what was answered elsewhere."""
        return self.required or (self.required_if is not None and self.required_if.holds(answers))


def chosen(answer: Answer) -> list[str]:
    """An answer as a list: nothing for a blank, one for a text, all for a multiple choice."""
    if answer is None:
        return []
    return [text for text in ([answer] if isinstance(answer, str) else answer) if text.strip()]
