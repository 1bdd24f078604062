"""The contact register stays true: it asks, is shown, goes in and out, and nobody leaves a gap (T24)."""

import csv
import io
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_builders import PEOPLE, PRACTICE, a_practice, an_action, at, bar, on, person, settle
from sqlmodel import select
from test_interim_measures import told

from bot.domain.contacts import at_once, guarded, is_due, unguarded
from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.states import MeetingState
from bot.storage.contact_tables import ContactRequestRow
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.tables import ActionRow, AgencyRow, CaseRow, InvitationRow, MeetingRow, NudgeRow, PersonRow
from bot.usecases.agency_cards import Written, agencies, agency_card, begin_card, write_card
from bot.usecases.contacts import Mended, mend_own, own_entry, settle_request, still_right, vouch
from bot.usecases.leavers import Given, hand_over, leaver_line, open_hand_over
from bot.usecases.looks.contacts import contact_check, gaps, register_duties
from bot.usecases.nudge import nudge
from bot.usecases.opening import opening
from bot.usecases.register import BadRegister, import_register
from bot.usecases.register_export import export_register

OLD, FRESH = on("2025-11-01"), on("2026-02-20")
MESSAGES = ("contact_check", "contacts_unverified", "contact_request", "leaver_waits", "case_handed")


@pytest.fixture
def town(begin):
    """Everybody's entry was checked lately."""
    settle(begin)
    with begin() as work:
        for row in work.contacts.people("aldermere"):
            row.verified_on = FRESH
    return begin


def aged(begin, *ids, day=OLD):
    with begin() as work:
        for id in ids:
            work.register.row(id).verified_on = day


def mornings(begin, *days, practice=PRACTICE):
    heard = []
    for day in days:
        before = len(told(begin, *MESSAGES))
        opening(begin, practice, at(day, "09:05"))
        heard.append(told(begin, *MESSAGES)[before:])
    return heard


def entry(begin, id, now="2026-03-02"):
    return own_entry(begin, PRACTICE, by=person(begin, id), now=at(now))


def mend(begin, id, now="2026-03-02", **but):
    values = {"phone": "", "title": "", "deputy_id": "", "out_of_hours": "", **but}
    return mend_own(begin, PRACTICE, Mended(**values), by=person(begin, id), now=at(now))


def duties(begin, id, now):
    with begin() as work:
        return register_duties(work, PRACTICE, work.register.person(id), at(now))


def exported(begin):
    with begin() as work:
        return export_register(work, "aldermere")


def imported(begin, text, now="2026-03-02", actor="cli"):
    return import_register(begin, "aldermere", text, actor=actor, now=at(now))


def gone(begin, id, now="2026-03-02"):
    """The person is marked as having left, in the register's own file."""
    rows = list(csv.DictReader(io.StringIO(exported(begin))))
    told = io.StringIO()
    writer = csv.DictWriter(told, list(rows[0]))
    writer.writeheader()
    for row in rows:
        row["active"] = "no" if row["email"].startswith(f"{id}@") else row["active"]
        writer.writerow(row)
    imported(begin, told.getvalue(), now)
    with begin() as work:
        return next((row.id for row in work.contacts.leavers("aldermere") if row.person_id == id), None)


def gives(begin, leaver, who="lena", now="2026-03-03", source="one", **but):
    return hand_over(begin, PRACTICE, leaver, Given(**but), source=source, by=person(begin, who), now=at(now))


def test_an_entry_older_than_ninety_days_is_asked_about_and_a_younger_one_is_not(town):
    """S5-30, T24: 90 calendar days, which the area can change; an entry that was never checked is due as well."""
    today = on("2026-03-02")
    assert is_due(today - timedelta(days=90), today, 90)
    assert not is_due(today - timedelta(days=89), today, 90)
    assert is_due(None, today, 90)
    assert mornings(town, "2026-03-02") == [[]]
    aged(town, "helen")
    assert mornings(town, "2026-03-03") == [[("contact_check", "helen")]]
    aged(town, "pete", day=on("2026-02-10"))
    assert mornings(town, "2026-03-04", practice=a_practice(verify_after_days=20)) == [
        [("contact_check", "pete")]
    ]


def test_a_few_are_asked_each_morning_the_longest_unchecked_first(town):
    """S5-30: a register that was imported on one day does not ask everybody on one day."""
    aged(town, *PEOPLE)
    aged(town, "tess", day=None)
    found = mornings(town, "2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05")
    assert [len(each) for each in found] == [3, 3, 3, 0]
    assert found[0][0] == ("contact_check", "tess")
    assert {who for each in found for _, who in each} == set(PEOPLE)
    assert (at_once(9), at_once(600)) == (3, 10)


def test_nobody_answers_then_their_lead_and_then_the_coordinator_hear_and_it_never_goes_quiet(town):
    """S5-30, rule 8: once more after five working days, then the lead, then Home; at most one message in a week."""
    aged(town, "helen")
    assert mornings(town, "2026-03-02", "2026-03-06", "2026-03-09") == [
        [("contact_check", "helen")],
        [],
        [("contact_check", "helen")],
    ]
    assert mornings(town, "2026-03-13", "2026-03-16") == [[], [("contacts_unverified", "lena")]]
    assert not duties(town, "cora", "2026-03-16")
    assert mornings(town, "2026-03-23") == [[("contacts_unverified", "cora")]]
    [line] = duties(town, "cora", "2026-03-23").unverified
    assert (line.name, line.days) == ("Helen Marsh", (on("2026-03-23") - OLD).days)
    assert mornings(town, "2026-04-22", "2026-04-23") == [[("contact_check", "helen")], []]


def test_somebody_on_leave_is_asked_when_they_are_back(town):
    """S4-18, S5-30: nobody is escalated for being away."""
    from bot.usecases.leave import set_leave

    set_leave(
        town, PRACTICE, on("2026-03-02"), on("2026-03-04"), by=person(town, "helen"), now=at("2026-03-01")
    )
    aged(town, "helen")
    assert mornings(town, "2026-03-03", "2026-03-05") == [[], [("contact_check", "helen")]]


def test_still_right_is_noted_with_the_day_and_what_it_was_before(town):
    """S5-30, IG-30: the question ends, and the record says what stood there."""
    aged(town, "helen")
    mornings(town, "2026-03-02")
    assert still_right(town, PRACTICE, by=person(town, "helen"), now=at("2026-03-03")) == on("2026-03-03")
    still_right(town, PRACTICE, by=person(town, "helen"), now=at("2026-03-03", "11:00"))
    with town() as work:
        assert contact_check(work, PRACTICE, "helen", at("2026-03-03")) is None
        [change] = work.contacts.history("helen")
        assert (change.field, change.before, change.after, change.by_id) == (
            "verified",
            "2025-11-01",
            "2026-03-03",
            "helen",
        )
    assert mornings(town, "2026-03-09", "2026-03-16") == [[], []]


def test_a_number_a_title_a_deputy_change_at_once_and_keep_what_was_before(town):
    """S5-30, IG-30: the value before, who, when; and no word of it in the audit or in an outbox row."""
    mend(
        town,
        "helen",
        phone="01632 960 777",
        title="Tenancy officer",
        deputy_id="lena",
        out_of_hours="Duty team",
    )
    found = entry(town, "helen")
    assert (found.phone, found.title, found.deputy, found.out_of_hours) == (
        "01632 960 777",
        "Tenancy officer",
        "Lena Frost",
        "Duty team",
    )
    assert found.verified_on == on("2026-03-02")
    with town() as work:
        before = {row.field: (row.before, row.after) for row in work.contacts.history("helen")}
        assert before["deputy"] == ("dev", "lena")
        assert before["phone"] == ("", "01632 960 777")
        events = "".join(row.facts for row in work.session.exec(select(AuditEvent)))
        owed = "".join(row.about for row in work.session.exec(select(OutboxRow)))
    assert "960" not in events + owed


def test_a_deputy_of_another_agency_and_a_title_too_long_are_refused_beside_their_field(town):
    """S5-30: an error stands beside its field and says what to do."""
    with pytest.raises(Invalid) as wrong:
        mend(town, "helen", deputy_id="pete", title="x" * 121)
    assert set(wrong.value.problems) == {"deputy", "title"}


def test_what_a_person_cannot_change_goes_to_the_coordinator_until_it_is_settled(town):
    """S5-30, rule 8: name, address, agency and roles are asked of the coordinator, and asked again each week."""
    mend(town, "helen", note="My name is Marsh-Hill now.")
    assert told(town, "contact_request") == [("contact_request", "cora")]
    [line] = duties(town, "cora", "2026-03-02").requests
    assert line.note == "My name is Marsh-Hill now."
    assert mornings(town, "2026-03-06", "2026-03-09") == [[], [("contact_request", "cora")]]
    with pytest.raises(NotAllowed):
        settle_request(town, PRACTICE, line.id, by=person(town, "lena"), now=at("2026-03-09"))
    for _ in range(2):
        settle_request(town, PRACTICE, line.id, by=person(town, "cora"), now=at("2026-03-09"))
    assert not duties(town, "cora", "2026-03-09")
    assert mornings(town, "2026-03-16") == [[]]
    with town() as work:
        assert work.session.exec(select(ContactRequestRow)).one().settled_by == "cora"


def test_a_coordinator_who_rang_somebody_without_chat_says_so(town):
    """S5-30: who has neither chat nor time is checked by telephone, and the record says by whom."""
    aged(town, "helen")
    mornings(town, "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23")
    with pytest.raises(NotAllowed):
        vouch(town, PRACTICE, "helen", by=person(town, "lena"), now=at("2026-03-23"))
    vouch(town, PRACTICE, "helen", by=person(town, "cora"), now=at("2026-03-23"))
    assert not duties(town, "cora", "2026-03-23")
    with town() as work:
        assert work.contacts.history("helen")[-1].by_id == "cora"


def test_an_agency_s_card_says_whom_to_ask_first_by_which_route_and_until_when(town):
    """S3-02, S5-01, S5-02, S5-03, S5-32, S5-33, S5-34: one card, open to everybody of the register."""
    with town() as work:
        work.contacts.detail("lena").commits = True
        work.contacts.detail("helen").commits = False
    say = Written(
        profile="Lets and repairs homes; cannot move a tenant within a day.",
        urgent="01632 960 500",
        routine="The housing channel",
        out_of_hours="01632 960 501",
        forums="MARM, community safety",
    )
    write_card(town, PRACTICE, "housing", say, by=person(town, "lena"), now=at("2026-03-02"))
    card = agency_card(town, PRACTICE, "housing", by=person(town, "bo"), now=at("2026-03-02"))
    assert (card.urgent, card.routine, card.out_of_hours) == (say.urgent, say.routine, say.out_of_hours)
    assert [line.name for line in card.people] == ["Helen Marsh", "Lena Frost", "Dev Rao"]
    assert [line.commits for line in card.people] == [False, True, None]
    assert card.people[0].deputy == "Dev Rao"
    assert (card.may_edit, card.verified_on, card.agreement) == (False, FRESH, None)


def test_only_its_lead_and_the_coordinator_write_an_agency_s_card_and_what_it_said_is_kept(town):
    """S5-32, IG-30: another agency's lead and its own practitioners read it only."""
    for who in ("dev", "pete", "bo"):
        with pytest.raises(NotAllowed):
            begin_card(town, PRACTICE, "housing", by=person(town, who), now=at("2026-03-02"))
    write_card(
        town, PRACTICE, "housing", Written(profile="One"), by=person(town, "lena"), now=at("2026-03-02")
    )
    write_card(
        town, PRACTICE, "housing", Written(profile="Two"), by=person(town, "cora"), now=at("2026-03-03")
    )
    with pytest.raises(Invalid) as wrong:
        write_card(
            town,
            PRACTICE,
            "housing",
            Written(profile="x" * 1001),
            by=person(town, "cora"),
            now=at("2026-03-03"),
        )
    assert set(wrong.value.problems) == {"profile"}
    with town() as work:
        assert [(row.before, row.after) for row in work.contacts.history("housing")] == [
            ("", "One"),
            ("One", "Two"),
        ]


def test_agencies_are_paged_and_found_by_a_part_of_their_name(town):
    """S5-34: six a page; a search by name or by what kind of agency it is."""
    with town() as work:
        for n in range(12):
            work.session.add(
                AgencyRow(id=f"x{n}", area="aldermere", slug=f"x{n}", name=f"Zeta {n:02}", type="voluntary")
            )
    who = {"by": person(town, "bo"), "now": at("2026-03-02")}
    first, second = (agencies(town, PRACTICE, page=n, **who) for n in (1, 2))
    assert (len(first.lines), len(second.lines), first.pages, first.total) == (6, 6, 3, 15)
    found = agencies(town, PRACTICE, sought="POLI", **who)
    assert [(line.name, line.link) for line in found.lines] == [("Aldermere Police", "Pete Sound")]
    assert agencies(town, PRACTICE, sought="nothing like it", **who).lines == ()


def test_somebody_leaves_and_their_lead_is_told_what_is_still_theirs(town):
    """S4-18, IG-24: one message; where cases wait the coordinator hears too, and Home keeps it until it is done."""
    an_action(town)
    an_action(town)
    leaver = gone(town, "helen")
    assert told(town, "leaver_waits") == [("leaver_waits", "lena")]
    with town() as work:
        line = leaver_line(work, PRACTICE, leaver, at("2026-03-02"))
    assert (line.name, line.actions, line.cases, line.meetings) == ("Helen Marsh", 2, 0, 0)
    assert [each.id for each in duties(town, "lena", "2026-03-02").leavers] == [leaver]
    assert [each.id for each in duties(town, "cora", "2026-03-02").leavers] == [leaver]
    assert not duties(town, "pete", "2026-03-02")
    assert gone(town, "helen") == leaver  # the same file again tells nobody anything
    assert len(told(town, "leaver_waits")) == 1
    assert mornings(town, "2026-03-09") == [[("leaver_waits", "lena"), ("leaver_waits", "cora")]]


def test_somebody_leaves_with_nothing_and_nobody_is_told(town):
    """IG-24: a message is sent where there is something to do."""
    assert gone(town, "petra") is None
    assert told(town, "leaver_waits") == []


def test_until_it_is_handed_over_the_ladder_of_a_leaver_s_action_reaches_the_deputy(town):
    """S4-18, rule 8: the owner cannot be told, so whoever stands above is, and nobody is told nothing."""
    an_action(town)
    gone(town, "helen")
    nudge(town, PRACTICE, at("2026-03-31", "09:05"))
    with town() as work:
        rows = [row for row in work.session.exec(select(NudgeRow)) if row.state == "planned"]
    assert {row.person_id for row in rows} == {"dev"}


def test_everything_owed_to_somebody_who_has_left_is_no_longer_sent(town):
    """IG-24: they may know no more of it, by whatever way."""
    aged(town, "helen")
    mornings(town, "2026-03-02")
    gone(town, "helen")
    with town() as work:
        owed = work.session.exec(select(OutboxRow).where(OutboxRow.destination == "person:helen"))
        assert {row.state for row in owed} == {"replaced"}


def test_a_leaver_s_actions_go_to_whom_the_lead_chose_and_their_ladders_begin_anew(town):
    """S4-18: references and dates stay, the new owner is told, the history says from whom and why."""
    first, second = an_action(town), an_action(town)
    leaver = gone(town, "helen")
    form = open_hand_over(town, PRACTICE, leaver, by=person(town, "lena"), now=at("2026-03-03"))
    assert [each.id for each in form.actions] == [first, second]
    assert form.cases == ()
    assert not gives(town, leaver, to={first: "dev"})
    assert gives(town, leaver, source="two", all_to="lena")
    assert gives(town, leaver, source="two", all_to="lena")
    with town() as work:
        rows = {row.id: row for row in work.session.exec(select(ActionRow))}
        assert [(rows[id].owner_id, rows[id].due) for id in (first, second)] == [
            ("dev", on("2026-04-02")),
            ("lena", on("2026-04-02")),
        ]
        assert {row.assigned_on for row in rows.values()} == {on("2026-03-03")}
        assert all(row.next_at is not None for row in rows.values())
        shown = [row.about for row in work.session.exec(select(OutboxRow)) if row.state == "owed"]
        assert work.plans.last_event(first).actor == "lena"
    for id, who in ((first, "dev"), (second, "lena")):
        assert any("action_message" in each and id in each and f"person:{who}" in each for each in shown)
    assert not any("person:helen" in each for each in shown)
    assert not duties(town, "lena", "2026-03-03")
    with pytest.raises(TooLate):
        open_hand_over(town, PRACTICE, leaver, by=person(town, "lena"), now=at("2026-03-03"))


def test_cases_of_a_leaver_get_another_coordinator_chair_and_lead_by_a_coordinator_alone(town):
    """S4-18, S2-08: every part they had; whoever has it now is told, and a lead of an agency cannot give cases."""
    with town() as work:
        work.session.add(
            PersonRow(
                id="cody",
                area="aldermere",
                agency_id="council",
                name="Cody Ash",
                email="cody@example.test",
                roles=["coordinator", "chair"],
                verified_on=FRESH,
            )
        )
        work.register.row("chai").roles = ["chair", "agency_lead"]
        work.session.exec(select(CaseRow)).one().lead_id = "cora"
    leaver = gone(town, "cora")
    assert {who for _, who in told(town, "leaver_waits")} == {"chai", "cody"}
    assert open_hand_over(town, PRACTICE, leaver, by=person(town, "chai"), now=at("2026-03-03")).cases == ()
    with pytest.raises(Invalid) as wrong:
        gives(town, leaver, "chai", parts={"coordinator": "cody"})
    assert set(wrong.value.problems) == {"part:coordinator"}
    with pytest.raises(Invalid):
        gives(town, leaver, "cody", parts={"coordinator": "pete"})
    assert gives(town, leaver, "cody", parts={"coordinator": "cody", "lead": "pete"})
    with town() as work:
        case = work.session.exec(select(CaseRow)).one()
        assert (case.coordinator_id, case.lead_id, case.chair_id) == ("cody", "pete", "chai")
        events = [
            row.verb for row in work.session.exec(select(AuditEvent).where(AuditEvent.stream == case.ref))
        ]
    assert events.count("case.handed_over") == 2
    assert sorted(told(town, "case_handed")) == [("case_handed", "cody"), ("case_handed", "pete")]


def test_a_leaver_s_seat_at_a_coming_meeting_is_taken_by_a_colleague_who_is_asked_afresh(town):
    """S4-18: the invitation of who left is withdrawn, and their colleague has one of their own."""
    with town() as work:
        starts = at("2026-03-10")
        work.session.add(
            MeetingRow(
                id="m1",
                area="aldermere",
                pathway="care-connect-marm",
                stage="meeting_1",
                kind="meeting",
                state=MeetingState.INVITED.value,
                starts_at=starts,
                ends_at=starts + timedelta(hours=2),
                chair_id="chai",
                minute_taker_id="helen",
                uid="m1@aldermere.example",
                created_by="cora",
                created_at=starts - timedelta(days=9),
                drill=True,
            )
        )
        work.session.flush()
        work.session.add(
            InvitationRow(id="i1", meeting_id="m1", person_id="helen", agency_id="housing", required=True)
        )
    leaver = gone(town, "helen")
    form = open_hand_over(town, PRACTICE, leaver, by=person(town, "lena"), now=at("2026-03-03"))
    assert len(form.meetings) == 1
    assert gives(town, leaver, meetings_to="dev")
    with town() as work:
        [seat] = work.meetings.invitations("m1")
        assert (seat.person_id, seat.agency_id, seat.required, seat.answer) == (
            "dev",
            "housing",
            True,
            "none",
        )
        assert work.meetings.row("m1").minute_taker_id == "dev"


def test_nobody_takes_over_what_they_must_not_know_of_and_nobody_else_hands_over(town):
    """IG-22, IG-05: a person barred from the case, one of another agency, and a lead of another agency."""
    an_action(town)
    leaver = gone(town, "helen")
    bar(town, "dev")
    for who in ("dev", "pete"):
        with pytest.raises(Invalid) as wrong:
            gives(town, leaver, all_to=who)
        assert set(wrong.value.problems) == {"all_to"}
    with pytest.raises(Invalid):
        gives(town, leaver)
    for who in ("dev", "pete", "tess"):
        with pytest.raises(NotAllowed):
            gives(town, leaver, who, all_to="lena")


@pytest.mark.parametrize("deputy", ["dev", None])
@pytest.mark.parametrize("leads", [True, False])
def test_a_leaver_s_actions_are_never_without_somebody_who_is_told(town, deputy, leads):
    """Rule 8, S4-18: whoever leaves, with or without deputy and lead, somebody hears and every ladder reaches one."""
    with town() as work:
        work.register.row("helen").deputy_id = deputy
        work.register.row("lena").active = leads
    for n in range(3):
        an_action(town, due=on("2026-03-20") + timedelta(days=n))
    leaver = gone(town, "helen")
    assert told(town, "leaver_waits") == [("leaver_waits", "lena" if leads else "cora")]
    for day in ("2026-03-18", "2026-03-20", "2026-03-23", "2026-03-25", "2026-03-27"):
        nudge(town, PRACTICE, at(day, "09:05"))
    with town() as work:
        rows = [row for row in work.session.exec(select(NudgeRow)) if row.state != "passed"]
        told_of = {row.action_id for row in rows if row.person_id}
        assert told_of == {row.id for row in work.session.exec(select(ActionRow))}
        assert all(row.person_id != "helen" for row in rows if row.state == "planned")
    assert leaver is not None


def test_a_register_taken_in_again_as_it_was_given_out_changes_nothing(town):
    """S5-40: import(export(x)) is x, and a second export is the same text."""
    assert imported(town, exported(town)).same == len(PEOPLE)
    mend(town, "helen", phone="+44 1632 960 777", out_of_hours="'=quoted", title='He said, "yes"')
    with town() as work:
        work.contacts.detail("lena").commits = True
        work.register.row("pete").pattern = {"mon": ["09:00", "16:00"], "wed": ["09:00", "16:00"]}
    gone(town, "petra")
    text = exported(town)
    taken = imported(town, text)
    assert (taken.added, taken.changed, taken.same) == (0, 0, len(PEOPLE))
    assert exported(town) == text
    assert "'+44 1632 960 777" in text


CELLS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=20)


@given(CELLS)
def test_a_cell_is_never_run_by_a_spreadsheet_and_comes_back_as_it_was(cell):
    """S5-40: what begins like a formula is guarded, and only the guard is taken away."""
    assert unguarded(guarded(cell)) == cell
    assert guarded(cell)[:1] not in ("=", "+", "-", "@", "\t", "\r")


def test_an_older_file_does_not_undo_a_later_check_and_what_it_changes_is_kept(town):
    """IG-30, S5-30: a person's own word of today stands, and the record says what an import wrote over."""
    text = exported(town)
    mend(town, "helen", phone="01632 960 777", deputy_id="dev")
    imported(town, text, now="2026-03-04")
    found = entry(town, "helen")
    assert (found.verified_on, found.phone) == (on("2026-03-02"), "")
    with town() as work:
        [last] = [row for row in work.contacts.history("helen") if row.by_id == "cli"]
    assert (last.field, last.before, last.after) == ("phone", "01632 960 777", "")


def test_whether_somebody_may_commit_their_agency_is_yes_no_or_not_on_record(town):
    """S3-02, rule 7: a blank is not a no; a word that is neither is refused with its line."""
    text = exported(town)
    with pytest.raises(BadRegister) as wrong:
        imported(town, text.replace(",yes,,,,\n", ",yes,,,maybe,\n", 1))
    assert "commits: write yes or no" in str(wrong.value)
    imported(town, text.replace(",yes,,,,\n", ",yes,,,no,\n", 1))
    with town() as work:
        found = [work.contacts.detail(row.id).commits for row in work.contacts.people("aldermere")]
    assert sorted(map(str, found)) == ["False", *["None"] * (len(PEOPLE) - 1)]


def test_the_check_counts_old_entries_and_names_agencies_that_lack_somebody(town):
    """S5-01, S5-30, S5-33: numbers and names of agencies, nobody's name."""
    aged(town, "helen", "pete")
    with town() as work:
        found = gaps(work, "aldermere", on("2026-03-02"), 90)
    assert (found.people, found.unverified) == (len(PEOPLE), 2)
    lacks = dict(found.without)
    assert lacks["nobody named"] == ("Aldermere Council",)
    assert lacks["no deputy"] == ("Aldermere Police",)
    assert lacks["no telephone"] == ("Aldermere Homes", "Aldermere Police")
    assert lacks["no out-of-hours route"] == ("Aldermere Homes", "Aldermere Police")
