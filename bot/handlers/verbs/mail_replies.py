"""Decide on a reply that came by e-mail and could not be believed at once."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.registry import Verbs
from bot.usecases.mail_reply import record_reply, set_reply_aside

verbs = Verbs()


@verbs.press("reply.take")
async def taken(ask: Ask) -> None:
    """It is recorded as the person's answer; the button asked first whether they were asked."""
    await ask.once(record_reply, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())


@verbs.press("reply.leave")
async def left(ask: Ask) -> None:
    """It changes nothing."""
    await ask.once(set_reply_aside, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
