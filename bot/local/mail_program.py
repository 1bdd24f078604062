"""The mail program of the people in the workspace: answers invitations, by SMTP as any other."""

import asyncio
import smtplib
from datetime import datetime, timedelta
from email.message import EmailMessage

from bot.local.itip import WORDS, reply_to
from bot.local.letters import Letter, Letters
from bot.local.refusals import CannotDo


class MailProgram:
    """Sends through the server at this port of 127.0.0.1."""

    def __init__(self, letters: Letters, port: int) -> None:
        self.letters, self.port = letters, port

    async def answer(self, user: str, letter_id: str, answer: str, start: datetime | None = None) -> None:
        """Answer the invitation in a letter: accepted, tentative, declined, or counter with another `start`.

        CannotDo for what is no such letter or answer, and when the server does not take the reply.
        """
        letter = next((one for one in self.letters.of(user) if one.id == letter_id), None)
        if letter is None or answer not in WORDS or not _can_be_answered(letter):
            raise CannotDo("There is no invitation in that e-mail that could be answered so.")
        invitation = letter.invitation or {}
        begins, ends = (datetime.fromisoformat(invitation[which]) for which in ("start", "end"))
        lasting: timedelta = ends - begins
        if answer == "counter" and start is None:
            raise CannotDo("Say when it should begin.")
        mail = reply_to(
            invitation,
            answer,
            by=self.letters.people[user],
            at=self.letters.now(),
            proposed=(start, start + lasting) if start else None,
        )
        await self.send(mail)
        self.letters.answered(letter, WORDS[answer])

    async def send(self, mail: EmailMessage) -> None:
        """Hand a mail to the server. CannotDo when it does not take it."""
        try:
            await asyncio.to_thread(self._send, mail)
        except (smtplib.SMTPException, OSError):
            raise CannotDo("The mail server did not take your answer. Nobody has it; try again.") from None

    def _send(self, mail: EmailMessage) -> None:
        with smtplib.SMTP("127.0.0.1", self.port, timeout=30) as line:
            line.send_message(mail)


def _can_be_answered(letter: Letter) -> bool:
    found = letter.invitation
    return bool(found and found["method"] == "REQUEST" and found["start"] and found.get("organizer"))
