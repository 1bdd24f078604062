"""Minutes sent, changed, approved and corrected; chased until they are out; the chair's pack (S2-16, T13, T15)."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from meeting_builders import (
    MARAT,
    PRACTICE,
    a_case,
    an_action,
    at,
    bar,
    hear,
    on,
    owed,
    person,
    settle,
    wanted,
)
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, NotFound, TooLate
from bot.papers import file_of, markdown
from bot.render import Render
from bot.storage.ledger_tables import AuditEvent
from bot.storage.tables import AttendanceRow
from bot.storage.transaction import Begin
from bot.usecases.agree import agree_now
from bot.usecases.answer import cannot
from bot.usecases.book import book
from bot.usecases.conclude import conclude
from bot.usecases.convene import find_times
from bot.usecases.hold import Mark, open_item, record_attendance, record_information, start
from bot.usecases.looks.meeting import hold_card
from bot.usecases.looks.minutes import minutes_note, minutes_unapproved
from bot.usecases.minutes_approval import approve, ask_change, open_minutes, send_for_approval
from bot.usecases.minutes_chase import chase_minutes
from bot.usecases.once import HeardBefore
from bot.usecases.papers import read_pack, take_paper
from bot.usecases.rule import end
from bot.usecases.withheld import MASK

BOOKED, DAY, END = at("2026-03-02", "09:00"), at("2026-03-02", "11:00"), at("2026-03-02", "13:00")
RENDER = Render()
NEXT = at("2026-03-03", "09:00")


@pytest.fixture
def town(begin: Begin) -> Begin:
    settle(begin)
    return begin


@pytest.fixture
def cora(town):
    return person(town, "cora")


@pytest.fixture
def chai(town):
    return person(town, "chai")


def booked(town, case, cora) -> str:
    found = find_times(town, PRACTICE, wanted(case), source=f"s:{case}", by=cora, now=BOOKED)
    return book(town, PRACTICE, found.options[0].id, by=cora, now=BOOKED).meeting_id


def held(town, cora, case: str = "") -> str:
    """A conference that was held and concluded on Monday 2 March; its id."""
    meeting = booked(town, case or a_case(town), cora)
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    marks = [Mark(agency_id=id, status="present") for id in ("asc", "police", "nhs", "homes")]
    record_attendance(town, PRACTICE, meeting, marks, by=cora, now=DAY)
    with town() as work:
        item = work.meetings.agenda(meeting)[0].id
    open_item(town, PRACTICE, item, by=cora, now=DAY)
    hear(town, item, cora, DAY)
    conclude(town, PRACTICE, meeting, "", by=cora, now=END)
    return meeting


def sent(town, meeting, cora, text="# Minutes\n\nWhat was said.", change="", after=0, now=NEXT):
    send_for_approval(town, PRACTICE, meeting, text, change, after=after, by=cora, now=now)


def told(town, message: str) -> list[str]:
    return [key for key in owed(town, "tell") if key.startswith(f"tell:{message}:")]


def test_the_action_list_is_out_before_anybody_approves_the_minutes(town, cora):
    """T13: the same day; the minutes take their own time (T15, S3-32)."""
    meeting = held(town, cora)
    shown = owed(town, "show")
    assert [key for key in shown if key.startswith("show:action_list:")]
    assert [key for key in shown if key.startswith("show:action_message:")]
    with town() as work:
        assert work.meetings.row(meeting).minutes_approved_at is None
        assert work.minutes.newest(meeting) is None


def test_minutes_are_sent_changed_approved_and_then_told_to_everybody_asked(town, cora, chai):
    """S2-16, T15: the chair approves; a change is asked for with what."""
    meeting = held(town, cora)
    sent(town, meeting, cora)
    assert [key.split(":")[3:5] for key in told(town, "minutes_sent")] == [["person", "chai"]]
    with pytest.raises(TooLate, match="wait for approval already"):
        sent(town, meeting, cora, after=1, change="It was said on Tuesday.")
    with pytest.raises(Invalid) as short:
        ask_change(town, PRACTICE, meeting, 1, "no", by=chai, now=NEXT)
    assert set(short.value.problems) == {"asked"}
    ask_change(town, PRACTICE, meeting, 1, "The fire service was there too.", by=chai, now=NEXT)
    assert [key.split(":")[3:5] for key in told(town, "minutes_change")] == [["person", "cora"]]
    paper = open_minutes(town, PRACTICE, meeting, by=cora, now=NEXT)
    assert (paper.state, paper.asked, paper.may_send) == ("change", "The fire service was there too.", True)
    with pytest.raises(TooLate, match="sent back"):
        approve(town, PRACTICE, meeting, 1, by=chai, now=NEXT)
    with pytest.raises(Invalid) as unsaid:
        sent(town, meeting, cora, after=1)
    assert set(unsaid.value.problems) == {"change"}
    sent(town, meeting, cora, text="# Minutes\n\nFire was there.", change="Fire was left out.", after=1)
    approve(town, PRACTICE, meeting, 2, by=chai, now=NEXT)
    approve(town, PRACTICE, meeting, 2, by=chai, now=NEXT)
    out = {key.split(":")[4] for key in told(town, "minutes_out")}
    assert "ana" in out
    assert "chai" not in out
    with town() as work:
        assert work.meetings.row(meeting).minutes_approved_at == NEXT
        assert hold_card(work, PRACTICE, meeting, NEXT).minutes == "approved"
        assert [row.state for row in work.minutes.of_meeting(meeting)] == ["change", "approved"]


def test_what_was_approved_is_kept_word_for_word_and_corrected_by_a_version_that_says_why(town, cora, chai):
    """T15: never silently."""
    meeting = held(town, cora)
    sent(town, meeting, cora)
    approve(town, PRACTICE, meeting, 1, by=chai, now=NEXT)
    assert open_minutes(town, PRACTICE, meeting, by=chai, now=NEXT).text == "# Minutes\n\nWhat was said."
    with pytest.raises(Invalid):
        sent(town, meeting, cora, text="# Minutes\n\nSomething else.", after=1)
    sent(town, meeting, cora, text="# Minutes\n\nPut right.", change="Pia came, and not Per.", after=1)
    with town() as work:
        first, second = work.minutes.of_meeting(meeting)
        assert (first.state, first.text) == ("approved", "# Minutes\n\nWhat was said.")
        assert (second.state, second.change) == ("sent", "Pia came, and not Per.")
        assert work.meetings.row(meeting).minutes_approved_at is None  # the newest waits again
        facts = [row.facts for row in work.session.exec(select(AuditEvent)) if row.verb == "minutes.sent"]
        assert "Pia" not in "".join(facts)
    with pytest.raises(TooLate, match="newer version"):
        approve(town, PRACTICE, meeting, 1, by=chai, now=NEXT)


def test_two_who_put_minutes_right_at_once_do_not_overwrite_each_other(town, cora, chai):
    meeting = held(town, cora)
    sent(town, meeting, cora)
    approve(town, PRACTICE, meeting, 1, by=chai, now=NEXT)
    sent(town, meeting, cora, change="Pia came, and not Per.", after=1)
    approve(town, PRACTICE, meeting, 2, by=chai, now=NEXT)
    with pytest.raises(TooLate, match="newer version"):
        sent(town, meeting, cora, change="Viv came, and not Hal.", after=1)


def test_only_the_chair_approves_and_only_who_runs_it_sends(town, cora):
    """S2-16, IG-29: a coordinator sends them, and does not approve them in the chair's place."""
    meeting = held(town, cora)
    with pytest.raises(NotAllowed):
        sent(town, meeting, person(town, "ana"))
    sent(town, meeting, cora)
    with pytest.raises(NotFound, match="for their chair"):
        approve(town, PRACTICE, meeting, 1, by=cora, now=NEXT)
    with pytest.raises(NotAllowed):
        approve(town, PRACTICE, meeting, 1, by=person(town, "ana"), now=NEXT)
    assert not open_minutes(town, PRACTICE, meeting, by=cora, now=NEXT).may_answer


def test_minutes_are_not_sent_while_the_meeting_runs(town, cora):
    meeting = booked(town, a_case(town), cora)
    start(town, PRACTICE, meeting, by=cora, now=DAY)
    with pytest.raises(TooLate, match="once the meeting is over"):
        sent(town, meeting, cora, now=DAY)


def test_minutes_are_due_five_working_days_after_the_meeting_and_chased_until_they_are_out(town, cora, chai):
    """T15, design rule 8: the writer first, then the coordinator, the chair, the board; never quiet."""
    meeting = held(town, cora)
    assert open_minutes(town, PRACTICE, meeting, by=cora, now=NEXT).due == on("2026-03-09")

    def morning(day: str) -> list[str]:
        before = set(told(town, "minutes_due"))
        for _ in range(2):
            with town() as work:
                chase_minutes(work, PRACTICE, at(day, "09:00"))
        return sorted(key.split(":")[4] for key in set(told(town, "minutes_due")) - before)

    assert morning("2026-03-04") == []
    assert morning("2026-03-05") == ["cora"]
    assert morning("2026-03-06") == []
    assert morning("2026-03-09") == ["cora"]
    sent(town, meeting, cora, now=at("2026-03-09", "12:00"))
    assert morning("2026-03-10") == ["chai", "cora"]
    assert morning("2026-03-12") == ["chai", "cora"]
    assert morning("2026-03-16") == ["chai", "cora"]
    assert morning("2026-03-23") == ["chai", "cora"]
    with town() as work:
        late = minutes_unapproved(work, PRACTICE, meeting, at("2026-03-23", "09:00"))
        assert late is not None
        assert "10 working days ago" in RENDER.words("minutes_due", view=late).text
    approve(town, PRACTICE, meeting, 1, by=chai, now=at("2026-03-23", "10:00"))
    assert morning("2026-03-30") == []
    with town() as work:  # a reminder that was owed before says nothing any more
        assert minutes_unapproved(work, PRACTICE, meeting, at("2026-03-23", "10:00")) is None
        assert minutes_note(work, PRACTICE, meeting, at("2026-03-23", "10:00")) is not None


def test_the_pack_has_what_a_chair_needs_in_one_press(town, cora, chai):
    """S3-27, S3-30, S3-32, S4-09: agenda with times, earlier actions by outcome, apologies, silence, views, prompts."""
    case = a_case(town)
    for n in range(2):
        agree_now(town, PRACTICE, case, an_action(f"old{n}", due=on("2026-03-16")), by=cora, now=BOOKED)
    hal = person(town, "hal")
    with town() as work:
        first, second = (row.id for row in work.plans.of_case(case))
    cannot(town, PRACTICE, first, "not_possible_circumstances_changed", "She has moved.", by=hal, now=BOOKED)
    end(town, PRACTICE, second, "not_done_by_agency", "Three visits were promised.", by=cora, now=BOOKED)
    meeting = booked(town, case, cora)
    with town() as work:
        work.meetings.invitation(meeting, "hal").answer = "declined"
    start(town, PRACTICE, meeting, by=chai, now=DAY)
    sheet = [Mark(agency_id="fire", status="apologies_information")]
    record_attendance(town, PRACTICE, meeting, sheet, by=chai, now=DAY)
    record_information(town, PRACTICE, meeting, {"fire": "Two visits, both alarms work."}, by=chai, now=DAY)
    pack = read_pack(town, PRACTICE, meeting, by=chai, now=DAY)
    [one] = pack.cases
    assert {each.ended for each in one.actions} == {
        "Not possible: circumstances changed",
        "Not done by the agency",
    }
    assert one.prompts == tuple(prompt.text for prompt in PRACTICE.pathways[MARAT].prompts)
    assert pack.views_missing == ("CV-7K4QMX",)
    assert "Aldermere Adult Social Care" in {each.agency for each in pack.unanswered}
    assert {each.agency: each.information for each in pack.apologies} == {
        "Aldermere Homes": "",
        "Aldermere Fire Service": "Two visits, both alarms work.",
    }
    text = RENDER.text("minutes/pack.md", view=pack, tables=False)
    assert "Not possible because circumstances changed: 1. Not done by the agency: 1." in text
    assert re.search(r"- \d\d:\d\d  CV-7K4QMX, \d+ min", text)
    assert "Nobody has recorded the person’s own views for CV-7K4QMX" in text
    with pytest.raises(NotAllowed):
        read_pack(town, PRACTICE, meeting, by=person(town, "ana"), now=DAY)
    with town() as work:
        assert "pack.read" in [each.verb for each in work.audit.latest("CV-7K4QMX")]


def test_a_paper_leaves_once_for_a_link_and_each_time_on_the_record(town, cora):
    """IG-29: what is taken, as what, by whom."""
    meeting = held(town, cora)
    now = NEXT
    paper = take_paper(town, PRACTICE, "minutes", meeting, "docx", by=cora, now=now, once="link:1")
    with pytest.raises(HeardBefore, match="works once"):
        take_paper(town, PRACTICE, "minutes", meeting, "docx", by=cora, now=now, once="link:1")
    take_paper(town, PRACTICE, "pack", meeting, "pdf", by=cora, now=now)
    with town() as work:
        rows = [each for each in work.audit.latest("CV-7K4QMX") if each.verb == "paper.exported"]
    assert [each.actor for each in rows] == ["cora", "cora"]
    assert '"reason":"chairs_pack"' in rows[0].facts.replace(" ", "")
    read = Document(BytesIO(file_of(RENDER, paper, "docx").content))
    text = "\n".join(each.text for each in read.paragraphs)
    assert "Draft. Nobody has approved these minutes yet." in text
    assert "taken out of Convenor by Cora Vale" in text


def test_somebody_barred_or_of_another_agency_takes_nothing(town, cora):
    """IG-05, IG-22, IG-26."""
    case = a_case(town)
    meeting = held(town, cora, case)
    bar(town, "pia", case)
    for kind, id in (("minutes", meeting), ("actions", meeting), ("pack", meeting), ("case_actions", case)):
        with pytest.raises(NotAllowed):
            take_paper(town, PRACTICE, kind, id, "docx", by=person(town, "pia"), now=NEXT)
    with pytest.raises(NotAllowed):
        take_paper(town, PRACTICE, "contacts", "", "csv", by=person(town, "pru"), now=NEXT)


def test_addresses_are_masked_so_that_two_never_meet_in_one_document(town, cora):
    """IG-21: the victim's and the other person's, however somebody wrote them into what was agreed."""
    case = a_case(town)
    fields = [f.id for f in PRACTICE.pathways[MARAT].fields if "address" in f.id]
    assert len(fields) >= 2
    with town() as work:
        referral = work.referrals.row(work.cases.row(case).referral_id)
        referral.answers = {
            fields[0]: "14 Mill Lane,\nAldermere, ZZ9 4QX",
            fields[1]: "Flat 3, 88 Quarry Rise, Aldermere ZZ9 7TT",
        }
    action = an_action("a", detail="Fit a chain at 14  mill lane; he stays at zz97tt")
    agree_now(town, PRACTICE, case, action, by=cora, now=BOOKED)
    paper = take_paper(town, PRACTICE, "case_actions", case, "csv", by=cora, now=NEXT)
    for form in ("csv", "docx"):
        content = file_of(RENDER, paper, form).content
        text = content.decode("utf-8-sig") if form == "csv" else markdown(RENDER, paper)
        assert f"Fit a chain at {MASK}; he stays at {MASK}" in text
        assert "mill lane" not in text.lower()


def test_the_list_of_contacts_says_whom_to_ring(town, cora):
    """IG-15."""
    paper = take_paper(town, PRACTICE, "contacts", "", "csv", by=cora, now=NEXT)
    text = file_of(RENDER, paper, "csv").content.decode("utf-8-sig")
    assert "Aldermere Adult Social Care,Ana Wells,,Agency representative,ana@example.test,,Abe Stone" in text


def test_a_reminder_of_minutes_names_no_case_and_nobody(town, cora):
    """Rule 4: a meeting, a day, a fixed word."""
    meeting = held(town, cora)
    later = NEXT + timedelta(days=10)
    with town() as work:
        note = minutes_note(work, PRACTICE, meeting, later)
        assert work.session.exec(select(AttendanceRow)).first() is not None
        people = [each.name for each in work.register.people("aldermere")]
    for words in ("minutes_sent", "minutes_change", "minutes_due", "minutes_out"):
        text = RENDER.words(words, view=note).text
        assert not [name for name in people if name in text]
