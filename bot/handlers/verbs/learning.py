"""Lessons: record one, look at those that are open, verify that practice has changed (S5-09, S1-19)."""

from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import a_day, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.learn import NewLesson, begin_lesson, learn, list_lessons, open_lesson, verify_lesson

verbs = Verbs()


@verbs.press("learning.list")
async def listed(ask: Ask) -> None:
    """The lessons that nobody has verified yet."""
    found = await ask.bot.run(list_lessons, ask.bot.practice, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("lessons", view=found))


@verbs.press("learning.begin")
async def begun(ask: Ask) -> None:
    """A lesson of the case that is the value, or of none."""
    found = await ask.bot.run(begin_lesson, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("lesson_new", view=found, private_metadata=ids(case=ask.value)))


@verbs.submission("learning.begin")
async def recorded(ask: Ask) -> Reply:
    """Recorded; its owner is told."""
    case = str(ask.ids.get("case") or "")
    new = NewLesson(
        case_id=case,
        pathway=text(ask, "pathway"),
        source=text(ask, "source"),
        lesson=text(ask, "lesson"),
        change=text(ask, "change"),
        owner_id=text(ask, "owner"),
        due=a_day(ask.answers.get("due")),
    )
    ref = await ask.bot.run(learn, ask.bot.practice, new, source=ask.key, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("lesson_recorded", ref=ref)))


@verbs.press("learning.open")
async def opened(ask: Ask) -> None:
    """One lesson with its words, and what its verifier fills in."""
    found = await ask.bot.run(open_lesson, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("lesson", view=found, private_metadata=ids(lesson=ask.value)))


@verbs.submission("learning.verify")
async def verified(ask: Ask) -> Reply:
    """Somebody has seen that practice has changed."""
    how, id = text(ask, "how"), str(ask.ids["lesson"])
    ref = await ask.once(verify_lesson, ask.bot.practice, id, how, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("lesson_verified", ref=ref)))
