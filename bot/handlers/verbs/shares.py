"""Share information: the pages, a manager's advice, the item itself, its receipt and its recall."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.pages import next_page, page_before, page_view
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Reply, Update
from bot.usecases.breach import decide_breach, open_breach
from bot.usecases.share import (
    NotWhole,
    begin_share,
    keep_page,
    open_page,
    save_share_page,
    send_share,
    withdraw_share,
)
from bot.usecases.share_advice import advise, ask_manager, open_advice, open_question
from bot.usecases.share_open import open_share, receive_share
from bot.usecases.share_recall import open_recall, recall_share
from bot.usecases.sharing import ShareDraft

verbs = Verbs()


@verbs.press("share.begin")
async def begun(ask: Ask) -> None:
    """From a case's file: the first page."""
    share = await ask.bot.run(
        begin_share, ask.bot.practice, ask.value, source=ask.key, by=ask.person, now=ask.bot.now()
    )
    await show(ask, await _page(ask, share))


@verbs.press("share.go_on")
async def gone_on_with(ask: Ask) -> None:
    """An item that was begun, at its first page."""
    await show(ask, await _page(ask, ask.value))


@verbs.submission("share.page")
async def page_sent(ask: Ask) -> Reply:
    """A page was sent: kept, checked, and on to the next; after the last the item itself goes.

    Should an earlier page lack something by then, that page comes back, and says so once it is sent again.
    """
    share, page = str(ask.ids["share"]), str(ask.ids["page"])
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    await ask.bot.run(save_share_page, practice, share, page, ask.answers, by=by, now=now)
    draft = await ask.bot.run(open_page, practice, share, page, by=by, now=now)
    if (following := next_page(draft.form, page, draft.answers)) is not None:
        return Update(await _page(ask, share, following))
    try:
        ref = await ask.bot.run(send_share, practice, share, by=by, now=now)
    except NotWhole as gap:
        return Update(await _page(ask, share, gap.page))
    return _said(ask, "share_sent", ref=ref)


@verbs.press("share.back")
async def back(ask: Ask) -> Reply | None:
    """One page back; what stands on this page is kept as it is."""
    share, page = str(ask.ids["share"]), str(ask.ids["page"])
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    await ask.bot.run(keep_page, practice, share, ask.answers, by=by, now=now)
    draft = await ask.bot.run(open_page, practice, share, page, by=by, now=now)
    before = page_before(draft.form, draft.page, draft.answers)
    return None if before is None else Update(await _page(ask, share, before))


@verbs.press("share.guide")
async def guide_opened(ask: Ask) -> None:
    """The button is a link, which the browser opens; nothing is done here."""


@verbs.press("share.ask")
async def unsure(ask: Ask) -> Reply:
    """From a page: what stands there is kept, and whom to ask comes in its place."""
    share = str(ask.ids["share"])
    practice, by, now = ask.bot.practice, ask.person, ask.bot.now()
    await ask.bot.run(keep_page, practice, share, ask.answers, by=by, now=now)
    return Update(await _question(ask, share))


@verbs.press("share.ask_again")
async def ask_another(ask: Ask) -> Reply:
    """From an item on hold: somebody else is asked, since the first is silent."""
    return Update(await _question(ask, ask.value))


@verbs.submission("share.ask")
async def asked(ask: Ask) -> Reply:
    """On hold, and a named person has it."""
    name = await ask.once(
        ask_manager,
        ask.bot.practice,
        str(ask.ids["share"]),
        text(ask, "adviser"),
        text(ask, "doubt"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return _said(ask, "share_asked", name=name)


@verbs.press("share.advise")
async def advice_wanted(ask: Ask) -> None:
    """For the one who is asked: the item, the doubt, and room for an answer."""
    found = await ask.bot.run(open_advice, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("share_advise", view=found, private_metadata=ids(advice=found.id)))


@verbs.submission("share.advise")
async def advised(ask: Ask) -> Reply:
    """The answer, under a name; whoever asked is told."""
    await ask.once(
        advise,
        ask.bot.practice,
        str(ask.ids["advice"]),
        text(ask, "verdict"),
        text(ask, "advice"),
        bool(ask.answers.get("legal")),
        by=ask.person,
        now=ask.bot.now(),
    )
    return _said(ask, "share_answered")


@verbs.press("share.open")
@verbs.press("share.own")
async def opened(ask: Ask) -> None:
    """The item, for those it is for, or one's own that waits; refused and recorded for anybody else."""
    found = await ask.bot.run(open_share, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("share_opened", view=found))


@verbs.press("share.receive")
async def received(ask: Ask) -> Reply:
    """It came; the item shows who confirmed it."""
    found = await ask.bot.run(receive_share, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return Update(ask.shape("share_opened", view=found))


@verbs.press("share.withdraw")
async def withdrawn(ask: Ask) -> Reply:
    """Not sent after all."""
    ref = await ask.bot.run(withdraw_share, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return _said(ask, "share_withdrawn", ref=ref)


@verbs.press("share.recall")
async def before_a_recall(ask: Ask) -> None:
    """Where it went, who opened it, and why it is recalled; after a recall the same without the question."""
    found = await ask.bot.run(open_recall, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("share_recall", view=found, private_metadata=ids(share=ask.value)))


@verbs.submission("share.recall")
async def recalled(ask: Ask) -> Reply:
    """It opens no more; the list stays for whoever recalled it."""
    share = str(ask.ids["share"])
    found = await ask.bot.run(
        recall_share, ask.bot.practice, share, text(ask, "reason"), by=ask.person, now=ask.bot.now()
    )
    return Update(ask.shape("share_recall", view=found, private_metadata=ids(share=share)))


@verbs.press("breach.decide")
async def before_the_decision(ask: Ask) -> None:
    """Whether the regulator is told: the question, or what was decided; the value is the recalled item."""
    found = await ask.bot.run(open_breach, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("breach", view=found, private_metadata=ids(share=ask.value)))


@verbs.submission("breach.decide")
async def breach_decided(ask: Ask) -> Reply:
    """Decided, with the reason and a name; the page shows it."""
    found = await ask.bot.run(
        decide_breach,
        ask.bot.practice,
        str(ask.ids["share"]),
        text(ask, "verdict"),
        text(ask, "reason"),
        by=ask.person,
        now=ask.bot.now(),
    )
    return Update(ask.shape("breach", view=found))


async def _page(ask: Ask, share: str, page: str = "") -> Json:
    draft = await ask.bot.run(open_page, ask.bot.practice, share, page, by=ask.person, now=ask.bot.now())
    return _drawn(ask, draft)


def _drawn(ask: Ask, draft: ShareDraft) -> Json:
    def shape(name: str, /, **view: object) -> Json:
        # The page of who was told waits for the first page's answer; it is counted from the start.
        return ask.shape("share_form", draft=draft, **{**view, "of": len(draft.form.pages)})

    return page_view(
        shape, draft.form, draft.page, draft.answers, callback_id="share.page", ids={"share": draft.id}
    )


async def _question(ask: Ask, share: str) -> Json:
    found = await ask.bot.run(open_question, ask.bot.practice, share, by=ask.person, now=ask.bot.now())
    if not found.people:
        return ask.shape("notice", words=ask.bot.render.words("share_nobody"))
    return ask.shape("share_ask", view=found, private_metadata=ids(share=share))


def _said(ask: Ask, words: str, **view: object) -> Update:
    return Update(ask.shape("notice", words=ask.bot.render.words(words, **view)))
