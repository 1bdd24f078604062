"""How somebody may be reached without putting them in danger: what is not known to be safe is not done (IG-10)."""

from dataclasses import dataclass

from bot.domain.questions import UNKNOWN, Answers, chosen

ROUTES = {
    "call": "Call them",
    "message": "Leave a voice message",
    "text": "Send a text",
    "write": "Write to them",
}
"""The ways of reaching somebody, and what each is called; a form asks of each as `safe_<route>` (C11)."""

SAID = ("yes", "no", UNKNOWN)


@dataclass(frozen=True, kw_only=True)
class SafeContact:
    """What is known of reaching one person safely (S5-17, C11). Each route is yes, no or unknown."""

    call: str = UNKNOWN
    message: str = UNKNOWN
    text: str = UNKNOWN
    write: str = UNKNOWN
    number: str = ""
    times: str = ""
    words: str = ""
    never: str = ""

    def may_use(self, route: str) -> bool:
        """Whether this route may be used: only where somebody said yes to it, in so many words (IG-10).

        Unknown, a blank and a route that nobody has heard of are all no.
        """
        return route in ROUTES and getattr(self, route) == "yes"


def from_answers(answers: Answers) -> SafeContact:
    """What a referral says of it. Whatever is missing, or is no plain yes or no, is unknown (C11)."""

    def said(route: str) -> str:
        given = chosen(answers.get(f"safe_{route}"))
        return given[0] if given in (["yes"], ["no"]) else UNKNOWN

    def told(field: str) -> str:
        given = chosen(answers.get(field))
        return "" if given == [UNKNOWN] else "\n".join(given)

    unsafe = told("unsafe_people")
    return SafeContact(
        call=said("call"),
        message=said("message"),
        text=said("text"),
        write=said("write"),
        number=told("phone"),
        times=told("safe_times"),
        never=f"Not safe to speak to: {unsafe}" if unsafe else "",
    )
