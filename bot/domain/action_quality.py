"""What the wording of an action leaves open: questions for whoever writes it down, no reason to refuse (S4-13).

Pure, and in words alone: a question is put once beside its field, and what is saved then is the person's own choice.
"""

import re
from datetime import date

SHORTEST_WORDS = 4

_NOT_A_DOING = {
    *("a", "an", "the", "this", "that", "these", "those", "there", "no", "none", "any", "all", "more"),
    *("he", "she", "it", "they", "we", "you", "her", "his", "its", "their", "our", "my", "your"),
    *("as", "at", "by", "for", "from", "if", "in", "of", "on", "and"),
    *("what", "when", "where", "whether", "which", "who"),
}
"""Words with which a sentence about a thing or a person begins, and none about doing."""

_NO_DAY = (
    "as soon as possible",
    "asap",
    "in due course",
    "ongoing",
    "on-going",
    "when able",
    "when possible",
)

_WITHOUT_END = {
    *(
        "aware",
        "consider",
        "continue",
        "discuss",
        "engage",
        "explore",
        "liaise",
        "monitor",
        "review",
        "support",
    ),
    "understand",
}
"""Doings that are never finished, unless something says how often or until when."""

_MEASURED = re.compile(
    r"\d|\b(?:once|twice|each|every|daily|weekly|fortnightly|monthly|until|unless"
    r"|by (?:mon|tues|wednes|thurs|fri)day)\b"
)

_KNOWN_BY = re.compile(
    r"\b(?:agree[ds]?|appointment|booked|certificate|checked|complete[ds]?|confirm\w*|copy|copied|date|evidence"
    r"|feed\w* back|fitted|fixed|form|in place|installed|invoice|letter|list|minuted|note[ds]?|photo\w*|plan"
    r"|receipt|recorded?|report\w*|ring\w* back|said|say|saying|says|seen|sen[dt]|show[ns]?|sign(?:ed)?|so that"
    r"|tell|tells|told|until|write|written|working)\b"
)
"""What can be shown to somebody afterwards, or is said to somebody."""


def questions(detail: str, due: date | None, plan_review: date | None) -> dict[str, str]:
    """What to ask about an action before it is saved, by field (`detail`, `due`); empty where nothing is left open.

    `plan_review` is the day on which the plan as a whole is looked at again, None where none is known.
    """
    found = {}
    if asked := _of_the_words(detail):
        found["detail"] = " ".join(asked)
    if due is not None and plan_review is not None and due > plan_review:
        found["due"] = (
            f"This is due after the plan is looked at again, on {plan_review.day} {plan_review:%B}. "
            "Is there a first step that can be done by then?"
        )
    return found


def _of_the_words(detail: str) -> list[str]:
    low = " ".join(detail.casefold().split())
    words = re.findall(r"[\w’'-]+", low)
    if len(words) < SHORTEST_WORDS:
        return ["Who does what, in a sentence? Somebody who was not at the meeting should be able to do it."]
    asked = []
    if words[0] in _NOT_A_DOING:
        asked.append("What will be done? It is clearest when it begins with that: “Visit …”, “Ring …”.")
    loose = next((phrase for phrase in _NO_DAY if re.search(rf"\b{re.escape(phrase)}\b", low)), "")
    if loose:
        asked.append(f"What does “{loose}” come to here: which step is done by the day below?")
    endless = next((word for word in words if word in _WITHOUT_END), "")
    if endless and not _MEASURED.search(low):
        asked.append(f"“{endless.capitalize()}” has no end: how often, and until when?")
    if not _KNOWN_BY.search(low):
        asked.append("How will anybody know that it is done?")
    return asked
