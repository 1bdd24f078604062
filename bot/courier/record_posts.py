"""What is said about a case's living record: that somebody has to speak, and by when; never what it is about."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks.standing import call_note, measure_note, measure_review_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "measure_ending": Message(look=measure_note, words="measure_ending", shape="measure_note"),
    "measure_overdue": Message(look=measure_note, words="measure_overdue", shape="measure_note"),
    "measure_review": Message(look=measure_review_note, words="measure_review", shape="measure_note"),
    "measure_told": Message(look=measure_note, words="measure_told"),
    "measure_review_told": Message(look=measure_review_note, words="measure_told"),
    "review_told": Message(look=call_note, words="review_told"),
    "review_called": Message(look=call_note, words="review_called", shape="review_called"),
}
