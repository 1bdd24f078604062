"""What is said while a case is proposed to be closed: to agencies, to who signs, about who is silent (S3-34)."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.looks.meeting import closure_ask, closure_card, closure_standing
from bot.views.meeting import ClosureAsk


def to_answer(ask: ClosureAsk) -> tuple[Kind, str] | None:
    """An agency that is asked can answer by a link, and take its answer back."""
    return ("closure", ask.id)


SURFACES = {"closure_card": Surface(look=closure_card, shape="closure_card")}

MESSAGES = {
    "closure_asked": Message(look=closure_ask, words="closure_asked", shape="closure_ask", asks=to_answer),
    "closure_ready": Message(look=closure_standing, words="closure_ready", shape="closure_ready"),
    "closure_silent": Message(look=closure_standing, words="closure_silent", shape="case_note"),
}
