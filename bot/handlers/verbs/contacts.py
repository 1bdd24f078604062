"""The contact register in chat: one's own entry, agencies' cards, what leavers leave (S5-01, S5-30 to S5-34)."""

from bot.handlers.verbs.ask import Ask, Json
from bot.handlers.verbs.convene import ids, show
from bot.handlers.verbs.record import text
from bot.handlers.verbs.registry import Verbs
from bot.handlers.verbs.replies import Clear, Ephemeral, Reply, Update
from bot.usecases.accounts import account_back, account_gone, has_left, let_in
from bot.usecases.agency_cards import Written, agencies, agency_card, begin_card, write_card
from bot.usecases.contacts import Mended, mend_own, own_entry, settle_request, still_right, vouch
from bot.usecases.leavers import PARTS, Given, hand_over, open_hand_over
from bot.usecases.looks.contacts import register_duties

verbs = Verbs()

MOST = 6
"""Of each kind that waits in the register, on its page; what is more is told by number."""


@verbs.press("contact.own")
async def own(ask: Ask) -> None:
    """What the register says of oneself, with what can be changed."""
    entry = await ask.bot.run(own_entry, ask.bot.practice, by=ask.person, now=ask.bot.now())
    await show(ask, ask.shape("contact_entry", view=entry))


@verbs.press("contact.right")
async def right(ask: Ask) -> Reply:
    """It is still right: noted with today's date."""
    await ask.bot.run(still_right, ask.bot.practice, by=ask.person, now=ask.bot.now())
    return Ephemeral(ask.shape("message", words=ask.bot.render.words("contact_right", name=ask.person.name)))


@verbs.submission("contact.mend")
async def mended(ask: Ask) -> Reply:
    """What was wrong is put right at once; the note goes to the coordinators."""
    said = Mended(
        phone=text(ask, "phone"),
        title=text(ask, "title"),
        deputy_id=text(ask, "deputy"),
        out_of_hours=text(ask, "out_of_hours"),
        note=text(ask, "note"),
    )
    await ask.once(mend_own, ask.bot.practice, said, by=ask.person, now=ask.bot.now())
    return Clear()


@verbs.press("register.open")
async def waits(ask: Ask) -> None:
    """What waits in the register for this coordinator, or this agency's lead."""
    await show(ask, await _waits(ask))


@verbs.press("contact.vouch")
async def vouched(ask: Ask) -> Reply:
    """A coordinator rang somebody, whose entry is right; the value is the person."""
    await ask.bot.run(vouch, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _noted(ask)


@verbs.press("contact.settle")
async def settled(ask: Ask) -> Reply:
    """What was wrong with somebody's entry has been put right; the value is the request."""
    await ask.bot.run(settle_request, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return await _noted(ask)


@verbs.press("agencies.open")
async def list_opened(ask: Ask) -> None:
    """The agencies of the area, from Home or from help."""
    await show(ask, await _list(ask))


@verbs.press("agencies.page")
async def turned(ask: Ask) -> Reply:
    """Another page of them; the value is its number."""
    return Update(await _list(ask, page=int(ask.value) if ask.value.isdigit() else 1))


@verbs.submission("agencies.find")
async def sought(ask: Ask) -> Reply:
    """Those whose name has what was typed; all of them when nothing was."""
    return Update(await _list(ask, sought=text(ask, "sought")))


@verbs.press("agency.open")
async def card_opened(ask: Ask) -> None:
    """One agency's card; the value is the agency."""
    await show(ask, await _card(ask, ask.value))


@verbs.press("agency.edit")
async def edit(ask: Ask) -> Reply | None:
    """What an agency says of itself, for its lead or the coordinator; in the place of its card."""
    name, written = await ask.bot.run(
        begin_card, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now()
    )
    view = ask.shape("agency_edit", view=written, name=name, private_metadata=ids(agency=ask.value))
    if ask.in_modal:
        return Update(view)
    await ask.open(view)
    return None


@verbs.submission("agency.edit")
async def edited(ask: Ask) -> Reply:
    """Written; the card shows it."""
    agency = str(ask.ids["agency"])
    written = Written(
        profile=text(ask, "profile"),
        urgent=text(ask, "urgent"),
        routine=text(ask, "routine"),
        out_of_hours=text(ask, "out_of_hours"),
        forums=text(ask, "forums"),
    )
    await ask.once(write_card, ask.bot.practice, agency, written, by=ask.person, now=ask.bot.now())
    return Update(await _card(ask, agency))


@verbs.press("leaver.open")
async def leaver_opened(ask: Ask) -> None:
    """What somebody who has left still has; the value is the hand-over."""
    found = await ask.bot.run(open_hand_over, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    view = ask.shape("hand_over", view=found, private_metadata=ids(leaver=found.id, form=found.form))
    await show(ask, view)


@verbs.submission("leaver.hand_over")
async def handed_over(ask: Ask) -> Reply:
    """Each thing to whoever was chosen; what nobody was chosen for waits on."""
    given = Given(
        all_to=text(ask, "all_to"),
        to={id.partition(":")[2]: text(ask, id) for id in ask.answers if id.startswith("to:")},
        meetings_to=text(ask, "meetings_to"),
        parts={part: text(ask, f"part:{part}") for part in PARTS},
    )
    await ask.bot.run(
        hand_over,
        ask.bot.practice,
        str(ask.ids["leaver"]),
        given,
        source=f"hand_over:{ask.ids['form']}",
        by=ask.person,
        now=ask.bot.now(),
    )
    return Clear()


@verbs.press("account.left")
async def confirmed_gone(ask: Ask) -> Reply:
    """Whose account was deactivated has left; the value is that account's end."""
    name = await ask.bot.run(has_left, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return _answered(ask, name, inside=False)


@verbs.press("account.let_in")
async def inside_again(ask: Ask) -> Reply:
    """Whose account was deactivated is let in again; the value is that account's end."""
    name = await ask.bot.run(let_in, ask.bot.practice, ask.value, by=ask.person, now=ask.bot.now())
    return _answered(ask, name, inside=True)


@verbs.event("user_change", asks=False)
async def account_changed(ask: Ask) -> None:
    """An account of Slack's was changed; the qualifier says whether it is `gone` or `here`, the value whose it is."""
    platform, tenant, account = ask.value.split(":")
    change = {"gone": account_gone, "here": account_back}.get(ask.qualifier)
    if change is not None:
        await ask.bot.run(change, ask.bot.practice, platform, tenant, account, ask.bot.now())


def _answered(ask: Ask, name: str, *, inside: bool) -> Reply:
    words = ask.bot.render.words("account_answered", name=name, inside=inside)
    return Ephemeral(ask.shape("message", words=words))


async def _noted(ask: Ask) -> Reply:
    if ask.in_modal:
        return Update(await _waits(ask))
    return Ephemeral(ask.shape("message", words=ask.bot.render.words("register_noted")))


async def _waits(ask: Ask) -> Json:
    found = await ask.bot.read(register_duties, ask.bot.practice, ask.person, ask.bot.now())
    return ask.shape("register_waits", view=found, most=MOST)


async def _list(ask: Ask, *, page: int = 1, sought: str = "") -> Json:
    found = await ask.bot.run(
        agencies, ask.bot.practice, page=page, sought=sought, by=ask.person, now=ask.bot.now()
    )
    return ask.shape("agencies", view=found)


async def _card(ask: Ask, agency: str) -> Json:
    found = await ask.bot.run(agency_card, ask.bot.practice, agency, by=ask.person, now=ask.bot.now())
    return ask.shape("agency_card", view=found)
