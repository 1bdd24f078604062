"""Why a mail is no reply to an invitation."""

from enum import StrEnum


class Why(StrEnum):
    """A fixed list, so that it can be counted and logged."""

    TOO_BIG = "too_big"
    UNREADABLE = "unreadable"  # not as the standards say, or so odd that it was made to do harm
    NO_CALENDAR = "no_calendar"  # an ordinary letter to an address of no invitation
    AUTOMATIC = "automatic"  # an absence notice, or a letter that came back
    NO_ANSWER = "no_answer"  # a calendar object that answers nothing
    SEVERAL = "several"  # more than one event, person or occurrence: ours have one of each


class NoReply(Exception):
    """This mail answers no invitation of ours; `why` holds nothing that was in it."""

    def __init__(self, why: Why) -> None:
        super().__init__(why.value)
        self.why = why
