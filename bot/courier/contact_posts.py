"""What is said of the contact register: professionals' own details, to themselves, their lead and the coordinator."""

from bot.courier.showing import Message, Surface
from bot.links import Kind
from bot.usecases.accounts import account_end_line
from bot.usecases.leavers import leaver_line
from bot.usecases.looks import contacts
from bot.views.contacts import OwnEntry


def own(view: OwnEntry) -> tuple[Kind, str]:
    """Whoever is asked about their entry can say that it is right, or what is wrong with it."""
    return ("contact", view.id)


SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "contact_check": Message(
        look=contacts.contact_check, words="contact_check", shape="contact_note", asks=own
    ),
    "contacts_unverified": Message(look=contacts.contacts_unverified, words="contacts_unverified"),
    "contact_request": Message(look=contacts.contact_request, words="contact_request", shape="request_note"),
    "leaver_waits": Message(look=leaver_line, words="leaver_waits", shape="leaver_note"),
    "account_ended": Message(look=account_end_line, words="account_ended", shape="account_note"),
    "case_handed": Message(look=contacts.case_handed, words="case_handed"),
}
