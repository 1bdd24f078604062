"""Raise a concern: danger first, then the pathway's form page by page (T01, S3-16, S3-17; design.md section 4)."""

import json

from bot.domain.errors import Invalid, NotFound
from bot.domain.forms import DANGER
from bot.domain.pathway import Pathway
from bot.domain.sharing import RECIPIENTS
from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.home import publish_home
from bot.handlers.verbs.pages import Register, fitting, next_page, page_before, page_view
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Errors, Options, Reply, Update
from bot.usecases.drafts import begin_draft, discard_draft, save_page, turn_back
from bot.usecases.jot import MESSAGE, jot, take_jotting
from bot.usecases.looks.forms import OpenDraft, names_in_register, open_draft
from bot.usecases.refer import Receipt, Unfinished, begin_second_stage, complete, refer, sent_before

verbs = Verbs()

NARRATIVE = ("concern", "summary", "what_happened")
"""Fields that a message's text can begin, the first that the form has."""


@verbs.command("/refer")
async def command(ask: Ask) -> None:
    """`/refer [pathway]`: the first dialog, with nothing slow before it."""
    pathway = ask.bot.practice.named(ask.value).id if ask.value else ""
    await ask.open(start_view(ask, pathway))


@verbs.shortcut("raise-concern")
@verbs.press("refer.begin")
async def begin(ask: Ask) -> None:
    """From the shortcuts menu, or the button in App Home."""
    await ask.open(start_view(ask, ""))


@verbs.shortcut("refer-this", on="message")
async def from_message(ask: Ask) -> None:
    """From a message: its text begins the concern. The dialog opens first; the text waits in the store."""
    await ask.open(start_view(ask, "", jotting=ask.key))
    await ask.bot.run(jot, ask.bot.practice, ask.value, source=ask.key, by=ask.person, now=ask.bot.now())


@verbs.submission("refer.start")
async def started(ask: Ask) -> Reply:
    """Danger answered and a pathway chosen: the 999 card, or the form's first page."""
    answers = ask.answers
    if not answers.get(DANGER):
        return Errors({DANGER: "Choose yes or no."})
    pathway = ask.bot.practice.named(str(answers.get("pathway") or ask.ids.get("pathway") or ""))
    if answers[DANGER] == "yes":
        return Update(danger_view(ask, pathway))
    return await first_page(ask, pathway, danger="no")


@verbs.submission("refer.danger")
async def help_was_called(ask: Ask) -> Reply:
    """The 999 card was read and help called: the form goes on."""
    return await first_page(ask, ask.bot.practice.named(str(ask.ids["pathway"])), danger="yes")


async def first_page(ask: Ask, pathway: Pathway, *, danger: str) -> Reply:
    """Begin the draft and show its first page."""
    jotting = str(ask.ids.get("jotting") or "")
    kept = dict(await ask.bot.run(take_jotting, jotting, by=ask.person)) if jotting else {}
    answers = {DANGER: danger, **_narrative(pathway, str(kept.pop(MESSAGE, "") or "")), **kept}
    draft = await ask.bot.run(
        begin_draft, ask.bot.practice, pathway.id, answers, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    return Update(await draft_view(ask, draft))


def _narrative(pathway: Pathway, text: str) -> dict[str, str]:
    field = next((each.id for each in pathway.fields if each.id in NARRATIVE), None)
    return {field: text} if field and text else {}


@verbs.submission("refer.page")
async def page_sent(ask: Ask) -> Reply:
    """A page was sent: saved, checked, and on to the next; after the last, the referral itself.

    Sent once more, because the first answer never arrived, it gets that answer (design.md rule 2).
    """
    draft, page = str(ask.ids["draft"]), str(ask.ids["page"])
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    try:
        await ask.bot.run(save_page, practice, draft, page, ask.answers, by=by, now=now)
    except Invalid as invalid:
        return Errors(invalid.problems, await _with_more(ask, draft, page))
    except NotFound:
        known = await ask.bot.read(sent_before, draft, by)
        if known is None:
            raise
        return Update(receipt_view(ask, known))
    if more := await _with_more(ask, draft, page):
        return Update(more)
    opened = await ask.bot.read(open_draft, practice, draft, by)
    if (following := next_page(opened.form, page, opened.answers)) is not None:
        return Update(await _page(ask, opened, following))
    try:
        send = complete if opened.second_stage else refer
        receipt = await ask.bot.run(send, practice, draft, by=by, now=now)
    except Unfinished as unfinished:
        return Update(await _page(ask, opened, _pages(opened)[unfinished.page]))
    return Update(receipt_view(ask, receipt))


@verbs.press("form.back")
async def back(ask: Ask) -> Reply | None:
    """One page back; what stands on this page is kept as it is."""
    draft, page = str(ask.ids["draft"]), str(ask.ids["page"])
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    before = page_before(opened.form, page, opened.answers)
    if before is None:
        return None
    number = _pages(opened).index(before)
    await ask.bot.run(turn_back, draft, number, ask.answers, by=ask.person, now=ask.bot.now())
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    return Update(await _page(ask, opened, before))


@verbs.press("answer")
async def steered(ask: Ask) -> Reply | None:
    """An answer on which other questions hang: keep what is typed and show what applies now."""
    if "draft" not in ask.ids:
        return None
    draft, page = str(ask.ids["draft"]), str(ask.ids["page"])
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    number = _pages(opened).index(page) if page in _pages(opened) else 0
    await ask.bot.run(turn_back, draft, number, ask.answers, by=ask.person, now=ask.bot.now())
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    return Update(await _page(ask, opened, page))


@verbs.options("answer")
async def names(ask: Ask) -> Reply:
    """Agencies or people of the register, as they are typed for."""
    found = await ask.bot.read(names_in_register, ask.person)
    field = next((f for p in ask.bot.practice.enabled for f in p.fields if f.id == ask.block), None)
    people = field is None or field.kind == "person"
    known = found.people if people and ask.block != RECIPIENTS else found.agencies
    return Options(fitting(known, ask.value))


@verbs.press("draft.resume")
async def resume(ask: Ask) -> None:
    """Go on with a draft from App Home, at the page where it was left."""
    await ask.open(await draft_view(ask, ask.value))


@verbs.press("draft.place")
async def place(ask: Ask) -> None:
    """Choose a pathway for a concern that was begun from a message."""
    await ask.open(start_view(ask, "", jotting=ask.value))


@verbs.press("draft.discard")
async def discard(ask: Ask) -> None:
    """Throw a draft away; the button asked first."""
    await ask.bot.run(discard_draft, ask.value, by=ask.person)
    await publish_home(ask)


@verbs.press("referral.complete")
async def second_stage(ask: Ask) -> None:
    """Open the second form of an accepted referral (S3-20)."""
    draft = await ask.bot.run(
        begin_second_stage, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    await ask.open(await draft_view(ask, draft))


def start_view(ask: Ask, pathway: str, jotting: str = "") -> Json:
    """The first dialog: immediate danger, then which pathway where there is a choice."""
    ids = {key: value for key, value in (("pathway", pathway), ("jotting", jotting)) if value}
    return ask.shape(
        "start",
        pathways=ask.bot.practice.enabled,
        chosen=pathway,
        area=ask.bot.practice.area,
        private_metadata=json.dumps(ids),
    )


def danger_view(ask: Ask, pathway: Pathway) -> Json:
    """The 999 card; the form pauses under it (T01)."""
    words = ask.bot.render.words("danger", emergency=pathway.emergency, area=ask.bot.practice.area)
    ids = {**ask.ids, "pathway": pathway.id}
    return ask.shape("danger", words=words, callback_id="refer.danger", private_metadata=json.dumps(ids))


def receipt_view(ask: Ask, receipt: Receipt) -> Json:
    """What the referrer sees at once: the reference, and what happens next."""
    pathway = ask.bot.practice.pathways[receipt.pathway]
    words = ask.bot.render.words("sent", receipt=receipt, pathway=pathway, second_stage=receipt.second_stage)
    return ask.shape("notice", words=words)


async def draft_view(ask: Ask, draft: str) -> Json:
    """A draft's modal, at the page where it was left."""
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    pages = _pages(opened)
    return await _page(ask, opened, pages[min(opened.page, len(pages) - 1)])


async def _page(ask: Ask, opened: OpenDraft, page: str) -> Json:
    found = await ask.bot.read(names_in_register, ask.person)
    return page_view(
        ask.shape,
        opened.form,
        page,
        opened.answers,
        callback_id="refer.page",
        ids={"draft": opened.id},
        register=Register(agencies=found.agencies, people=found.people),
        pathway=opened.pathway,
    )


async def _with_more(ask: Ask, draft: str, page: str) -> Json | None:
    """The same page, where answers just given lead to questions that it did not show; None where it showed them."""
    if ask.asked is None:
        return None
    opened = await ask.bot.read(open_draft, ask.bot.practice, draft, ask.person)
    fields = next((each.fields for each in opened.pages if each.id == page), ())
    if {field.id for field in fields} <= ask.asked:
        return None
    return await _page(ask, opened, page)


def _pages(opened: OpenDraft) -> list[str]:
    return [page.id for page in opened.pages]
