"""What is shown and said about disputes: references, tiers and dates (IG-01)."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.looks.disputes import dispute_card, open_card
from bot.views.disputes import DisputeCard


def to_answer(card: DisputeCard) -> tuple[Kind, str] | None:
    """Whoever is involved can answer until it has ended; who owns its tier can end that too."""
    return ("dispute", card.id) if card.state == "open" else None


SURFACES = {"dispute_card": Surface(look=dispute_card, shape="dispute_card")}

MESSAGES = {
    "dispute_owner": Message(look=open_card, words="dispute_owner", shape="dispute_note", asks=to_answer),
    "dispute_other_side": Message(
        look=open_card, words="dispute_other_side", shape="dispute_note", asks=to_answer
    ),
    "dispute_raised": Message(look=open_card, words="dispute_raised", shape="dispute_note", asks=to_answer),
    "dispute_moved": Message(look=open_card, words="dispute_moved", shape="dispute_note", asks=to_answer),
    "dispute_answered": Message(
        look=open_card, words="dispute_answered", shape="dispute_note", asks=to_answer
    ),
    "dispute_late": Message(look=open_card, words="dispute_late", shape="message", asks=to_answer),
    "dispute_ended": Message(look=dispute_card, words="dispute_ended", shape="dispute_note"),
    "dispute_over": Message(look=dispute_card, words="dispute_over", shape="message"),
}
