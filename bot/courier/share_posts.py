"""What is said of information that agencies share: pointers only, to the people it concerns."""

from bot.courier.showing import Message, Surface
from bot.usecases.looks import breach, shares

SURFACES: dict[str, Surface] = {}

MESSAGES = {
    "share_pointer": Message(look=shares.share_pointer, words="share_pointer", shape="share_note"),
    "share_recalled": Message(look=shares.share_recalled, words="share_recalled", shape="share_note"),
    "share_breach": Message(look=shares.share_breach, words="share_breach", shape="share_note"),
    "breach_due": Message(look=breach.breach_due, words="breach_due", shape="share_note"),
    "breach_late": Message(look=breach.breach_late, words="breach_due", shape="share_note"),
    "breach_decided": Message(look=breach.breach_decided, words="breach_decided", shape="share_note"),
    "share_unsent": Message(look=shares.share_unsent, words="share_unsent", shape="share_note"),
    "share_hold": Message(look=shares.share_hold, words="share_hold", shape="share_note"),
    "share_waits": Message(look=shares.share_waits, words="share_waits", shape="share_note"),
    "share_waits_long": Message(look=shares.share_waits_long, words="share_waits", shape="share_note"),
    "share_advised": Message(look=shares.share_advised, words="share_advised", shape="share_note"),
    "share_unreceived": Message(look=shares.share_unreceived, words="share_unreceived", shape="share_note"),
    "agreement_ending": Message(look=shares.agreement_ending, words="agreement_ending"),
}
