"""What is said about lessons."""

from bot.courier.showing import Message, Surface
from bot.usecases.remind_learning import learning_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "learning_yours": Message(look=learning_note, words="learning_yours", shape="learning_note"),
    "learning_due": Message(look=learning_note, words="learning_due", shape="learning_note"),
}
