"""What is said about a case's living record: that somebody has to speak, and by when; never what it is about."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks.standing import call_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "review_told": Message(look=call_note, words="review_told"),
    "review_called": Message(look=call_note, words="review_called", shape="review_called"),
}
