"""What is shown and said about referrals and cases."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks.cases import case_card
from bot.usecases.looks.referrals import case_note, referral_note, triage_card

SURFACES = {
    "triage_card": Surface(look=triage_card, shape="triage_card"),
    "case_card": Surface(look=case_card, shape="case_card"),
}

MESSAGES = {
    "receipt": Message(look=referral_note, words="receipt"),
    "triage_accept": Message(look=referral_note, words="triage_accept", shape="referral_note"),
    "triage_not_accept": Message(look=referral_note, words="triage_not_accept", shape="referral_note"),
    "triage_ask": Message(look=referral_note, words="triage_ask", shape="referral_note"),
    "triage_redirect": Message(look=referral_note, words="triage_redirect", shape="referral_note"),
    "case_opened": Message(look=case_note, words="case_opened", shape="case_note"),
    "form_complete": Message(look=case_note, words="form_complete", shape="case_note"),
}
