"""What is said about reviews: who invites the person, plans without a meeting, decisions (S3-31, S2-40)."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks.authority import authority_answered, authority_asked
from bot.usecases.looks.referrals import case_note
from bot.usecases.looks.reviews import decision_due, decision_pointer, subject_to_invite

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "subject_invite": Message(look=subject_to_invite, words="subject_invite", shape="subject_note"),
    "subject_chase": Message(look=subject_to_invite, words="subject_chase", shape="subject_note"),
    "review_unbooked": Message(look=case_note, words="review_unbooked", shape="relist_note"),
    "case_relisted": Message(look=case_note, words="case_relisted", shape="relist_note"),
    "authority_asked": Message(look=authority_asked, words="authority_asked", shape="authority_note"),
    "authority_late": Message(look=authority_asked, words="authority_asked", shape="authority_told"),
    "authority_answered": Message(
        look=authority_answered, words="authority_answered", shape="authority_told"
    ),
    "decision_due": Message(look=decision_due, words="decision_due", shape="decision_note"),
    "decision_back": Message(look=decision_pointer, words="decision_back", shape="decision_back"),
}
