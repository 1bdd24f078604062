"""A person's Home, and help: what they see when they open the app or ask it what it can do."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Ephemeral, Reply
from bot.usecases.looks.home import home
from bot.usecases.retry import try_again

verbs = Verbs()

REGISTER = (
    {"verb": "agencies.open", "text": "Agencies: whom to ring", "value": "1"},
    {"verb": "contact.own", "text": "My register entry", "value": "own"},
)
"""What of the contact register is for everybody: on Home too."""


@verbs.event("app_home_opened")
async def opened(ask: Ask) -> None:
    """The Home tab was opened: draw it afresh."""
    await publish_home(ask)


@verbs.press("ledger.retry")
async def retry(ask: Ask) -> None:
    """A coordinator tries a failed delivery again."""
    await ask.bot.run(try_again, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await publish_home(ask)


@verbs.command("/convenor")
async def help_command(ask: Ask) -> Reply:
    """What can be done here, by whom, in words."""
    return _help(ask)


def _help(ask: Ask) -> Ephemeral:
    words = ask.bot.render.words("help", practice=ask.bot.practice, name=ask.person.name, slash=ask.slash)
    return Ephemeral(ask.shape("message", words=words, buttons=REGISTER))


@verbs.event("app_mention")
@verbs.event("message.im")
async def spoken_to(ask: Ask) -> Reply:
    """Somebody wrote to the bot: the same help; what they typed is neither stored nor logged (IG-06)."""
    return _help(ask)


async def publish_home(ask: Ask) -> None:
    """Show this person their Home as it is now."""
    view = await ask.bot.read(home, ask.bot.practice, ask.person.id, ask.bot.now())
    await ask.publish(ask.shape("home", view=view))
