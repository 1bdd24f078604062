"""One case worked from both at once: raised in Teams, triaged in Slack, its actions answered in either."""

import pytest
from acts import accepts, reference
from meeting_acts import MARM, answers_invitation
from plan_acts import accepts_the_action
from teams_side import MARM_ROOM, MEETING_CHAT, TRIAGE, TwoPlatforms
from told import MS_B
from town import at

from bot.local.teams.reading import words

START = at("2026-03-02 09:30")
MOST_PAGES = 12
HER_WORDS = "“I sleep in the chair because the bed is under my books.”"


@pytest.fixture
async def town(sqlite_database):
    async with TwoPlatforms(sqlite_database.url, start=START) as town:
        yield town


async def refers_in_teams(town, who, pathway="marm", told=MS_B) -> str:
    """Write `refer`, press the button, answer the pages, send; the reference that the last dialog shows."""
    await who.say(f"refer {pathway}")
    await town.teams_are_quiet()
    await who.press("Open")
    who.fill(danger="No")
    await who.submit()
    for _ in range(MOST_PAGES):
        if who.sees.endswith("[Send]"):
            break
        answers_the_page(who, told)
        await who.submit()
        assert "To mend" not in who.sees
    answers_the_page(who, told)
    await who.submit()
    ref = reference(who.sees)
    await town.settled()
    return ref


def answers_the_page(who, told):
    for each in who.asked():
        name, _, ending = each["id"].partition("[")
        if ending == "unknown]":
            if name not in told:
                who.leave_unknown(name)
        elif name in told:
            who.fill(**{name: told[name]})
        elif "(optional)" not in each["label"] and (unknown := unknown_in(each)):
            who.fill(**{name: unknown})


def unknown_in(question):
    return next((one["title"] for one in question.get("choices", ()) if one["value"] == "unknown"), None)


async def test_one_case_is_worked_from_both_at_once(town, caplog):
    """Raised in Teams, triaged in Slack, heard in both, answered in each; who cannot be reached is written to."""
    await town.has_the_app_everywhere()
    ref = await raised_in_teams_and_triaged_in_slack(town)
    await the_panel_is_asked_where_each_person_lives(town, ref)
    await the_chair_runs_it_from_teams_and_slack_sees_the_same(town, ref)
    await an_action_is_answered_on_either_and_shown_on_both(town, ref)
    await a_reminder_goes_to_the_other_platform_and_then_by_mail(town, ref)
    assert await town.faults_in_the_record() == []
    said = "\n".join(each.reads(room) for each in (town.teams.ruth,) for room in (TRIAGE, MARM_ROOM))
    for secret in (MS_B["name"], MS_B["address"], MS_B["concern"], HER_WORDS):
        assert secret not in said + caplog.text


async def raised_in_teams_and_triaged_in_slack(town) -> str:
    ref = await refers_in_teams(town, town.teams.priya)
    assert f"We have your referral: {ref}" in town.teams.priya.reads()
    assert ref in town.teams.tom.reads(TRIAGE)
    assert town.said_by_the_bot("triage", ref)
    await accepts(town, town.tom, ref)
    assert "Accepted" in town.teams.tom.reads(TRIAGE)
    assert ref in town.teams.helen.reads(MARM_ROOM)
    assert f"{ref} is accepted" in town.teams.priya.reads()
    assert f"{ref} is yours to coordinate" in town.teams.ruth.reads()
    return ref


async def the_panel_is_asked_where_each_person_lives(town, ref):
    ruth, owen = town.teams.ruth, town.teams.owen
    await ruth.press("List on the next panel", MARM_ROOM, near=ref)
    assert "Tue 10 Mar 2026, 10:00" in ruth.sees
    await town.settled()
    assert "invites you" in owen.reads()
    await owen.press("Accept", near="invites you")
    assert owen.told == "Noted"
    await answers_invitation(town, town.dan, "Accept")
    await town.settled()
    assert "You have accepted." in owen.reads()
    assert "Aldermere NHS Trust: coming" in town.ruth.look("MARM panel booked", MARM)
    assert "Aldermere Fire and Rescue: coming" in ruth.reads(MARM_ROOM)


async def the_chair_runs_it_from_teams_and_slack_sees_the_same(town, ref):
    ruth = town.teams.ruth
    await town.moves_to(at("2026-03-10 10:00"))
    await ruth.press("Start the meeting", MARM_ROOM)
    await town.settled()
    assert "MARM panel in progress" in town.dan.last(MARM)
    await ruth.press("Attendance", MARM_ROOM)
    await ruth.submit()
    await town.settled()
    await ruth.press("Person’s views", MARM_ROOM)
    ruth.fill(how="Told to a professional", views=HER_WORDS, outcomes="Her own bed")
    await ruth.submit()
    await town.settled()
    await ruth.press("Prompts", MARM_ROOM)
    for each in ruth.asked():
        ruth.fill(**{each["id"].split("[")[0]: [one["title"] for one in each["choices"]]})
    await ruth.submit()
    await town.settled()
    await ruth.press("Record a decision", MARM_ROOM)
    ruth.fill(
        kind="Risk management plan agreed",
        text="A way to the bed is cleared first, with her.",
        options="A skip, which she refused.",
        support="Each option was gone through with her.",
        law=["Care Act 2014, section 11 (refusal of assessment)"],
    )
    await ruth.submit()
    assert "To mend: " in ruth.sees
    ruth.fill(reasons="It takes the gravest risk away soonest.", review_on="2026-04-14")
    await ruth.submit()
    assert ruth.dialog is None
    await town.settled()
    await adds_an_action(town, ruth, "Aldermere NHS Trust", "Owen Pritchard", "Health review")
    await adds_an_action(town, ruth, "Aldermere Fire and Rescue", "Dan Rusk", "Home fire safety visit")
    await ruth.press("Risk and review", MARM_ROOM)
    ruth.fill(rating="High", mitigated="Yes", review_on="2026-04-14")
    await ruth.submit()
    await town.settled()
    await ruth.press("Conclude the meeting", MARM_ROOM)
    if any(each["id"] == "override" for each in ruth.asked()):
        ruth.fill(override="The fire service and the Trust were heard, and nobody else can help her sooner.")
    await ruth.submit()
    await town.settled()
    assert f"Heard: {ref}" in ruth.sees
    for shown in (str(town.dan.look(f"Actions of {ref}", MARM)), ruth.reads(MARM_ROOM)):
        assert "2 open actions, 0 closed" in shown


async def adds_an_action(town, chair, agency, owner, category):
    await chair.press("Add action", MARM_ROOM)
    chair.fill(agency=agency)
    await chair.submit()
    chair.fill(
        owner=owner, category=category, detail="Write down what was agreed with her", due="In 5 working days"
    )
    await chair.submit()
    assert chair.dialog is None, chair.sees
    await town.settled()


async def an_action_is_answered_on_either_and_shown_on_both(town, ref):
    owen = town.teams.owen
    await owen.press("Accept", near=f"An action for you: {ref}/1")
    assert "accepted" in owen.told.lower()
    await accepts_the_action(town, town.dan, f"{ref}/2")
    await owen.press("Need more time", near=f"{ref}/1")
    owen.fill(until="2026-03-19", why="The clinic is closed on Tuesday.")
    await owen.submit()
    assert f"{ref}/1 is now due on Thu 19 Mar 2026" in owen.sees
    await town.settled()
    for shown in (str(town.dan.look(f"Actions of {ref}", MARM)), town.teams.ruth.reads(MARM_ROOM)):
        assert "Due Thu 19 Mar 2026" in shown
    assert len(town.said_by_the_bot(MARM, f"Actions of {ref}")) == 1
    lists = [each for each in town.teams.ruth.cards(MARM_ROOM) if f"Actions of {ref}" in words(each.card)]
    assert len(lists) == 1
    assert lists[0].edits


async def a_reminder_goes_to_the_other_platform_and_then_by_mail(town, ref):
    owen = town.teams.owen
    await town.moves_to(at("2026-03-19 10:00"))
    assert "needs an answer" in owen.reads()
    before = len(owen.cards())
    await owen.leave()
    await town.moves_to(at("2026-03-20 10:00"))
    assert len(owen.cards()) == before
    assert "overdue by 1 working day" in town.owen.last()
    assert ref in town.owen.last()
    await town.ruth.press("Open", MARM, near=f"{ref}/1 ")
    assert "Thu 19 Mar 2026: Owen Pritchard, sent in Teams" in str(town.ruth.modal), str(town.ruth.modal)
    assert "Fri 20 Mar 2026: Owen Pritchard, sent in Slack" in str(town.ruth.modal)


async def test_a_panel_may_sit_in_the_chat_of_its_meetings(sqlite_database):
    """A group chat in the place of a channel: the case's card, and the list with each person's own answers."""

    class InTheChat(TwoPlatforms):
        panel = MEETING_CHAT

    async with InTheChat(sqlite_database.url, start=START) as town:
        await town.has_the_app_everywhere()
        ref = await refers_in_teams(town, town.teams.priya)
        await accepts(town, town.tom, ref)
        ruth = town.teams.ruth
        assert ref in ruth.reads(MEETING_CHAT)
        await ruth.press("List on the next panel", MEETING_CHAT, near=ref)
        assert "Tue 10 Mar 2026, 10:00" in ruth.sees
        await town.settled()
        assert "MARM panel booked" in town.teams.helen.reads(MEETING_CHAT)


async def test_who_is_not_in_the_register_is_told_whom_to_ask_and_nothing_else(town):
    stranger = town.teams.stranger
    await stranger.say("refer marm")
    await town.teams_are_quiet()
    assert "You are not registered here yet" in stranger.reads()
    await stranger.extension("raise-concern")
    assert "You are not registered here yet" in stranger.sees
    assert "call 999" in stranger.sees


async def test_a_form_that_is_sent_twice_is_one_referral(town):
    await town.has_the_app_everywhere()
    priya = town.teams.priya
    ref = await refers_in_teams(town, priya)
    last = priya.sent[-1]
    answer = await town.here.teams.line.tell({**last, "id": "f:again"})
    assert ref in str(answer.body)
    await town.settled()
    assert len(town.said_by_the_bot("triage", "new referral")) == 1


async def test_the_form_opens_from_the_box_where_one_writes_and_goes_on_from_home(town):
    await town.has_the_app_everywhere()
    priya = town.teams.priya
    await priya.extension("raise-concern")
    priya.fill(danger="No", pathway="MARM")
    await priya.submit()
    title = priya.title
    await priya.say("home")
    await town.teams_are_quiet()
    assert "Begun and not sent" in priya.reads()
    await priya.press("Go on", near="Begun and not sent")
    assert priya.title == title
    await priya.press("Discard", near="Begun and not sent")
    assert "Begun and not sent" not in priya.told


async def test_danger_is_asked_first_here_too(town):
    await town.has_the_app_everywhere()
    priya = town.teams.priya
    await priya.extension("raise-concern")
    priya.fill(danger="Yes", pathway="MARM")
    await priya.submit()
    assert "999" in priya.sees
    await priya.submit("Carry on")
    assert "Page 2 of" in priya.sees


async def test_a_press_of_another_agencys_person_is_refused_politely_and_on_the_record(town):
    await town.has_the_app_everywhere()
    ref = await raised_in_teams_and_triaged_in_slack(town)
    nadia = town.teams.nadia
    town.joins(TRIAGE, nadia.person)  # where she does not belong, but was let in
    await nadia.press("Read the referral", TRIAGE, near=ref)
    assert "That was not done" in nadia.sees
    assert MS_B["name"] not in nadia.sees


async def test_a_refusal_in_a_channel_is_told_to_the_person_alone(town):
    await town.has_the_app_everywhere()
    nadia = town.teams.nadia
    before = nadia.reads(MARM_ROOM)
    await nadia.say("refer nonsense", MARM_ROOM)
    await town.teams_are_quiet()
    assert "There is no pathway called “nonsense” here" in nadia.reads()
    assert nadia.reads(MARM_ROOM) == before


@pytest.mark.parametrize("first", ["installationUpdate", "conversationUpdate"])
async def test_nothing_is_posted_where_the_app_was_taken_out_whichever_way_that_is_told(town, first):
    """A team tells of the app and of its bot; the second of the two must not count as a sign of life."""
    await town.has_the_app_everywhere()
    world, tom = town.here.teams, town.teams.tom
    bot = {"id": f"28:{world.app_id}"}
    told = [
        world.activities.of("installationUpdate", tom.person, TRIAGE, action="remove"),
        world.activities.of("conversationUpdate", tom.person, TRIAGE, membersRemoved=[bot]),
    ]
    for each in told if first == "installationUpdate" else reversed(told):
        assert (await world.line.tell(each)).status == 200
    before = len(tom.cards(TRIAGE))
    ref = await refers_in_teams(town, town.teams.priya)
    assert len(tom.cards(TRIAGE)) == before
    assert town.said_by_the_bot("triage", ref)
    [dead] = await town.looks_up(lambda work: [row.last_error for row in work.outbox.dead_letters()])
    assert dead == "Convenor was taken out of that place in Teams"
