"""What is shown and said of asking the agencies who knows somebody: by reference alone (S2-48)."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.looks.involvement import involvement_card, just_heard, to_chase
from bot.views.involvement import CheckCard


def to_answer(card: CheckCard) -> tuple[Kind, str] | None:
    """An agency can answer, and change its answer, until the meeting."""
    return ("involvement", card.id) if card.open else None


SURFACES = {
    "involvement_card": Surface(look=involvement_card, shape="involvement_card", asks=to_answer),
}

MESSAGES = {
    "involvement_chase": Message(
        look=to_chase, words="involvement_chase", shape="involvement_note", asks=to_answer
    ),
    "involvement_heard": Message(look=just_heard, words="involvement_heard", shape="involvement_news"),
}
