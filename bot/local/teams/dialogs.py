"""What stands in front of a person in Teams: one dialog at a time, and how it was opened."""

from dataclasses import asdict, dataclass
from typing import Any

from bot.local.news import News
from bot.local.shelf import Shelf

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """`room` is the conversation it was opened in, `command` that of the message extension, if one opened it.

    `turn` counts how often the app has put a card into it.
    """

    title: str
    card: Json
    room: str
    command: str = ""
    turn: int = 1


class Dialogs:
    """By MRI. A dialog stays over a restart of the workspace, as one does that is left open at night."""

    def __init__(self, shelf: Shelf, news: News) -> None:
        self.shelf, self.news = shelf, news
        self._open = {mri: Dialog(**body) for mri, body in shelf.all("teams_dialog").items()}

    def of(self, mri: str) -> Dialog | None:
        """The dialog in front of a person."""
        return self._open.get(mri)

    def put(self, mri: str, dialog: Dialog) -> None:
        """Open a dialog, or show it again."""
        self._open[mri] = dialog
        self.shelf.put("teams_dialog", mri, asdict(dialog))
        self.news.tell("teams_dialog", person=mri)

    def close(self, mri: str) -> None:
        """Take the dialog away, if there is one."""
        if self._open.pop(mri, None) is not None:
            self.shelf.drop("teams_dialog", mri)
            self.news.tell("teams_dialog", person=mri)
