"""Three concerns of a provider, and what it can prove afterwards.

Money that runs out, a door that is held shut, two tenants of one house: each is begun by the provider's own
manager, who waits for no threshold (S5-10 to S5-28). Everybody and everything in it is invented.
"""

import logging
from datetime import date

from acts import accepts, page, reads_the_referral, refers
from canaries import found_outside, logged
from meeting_acts import (
    adds_an_action,
    concludes,
    goes_through_the_prompts,
    records_a_decision,
    records_attendance,
    records_the_voice,
)
from provider_acts import ROOM, agrees_on_a_measure, leaves, meets_soon, opens_the_file, reads, writes_down
from town import Town, at

from bot.demo_calendars import LocalCalendars
from bot.domain.sharing import QUALITIES
from bot.drill.in_graph import DIARIES, in_graph

COUNCIL = "Aldermere Council Adult Social Care"
HOUSING = "Larkfield Homes"
POLICE = "Aldermere Police"
HEALTH = "Aldermere NHS Trust"

MR_E = {
    "call_back": "01632 960 601",
    "out_of_hours": "01632 960 603",
    "urgency": "Within 48 hours",
    "threshold": "Agencies disagree",
    "threshold_advice": (
        "Their duty worker said on the telephone that bank statements for two months would settle it either way."
    ),
    "link_contacted": "Yes",
    "concern": (
        "Mr E is paid on the first and has nothing left on the third. Two new friends come by with him to the "
        "machine, and he twists his sleeves when anybody mentions it."
    ),
    "concern_on": "2026-03-01",
    "name": "Edmund Tarrow (invented)",
    "born": "1979-11-30",
    "address": "4 Heronsford Alley, Aldermere (invented)",
    "two_people": "No",
    "consent": "Yes, they agreed",
    "knows": "Yes",
    "views": "“I would like to buy my own breakfast again.”",
    "advocate": "Yes, and not offered yet",
    "agencies_involved": [COUNCIL, HOUSING],
    "attendees": [COUNCIL, HOUSING],
    "wanted": "To hear what would meet the threshold, and who does what until then.",
}
VISITING = "His friends come between two and four, and one of us is in the kitchen meanwhile."
PROTECTS = "He is walked to the machine on the evening of the first, every month."
LEAST = "He wants to go on seeing them, and he chose the hours himself."
ADVICE = "Send the dates on which he had no food, and who stood beside him at the machine."
DONE = "The diary of empty cupboards went to her at noon, with his leave."
QUOTE = "They say I owe it to them because they walked me home."
DISPUTED = "We are told to wait for statements that only his friends have ever held."
MEANWHILE = "The hours for visits stand until the sixteenth, and we eat breakfast with him."
SETTLED = "The council takes the diary in place of the statements and opens an enquiry on it."
AGREED = "What the diary shows is enough; the bank is asked for the statements by the council."


async def test_money_runs_out_and_nobody_waits_for_a_threshold(sqlite_database, caplog):
    """S5-10 to S5-13, S5-15, S5-16, S5-36, S5-37: safeguards with an end, advice, a dispute, and 48 hours kept."""
    caplog.set_level(logging.INFO)
    calendars = LocalCalendars(with_graph=in_graph, diaries=DIARIES)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30"), calendars=calendars) as town:
        mary = town.mary
        ref = await refers(town, mary, "professionals", MR_E)

        # A contested threshold is said so at triage, with what was advised; it stops nothing.
        shown = await reads_the_referral(town.tom, ref)
        assert any("Agencies disagree" in each for each in shown)
        await accepts(town, town.tom, ref, "Two agencies see it differently, and he loses money meanwhile.")
        card = town.ruth.look(f"Case {ref}", ROOM)
        assert "Joint planning: due by Wed 4 Mar 2026, 09:30, weekends and nights counted" in card
        assert "How soon people acted" in await reads(town, mary, ref, "How soon people acted")

        # Straight away, and with the day on which it ends: a measure without one is not taken.
        await town.moves_to(at("2026-03-02 11:00"))
        await opens_the_file(mary, ref)
        await mary.press("Interim measures")
        await mary.press("New interim measure")
        said = {
            "measure": VISITING,
            "why": PROTECTS,
            "least": LEAST,
            "agreed_by": "He did, with Mary and Sam.",
        }
        await mary.fill(**said, review_on=date(2026, 3, 9))
        assert "Last day" in await mary.submit_and_be_told()
        await leaves(town, mary)
        shown = await agrees_on_a_measure(
            town, mary, ref, **said, review_on=date(2026, 3, 9), ends_on=date(2026, 3, 16)
        )
        assert "Mon 16 Mar 2026" in shown
        proof = "A named person decided on the concern the same day; interim safeguards agreed at 2 h."
        assert proof in await reads(town, mary, ref, "How soon people acted")

        # What was asked, what was advised and what was done about it; and his own words, kept apart from opinion.
        await town.moves_to(at("2026-03-02 12:00"))
        await writes_down(
            town, mary, ref, "Contact", contact=f"The duty worker of {COUNCIL}", advice=ADVICE, action=DONE
        )
        shown = await writes_down(
            town, mary, ref, "Quote", text=QUOTE, source="Mr E, to Jude, in the kitchen"
        )
        assert ADVICE in shown
        assert QUOTE in shown

        # The disagreement goes to the managers, and says what keeps him safe until they have settled it.
        await opens_the_file(mary, ref)
        await mary.press("Raise a concern about a partner")
        await mary.fill(
            kind="A threshold decision that we dispute", against=COUNCIL, issue=DISPUTED, safeguards="Nothing"
        )
        assert "what keeps the person safe" in str(await mary.submit_and_be_told())
        await page(mary, safeguards=MEANWHILE)
        await leaves(town, mary)
        assert f"{ref}/D1" in town.isla.last()

        # The agencies speak before two days are over, counted by the clock.
        begins = await meets_soon(town, mary, ref, required=[COUNCIL, HOUSING], last=date(2026, 3, 4))
        assert begins < at("2026-03-04 09:30")
        assert [entry for entry in calendars.graph.events.values() if ref in str(entry.said)]
        here = {"Kindly Company": "Present: Mary", COUNCIL: "Present: Joel", HOUSING: "Present: Sam"}
        await records_attendance(town, mary, here, ROOM)
        await records_the_voice(town, mary, ROOM, how="Told to a professional", views=MR_E["views"])
        await records_a_decision(
            town,
            mary,
            ROOM,
            kind="Threshold agreed",
            text=AGREED,
            reasons="Each of us had seen a different week of the same month.",
            options="To wait for the statements was weighed; he would lose another month.",
            support="Jude read it out to him over breakfast.",
            law=["Care Act 2014, section 42 (enquiry)"],
            review_on=date(2026, 3, 16),
        )
        await adds_an_action(
            town,
            mary,
            COUNCIL,
            "Joel Marsh",
            "Benefits and money check",
            "Ask the bank for the statements, with him.",
            due="In 2 working days",
            room=ROOM,
        )
        await concludes(town, mary, ROOM)
        assert "Joint planning: held in time" in town.ruth.look(f"Case {ref}", ROOM)

        await town.alison.press("Open the concern", "dm")
        await town.alison.press("End this tier")
        await page(town.alison, how="It is resolved", result=SETTLED)
        await leaves(town, town.alison)
        assert f"{ref}/D1 is resolved" in mary.last()

        # What can be proved is what the record holds, and no more.
        hours = -(-(begins - at("2026-03-02 09:30")).total_seconds() // 3600)
        shown = await reads(town, mary, ref, "How soon people acted")
        assert f"{proof[:-1]}; joint discussion at {hours:.0f} h." in shown
        assert "plan agreed" not in shown

        assert await town.faults_in_the_record() == []
        told = (VISITING, PROTECTS, LEAST, ADVICE, DONE, QUOTE, DISPUTED, MEANWHILE, SETTLED, AGREED)
        assert await found_outside(town, MR_E, *told, log=logged(caplog)) == []


MS_F = {
    **{
        field: MR_E[field]
        for field in ("call_back", "out_of_hours", "urgency", "link_contacted", "two_people")
    },
    "threshold": "Nobody is sure",
    "threshold_advice": "The duty worker wants to hear of every visit at which nobody could see her alone.",
    "concern": (
        "Her brother opens the door a hand wide and answers every question himself. She looks at the floor, says "
        "that she is fine, and on Friday said the opposite."
    ),
    "concern_on": "2026-03-01",
    "name": "Felicity Anwick (invented)",
    "born": "1968-07-21",
    "address": "31 Sallowmead, Aldermere (invented)",
    "phone": "01632 960 677",
    "safe_call": "No",
    "safe_message": "No",
    "safe_text": "No",
    "safe_write": "No",
    "safe_times": "Tuesdays at the day centre, never on the doorstep",
    "knows": "No",
    "knows_why_not": "He reads over her shoulder and would know within the hour.",
    "consent": "It would not be safe to ask",
    "ground": "In the public interest, such as coercion or control",
    "rationale": "She cannot be asked while he listens, and what we see each week has become worse.",
    "views": "“Better not today,” with her eyes on the kitchen door.",
    "advocate": "Yes, and not offered yet",
    "agencies_involved": [COUNCIL, POLICE],
    "attendees": [COUNCIL, POLICE],
    "wanted": "A way to see her alone, and one agency that decides when somebody has to go in.",
}
NEVER = "Nothing about this on the doorstep, and nothing to the brother, whatever he asks."
PRETEXT = "Say that it is about the hoist."
PRESENT = "The brother, in the doorway, for all twenty minutes"
SEEN = "I asked how she had slept. He said “like a stone” before she had lifted her head."
CHANGED = "She wore a scarf indoors and would not let me help her with the cup."
SHARED = "At two of the last three visits nobody was let in further than the hall."
WHY_UNSAFE = "He takes part in every call and opens what comes by post."
SHARE_WHY = "The police cannot judge how urgent it is unless they hear of the visits that failed."
SHUT = "He said through the letter box that she was asleep, and that we should ring first."
REVIEW_WHY = "The three agencies speak on Thursday; the police look in meanwhile."


async def test_a_door_is_held_shut_and_nobody_asks_her_in_front_of_him(sqlite_database, caplog):
    """S5-08, S5-17 to S5-22: how to reach her, why nobody asks, what was seen, what was shared, and a review."""
    caplog.set_level(logging.INFO)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        mary, ruth = town.mary, town.ruth
        ref = await refers(town, mary, "professionals", MS_F)

        # Triage reads that asking could itself do harm, and nobody is told to go and ask.
        await town.tom.press("Review", "triage", near=ref)
        await town.tom.press("Decide…")
        assert "Asking for consent could itself raise the risk" in town.tom.modal
        await leaves(town, town.tom)
        await accepts(town, town.tom, ref, "Control by a relative is likely, and nobody has seen her alone.")

        # How to reach her safely stands on top of her file; what is never done is added by whoever knows.
        shown = await opens_the_file(mary, ref)
        assert "No way of reaching them is known to be safe" in shown
        assert MS_F["phone"] not in shown
        await mary.press("Safe contact")
        await page(mary, never=NEVER, words=PRETEXT)
        await leaves(town, mary)
        shown = await reads(town, town.nadia, ref)
        assert f"Never: {NEVER}" in shown
        assert f"Words to use: {PRETEXT}" in shown
        assert "Never speak about the concern in the home" in shown

        # What was seen, by whom, with whom in the room: not what anybody makes of it.
        shown = await writes_down(
            town, mary, ref, "Visit or observation", present=PRESENT, text=SEEN, presentation=CHANGED
        )
        assert PRESENT in shown
        assert CHANGED in shown

        # Only what the police need, on a ground, with the reason why she was not asked.
        await shares_what_the_police_need(town, ref)
        await town.nadia.press("Open it", "dm")
        assert SHARED in town.nadia.modal
        await leaves(town, town.nadia)

        # One shut door is written down; the second asks for a review, and a person says whether there is one.
        blocked = {"incident": "Access refused or blocked", "place": "The front door", "trigger": "not known"}
        await writes_down(town, mary, ref, "Incident", **blocked, outcome="Nobody came to the door at all.")
        assert not ruth.look("Is a review needed", "dm")
        await town.moves_to(at("2026-03-03 10:00"))
        await writes_down(town, mary, ref, "Incident", **blocked, outcome=SHUT)
        called = ruth.last("dm")
        assert ref in called
        assert "letter box" not in called
        await ruth.press("Answer", "dm", near=ref)
        assert "2 incidents" in ruth.modal
        await ruth.fill("Is there to be a review?", "A review is being arranged")
        await page(ruth, why=REVIEW_WHY)
        await leaves(town, ruth)

        assert await town.faults_in_the_record() == []
        told = (NEVER, PRETEXT, PRESENT, SEEN, CHANGED, SHARED, WHY_UNSAFE, SHARE_WHY, SHUT, REVIEW_WHY)
        assert await found_outside(town, MS_F, *told, log=logged(caplog)) == []


async def shares_what_the_police_need(town: Town, ref: str) -> None:
    """Through the pages of an item, without her agreement; without a ground it is not taken (S5-18, S5-20)."""
    mary = town.mary
    await opens_the_file(mary, ref)
    await mary.press("Share information")
    await page(mary, what=SHARED, about=["The person the case is about"], share_to=[POLICE])
    await page(
        mary,
        purpose="To keep somebody safe",
        basis="Public task, Article 6(1)(e)",
        condition="Safeguarding of people at risk, DPA 2018 Schedule 1 para 18",
    )
    await mary.fill(consent="It would not be safe to ask", rationale=SHARE_WHY)
    assert "If they have not agreed, what allows you to share?" in await mary.submit_and_be_told()
    await mary.fill(ground="In the public interest, such as coercion or control", unsafe_why=WHY_UNSAFE)
    await mary.submit()
    await page(mary, told_subject="No", told_why_subject=WHY_UNSAFE)
    await page(mary, quality=[each.label for each in QUALITIES])
    assert "has been sent" in mary.modal
    await leaves(town, mary)


MR_G = {
    **{field: MR_E[field] for field in ("call_back", "out_of_hours", "urgency", "link_contacted")},
    "threshold": "It has not been asked",
    "concern": (
        "Mr G says that the tenant from across the landing stands in his room at night and tells him what will "
        "happen if he calls out. He sleeps with a chair against the handle."
    ),
    "concern_on": "2026-03-01",
    "name": "Gideon Loveday (invented)",
    "born": "1990-02-14",
    "address": "2 Ploverhythe, Aldermere (invented)",
    "two_people": "Yes",
    "second_name": "Harold Quennell (invented)",
    "second_born": "1984-10-03",
    "second_needs": "He has not slept through since his ward closed, and walks until he is tired.",
    "second_views": "“The light under his door means that somebody is awake.”",
    "second_advocate": "Yes",
    "consent": "Yes, they agreed",
    "knows": "Yes",
    "views": "“Leave the hall light on and let me lock it myself.”",
    "advocate": "Yes, and offered",
    "agencies_involved": [COUNCIL, HEALTH, HOUSING],
    "attendees": [COUNCIL, HEALTH, HOUSING],
    "wanted": "One plan for two people, in which neither pays for the other.",
}
NIGHTS = "Somebody sits on the landing from eleven to six and speaks to whoever comes out."
NIGHTS_WHY = "Nobody comes into a room that is not his own while its tenant sleeps."
NIGHTS_LEAST = "Locking either of them in was thought of and refused: each may leave when he likes."
FAIR = "Each keeps his room, his key and the kitchen; what changes is who is awake at night."
TOGETHER = "He walks with the night worker at one, and Gideon has a lock of his own."
ENOUGH = "Nobody has stood in the wrong room for two weeks, and both of them say they sleep."


async def test_two_tenants_of_one_house_get_one_plan_that_is_fair_to_both(sqlite_database, caplog):
    """S5-23, S5-25, S5-27, S5-28, S5-43: two records, who owns what, a measure that is looked at and ended."""
    caplog.set_level(logging.INFO)
    async with Town(sqlite_database.url, start=at("2026-03-02 09:30")) as town:
        mary, ruth = town.mary, town.ruth
        ref = await refers(town, mary, "professionals", MR_G)

        # Both need support, and neither is a line in the other's record.
        pages = await reads_the_referral(town.tom, ref)
        assert [each for each in pages if "Quennell" in each and "Loveday" in each] == []
        await town.tom.press("Review", "triage", near=ref)
        await town.tom.press("Decide…")
        assert "Two people need support. Each has a record of their own" in town.tom.modal
        await leaves(town, town.tom)
        await accepts(town, town.tom, ref, "Threats at night between two people who live on one landing.")
        shown = await reads(town, mary, ref, "People in the case")
        assert shown.count("Adult at risk") == 2

        # Safe tonight, with a day to look at it and a day on which it ends.
        await agrees_on_a_measure(
            town,
            mary,
            ref,
            measure=NIGHTS,
            why=NIGHTS_WHY,
            least=NIGHTS_LEAST,
            agreed_by="Both of them, each with his own worker.",
            review_on=date(2026, 3, 9),
            ends_on=date(2026, 3, 23),
        )

        # Who owns the risk, who assesses what, how both are supported, whom anybody rings: the meeting's own questions.
        await meets_soon(town, mary, ref, required=[COUNCIL, HEALTH, HOUSING], last=date(2026, 3, 4))
        came = {COUNCIL: "Present: Joel", HEALTH: "Present: Owen", HOUSING: "Present: Sam"}
        await records_attendance(town, mary, {"Kindly Company": "Present: Mary", **came}, ROOM)
        await mary.press("Prompts", ROOM)
        asked = str(mary.modal.blocks)
        for question in (
            "Who leads from here on, and who owns the risk?",
            "Who assesses what?",
            "If two people need support, is the plan fair to both?",
            "Whom does anybody ring if it goes wrong, by day and by night?",
            "What is in place for now, is it the least that is needed",
        ):
            assert question in asked
        await leaves(town, mary)
        await goes_through_the_prompts(town, mary, ROOM)
        await records_the_voice(town, mary, ROOM, how="Told to a professional", views=MR_G["views"])
        await records_a_decision(
            town,
            mary,
            ROOM,
            kind="Joint plan agreed",
            text=FAIR,
            reasons="It is the least that keeps both of them safe at night.",
            options="Moving one of them was weighed: either would lose the people who know him.",
            support="Each was asked by his own worker, in his own room.",
            law=["Human Rights Act 1998"],
            review_on=date(2026, 3, 23),
        )
        for agency, owner, category in (
            (HEALTH, "Owen Pritchard", "Health review"),
            (COUNCIL, "Joel Marsh", "Capacity assessment"),
            (HOUSING, "Sam Whitlock", "Housing or tenancy support"),
        ):
            await adds_an_action(
                town, mary, agency, owner, category, TOGETHER, due="In 5 working days", room=ROOM
            )
        await concludes(town, mary, ROOM)
        shown = ruth.look(f"Actions of {ref}", ROOM)
        assert f"{ref}/3" in shown

        # The measure does not drift: its day comes, somebody is asked, and it ends by a person's word and reason.
        await town.moves_to(at("2026-03-09 10:00"))
        assert ref in ruth.look("interim measure", "dm")
        await ruth.press("Looked at, it stays", "dm")
        await page(
            ruth,
            why="They have slept for four nights; a week more is little to ask.",
            review_on=date(2026, 3, 20),
        )
        await leaves(town, ruth)
        await town.moves_to(at("2026-03-20 10:00"))
        await ruth.press("It ends", "dm")
        await page(ruth, why=ENOUGH, result="Safer")
        await leaves(town, ruth)
        shown = await reads(town, ruth, ref, "Interim measures")
        assert "Ended" in shown
        assert ENOUGH in shown

        assert await town.faults_in_the_record() == []
        told = (NIGHTS, NIGHTS_WHY, NIGHTS_LEAST, FAIR, TOGETHER, ENOUGH)
        second = {"name": MR_G["second_name"], "born": MR_G["second_born"]}
        assert await found_outside(town, MR_G, second, *told, log=logged(caplog)) == []
