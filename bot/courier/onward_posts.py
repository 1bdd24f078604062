"""What is said of a referral onward: that nobody has said it arrived; never where it went."""

from bot.courier.showing import Message, Surface
from bot.usecases.refer_on import receipt_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {"receipt_missing": Message(look=receipt_note, words="receipt_missing", shape="receipt_note")}
