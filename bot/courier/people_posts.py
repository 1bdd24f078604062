"""What is said about the people of a case and the risk to them: to whoever keeps them safe, pointers only."""

from bot.courier.showing import Message, Surface
from bot.usecases.bundle import bundle_note
from bot.usecases.looks.referrals import case_note, referral_note

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "assessment_stale": Message(look=case_note, words="assessment_stale", shape="case_note"),
    "bundle_allowed": Message(look=bundle_note, words="bundle_allowed", shape="bundle_note"),
    "barred_tried": Message(look=referral_note, words="barred_tried", shape="message"),
}
