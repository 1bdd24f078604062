"""What is said to a chair about the rooms themselves."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks.rooms import room_note, withheld_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "roster_differs": Message(look=room_note, words="roster_differs", shape="room_note"),
    "kept_from_case": Message(look=withheld_note, words="kept_from_case", shape="room_note"),
}
