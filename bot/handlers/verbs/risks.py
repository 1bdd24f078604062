"""The risk in a case: the tool gone through again, single risks, whether the plan is enough for each person."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.people import case_of, file_at, text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.assess import answer_page, begin_assessment, finish_assessment
from bot.usecases.risks import RatedRisk, open_enough, open_risk, rate_risk, record_enough
from bot.views.people import RiskForm, ToolPage

verbs = Verbs()


@verbs.press("assess.begin")
async def begin(ask: Ask) -> None:
    """The tool's first page; the value is the case."""
    page = await ask.bot.run(begin_assessment, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, tool_view(ask, page))


@verbs.submission("assess.page")
async def answered(ask: Ask) -> Reply:
    """A page is kept, and the next one shown."""
    return Update(tool_view(ask, await _turn(ask, back=False)))


@verbs.press("assess.back")
async def back(ask: Ask) -> Reply:
    """The page before; what was chosen here is kept."""
    return Update(tool_view(ask, await _turn(ask, back=True)))


@verbs.submission("assess.finish")
async def judged(ask: Ask) -> Reply:
    """A new version, with a person's judgement; the file opens at it."""
    case = await ask.once(
        finish_assessment,
        ask.bot.practice,
        str(ask.ids["assessment"]),
        text(ask, "judgement"),
        text(ask, "reason"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return await file_at(ask, case, "assessments")


@verbs.press("risk.open")
async def new_risk(ask: Ask) -> None:
    """The form for a new risk; the value is the case."""
    form = await ask.bot.run(open_risk, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, risk_view(ask, form))


@verbs.press("risk.known")
async def known_risk(ask: Ask) -> Reply:
    """The form filled in with a risk that is known, to rate it again; the value is the risk."""
    form = await ask.bot.run(
        open_risk, ask.bot.practice, case_of(ask), ask.value, by=ask.person, now=ask.bot.now()
    )
    return Update(risk_view(ask, form))


@verbs.submission("risk.record")
async def rated(ask: Ask) -> Reply:
    """A new version of it; the file opens at it."""
    risk = RatedRisk(
        description=text(ask, "description"),
        to_whom=text(ask, "to_whom"),
        likelihood=text(ask, "likelihood"),
        impact=text(ask, "impact"),
        rating=text(ask, "rating"),
        agency_id=text(ask, "agency"),
        strengths=text(ask, "strengths"),
    )
    known = str(ask.ids.get("risk") or "")
    case = await ask.once(
        rate_risk, ask.bot.practice, case_of(ask), known, risk, by=ask.person, now=ask.bot.now()
    )
    return await file_at(ask, case, "risks")


@verbs.press("hold.enough")
async def enough(ask: Ask) -> None:
    """Is the plan good enough for each of the people; the value is the case on the table."""
    form = await ask.bot.run(open_enough, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("hold_enough", view=form, private_metadata=ids(item=form.item)))


@verbs.submission("hold.enough")
async def found_enough(ask: Ask) -> None:
    """What the meeting finds, person by person."""
    said = {
        block.removeprefix("enough-"): (text(ask, block), text(ask, f"why-{block.removeprefix('enough-')}"))
        for block in ask.answers
        if block.startswith("enough-")
    }
    await ask.once(
        record_enough, ask.bot.practice, str(ask.ids["item"]), said, by=ask.person, now=ask.bot.now()
    )


async def _turn(ask: Ask, *, back: bool) -> ToolPage:
    return await ask.bot.run(
        answer_page,
        ask.bot.practice,
        str(ask.ids["assessment"]),
        int(str(ask.ids.get("page") or 0)),
        ask.answers,
        back=back,
        by=ask.person,
        now=ask.bot.now(),
    )


def tool_view(ask: Ask, page: ToolPage) -> Json:
    """A page of the tool, or the last one, where somebody judges."""
    return ask.shape("assess", view=page, private_metadata=ids(assessment=page.id, page=str(page.page)))


def risk_view(ask: Ask, form: RiskForm) -> Json:
    """The form of a risk."""
    return ask.shape("risk", view=form, private_metadata=ids(case=form.case_id, risk=form.risk))
