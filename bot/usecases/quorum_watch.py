"""The quorum is watched: by the answers, and on the day by who is there (calendar.md section 6, S3-30).

The coordinator hears it once for each state: that it breaks, that it still hangs on answers on the last working day,
that too few have come, and that it is all right again. What the meeting was last found to be stands in its row.
"""

from datetime import datetime

from bot.domain.area import Practice
from bot.domain.quorum import Outlook
from bot.domain.states import MeetingState
from bot.storage.tables import MeetingRow
from bot.storage.transaction import Work
from bot.usecases.chairs import coordinator_of
from bot.usecases.looks.quorum import expected
from bot.usecases.owed import tell
from bot.usecases.present import counts_quorum, quorum_now

BREAKS, HANGS, ABSENT, OPEN = "breaks", "hangs", "absent", "open"
"""What the coordinator was told; `open` is a quorum that broke, and that answers still to come can mend."""


def watch(
    work: Work, practice: Practice, meeting: MeetingRow, now: datetime, *, last_call: bool = False
) -> None:
    """Compare what the answers promise with what the coordinator knows, and tell them what is new.

    `last_call`: it is the last working day, so an answer that is only waited for counts as news too.
    """
    if meeting.state != MeetingState.INVITED or not counts_quorum(meeting):
        return
    outlook = expected(work, practice, meeting).outlook
    told = meeting.quorum_told
    if outlook is Outlook.AT_RISK and told != BREAKS:
        _tell(work, meeting, "quorum_breaks", BREAKS, now)
    elif outlook is Outlook.WAITING and last_call and told != HANGS:
        _tell(work, meeting, "quorum_breaks", HANGS, now)
    elif outlook is Outlook.WAITING and told == BREAKS:
        meeting.quorum_told = OPEN
    elif outlook is Outlook.QUORATE and told:
        _tell(work, meeting, "quorum_again", "", now)


def watch_room(work: Work, practice: Practice, meeting: MeetingRow, now: datetime) -> None:
    """The same once the meeting runs: by who is there."""
    if not counts_quorum(meeting):
        return
    quorate = quorum_now(work, practice, meeting).quorate
    if not quorate and meeting.quorum_told != ABSENT:
        _tell(work, meeting, "quorum_breaks", ABSENT, now)
    elif quorate and meeting.quorum_told == ABSENT:
        _tell(work, meeting, "quorum_again", "", now)
    elif quorate:
        meeting.quorum_told = ""


def _tell(work: Work, meeting: MeetingRow, message: str, state: str, now: datetime) -> None:
    meeting.quorum_told = state
    whom = coordinator_of(work, meeting)
    key = f"{meeting.sequence}:{state}:{now.isoformat()}"
    tell(work, message, meeting.id, f"person:{whom}", now, key=key)
    work.audit.write(
        stream=f"meeting:{meeting.id}",
        actor="convenor",
        verb="quorum.told",
        thing=f"meeting:{meeting.id}",
        facts={"state": state or "quorate", "sequence": meeting.sequence},
        at=now,
    )
