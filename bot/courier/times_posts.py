"""What is shown and said of asking people for times: to those who are asked, and to whoever asked."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.looks.polls import poll_card, times_card, times_to_chase
from bot.views.polls import TimesCard


def to_say(card: TimesCard) -> tuple[Kind, str] | None:
    """Whoever is asked for times can answer until it is over."""
    return ("times", card.id) if card.open else None


SURFACES = {
    "times_card": Surface(look=times_card, shape="times_card", asks=to_say),
    "poll_card": Surface(look=poll_card, shape="poll_card"),
}

MESSAGES = {
    "times_chase": Message(look=times_to_chase, words="times_chase", shape="times_note", asks=to_say),
    "times_heard": Message(look=poll_card, words="times_heard", shape="poll_note"),
}
