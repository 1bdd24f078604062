"""Who else knows this person: asked by reference, answered in two taps, read by those on the case (S2-48, S4-10)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.cases import case_view
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Ephemeral, Reply, Update
from bot.usecases.involvement import (
    add_agency,
    ask_agencies,
    begin_asking_agencies,
    open_who_knows,
    stop_waiting,
    wait_again,
)
from bot.usecases.involvement_answers import (
    Found,
    begin_known,
    begin_research,
    keep_research,
    look_up,
    say_known,
    say_not_known,
)
from bot.usecases.involvement_chase import chase_case, chase_meeting
from bot.usecases.open_case import open_case
from bot.views.involvement import CheckCard

verbs = Verbs()


@verbs.press("involvement.ask")
async def whom(ask: Ask) -> None:
    """Who would be asked and until when, before anybody is."""
    found = await ask.bot.run(
        begin_asking_agencies, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    await show(ask, ask.shape("involvement_ask", view=found, private_metadata=ids(case=found.case_id)))


@verbs.submission("involvement.ask")
async def asked(ask: Ask) -> Reply:
    """They are asked."""
    case = str(ask.ids["case"])
    await ask.bot.run(ask_agencies, ask.bot.practice, case, by=ask.person, now=ask.bot.now())
    return Update(await _sheet(ask, case))


@verbs.press("involvement.open")
async def opened(ask: Ask) -> None:
    """How the asking stands, for the coordinator and the chair."""
    await show(ask, await _sheet(ask, ask.value))


@verbs.press("involvement.read")
async def read(ask: Ask) -> None:
    """What the agencies know, in the case's file, for those who work on the case."""
    found = await ask.bot.run(
        open_case, ask.bot.practice, ask.value, 0, kind="involvement", by=ask.person, now=ask.bot.now()
    )
    await show(ask, case_view(ask, found))


@verbs.press("involvement.look")
async def looked(ask: Ask) -> Reply | None:
    """Who is meant, for the agency's contact; on the record."""
    return await _in_window(ask, await _identity(ask, ask.value))


@verbs.press("involvement.known")
async def known(ask: Ask) -> Reply | None:
    """Known: the one small form."""
    form = await ask.bot.run(begin_known, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _in_window(
        ask, ask.shape("involvement_known", view=form, private_metadata=ids(check=form.card.id))
    )


@verbs.submission("involvement.known")
async def told(ask: Ask) -> Reply:
    """Since when, with what, and whom to ask: to the record."""
    card = await ask.once(
        say_known,
        ask.bot.practice,
        str(ask.ids["check"]),
        text(ask, "since"),
        text(ask, "support"),
        text(ask, "worker"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(_thanks(ask, card))


@verbs.press("involvement.not_known")
async def not_known(ask: Ask) -> Reply | None:
    """Not known; whoever has not seen who is meant is shown that first."""
    card = await ask.once(say_not_known, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    if card is None:
        return await _in_window(ask, await _identity(ask, ask.value, first=True))
    if ask.in_modal:
        return Update(_thanks(ask, card))
    return Ephemeral(ask.shape("message", words=ask.bot.render.words("involvement_said", view=card)))


@verbs.press("involvement.research")
async def research(ask: Ask) -> Reply | None:
    """What the agency holds about each person of the case: one dialog."""
    form = await ask.bot.run(begin_research, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _in_window(
        ask, ask.shape("involvement_research", view=form, private_metadata=ids(check=form.card.id))
    )


@verbs.submission("involvement.research")
async def returned(ask: Ask) -> Reply:
    """The return, to the record."""
    subjects = [field.removeprefix("held-") for field in ask.answers if field.startswith("held-")]
    found = {
        subject: Found(
            held=text(ask, f"held-{subject}"),
            facts=text(ask, f"facts-{subject}"),
            risk_view=text(ask, f"risk-{subject}"),
            measures=text(ask, f"measures-{subject}"),
            flag=text(ask, f"flag-{subject}"),
        )
        for subject in subjects
    }
    check = str(ask.ids["check"])
    card = await ask.once(keep_research, ask.bot.practice, check, found, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("notice", words=ask.bot.render.words("research_kept", view=card)))


@verbs.press("involvement.chase")
async def chased(ask: Ask) -> Reply | None:
    """The silent agencies of a case are asked again, now."""
    number = await ask.bot.run(chase_case, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _in_window(ask, await _sheet(ask, ask.value, chased=number))


@verbs.press("involvement.chase_all")
async def chased_all(ask: Ask) -> Reply:
    """Those of every case on a meeting's agenda; the value is the meeting."""
    number = await ask.bot.run(chase_meeting, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    words = ask.bot.render.words("involvement_chased", number=number)
    return Ephemeral(ask.shape("message", words=words))


@verbs.press("involvement.add")
async def added(ask: Ask) -> Reply:
    """An agency that knows the person joins the case."""
    case = await ask.once(add_agency, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Update(await _sheet(ask, case))


@verbs.press("involvement.stop")
async def why(ask: Ask) -> Reply:
    """Nobody is to wait for this agency any longer: why?"""
    return Update(ask.shape("involvement_stop", private_metadata=ids(check=ask.value)))


@verbs.submission("involvement.stop")
async def stopped(ask: Ask) -> Reply:
    """Not waited for, with the reason."""
    case = await ask.once(
        stop_waiting,
        ask.bot.practice,
        str(ask.ids["check"]),
        text(ask, "reason"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(await _sheet(ask, case))


@verbs.press("involvement.resume")
async def resumed(ask: Ask) -> Reply:
    """Waited for again."""
    case = await ask.once(wait_again, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Update(await _sheet(ask, case))


async def _in_window(ask: Ask, view: Json) -> Reply | None:
    """In the place of the window that was pressed, or in one of its own where a message was."""
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


async def _identity(ask: Ask, check_id: str, *, first: bool = False) -> Json:
    found = await ask.bot.run(look_up, ask.bot.practice, check_id, by=ask.person, now=ask.bot.now())
    return ask.shape("involvement_details", view=found, first=first)


async def _sheet(ask: Ask, case_id: str, *, chased: int | None = None) -> Json:
    found = await ask.bot.run(open_who_knows, ask.bot.practice, case_id, by=ask.person, now=ask.bot.now())
    return ask.shape("involvement_sheet", view=found, chased=chased)


def _thanks(ask: Ask, card: CheckCard) -> Json:
    return ask.shape("notice", words=ask.bot.render.words("involvement_said", view=card))
