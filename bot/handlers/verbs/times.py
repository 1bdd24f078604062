"""Ask the people whose diaries cannot be read for times, and say at which of them one can."""

from bot.domain.people import Person
from bot.handlers.verbs.ask import Ask, Bot
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.ask_times import (
    ask_times,
    begin_asking,
    begin_saying,
    none_of_these,
    say_times,
    stop_asking,
)
from bot.usecases.looks.polls import whose_diaries

verbs = Verbs()

BEFORE_AN_ANSWER = 1.5
"""Seconds to wait for the diaries of the others; what takes longer is as it was read before."""


async def look_again(bot: Bot, asked_id: str, by: Person) -> None:
    """Read the diaries of the search once more, which is made again with the answer: it may be days old."""
    if bot.diaries is not None:
        sought = await bot.read(whose_diaries, bot.practice, asked_id, by)
        await bot.diaries.look(sought, patience=BEFORE_AN_ANSWER)


@verbs.press("times.ask")
async def whom(ask: Ask) -> None:
    """Who would be asked about which times, before anybody is."""
    sheet = await ask.bot.run(begin_asking, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    known = ids(poll=sheet.poll_id, shown=sheet.shown)
    await show(ask, ask.shape("times_ask", view=sheet, private_metadata=known))


@verbs.submission("times.ask")
async def asked(ask: Ask) -> Reply:
    """They are asked."""
    poll, shown = str(ask.ids["poll"]), str(ask.ids["shown"])
    sheet = await ask.bot.run(ask_times, ask.bot.practice, poll, shown, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("times_sent", view=sheet)))


@verbs.press("times.stop")
async def stopped(ask: Ask) -> None:
    """No more answers are waited for; the card shows it."""
    await ask.once(stop_asking, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())


@verbs.press("times.say")
async def when(ask: Ask) -> None:
    """The times, each with its three answers."""
    card = await ask.bot.run(begin_saying, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("times_say", view=card, private_metadata=ids(asked=card.id)))


@verbs.submission("times.say")
async def said(ask: Ask) -> Reply:
    """The answer is taken down, and the search made again."""
    asked_id = str(ask.ids["asked"])
    told = {id: str(answer or "") for id, answer in ask.answers.items()}
    await look_again(ask.bot, asked_id, ask.person)
    card = await ask.once(say_times, ask.bot.practice, asked_id, told, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("times_said", view=card)))


@verbs.press("times.none")
async def none(ask: Ask) -> None:
    """None of them suits; the button asked first, and the card shows it."""
    await look_again(ask.bot, ask.value, ask.person)
    await ask.once(none_of_these, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
