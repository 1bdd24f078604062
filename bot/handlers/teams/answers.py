"""What an invoke is answered with, in Teams' shapes (teams.md section 2): dialogs, cards and short texts."""

from typing import Any

Json = dict[str, Any]

CARD = "application/vnd.microsoft.card.adaptive"
MESSAGE = "application/vnd.microsoft.activity.message"


def dialog(title: str, card: Json, *, height: str = "large", width: str = "medium") -> Json:
    """Opens a dialog, or shows it again with what needs mending: task/* and composeExtension/*."""
    shown = {"title": title, "height": height, "width": width, "card": {"contentType": CARD, "content": card}}
    return {"task": {"type": "continue", "value": shown}}


def closing_words(text: str) -> Json:
    """Closes the dialog with a text: task/* and composeExtension/*."""
    return {"task": {"type": "message", "value": text}}


def card_for_presser(card: Json) -> Json:
    """The card as it now looks to the person who pressed, or who sees it: adaptiveCard/action."""
    return {"statusCode": 200, "type": CARD, "value": card}


def words_for_presser(text: str) -> Json:
    """A short text above the card, for the person who pressed: adaptiveCard/action."""
    return {"statusCode": 200, "type": MESSAGE, "value": text}
