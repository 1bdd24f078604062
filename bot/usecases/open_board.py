"""Open the board of cases, for whoever may list cases; each sees those that they may open (IG-05)."""

from datetime import datetime

from bot.domain.access import Thing, may
from bot.domain.area import Practice
from bot.domain.errors import Denial, NotAllowed
from bot.domain.people import Person
from bot.storage.transaction import Begin
from bot.usecases.looks.board import board
from bot.views.board import Board


def open_board(
    begin: Begin,
    practice: Practice,
    pathway_id: str = "",
    shown: str = "",
    page: int = 0,
    *,
    by: Person,
    now: datetime,
) -> Board:
    """A page of the board; NotAllowed, on the record, for whoever works on no case."""
    if not may(by, "case.list", Thing(area=practice.area.id)):
        raise NotAllowed(
            "The board of cases is for people who sit on panels. Your attempt has been recorded.",
            Denial(stream=f"area:{practice.area.id}", actor=by.id, verb="case.list", thing="board", at=now),
        )
    with begin() as work:
        return board(work, practice, by, now, pathway_id=pathway_id, shown=shown, page=page)
