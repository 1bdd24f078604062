"""One answer: what was meant by it, and what needs mending, said in plain English."""

import re
from datetime import date, datetime

from bot.domain.questions import NONE, UNKNOWN, Answer, Answers, Field, chosen
from bot.domain.workdays import months_after

_DATE_SHAPES = ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %B %Y", "%d %b %Y")
_EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s.,;]{2,}")


def a_date(text: str) -> date | None:
    """The day meant by 2026-04-02, 2/4/2026 or 2 April 2026 (day before month); None for anything else."""
    for shape in _DATE_SHAPES:
        try:
            return datetime.strptime(" ".join(text.split()), shape).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def a_number(text: str) -> int | None:
    """A whole number, None for anything else."""
    return int(text) if re.fullmatch(r"\s*-?\d{1,9}\s*", text) else None


def is_nhs_number(text: str) -> bool:
    """Ten digits, of which the last is the check digit, modulus 11; spaces and dashes aside (C10)."""
    digits = [
        int(character)
        for character in text
        if character not in " -" and character.isascii() and character.isdigit()
    ]
    if len(digits) != 10 or not re.fullmatch(r"[\d -]+", text.strip()):
        return False
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return check != 10 and check % 11 == digits[9]


def is_email(text: str) -> bool:
    """Looks like one e-mail address."""
    return _EMAIL.fullmatch(text.strip()) is not None


def is_phone(text: str) -> bool:
    """From 5 digits (an extension) to 15 (E.164), with the usual marks, perhaps an `ext`, nothing else."""
    plain = re.sub(r"(?i)\b(ext|extension|x)\b\.?", "", text)
    return re.fullmatch(r"[\d +()./-]+", plain) is not None and 5 <= sum(c.isdigit() for c in plain) <= 15


def years_old(born: date, today: date) -> int:
    """Age in whole years on that day."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


# What people type for "unknown"; stored as one word.
_MEANS_UNKNOWN = frozenset(
    {
        "unknown",
        "not known",
        "not asked",
        "don't know",
        "don’t know",
        "dont know",
        "do not know",
        "n/k",
        "none known",
    }
)


def tidied(field: Field, answer: Answer) -> Answer:
    """The answer as it is stored: trimmed, dates as ISO, "Not known" and its like as "unknown"."""
    if isinstance(answer, list):
        return chosen(answer) or None
    if answer is None or not (text := answer.strip()):
        return None
    if field.unknown_allowed and text.casefold().rstrip(".") in _MEANS_UNKNOWN | {
        field.unknown_label.casefold()
    }:
        return UNKNOWN
    if field.kind == "date" and (day := a_date(text)):
        return day.isoformat()
    if "nhs_number" in field.checks and is_nhs_number(text):
        return re.sub(r"[ -]", "", text)
    return text


def problem_with(field: Field, answers: Answers, today: date, *, by: str = "") -> str | None:
    """What needs mending in the tidied answer to this question; None when nothing does.

    `by` is the id of whoever answers: a person of the register may be asked for somebody else (C5).
    """
    given = chosen(answers.get(field.id))
    if not given:
        return _NEEDED[field.kind] + _or_unknown(field) + "." if field.must_be_answered(answers) else None
    if UNKNOWN in given and field.unknown_allowed:
        return None if len(given) == 1 else f"Choose either “{field.unknown_label}” or the others, not both."
    if field.choices:
        if NONE in given and len(given) > 1:
            return "Choose either “none” or the others, not both."
        known = {option.id for option in field.choices}
        return None if known.issuperset(given) else "Choose from the list."
    if field.kind == "confirm":
        return None if given == ["yes"] else "Tick the box to confirm."
    if field.kind in ("agencies", "person"):
        if "not_yourself" in field.checks and by in given:
            return "Choose somebody other than yourself."
        return None if field.many or field.kind == "agencies" or len(given) == 1 else "Choose one person."
    return _typed_problem(field, given[0], today)


_NEEDED: dict[str, str] = {
    "yes_no": "Choose yes or no",
    "yes_no_unknown": "Choose yes or no",
    "text": "Write an answer",
    "long_text": "Write an answer",
    "date": "Give a date",
    "number": "Give a number",
    "email": "Give an e-mail address",
    "select": "Choose one",
    "multi": "Choose at least one",
    "agencies": "Choose at least one agency",
    "person": "Choose a person",
    "confirm": "Tick the box to confirm",
}


def _or_unknown(field: Field) -> str:
    if not field.unknown_allowed:
        return ""
    return f", or {'choose' if field.choices else 'tick'} “{field.unknown_label}”"


def _typed_problem(field: Field, text: str, today: date) -> str | None:
    if field.kind == "date":
        day = a_date(text)
        if day is None:
            return f"Give the date as day, month and year, such as 2 April {today.year}{_or_unknown(field)}."
        return next((said for check in field.checks if (said := _date_problem(check, day, today))), None)
    if field.kind == "number":
        return _number_problem(field, a_number(text))
    if field.kind == "email":
        return None if is_email(text) else "Give one e-mail address, such as name@example.org."
    if len(text) < field.min_length:
        return f"Say a little more: at least {field.min_length} characters. You have written {len(text)}."
    if field.max_length and len(text) > field.max_length:
        return f"Shorten this to {field.max_length} characters. You have written {len(text)}."
    if sum(bool(line.strip()) for line in text.splitlines()) < field.min_lines:
        return f"Give at least {field.min_lines}, each on a line of its own."
    if "nhs_number" in field.checks and not is_nhs_number(text):
        return (
            "Check this NHS number: it should be 10 digits, and they do not add up. Leave it out if in doubt."
        )
    if "phone_or_email" in field.checks and not (is_phone(text) or is_email(text)):
        return "Give one phone number or one e-mail address."
    return None


def _number_problem(field: Field, number: int | None) -> str | None:
    low, high = field.minimum, field.maximum
    if number is None:
        return f"Give a whole number, such as {low or 3}{_or_unknown(field)}."
    if (low is not None and number < low) or (high is not None and number > high):
        if low is not None and high is not None:
            return f"Give a number from {low} to {high}."
        return f"Give a number of {low} or more." if low is not None else f"Give a number of {high} or less."
    return None


def _date_problem(check: str, day: date, today: date) -> str | None:
    if check == "not_future":
        return "This date has not come yet. Give today's date or an earlier one." if day > today else None
    if check == "last_3_months":
        if day > today:
            return "This date has not come yet. Give today's date or an earlier one."
        return (
            "This is more than 3 months ago. Bring it up to date, then give the new date."
            if day < months_after(today, -3)
            else None
        )
    age = {"at_least_16": 16, "at_least_18": 18}[check]
    if day > today or years_old(day, today) > 120:
        return "Check the year: this cannot be a date of birth."
    return (
        f"This pathway is for people aged {age} or over. For a child, ring children's social care."
        if years_old(day, today) < age
        else None
    )
