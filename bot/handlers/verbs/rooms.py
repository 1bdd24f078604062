"""A room that was closed because of who reads there is opened again by somebody who has looked."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Ephemeral, Reply
from bot.usecases.readers import open_again

verbs = Verbs()


@verbs.press("room.open")
async def opened(ask: Ask) -> Reply:
    """What was held back is owed again, and compared again before it is posted."""
    owed = await ask.bot.run(open_again, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    words = ask.bot.render.words("room_opened", owed=owed)
    return Ephemeral(ask.shape("message", words=words))
