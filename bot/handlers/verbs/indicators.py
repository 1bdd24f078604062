"""How it goes for the person of a case: read, and measured anew (S5-26)."""

from bot.domain.forms import Answer
from bot.domain.indicators import Readings
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.people import a_day, case_of, file_at, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply
from bot.usecases.indicators import open_indicators, record_readings

verbs = Verbs()


@verbs.press("indicators.open")
async def opened(ask: Ask) -> None:
    """What was read so far, and the form of a new reading; the value is the case."""
    page = await ask.bot.run(open_indicators, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("indicators", view=page, private_metadata=ids(case=page.case_id)))


@verbs.submission("indicators.record")
async def measured(ask: Ask) -> Reply:
    """Kept; the file opens at it."""
    readings = Readings(
        on=a_day(ask.answers.get("on")),
        word=text(ask, "word"),
        values={
            block: value
            for block, answer in ask.answers.items()
            if block not in ("on", "word") and (value := _number(answer)) is not None
        },
    )
    case = await ask.once(
        record_readings, ask.bot.practice, case_of(ask), readings, by=ask.person, now=ask.bot.now()
    )
    return await file_at(ask, case, "indicators")


def _number(answer: Answer) -> int | None:
    """A number, or the step that was chosen; None for a blank. What is no number is refused as one too low."""
    if not isinstance(answer, str) or not answer.strip():
        return None
    said = answer.strip().removeprefix("step-")
    return int(said) if said.isascii() and said.isdigit() else -1
