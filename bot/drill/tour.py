"""Ms B's story, played by itself with captions. Ms B is INVENTED, and so is everything that happens to her here."""

import re
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

from bot.drill.guide import PATIENCE, Guide
from bot.drill.ms_b import CONCERN, IN_FULL, PLAN, SAY_YES
from bot.local.filling import NotOnScreen
from bot.local.teams.world import TeamsWorld
from bot.local.world import World

TRIAGE, PANEL = "triage", "marm-panel"
TEAMS_TRIAGE, TEAMS_PANEL = "Triage", "MARM panel"

SELF_NEGLECT = (
    "Self-neglect with a high risk of fire. Several agencies know parts of this and none knows it all."
)


async def tour(
    world: World,
    settled: Callable[[], Awaitable[None]],
    *,
    pace: float = 1.0,
    teams: TeamsWorld | None = None,
) -> str:
    """Play the story from the concern to the closed case. The case's reference.

    `settled` returns when all that is owed has been delivered. `pace` stretches the pauses: 1 for reading along,
    0 for a test. With `teams` the case crosses over to Teams and back; without, it all happens in Slack. Raises
    NotOnScreen where the story goes wrong.
    """
    guide = Guide(world, settled, pace, teams)
    both = " Some of its people are in Slack, some in Microsoft Teams; the case is one." if teams else ""
    await guide.says(
        "This is the story of Ms B. She is invented, and so is everybody here. It plays by itself; the page"
        f" goes along from chair to chair.{both} Untick “Follow the story” to look around on your own.",
    )
    ref = await _concern(guide)
    await (_triage_in_teams if teams else _triage)(guide, ref)
    await _full_form(guide)
    start = await _time(guide, ref)
    await _meeting(guide, ref, start)
    await _actions(guide, ref)
    await _closure(guide, ref)
    await guide.says(
        f"{ref} is closed, with a reason and a name on every step. Nobody had to telephone anybody to"
        " remember anything. The workspace stays open: sit in any chair and look round.",
        guide.ruth,
        PANEL,
    )
    return ref


async def _concern(guide: Guide) -> str:
    mary = guide.mary
    await guide.says(
        "Mary Osei, of the charity Kindly Company, has visited Ms B for two years. The council does not"
        " know it; nor do the police, the nurses or the fire service. Today Mary is worried and types /refer"
        " marm.",
        mary,
        "messages",
    )
    await mary.command("/refer marm")
    await guide.rest()
    await guide.says(
        "Danger is asked about before anything else. Had she said yes, she would be told to ring 999.",
    )
    await guide.fills_pages(mary, CONCERN)
    ref = _reference(str(mary.modal))
    await guide.says(
        f"The concern is recorded. Its reference is {ref}, and from here on no channel says more than that.",
    )
    await guide.closes(mary)
    return ref


async def _triage(guide: Guide, ref: str) -> None:
    tom = guide.tom
    await guide.says(
        "Sit in Tom’s chair to watch. Tom Ashdown does triage. His channel shows a reference, an agency and"
        " a clock, and no name. He presses Review; that he read it goes on the record.",
        tom,
        TRIAGE,
    )
    await guide.presses(tom, "Review", TRIAGE, near=ref)
    await guide.rest(4)
    await guide.presses(tom, "Decide…")
    await guide.says(
        "The threshold is set beside what the referral says. The software counts and shows; Tom decides,"
        " with a reason.",
    )
    await guide.fills_in(
        tom,
        outcome="Accept: open a case",
        reason=SELF_NEGLECT,
    )


async def _triage_in_teams(guide: Guide, ref: str) -> None:
    tom = guide.in_teams["tom"]
    await guide.says(
        "Over to Microsoft Teams. Sit in Tom’s chair to watch: Tom Ashdown does triage, and the council works in Teams."
        " What Mary sent from Slack stands in his channel there: a reference, an agency and a clock, and no name. He"
        " presses Review; that he read it goes on the record.",
        tom,
        TEAMS_TRIAGE,
    )
    await guide.presses_in_teams(tom, "Review", TEAMS_TRIAGE, near=ref)
    await guide.rest(4)
    await tom.submit("Decide…")
    await guide.says(
        "The threshold is set beside what the referral says. The software counts and shows; Tom decides,"
        " with a reason. The form is the one of Slack, drawn as Teams draws it.",
    )
    await guide.answers_in_teams(tom, outcome="Accept: open a case", reason=SELF_NEGLECT)
    await guide.closes(tom)


async def _full_form(guide: Guide) -> None:
    mary = guide.mary
    await guide.says(
        f"Mary hears of it at once{' in Slack' if guide.teams else ''}, and fills in the longer form from her Home."
        " Here the two years come to light.",
        mary,
        "home",
    )
    await mary.open_home()
    await guide.presses(mary, "Complete the form", "home")
    await guide.fills_pages(mary, {**IN_FULL, "risk_on": _today(guide) - timedelta(days=6)})
    await guide.closes(mary)


async def _time(guide: Guide, ref: str) -> datetime:
    ruth = guide.ruth
    await guide.says(
        "Ruth Calloway coordinates. She looks for a time: six agencies, their working hours, their leave,"
        " their deputies. Somebody of whom nothing is known never counts as free.",
        ruth,
        PANEL,
    )
    await guide.presses(ruth, "Find a time", PANEL, near=ref)
    await guide.fills_in(ruth, minutes="90", first=_today(guide) + timedelta(days=2))
    await guide.says("Each time says why it is offered and who would miss it. Ruth takes the first.")
    await guide.presses(ruth, "Book this time", near="1. ")
    await guide.closes(ruth)
    letter = await guide.dan.gets_mail("", within=PATIENCE)
    start = datetime.fromisoformat((letter.invitation or {})["start"])
    await guide.says(
        "Everybody is asked in chat and by e-mail. The calendar entry carries the reference and nothing else.",
        guide.dan,
        "calendar" if start.isocalendar().week == _today(guide).isocalendar().week else "mail",
    )
    asked = [who for who in guide.hands.values() if who.look("invites you", "dm")]
    for who in asked:
        await guide.presses(who, "Accept", "dm", near=ref)
    for there in guide.in_teams.values():
        if "invites you" in there.reads():
            await guide.presses_in_teams(there, "Accept", near="invites you")
    where = ", in Slack or in Teams, wherever they are," if guide.teams else ""
    await guide.says(
        f"All of them accept{where} and the meeting’s card shows each answer as it comes.",
        ruth,
        PANEL,
    )
    return start


async def _meeting(guide: Guide, ref: str, start: datetime) -> None:
    ruth = guide.ruth
    await guide.world.clock.live_through(start)
    await guide.says("The clock of this workspace can be moved. Now it is the day of the meeting.")
    await guide.presses(ruth, "Start the meeting", PANEL, near=ref)
    await guide.says(
        "Ruth chairs. One card runs the meeting: who came for each agency, whether there is a quorum, which"
        " case is on the table and what still has to be recorded about it.",
        ruth,
        PANEL,
    )
    await guide.presses(ruth, "Attendance", PANEL, near=ref)
    await guide.fills_in(ruth)
    await guide.comes_to(ruth, ref, PANEL)
    await guide.says(
        "Ms B’s own words come first: no decision can be recorded before them, or before why there are none.",
    )
    await guide.presses(ruth, "Person’s views", PANEL, near=ref)
    await guide.fills_in(
        ruth,
        how="Told to a professional",
        views="“Ask before you touch. Then I might say yes.”",
        outcomes="To lie down in her own bed again.",
    )
    await guide.presses(ruth, "Prompts", PANEL, near=ref)
    await guide.ticks_everything(ruth)
    await guide.says(
        "Now the plan. Each action has an agency, a person who owns it, and a date in working days."
    )
    for agency, owner, category, detail, due in PLAN:
        await guide.presses(ruth, "Add action", PANEL, near=ref)
        await ruth.fill(agency=agency)
        await guide.fills_in(ruth, owner=owner, category=category, detail=detail, due=due)
    await guide.presses(ruth, "Record a decision", PANEL, near=ref)
    await guide.fills_in(
        ruth,
        kind="Risk management plan agreed",
        text="A way to the bed and to the front door is cleared first, with her, one bag at a time.",
        reasons="It takes the gravest risk away soonest, and it is the only thing that she has agreed to.",
        options="A full clearance was weighed and set aside: she would refuse it and close the door again.",
        support="Mary went through each option with her on two visits, with photographs.",
        law=["Mental Capacity Act 2005", "Fire and Rescue Services Act 2004"],
    )
    await guide.presses(ruth, "Risk and review", PANEL, near=ref)
    await guide.fills_in(ruth, rating="High", mitigated="Yes")
    await guide.presses(ruth, "Conclude the meeting", PANEL, near=ref)
    await guide.fills_in(ruth)
    await guide.closes(ruth)


async def _actions(guide: Guide, ref: str) -> None:
    dan, mary, joel = guide.dan, guide.mary, guide.joel
    await guide.says(
        "The list of actions stands in the channel at once, and will be edited there, never posted again."
        " Categories and dates only: what exactly is to be done opens for those who work on the case.",
        guide.ruth,
        PANEL,
    )
    await guide.says(
        "Each owner has a message of their own. Dan accepts with one press.",
        dan,
        "messages",
    )
    await guide.presses(dan, "Accept", "dm", near=f"{ref}/1")
    await guide.presses(mary, "Accept", "dm", near=f"{ref}/2")
    await _health_accepts(guide, ref)
    await guide.says(
        "Mary’s part is written already: what two years have taught about how Ms B says yes.",
        mary,
        "messages",
    )
    await guide.presses(mary, "Done", "dm", near=f"{ref}/2")
    await guide.fills_in(mary, evidence="Sent to all agencies through the coordinator.")
    await guide.closes(mary)
    await guide.morning()
    await guide.says(
        "The next working day. Joel has not answered, so he gets one message, at the start of his day."
        " There is never more than one a day, however many things he owes.",
        joel,
        "messages",
    )
    await guide.presses(joel, "Accept", "dm", near=f"{ref}/3")
    for _ in range(3):
        await guide.morning()
    await guide.says(
        "Three working days on. Dan’s visit is done: four alarms, and a way out that she chose.",
        dan,
        "messages",
    )
    await guide.presses(dan, "Done", "dm", near=f"{ref}/1")
    await guide.fills_in(dan, evidence="Four alarms fitted. She chose the way out herself.")
    await guide.closes(dan)
    await _health_is_done(guide, ref)
    for _ in range(2):
        await guide.morning()
    await guide.says(
        "Joel’s date has come and gone. He was told before it, on it, and now the day after. The next"
        " message would go to his deputy and to the lead of his agency as well.",
        joel,
        "messages",
    )
    await guide.says(
        "The channel shows it too. Nothing that is open ever goes quiet.",
        guide.ruth,
        PANEL,
    )
    await guide.says(
        "Joel answers from the very message that reminded him.",
        joel,
        "messages",
    )
    await guide.presses(joel, "Done", "dm", near=f"{ref}/3")
    await guide.fills_in(
        joel, evidence="She let me in with Mary, and accepts help with shopping and two hours a week."
    )
    await guide.closes(joel)


async def _health_accepts(guide: Guide, ref: str) -> None:
    if not guide.teams:
        await guide.presses(guide.owen, "Accept", "dm", near=f"{ref}/4")
        return
    owen, ruth = guide.in_teams["owen"], guide.in_teams["ruth"]
    await guide.says(
        "Owen Pritchard of the NHS trust has no account in Slack at all. His action reached him in Microsoft Teams, and"
        " he accepts it there.",
        owen,
        "teams",
    )
    await guide.presses_in_teams(owen, "Accept", near=f"{ref}/4")
    await guide.says(
        "One list, two places. In Teams the panel’s channel shows that Owen has accepted: the card was edited in"
        " place …",
        ruth,
        TEAMS_PANEL,
    )
    await guide.says("… and so was the same list in Slack. Nothing was posted twice.", guide.ruth, PANEL)


async def _health_is_done(guide: Guide, ref: str) -> None:
    told = "Seen at home with Mary. Her skin is healing, and the new tablets let her sleep lying down."
    if not guide.teams:
        await guide.presses(guide.owen, "Done", "dm", near=f"{ref}/4")
        await guide.fills_in(guide.owen, evidence=told)
        await guide.closes(guide.owen)
        return
    owen = guide.in_teams["owen"]
    await guide.says("Owen has been to see her too, and says so in Teams.", owen, "teams")
    await guide.presses_in_teams(owen, "Done", near=f"{ref}/4")
    await guide.answers_in_teams(owen, evidence=told)
    await guide.closes(owen)


async def _closure(guide: Guide, ref: str) -> None:
    ruth = guide.ruth
    await guide.says(
        "Every action has ended. Before anybody proposes to close, she is asked whether she got what she wanted.",
        ruth,
        PANEL,
    )
    await guide.presses(ruth, "Open the case", PANEL, near=f"Case {ref}")
    await guide.presses(ruth, "What they want")
    wants = "To sleep in her own bed, and to choose who comes in."
    await guide.fills_in(ruth, moment="At the end", asked="Yes", wants=wants, safer="Yes")
    await guide.closes(ruth)
    while ruth.modal_open:
        await ruth.close()
    await guide.says("She feels safer. So Ruth proposes to close, and every agency must agree.", ruth, PANEL)
    await guide.presses(ruth, "Propose to close", PANEL, near=ref)
    await guide.fills_in(ruth, reason="Every action is done, and she sleeps in her bed again.")
    for name in SAY_YES:
        await guide.presses(guide.hands[name], "My agency agrees", PANEL, near=ref)
        await guide.settled()
    await guide.says(
        "All six agree. A person closes the case, with a reason; the software never does.", ruth, PANEL
    )
    await guide.presses(ruth, "Close the case", PANEL, near=ref)
    await guide.fills_in(
        ruth, reason="All six agencies agree: the risk has gone down, and she knows whom to ring."
    )
    await guide.says(
        "Mary, who raised the concern, is told.",
        guide.mary,
        "messages",
    )


def _today(guide: Guide) -> date:
    return guide.world.clock.now().date()


def _reference(text: str) -> str:
    """The case reference that stands in a text."""
    found = re.search(r"CV-[A-Z0-9]{6}", text)
    if found is None:
        raise NotOnScreen(f"there is no reference here\n{text}")
    return found[0]
