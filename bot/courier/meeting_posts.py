"""What is shown and said about meetings, in their rooms and to the people asked."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.looks.mail_replies import reply_card
from bot.usecases.looks.meeting import (
    agenda_out,
    agenda_soon,
    hold_card,
    invitation_card,
    meeting_card,
)
from bot.usecases.looks.minutes import minutes_note, minutes_unapproved
from bot.usecases.looks.quorum import quorum_call
from bot.usecases.looks.referrals import case_note
from bot.views.meeting import InvitationCard


def to_answer(card: InvitationCard) -> tuple[Kind, str] | None:
    """An invitation asks for an answer for as long as it stands."""
    return ("invitation", card.id) if card.open else None


def unanswered(card: InvitationCard) -> bool:
    """Whoever is asked again, for the meeting was moved, gets another letter: their answer was to something else."""
    return card.open and card.answer == "none"


SURFACES = {
    "meeting_card": Surface(look=meeting_card, shape="meeting_card"),
    "invitation_card": Surface(
        look=invitation_card, shape="invitation_card", asks=to_answer, afresh=unanswered
    ),
    "hold_card": Surface(look=hold_card, shape="hold_card"),
    "reply_card": Surface(look=reply_card, shape="reply_card"),
}

MESSAGES = {
    "quorum_at_risk": Message(look=meeting_card, words="quorum_at_risk", shape="meeting_note"),
    "quorum_breaks": Message(look=quorum_call, words="quorum_breaks", shape="meeting_note"),
    "quorum_again": Message(look=meeting_card, words="quorum_again", shape="message"),
    "agenda_soon": Message(look=agenda_soon, words="agenda_soon", shape="agenda_note"),
    "agenda_out": Message(look=agenda_out, words="agenda_out", shape="message"),
    "entry_by_mail": Message(look=meeting_card, words="entry_by_mail", shape="meeting_note"),
    "entry_stuck": Message(look=meeting_card, words="entry_stuck", shape="meeting_note"),
    "entry_gone": Message(look=meeting_card, words="entry_gone", shape="meeting_note"),
    "entry_moved": Message(look=meeting_card, words="entry_moved", shape="meeting_note"),
    "minutes_sent": Message(look=minutes_unapproved, words="minutes_sent", shape="minutes_note"),
    "minutes_change": Message(look=minutes_unapproved, words="minutes_change", shape="minutes_note"),
    "minutes_due": Message(look=minutes_unapproved, words="minutes_due", shape="minutes_note"),
    "minutes_out": Message(look=minutes_note, words="minutes_out", shape="minutes_note"),
    "case_unlisted": Message(look=case_note, words="case_unlisted", shape="case_note"),
    "case_booked_late": Message(look=case_note, words="case_booked_late", shape="case_note"),
    "case_not_reached": Message(look=case_note, words="case_not_reached", shape="case_note"),
    "closure_objected": Message(look=case_note, words="closure_objected", shape="case_note"),
    "case_closed": Message(look=case_note, words="case_closed", shape="referral_note"),
}
