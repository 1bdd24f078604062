"""What people do about a meeting: list, find a time, answer, hold it, write down what is said and agreed."""

import re
from datetime import date, datetime

from acts import page, turns_the_pages
from town import LONDON, Town

from bot.local.hands import Hands

MARM, MARAT = "marm-panel", "marat-panel"

Agreed = tuple[str, str, str, date | str]
"""An action as it is agreed: agency, owner, category, when it is due."""


async def lists_on_the_next_panel(town: Town, who: Hands, ref: str, room: str = MARM) -> str:
    """From the case's card; what the dialog says of when that is."""
    await who.press("List on the next panel", room, near=ref)
    told = str(who.modal)
    await who.close()
    await town.settled()
    return told


async def looks_for_a_time(who: Hands, ref: str, room: str = MARM, **wanted: object) -> str:
    """From the case's card: the search is filled in, changed where `wanted` says so, and sent; the times found."""
    await who.press("Find a time", room, near=ref)
    await page(who, **wanted)
    return str(who.modal)


async def books(town: Town, who: Hands, time: str) -> str:
    """One of the times found, by its words; what is said then."""
    await who.press("Book this time", near=time)
    told = str(who.modal)
    await who.close()
    await town.settled()
    return told


async def answers_invitation(town: Town, who: Hands, answer: str = "Accept") -> None:
    """Accept, Maybe, Decline or Send my deputy: on the newest invitation in one's messages."""
    await who.press(answer, "dm", near="invites you")
    await town.settled()


async def starts(town: Town, chair: Hands, room: str = MARM, *, near: str = "") -> None:
    """The meeting begins; of several in the room the one whose card holds these words."""
    await chair.press("Start the meeting", room, **({"near": near} if near else {}))
    await town.settled()


async def comes_to(town: Town, chair: Hands, ref: str, room: str = MARM) -> None:
    """The next case on the agenda."""
    words = next(
        option["text"]["text"]
        for control in chair.last(room).controls
        for option in control.element.get("options", [])
        if ref in option["text"]["text"]
    )
    await chair.choose("Come to a case", words, room)
    await town.settled()


async def records_attendance(town: Town, chair: Hands, came: dict[str, str], room: str = MARM) -> None:
    """Agency by agency, by the words of the form: `{"Larkfield Homes": "Present: Sam Whitlock"}`."""
    await chair.press("Attendance", room)
    for agency, how in came.items():
        await chair.fill(agency, how)
    await chair.submit()
    await town.settled()


async def writes_down_what_was_sent(town: Town, chair: Hands, sent: dict[str, str]) -> None:
    """The form that follows where an agency sent information instead of coming."""
    for agency, text in sent.items():
        await chair.fill(agency, text)
    await chair.submit()
    await town.settled()


async def records_the_voice(town: Town, chair: Hands, room: str = MARM, **said: str) -> None:
    """The person's own views: `how`, `views`, `outcomes`, `why_not`."""
    await _form(town, chair, "Person’s views", room, **said)


async def goes_through_the_prompts(town: Town, chair: Hands, room: str = MARM) -> None:
    """Every question of the pathway has been put."""
    await chair.press("Prompts", room)
    for block in chair.modal.blocks:
        if block["type"] == "input":
            every = [option["text"]["text"] for option in block["element"]["options"]]
            await chair.fill(**{block["block_id"]: every})
    await chair.submit()
    await town.settled()


async def records_a_decision(
    town: Town, chair: Hands, room: str = MARM, *, law: list[str], **said: object
) -> None:
    """One decision whole: `kind`, `text`, `reasons`, `options`, `support`, `law`, `review_on`."""
    await _form(town, chair, "Record a decision", room, law=law, **said)


async def adds_an_action(
    town: Town,
    chair: Hands,
    agency: str,
    owner: str,
    category: str,
    detail: str,
    *,
    due: date | str,
    room: str = MARM,
) -> None:
    """Agency first, then one of its people; `due` in the form's words ("In 5 working days") or a day."""
    await chair.press("Add action", room)
    await chair.fill(agency=agency)
    when = {"due": due} if str(due).startswith("In ") else {"due_other": due}
    await page(chair, owner=owner, category=category, detail=detail, **when)
    if chair.modal_open and "A question before it is saved" in chair.modal:
        await chair.submit()  # asked once what the wording leaves open, and saved as it is
    await town.settled()


async def rates_the_risk(town: Town, chair: Hands, rating: str, room: str = MARM, **said: object) -> None:
    """As the meeting sees it: `mitigated`, `review_on`, `why`."""
    await _form(town, chair, "Risk and review", room, rating=rating, **said)


async def fills_in_the_review_sheet(town: Town, chair: Hands, room: str = MARM, **said: str) -> str:
    """Whether there are new risks (`new_risks`), and which (`what`); what the sheet showed."""
    await chair.press("Review sheet", room)
    shown = str(chair.modal)
    await page(chair, **said)
    await town.settled()
    return shown


async def concludes(town: Town, chair: Hands, room: str = MARM, **said: str) -> str:
    """The meeting ends; what the chair is told."""
    await chair.press("Conclude the meeting", room)
    await page(chair, **said)
    told = str(chair.modal)
    await chair.close()
    await town.settled()
    return told


async def reads_the_minutes(who: Hands, room: str = MARM) -> list[str]:
    """The minutes of the meeting last held in the room, page by page."""
    await who.press("Read the minutes", room)
    return await turns_the_pages(who)


async def agrees_on_a_plan(town: Town, chair: Hands, ref: str, *actions: Agreed) -> None:
    """A meeting of its own at the first time on offer, with all that a plan needs; MARM."""
    await looks_for_a_time(chair, ref)
    begins = re.search(r"^1\. (\w+ \d+ \w+ \d+), (\d\d:\d\d) to", str(chair.modal), re.MULTILINE)
    assert begins, chair.modal
    await books(town, chair, begins[0])
    await town.moves_to(
        datetime.strptime(" ".join(begins.groups()), "%a %d %b %Y %H:%M").replace(tzinfo=LONDON)
    )
    await starts(town, chair, near=", ".join(begins.groups()))
    here = {"Aldermere Council Adult": "Present: Joel", "Aldermere NHS": "Present: Owen"}
    await records_attendance(
        town, chair, here | {"Aldermere Fire": "Present: Dan", "Larkfield": "Present: Sam"}
    )
    await records_the_voice(town, chair, how="Told to a professional", views="“Ask me first, every time.”")
    await goes_through_the_prompts(town, chair)
    for agency, owner, category, due in actions:
        await adds_an_action(town, chair, agency, owner, category, "What was agreed, in a sentence.", due=due)
    await rates_the_risk(town, chair, "High", mitigated="Yes", why="It is looked at every month.")
    await concludes(town, chair)


async def _form(town: Town, who: Hands, button: str, room: str, **answers: object) -> None:
    await who.press(button, room)
    await page(who, **answers)
    await town.settled()
