"""Everything the courier can show and say, joined from the modules that know how."""

from collections.abc import Mapping

from bot.courier import (
    action_posts,
    closure_posts,
    contact_posts,
    dispute_posts,
    involvement_posts,
    learning_posts,
    meeting_posts,
    onward_posts,
    people_posts,
    record_posts,
    referral_posts,
    review_posts,
    room_posts,
    share_posts,
    times_posts,
)
from bot.courier.showing import Message, Surface

_MODULES = (
    referral_posts,
    meeting_posts,
    times_posts,
    action_posts,
    room_posts,
    closure_posts,
    dispute_posts,
    review_posts,
    share_posts,
    involvement_posts,
    people_posts,
    record_posts,
    onward_posts,
    contact_posts,
    learning_posts,
)


def surfaces() -> Mapping[str, Surface]:
    """Every surface by name."""
    return {name: surface for module in _MODULES for name, surface in module.SURFACES.items()}


def messages() -> Mapping[str, Message]:
    """Every message by name."""
    return {name: message for module in _MODULES for name, message in module.MESSAGES.items()}
