"""Who else knows this person: asked by reference, answered by each agency, chased until a person ends it (S2-48)."""

from dataclasses import replace

import pytest
from meeting_builders import (
    MARAT,
    MARM,
    NOW,
    PRACTICE,
    a_case,
    at,
    away,
    bar,
    on,
    owed,
    person,
    settle,
    wanted,
)
from sqlmodel import select

from bot.domain.area import Practice
from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.involvement import InvolvementRule, due_on
from bot.domain.workdays import WorkingDays
from bot.storage.involvement_tables import InvolvementCheckRow
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import AgencyRow, NudgeRow, PersonRow
from bot.usecases.book import book
from bot.usecases.by_mail import by_mail
from bot.usecases.convene import find_times
from bot.usecases.digest import prepare
from bot.usecases.hold import start
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
from bot.usecases.involvement_chase import chase_case, remind
from bot.usecases.looks.involvement import involvement_asked, involvement_card, missing_replies
from bot.usecases.looks.meeting import agenda_soon, hold_card
from bot.usecases.looks.returns import returns
from bot.usecases.nudge import nudge
from bot.usecases.open_case import open_case
from bot.usecases.triage import Ruling, decide

NAME, STORY, ADDRESS = "Canary Invented-Person", "A story that was told in confidence alone", "3 Secret Row"
LATER = at("2026-03-02", "11:00")


@pytest.fixture
def town(begin):
    settle(begin)
    case = a_case(begin)
    with begin() as work:
        work.referrals.row(f"r-{case}").answers = {
            "name": NAME,
            "aliases": "unknown",
            "born": "1949-02-03",
            "address": ADDRESS,
            "nhs_number": "9434765919",
            "harmer_name": "Canary Harmer",
            "concern": STORY,
            "what_happened": STORY,
        }
    return begin


CASE = "c-7k4qmx"


def asked(town, case=CASE, now=NOW, by="cora", practice=PRACTICE):
    ask_agencies(town, practice, case, by=person(town, by), now=now)
    return checks(town, case)


def checks(town, case=CASE):
    """The id of each agency's check."""
    with town() as work:
        return {row.agency_id: row.id for row in work.involvement.of_case(case)}


def row(town, agency, case=CASE):
    with town() as work:
        return next(each for each in work.involvement.of_case(case) if each.agency_id == agency)


def knows(
    town, agency, who, now=LATER, support="Visits every fortnight", since="March 2024", worker="Viv Lowe"
):
    look_up(town, PRACTICE, checks(town)[agency], by=person(town, who), now=now)
    return say_known(
        town, PRACTICE, checks(town)[agency], since, support, worker, by=person(town, who), now=now
    )


def knows_not(town, agency, who, now=LATER):
    look_up(town, PRACTICE, checks(town)[agency], by=person(town, who), now=now)
    return say_not_known(town, PRACTICE, checks(town)[agency], by=person(town, who), now=now)


def a_booked_conference(town, day="2026-03-12"):
    offer = find_times(
        town,
        PRACTICE,
        wanted(CASE, first=on(day), last=on(day)),
        source="s",
        by=person(town, "cora"),
        now=LATER,
    )
    return book(town, PRACTICE, offer.options[0].id, by=person(town, "cora"), now=LATER)


# Asking


def test_everybody_whom_the_pathway_invites_is_asked_but_the_referrers_own_agency(town):
    """S2-48: a charity that nobody named is among those asked; whoever referred has told us already."""
    sheet = begin_asking_agencies(town, PRACTICE, CASE, by=person(town, "cora"), now=NOW)
    assert [(each.agency, each.person) for each in sheet.agencies] == [
        ("Aldermere Adult Social Care", "Ana Wells"),
        ("Aldermere Fire Service", "Fay Crane"),
        ("Aldermere NHS Trust", "Nur Patel"),
        ("Aldermere Police", "Pia Marlow"),
        ("The Hearth Project", "Viv Lowe"),
    ]
    assert "mental health" in sheet.missing
    assert checks(town) == {}, "to look asks nobody"
    assert set(asked(town)) == {"asc", "police", "nhs", "fire", "hearth"}
    assert row(town, "hearth").due_on == on("2026-03-04")


def test_what_is_owed_for_it_holds_ids_and_nothing_of_the_person(town):
    """IG-01: the outbox and the audit hold neither the name nor the story."""
    ids = asked(town)
    with town() as work:
        kept = [str(each.model_dump()) for each in work.session.exec(select(OutboxRow))]
        kept += [str(each.model_dump()) for each in work.session.exec(select(AuditEvent))]
        cards = [str(involvement_card(work, PRACTICE, id, NOW)) for id in ids.values()]
    assert [
        each for each in kept + cards if "anary" in each or "Secret" in each or "confidence" in each
    ] == []
    assert f"show:involvement_card:{ids['hearth']}:person:viv" in owed(town)


def test_asked_twice_each_agency_is_asked_once_and_a_new_one_besides(town):
    before = asked(town)
    with pytest.raises(TooLate):
        begin_asking_agencies(town, PRACTICE, CASE, by=person(town, "cora"), now=NOW)
    with town() as work:
        work.session.add(
            AgencyRow(id="mind", area="aldermere", slug="mind", name="Mind Trust", type="mental_health")
        )
    after = asked(town)
    assert {id: after[id] for id in before} == before
    assert set(after) - set(before) == {"mind"}
    assert row(town, "mind").person_id is None, "nobody to ask is no reply, and the coordinator sees it"


def test_whoever_is_away_or_must_not_see_the_case_is_not_asked(town):
    """IG-22."""
    bar(town, "viv", CASE)
    away(town, "nur", at("2026-03-02", "00:00"), at("2026-03-03", "00:00"), "leave")
    asked(town)
    assert row(town, "nhs").person_id == "ned"
    assert row(town, "hearth").person_id is None


def test_only_the_coordinator_and_the_chair_ask(town):
    """IG-05: an attempt is on the record."""
    with pytest.raises(NotAllowed):
        asked(town, by="viv")
    with town() as work:
        assert [each.verb for each in work.session.exec(select(AuditEvent))] == ["denied"]


def test_it_starts_by_itself_where_the_pathway_says_so(town):
    """S2-48: at the start of a case; pathway data, not code."""
    marm = replace(
        PRACTICE.pathways[MARM], involvement=InvolvementRule(starts="acceptance", ask=("voluntary",))
    )
    practice = Practice(area=PRACTICE.area, pathways={**PRACTICE.pathways, MARM: marm})
    for ref, told, expected in (("CV-AAAAAA", practice, {"hearth"}), ("CV-BBBBBB", PRACTICE, set())):
        case = a_case(town, ref, pathway=MARM)
        with town() as work:
            work.session.delete(work.session.get_one(type(work.cases.agency_rows(case)[0]), f"ca-{case}"))
            for clock in work.cases.clocks(case):
                work.session.delete(clock)
            work.session.flush()
            work.session.delete(work.cases.row(case))
            work.referrals.row(f"r-{case}").state = "triage"
            work.register.row("cora").roles = ["coordinator", "triage"]
        ruling = Ruling(outcome="accept", reason="It meets the threshold, as they say.")
        decide(town, told, f"r-{case}", ruling, by=person(town, "cora"), now=NOW)
        with town() as work:
            opened = work.cases.of_referral(f"r-{case}")
        assert set(checks(town, opened.id)) == expected


def test_the_day_is_so_long_after_asking_and_never_later_than_before_the_meeting():
    """T09: by the working day before the meeting; never before the day of asking."""
    days = WorkingDays("england-and-wales")
    rule = InvolvementRule(due_wd=3, before_meeting_wd=1)
    assert due_on(rule, on("2026-03-05"), days) == on("2026-03-10")
    assert due_on(rule, on("2026-03-05"), days, on("2026-03-09")) == on("2026-03-06")
    assert due_on(rule, on("2026-03-05"), days, on("2026-03-05")) == on("2026-03-05")


# Looking up, and answering


def test_the_contact_sees_who_is_meant_and_nothing_of_what_happened(town):
    """IG-05: name, date of birth and NHS number; not the story, not a secret address, not who causes harm."""
    found = look_up(town, PRACTICE, asked(town)["hearth"], by=person(town, "viv"), now=NOW)
    assert [each.answer for each in found.facts] == [NAME, "3 February 1949", "9434765919"]
    said = str(found)
    assert [word for word in (STORY, ADDRESS, "Harmer", "unknown") if word in said] == []
    with town() as work:
        seen = [
            each for each in work.session.exec(select(AuditEvent)) if each.verb == "involvement.identified"
        ]
    assert [(each.actor, each.stream) for each in seen] == [("viv", "CV-7K4QMX")]


def test_nobody_else_of_the_agency_learns_who_is_meant(town):
    """IG-05: the contact, their deputy there, and the agency's lead; a colleague is refused, on the record."""
    id = asked(town)["nhs"]
    for who in ("ned", "pia", "cora"):
        with pytest.raises(NotAllowed):
            look_up(town, PRACTICE, id, by=person(town, who), now=NOW)
    look_up(town, PRACTICE, asked(town)["police"], by=person(town, "per"), now=NOW)  # Pia's deputy
    with town() as work:
        denied = [each.actor for each in work.session.exec(select(AuditEvent)) if each.verb == "denied"]
    assert denied == ["ned", "pia", "cora"]


def test_nobody_can_say_not_known_without_having_looked(town):
    """Rule 7: a press is no look, so nothing is kept; by e-mail the name is given by telephone."""
    ids = asked(town)
    assert say_not_known(town, PRACTICE, ids["fire"], by=person(town, "fay"), now=LATER) is None
    assert row(town, "fire").answer == "none"
    assert knows_not(town, "fire", "fay").answer == "not_known"
    card = by_mail(town, say_not_known, PRACTICE, ids["nhs"], by=person(town, "nur"), now=LATER)
    assert (card.answer, card.by_mail) == ("not_known", True)


def test_known_asks_since_when_with_what_and_whom_to_ask(town):
    """S2-48: the voluntary body that nobody knew of, for the record alone; the coordinator hears that it answered."""
    ids = asked(town)
    with pytest.raises(Invalid) as refused:
        say_known(town, PRACTICE, ids["hearth"], "", " ", "", by=person(town, "viv"), now=LATER)
    assert list(refused.value.problems) == ["support"]
    assert row(town, "hearth").answer == "none", "an answer that was not finished is no answer"
    knows(town, "hearth", "viv")
    file = whole_file(town)
    assert "Visits every fortnight" in file
    assert "Since: March 2024" in file
    assert f"tell:involvement_heard:{ids['hearth']}:person:cora:" in owed(town)


def whole_file(town, by="cora"):
    """Every part of the case's file about who knows them."""
    found = []
    one = open_case(town, PRACTICE, CASE, 0, by=person(town, by), now=LATER)
    for number in range(one.of):
        file = open_case(town, PRACTICE, CASE, number, by=person(town, by), now=LATER)
        if file.part.kind == "involvement":
            found += [f"{each.head}: {each.state}\n{each.body}\n{each.said}" for each in file.part.entries]
    return "\n".join(found)


def test_an_answer_can_be_changed_until_the_meeting_and_what_was_said_before_is_kept(town):
    """Undo, and the history with it."""
    asked(town)
    knows_not(town, "hearth", "viv")
    knows(town, "hearth", "viv", now=at("2026-03-03", "10:00"))
    assert row(town, "hearth").answer == "known"
    assert "Before, on 2 March 2026: does not know them" in whole_file(town)
    form = begin_known(town, PRACTICE, checks(town)["hearth"], by=person(town, "viv"), now=LATER)
    assert form.support == "Visits every fortnight"

    meeting = a_booked_conference(town)
    start(town, PRACTICE, meeting.meeting_id, by=person(town, "chai"), now=at("2026-03-12", "10:00"))
    with pytest.raises(TooLate):
        knows_not(town, "hearth", "viv", now=at("2026-03-12", "10:05"))
    assert knows(town, "fire", "fay", now=at("2026-03-12", "10:05")).answer == "known", "late is not too late"


def test_an_agency_that_knows_them_joins_the_case_by_a_persons_press(town):
    """Not by itself (rule 6); from then on it works on the case, and is asked to its meetings."""
    ids = asked(town)
    with pytest.raises(TooLate):
        add_agency(town, PRACTICE, ids["hearth"], by=person(town, "cora"), now=LATER)
    knows(town, "hearth", "viv")
    with town() as work:
        assert "hearth" not in work.cases.agencies(CASE)
    with pytest.raises(NotAllowed):
        add_agency(town, PRACTICE, ids["hearth"], by=person(town, "viv"), now=LATER)
    add_agency(town, PRACTICE, ids["hearth"], by=person(town, "cora"), now=LATER)
    add_agency(town, PRACTICE, ids["hearth"], by=person(town, "cora"), now=LATER)
    with town() as work:
        assert work.cases.agencies(CASE) == ["homes", "hearth"]
    assert "Visits every fortnight" in whole_file(town, by="viv"), "and may read the case from now on"


def test_behind_a_link_stands_the_reference_and_never_the_name(town):
    """IG-01: whoever opens a link may be a scanner; nobody else's link shows anything."""
    ids, viv, fay = asked(town), person(town, "viv"), person(town, "fay")
    with town() as work:
        card = involvement_asked(work, PRACTICE, ids["hearth"], viv, NOW)
        assert involvement_asked(work, PRACTICE, ids["hearth"], fay, NOW) is None
    assert card is not None
    assert card.ref in str(card)
    assert NAME not in str(card)


# Research


def test_an_agency_that_knows_them_says_what_it_holds_about_each_person(town):
    """S4-10, T09: nothing held, or facts, view of the risk, measures, flag; for the record and the meeting's sheet."""
    ids = asked(town)
    with pytest.raises(TooLate):
        begin_research(town, PRACTICE, ids["fire"], by=person(town, "fay"), now=LATER)
    knows(town, "fire", "fay")
    form = begin_research(town, PRACTICE, ids["fire"], by=person(town, "fay"), now=LATER)
    assert [each.id for each in form.subjects] == ["subject", "perpetrator", "child"]
    nothing = Found(held="nothing")
    found = {"subject": Found(held="facts", facts=" "), "perpetrator": nothing}
    with pytest.raises(Invalid) as refused:
        keep_research(town, PRACTICE, ids["fire"], found, by=person(town, "fay"), now=LATER)
    assert set(refused.value.problems) == {"facts-subject", "held-child"}

    told = Found(
        held="facts", facts="Two calls to smoke", risk_view="High", measures="Alarms fitted", flag="yes"
    )
    found = {"subject": told, "perpetrator": nothing, "child": nothing}
    keep_research(town, PRACTICE, ids["fire"], found, by=person(town, "fay"), now=LATER)
    file = open_case(town, PRACTICE, CASE, 0, kind="involvement", by=person(town, "chai"), now=LATER)
    said = "\n".join(f"{each.head} {each.state} {each.body} {each.said}" for each in file.part.entries)
    assert "Aldermere Fire Service: the person A flag is placed Two calls to smoke" in said
    assert "Measures in place: Alarms fitted" in said
    assert said.count("Nothing held.") == 2
    with town() as work:
        assert involvement_card(work, PRACTICE, ids["fire"], LATER).returned


def test_an_agency_that_must_come_says_what_it_holds_even_if_it_knows_nobody(town):
    asked(town)
    assert knows_not(town, "police", "pia").research, "required by this pathway"
    assert not knows_not(town, "fire", "fay").research, "only invited"


# Chasing


def sweeps(town, day, clock="09:30"):
    """The morning's round, and what each person hears about agencies that are silent."""
    now = at(day, clock)
    with town() as work:
        remind(work, PRACTICE, now)
    while nudge(town, PRACTICE, now).more:
        pass
    with town() as work:
        rows = [each for each in work.session.exec(select(NudgeRow)) if each.day == on(day)]
    return {each.person_id for each in rows if each.rung.startswith(("involvement:", "research:"))}


def test_the_silent_are_asked_again_then_those_above_them_then_the_coordinator(town):
    """T09, rule 8: contact, deputy and lead, coordinator; one message a day, and again until somebody ends it."""
    with town() as work:
        work.session.add(
            PersonRow(
                id="lea",
                area="aldermere",
                agency_id="police",
                name="Lea Frost",
                email="lea@example.test",
                roles=["agency_lead"],
            )
        )
    asked(town)
    for agency, who in (("asc", "ana"), ("nhs", "nur"), ("fire", "fay"), ("hearth", "viv")):
        knows_not(town, agency, who)
    assert sweeps(town, "2026-03-03") == {"pia"}
    assert sweeps(town, "2026-03-03") == {"pia"}, "asked twice on one day, it is planned once"
    assert sweeps(town, "2026-03-04") == {"pia"}
    assert sweeps(town, "2026-03-05") == {"per", "lea"}
    assert sweeps(town, "2026-03-06") == {"cora"}
    assert sweeps(town, "2026-03-13") == {"cora", "pia"}, "it goes on knocking"
    item = prepare(town, PRACTICE, "cora", on("2026-03-06"), at("2026-03-06", "09:30"))
    assert [(each.check.agency, each.check.overdue_by) for each in item.items] == [("Aldermere Police", 2)]
    assert row(town, "police").answer == "none", "no reply is never “not known”"


def test_whoever_answers_meanwhile_hears_no_more(town):
    asked(town)
    assert "viv" in sweeps(town, "2026-03-03")
    knows(town, "hearth", "viv", now=at("2026-03-03", "09:31"))
    digest = prepare(town, PRACTICE, "viv", on("2026-03-03"), at("2026-03-03", "09:32"))
    assert digest is None
    assert "viv" not in sweeps(town, "2026-03-04")


def test_a_meeting_booked_since_brings_the_day_forward(town):
    """T09."""
    marat = replace(PRACTICE.pathways[MARAT], involvement=InvolvementRule(due_wd=15))
    practice = Practice(area=PRACTICE.area, pathways={**PRACTICE.pathways, MARAT: marat})
    asked(town, practice=practice)
    assert row(town, "fire").due_on == on("2026-03-23")
    a_booked_conference(town)
    with town() as work:
        remind(work, practice, at("2026-03-03", "09:30"))
    assert row(town, "fire").due_on == on("2026-03-11")


def test_what_an_agency_holds_is_chased_before_the_panel(town):
    """S4-10, T09: due the working day before the panel."""
    asked(town)
    for agency, who in (("asc", "ana"), ("police", "pia"), ("nhs", "nur"), ("fire", "fay")):
        knows(town, agency, who)
    knows(town, "hearth", "viv")
    a_booked_conference(town)
    assert sweeps(town, "2026-03-09") == set()
    rows = {id: Found(held="nothing") for id in ("subject", "perpetrator", "child")}
    for agency, who in (("asc", "ana"), ("police", "pia"), ("nhs", "nur"), ("fire", "fay")):
        keep_research(town, PRACTICE, checks(town)[agency], rows, by=person(town, who), now=LATER)
    assert sweeps(town, "2026-03-10") == {"viv"}


def test_a_person_may_decide_to_wait_no_longer_and_it_stays_no_reply(town):
    """Rule 8: ended by a person, with why; it can be taken back, and the agency can still answer."""
    ids = asked(town)
    with pytest.raises(Invalid):
        stop_waiting(town, PRACTICE, ids["fire"], "no", by=person(town, "cora"), now=LATER)
    stop_waiting(town, PRACTICE, ids["fire"], "They told me by telephone", by=person(town, "cora"), now=LATER)
    assert "fay" not in sweeps(town, "2026-03-03")
    assert "Aldermere Fire Service: no reply" in whole_file(town)
    wait_again(town, PRACTICE, ids["fire"], by=person(town, "cora"), now=LATER)
    assert "fay" in sweeps(town, "2026-03-04")


def test_asked_again_by_hand_at_most_once_a_day_and_in_working_hours(town):
    """One considerate message a day."""
    asked(town)
    knows(town, "hearth", "viv")
    late = at("2026-03-02", "20:15")
    assert chase_case(town, PRACTICE, CASE, by=person(town, "cora"), now=late) == 4
    assert chase_case(town, PRACTICE, CASE, by=person(town, "cora"), now=late) == 0
    with town() as work:
        told = [
            each for each in work.session.exec(select(OutboxRow)) if "involvement_chase" in (each.key or "")
        ]
    assert {each.not_before for each in told} == {at("2026-03-03", "09:00")}
    assert "fay" in sweeps(town, "2026-03-03")
    assert chase_case(town, PRACTICE, CASE, by=person(town, "cora"), now=at("2026-03-03", "14:00")) == 0


# What is missing, and who answers


def test_what_nobody_has_said_is_shown_before_and_at_the_meeting(town):
    """S4-15: silent agencies, and the expertise that the pathway needs and has not heard."""
    with town() as work:
        assert not missing_replies(work, PRACTICE, work.cases.row(CASE)).any, "nobody was asked yet"
    asked(town)
    knows(town, "hearth", "viv")
    meeting = a_booked_conference(town)
    with town() as work:
        [missing] = agenda_soon(work, PRACTICE, meeting.meeting_id, LATER).missing
    assert missing.lacking == ("mental health",)
    assert "Aldermere Police" in missing.silent
    assert "The Hearth Project" not in missing.silent
    sheet = open_who_knows(town, PRACTICE, CASE, by=person(town, "cora"), now=LATER)
    assert (sheet.chaseable, sheet.more, sheet.missing) == (True, 0, missing)
    start(town, PRACTICE, meeting.meeting_id, by=person(town, "chai"), now=at("2026-03-12", "10:00"))
    with town() as work:
        card = hold_card(work, PRACTICE, meeting.meeting_id, at("2026-03-12", "10:00"))
    assert card.state == "in_progress"


def test_how_each_agency_answers_can_be_counted(town):
    """S4-14: by agency, in time and late; a silent agency has not said no."""
    asked(town)
    knows(town, "hearth", "viv")
    knows_not(town, "fire", "fay", now=at("2026-03-09", "10:00"))
    now = at("2026-03-10", "10:00")
    with town() as work:
        found = {each.agency_id: each for each in returns(work, PRACTICE, NOW, now, now, drill=True)}
        assert returns(work, PRACTICE, NOW, now, now) == (), "drills are not counted with real cases"
    assert (found["hearth"].known, found["hearth"].in_time, found["hearth"].rate) == (1, 1, 1.0)
    assert (found["fire"].not_known, found["fire"].late) == (1, 1)
    assert (found["police"].no_reply, found["police"].not_known, found["police"].rate) == (1, 0, 0.0)
    assert (found["hearth"].research_asked, found["hearth"].research_returned) == (1, 0)


def test_a_check_of_a_closed_case_asks_nobody(town):
    asked(town)
    with town() as work:
        work.cases.row(CASE).state = "closed"
    assert sweeps(town, "2026-03-03") == set()
    with pytest.raises(TooLate):
        knows(town, "fire", "fay")
    with town() as work:
        rows = list(work.session.exec(select(InvolvementCheckRow)))
    assert {each.answer for each in rows} == {"none"}
