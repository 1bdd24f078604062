"""The calendar invitation by e-mail: one message a person, the case's reference and nothing more (calendar.md 3, 7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.courier.errand import About, Errand
from bot.courier.platform import Read
from bot.domain.area import Practice
from bot.domain.errors import Undeliverable
from bot.domain.reply_address import ReplyAddress
from bot.domain.states import MeetingState
from bot.gateways.invitations import SUMMARIES, Invitation, Method, as_mail
from bot.gateways.mail import SmtpMail
from bot.storage.transaction import Work
from bot.usecases.looks.meeting import names_on_agenda, refs_of


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A person's calendar entry as the record has it now, and the names that must not be in it."""

    uid: str
    sequence: int
    kind: str
    start: datetime
    end: datetime
    attendee: str
    required: bool
    reference: str
    place: str
    token: str
    names: tuple[str, ...]


class Invite(Errand):
    """Ask a person by iTIP, or take it back. Sent twice it is one message to a mail client, by its id."""

    def __init__(
        self,
        read: Read,
        practice: Practice,
        mail: SmtpMail | None,
        organiser: str,
        now: Callable[[], datetime],
        reply_to: ReplyAddress | None = None,
    ) -> None:
        """`organiser` is the mailbox that sends; `mail` is None without a server, `reply_to` where no reply is read."""
        self.read, self.practice, self.mail = read, practice, mail
        self.organiser, self.now, self.reply_to = organiser, now, reply_to

    async def send(self, about: About, delivery_id: str) -> str | None:
        """Send it as the record stands now; None when it no longer applies, a newer message being owed."""
        method: Method = "CANCEL" if about["method"] == "cancel" else "REQUEST"
        entry: Entry | None = await self.read(
            entry_for, self.practice, about["meeting"], about["person"], method
        )
        if entry is None:
            return None
        if self.mail is None:
            raise Undeliverable("no SMTP_URL is set, so invitations cannot be sent")
        invitation = Invitation(
            uid=entry.uid,
            sequence=entry.sequence,
            method=method,
            kind=entry.kind,
            start=entry.start,
            end=entry.end,
            organiser=self.organiser,
            attendee=entry.attendee,
            required=entry.required,
            stamp=self.now(),
            delivery_id=delivery_id,
            reference=entry.reference,
            place=entry.place,
            reply_to=self.reply_to.of(entry.token) if self.reply_to else "",
        )
        message = as_mail(invitation)
        return "mail:" + await self.mail.send(message, names=entry.names, known=invitation.known)


def entry_for(
    work: Work, practice: Practice, meeting_id: str, person_id: str, method: Method
) -> Entry | None:
    """What to tell this person's calendar; None when it was overtaken: withdrawn, cancelled, or asked again."""
    meeting = work.meetings.row(meeting_id)
    row = work.meetings.invitation(meeting_id, person_id)
    if row is None or meeting.starts_at is None or meeting.ends_at is None:
        return None
    gone = row.withdrawn or meeting.state == MeetingState.CANCELLED
    if gone != (method == "CANCEL"):
        return None
    refs = refs_of(work, meeting)
    return Entry(
        uid=meeting.uid,
        sequence=meeting.sequence,
        kind=meeting.stage if meeting.stage in SUMMARIES else meeting.kind,
        start=meeting.starts_at,
        end=meeting.ends_at,
        attendee=work.register.row(person_id).email,
        required=row.required,
        reference=refs[0] if len(refs) == 1 else "",
        place=meeting.place,
        token=row.token,
        names=names_on_agenda(work, practice, meeting),
    )
