"""Sharing information lawfully, from the first page to its receipt or recall (governance.md section C)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from plan_builders import PRACTICE, a_practice, at, bar, on, person, settle
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.people import Role
from bot.domain.period import quarter_of
from bot.domain.sharing import ABOUT, QUALITIES, RECIPIENTS, TOLD, TOLD_WHY
from bot.storage.ledger_tables import AuditEvent, InboxEntry, OutboxRow
from bot.storage.practice_shares import AgreementRow, ShareSubjectRow
from bot.storage.tables import AgencyRow, PersonRow
from bot.storage.tallies import Tallies
from bot.usecases.breach import decide_breach, open_breach
from bot.usecases.follow_up import follow_up
from bot.usecases.looks.board import board
from bot.usecases.looks.breach import breach_due, breach_late
from bot.usecases.looks.shares import shared_record
from bot.usecases.open_case import open_case
from bot.usecases.opening import opening
from bot.usecases.reports.figures import Scope, breaches
from bot.usecases.share import NotWhole, begin_share, open_page, save_share_page, send_share, withdraw_share
from bot.usecases.share_advice import advise, ask_manager, open_advice, open_question
from bot.usecases.share_open import open_share, receive_share
from bot.usecases.share_recall import open_recall, recall_share

CASE, NOW = "c-7k4qmx", at("2026-03-09")
STORY = "Qanary: the landlord saw no food in the flat and mould on every wall."
WHY = "Qanary: without this the visit on Thursday would be a danger to everybody."

PAGES = {
    "what": {"what": STORY, ABOUT: ["subject", "child"], RECIPIENTS: ["police"]},
    "law": {"purpose": "safety", "basis": "public_task", "condition": "safeguarding"},
    "consent": {"consent": "given", "ground": None, "unsafe_why": None, "rationale": WHY},
    "told": {
        TOLD + "subject": "yes",
        TOLD + "child": "no",
        TOLD_WHY + "child": "Qanary: the child is three years old.",
    },
    "quality": {"quality": [each.id for each in QUALITIES], "quality_why": None},
}


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        work.session.add(
            AgreementRow(agency_id="police", signed_on=on("2025-03-12"), expires_on=on("2026-04-30"))
        )
        work.session.add(
            AgencyRow(id="fire", area="aldermere", slug="fire", name="Aldermere Fire", type="fire")
        )
        work.session.flush()
        for id, agency, roles in (
            ("frank", "fire", ["representative"]),
            ("iggy", "council", ["ig_lead"]),
            ("ada", "council", ["admin", "auditor"]),
        ):
            work.session.add(
                PersonRow(
                    id=id,
                    verified_on=on("2026-02-20"),
                    area="aldermere",
                    agency_id=agency,
                    name=id.title(),
                    email=f"{id}@example.test",
                    roles=roles,
                )
            )
    return begin


def begun(begin, by="helen", source="press:1"):
    return begin_share(begin, PRACTICE, CASE, source=source, by=person(begin, by), now=NOW)


def written(begin, share, *, by="helen", now=NOW, pages=PAGES, practice=PRACTICE):
    for page, answers in pages.items():
        save_share_page(begin, practice, share, page, answers, by=person(begin, by), now=now)


def sent(begin, by="helen", pages=PAGES, now=NOW, source="press:1"):
    share = begun(begin, by, source)
    written(begin, share, by=by, pages=pages, now=now)
    send_share(begin, PRACTICE, share, by=person(begin, by), now=now)
    return share


def but(page, **answers):
    return {**PAGES, page: {**PAGES[page], **answers}}


def state(begin, share):
    with begin() as work:
        return work.shares.row(share).state


def told(begin):
    with begin() as work:
        rows = work.session.exec(
            select(OutboxRow).where(OutboxRow.errand == "tell").order_by(OutboxRow.number)
        )
        found = [json.loads(each.about) for each in rows]
    return [(each["message"], each["where"].removeprefix("person:")) for each in found]


def verbs(begin, share):
    with begin() as work:
        query = select(AuditEvent).where(AuditEvent.thing == f"share:{share}").order_by(AuditEvent.seq)
        return [(each.actor, each.verb) for each in work.session.exec(query)]


@pytest.mark.parametrize(
    ("page", "missing", "beside"),
    [
        ("what", "what", "what"),
        ("what", ABOUT, ABOUT),
        ("what", RECIPIENTS, RECIPIENTS),
        ("law", "purpose", "purpose"),
        ("law", "basis", "basis"),
        ("law", "condition", "condition"),
        ("consent", "consent", "consent"),
        ("consent", "rationale", "rationale"),
        ("told", TOLD + "subject", TOLD + "subject"),
        ("told", TOLD_WHY + "child", TOLD_WHY + "child"),
        ("quality", "quality", "quality"),
    ],
)
def test_each_missing_thing_is_refused_beside_its_own_question_and_nothing_is_sent(
    town, page, missing, beside
):
    """Purpose, basis, condition, consent, recipients, reasons, six ticks (IG-16, S2-24, S2-25, S5-20)."""
    share = begun(town)
    first = {"what": PAGES["what"]} if page != "what" else {}
    with pytest.raises(Invalid) as refused:
        written(town, share, pages={**first, page: {**PAGES[page], missing: None}})
    assert set(refused.value.problems) == {beside}
    unasked = {"told"} if missing == ABOUT else set()
    written(town, share, pages={name: said for name, said in PAGES.items() if name not in {page, *unasked}})
    with pytest.raises(NotWhole) as gap:
        send_share(town, PRACTICE, share, by=person(town, "helen"), now=NOW)
    assert gap.value.page == page
    assert beside in gap.value.problems
    assert told(town) == []


def test_reasons_of_less_than_thirty_characters_are_not_enough(town):
    """IG-16: a sentence that could be stood by later."""
    share = begun(town)
    with pytest.raises(Invalid) as refused:
        written(town, share, pages={"consent": {**PAGES["consent"], "rationale": "Because we should."}})
    assert "at least 30 characters" in refused.value.problems["rationale"]


def test_a_tick_that_is_lacking_is_explained_in_a_sentence(town):
    """All six, or why not (S2-25)."""
    five = [each.id for each in QUALITIES[:5]]
    with pytest.raises(Invalid):
        written(town, begun(town), pages={"quality": {"quality": five, "quality_why": "no"}})
    share = sent(
        town, pages=but("quality", quality=five, quality_why="The doctor’s letter has not come yet.")
    )
    assert state(town, share) == "sent"


@pytest.mark.parametrize("consent", ["refused", "not_sought", "unsafe"])
def test_without_agreement_nothing_is_shared_unless_a_ground_of_the_pathway_is_chosen(town, consent):
    """A refusal blocks, and only a listed ground opens (IG-17, S2-22, S2-23)."""
    share = begun(town)
    answers = {"consent": consent, "unsafe_why": "Their partner reads every message.", "rationale": WHY}
    for ground in (None, "because"):
        with pytest.raises(Invalid) as refused:
            written(town, share, pages=but("consent", **answers, ground=ground))
        assert set(refused.value.problems) == {"ground"}
        with pytest.raises(NotWhole):
            send_share(town, PRACTICE, share, by=person(town, "helen"), now=NOW)
    written(town, share, pages=but("consent", **answers, ground="risk_to_others"))
    assert state(town, share) == "override_selected"
    send_share(town, PRACTICE, share, by=person(town, "helen"), now=NOW)
    assert state(town, share) == "sent"


def test_a_refusal_says_that_nothing_is_sent(town):
    """IG-17: in words that leave no doubt."""
    with pytest.raises(Invalid) as refused:
        written(town, begun(town), pages={"consent": {**PAGES["consent"], "consent": "refused"}})
    assert refused.value.problems["ground"].startswith("They refused, so this is not shared.")


def test_the_grounds_are_those_of_the_pathways_own_list():
    """S2-23: the file's own list, else that of its referral; never one of ours above it."""
    pathway = PRACTICE.enabled[0]
    own = next(field for field in pathway.fields if field.id == "ground")
    assert pathway.grounds == own.options
    only = replace(pathway, sharing=replace(pathway.sharing, grounds=own.options[:1]))
    assert only.grounds == own.options[:1]


def test_where_it_is_not_safe_to_ask_it_is_said_why(town):
    """Asking can itself raise the risk (S5-18)."""
    share = begun(town)
    answers = {**PAGES["consent"], "consent": "unsafe", "ground": "crime"}
    with pytest.raises(Invalid) as refused:
        written(town, share, pages={"consent": answers})
    assert set(refused.value.problems) == {"unsafe_why"}


def test_a_manager_who_is_asked_holds_the_item_until_they_answer_by_name(town):
    """On hold, chased, answered with a name; then sent by the one who stands for it (IG-18, S2-26)."""
    share, helen, lena = begun(town), person(town, "helen"), person(town, "lena")
    written(town, share)
    assert open_question(town, PRACTICE, share, by=helen, now=NOW).people[0][0] == "lena"
    ask_manager(town, PRACTICE, share, "lena", "Qanary: is the mould needed for this?", by=helen, now=NOW)
    assert (state(town, share), told(town)) == ("advice_wanted", [("share_hold", "lena")])
    for blocked in (send_share, open_page):
        with pytest.raises(TooLate, match="on hold until Lena Frost has answered"):
            blocked(town, PRACTICE, share, by=helen, now=NOW)
    with town() as work:
        [asked] = work.shares.advice(share)
    with pytest.raises(NotAllowed):
        open_advice(town, PRACTICE, asked.id, by=person(town, "cora"), now=NOW)
    assert open_advice(town, PRACTICE, asked.id, by=lena, now=NOW).item.what == STORY
    later = NOW + timedelta(hours=2)
    advise(town, PRACTICE, asked.id, "share", "Qanary: yes, legal agrees.", True, by=lena, now=later)
    assert told(town)[1:] == [("share_advised", "helen")]
    [line] = open_share(town, PRACTICE, share, by=helen, now=later).advice
    assert (line.adviser, line.legal_asked, line.answered_at) == ("Lena Frost", True, later)
    send_share(town, PRACTICE, share, by=helen, now=later)
    [evidence] = _record(town)
    assert (evidence.advisers, evidence.legal_asked) == (("Lena Frost",), True)


def test_advice_is_refused_without_a_sentence_and_from_nobody_else(town):
    """IG-18: what is logged is advice, under the name of the one who was asked."""
    share, helen = begun(town), person(town, "helen")
    written(town, share)
    with pytest.raises(Invalid) as refused:
        ask_manager(town, PRACTICE, share, "pete", "?", by=helen, now=NOW)
    assert set(refused.value.problems) == {"adviser", "doubt"}
    ask_manager(town, PRACTICE, share, "lena", "May the police have this?", by=helen, now=NOW)
    with town() as work:
        [asked] = work.shares.advice(share)
    with pytest.raises(Invalid) as refused:
        advise(town, PRACTICE, asked.id, "", "ok", False, by=person(town, "lena"), now=NOW)
    assert set(refused.value.problems) == {"verdict", "advice"}
    with pytest.raises(NotAllowed):
        advise(town, PRACTICE, asked.id, "share", "It may go to them.", False, by=helen, now=NOW)


def test_an_item_on_hold_can_be_withdrawn_and_then_nobody_waits(town):
    """Sent on or withdrawn, by its writer (S2-26)."""
    share, helen = begun(town), person(town, "helen")
    written(town, share)
    ask_manager(town, PRACTICE, share, "lena", "May the police have this?", by=helen, now=NOW)
    withdraw_share(town, PRACTICE, share, by=helen, now=NOW)
    assert state(town, share) == "withdrawn"
    assert opening(town, PRACTICE, at("2026-03-12", "09:30")) == 0
    with pytest.raises(TooLate):
        send_share(town, PRACTICE, share, by=helen, now=NOW)


def test_a_question_never_goes_quiet(town):
    """Asked again when it is due, the coordinator hears next, and somebody else can be asked (S2-26, design rule 8)."""
    share, helen = begun(town), person(town, "helen")
    written(town, share)
    ask_manager(town, PRACTICE, share, "lena", "May the police have this?", by=helen, now=NOW)
    before = len(told(town))
    opening(town, PRACTICE, at("2026-03-10", "09:30"))
    assert sorted(told(town)[before:]) == [("share_hold", "lena"), ("share_waits", "helen")]
    before = len(told(town))
    opening(town, PRACTICE, at("2026-03-12", "09:30"))
    assert sorted(told(town)[before:]) == [
        ("share_hold", "lena"),
        ("share_waits", "helen"),
        ("share_waits_long", "cora"),
    ]
    ask_manager(town, PRACTICE, share, "iggy", "Lena is away.", by=helen, now=at("2026-03-12"))
    before = len(told(town))
    opening(town, PRACTICE, at("2026-03-13", "09:30"))
    assert ("share_hold", "iggy") in told(town)[before:]
    assert ("share_hold", "lena") not in told(town)[before:]
    for day in ("2026-04-07", "2026-04-22", "2026-05-07", "2026-06-04"):
        before = len(told(town))
        opening(town, PRACTICE, at(day, "09:30"))
        assert ("share_hold", "iggy") in told(town)[before:]


def test_what_was_begun_or_was_not_confirmed_is_chased(town):
    """Nobody's draft and nobody's receipt is forgotten (S1-07, S5-05, design rule 8)."""
    share = begun(town)
    written(town, share, pages={"what": PAGES["what"]})
    opening(town, PRACTICE, at("2026-03-10", "09:30"))
    assert told(town) == [("share_unsent", "helen")]
    written(town, share)
    send_share(town, PRACTICE, share, by=person(town, "helen"), now=at("2026-03-10", "11:00"))
    before = len(told(town))
    opening(town, PRACTICE, at("2026-03-11", "09:30"))
    opening(town, PRACTICE, at("2026-03-13", "09:30"))
    assert sorted(told(town)[before:]) == [
        ("share_pointer", "pete"),
        ("share_pointer", "pete"),
        ("share_unreceived", "cora"),
        ("share_unreceived", "helen"),
        ("share_unreceived", "helen"),
    ]
    receive_share(town, PRACTICE, share, by=person(town, "pete"), now=at("2026-03-13"))
    before = len(told(town))
    opening(town, PRACTICE, at("2026-03-20", "09:30"))
    assert told(town)[before:] == []


def test_an_agreement_that_is_missing_not_begun_or_over_blocks_what_is_new(town):
    """The recipient has one in date, or nothing goes to it, on the page and at the sending (IG-19)."""
    share = begun(town)
    with pytest.raises(Invalid, match="Aldermere Fire has no information sharing agreement on record"):
        written(town, share, pages=but("what", **{RECIPIENTS: ["police", "fire"]}))
    written(town, share)
    helen = person(town, "helen")
    for day, why in (
        ("2025-03-11", "begins only on 12 March 2025"),
        ("2026-05-01", "ended on 30 April 2026"),
    ):
        with pytest.raises(NotWhole) as gap:
            send_share(town, PRACTICE, share, by=helen, now=at(day))
        assert why in gap.value.problems[RECIPIENTS]
        assert "isa_signed and isa_expires" in gap.value.problems[RECIPIENTS]
    send_share(town, PRACTICE, share, by=helen, now=at("2026-04-30", "23:30"))
    assert state(town, share) == "sent"


def test_what_was_sent_before_an_agreement_ended_can_still_be_opened(town):
    """IG-19 blocks new items only."""
    share = sent(town)
    assert open_share(town, PRACTICE, share, by=person(town, "pete"), now=at("2026-06-01")).what == STORY


def test_the_coordinator_is_warned_once_thirty_days_before_an_agreement_ends(town):
    """Clock travel over the last month, and a renewal that ends it (IG-19)."""
    opening(town, PRACTICE, at("2026-03-30", "09:30"))
    assert told(town) == []
    for day in ("2026-03-31", "2026-04-01", "2026-04-29", "2026-05-05"):
        opening(town, PRACTICE, at(day, "09:30"))
    assert told(town) == [("agreement_ending", "cora")]
    with town() as work:
        work.shares.agreements(["police"])["police"].expires_on = on("2027-04-30")
    opening(town, PRACTICE, at("2027-04-06", "09:30"))
    assert [each for each in told(town) if each[0] != "contact_check"] == [("agreement_ending", "cora")] * 2


READERS = {
    "helen": True,  # shared it
    "pete": True,  # represents the agency it is for
    "cora": True,  # coordinates
    "chai": True,  # chairs the case
    "petra": False,  # of that agency, and neither speaks for it nor is named
    "lena": False,  # leads the sharer's own agency
    "frank": False,  # represents another agency of the case
    "tess": False,
    "bo": False,
    "iggy": False,
    "ada": False,
}


@pytest.mark.parametrize(("who", "may"), READERS.items())
def test_each_reads_only_what_is_for_their_agency(town, who, may):
    """Roles by items: one for the police, one for the fire service; the case's file shows no more (IG-20)."""
    with town() as work:
        work.session.add(
            AgreementRow(agency_id="fire", signed_on=on("2025-03-12"), expires_on=on("2027-01-01"))
        )
        work.cases.add_agencies(CASE, ["police", "fire"], NOW)
    items = {
        "police": sent(town),
        "fire": sent(town, pages=but("what", **{RECIPIENTS: ["fire"]}), source="press:2"),
    }
    by = person(town, who)
    for agency, share in items.items():
        allowed = (
            who in ("helen", "cora", "chai")
            or (may and by.agency_id == agency)
            or (who == "frank" and agency == "fire")
        )
        if allowed:
            assert open_share(town, PRACTICE, share, by=by, now=NOW).what == STORY
        else:
            with pytest.raises(NotAllowed):
                open_share(town, PRACTICE, share, by=by, now=NOW)
        assert ((who, "share.read") in verbs(town, share)) is allowed
        assert ((who, "denied") in verbs(town, share)) is not allowed
    seen = {"helen": 2, "cora": 2, "chai": 2, "pete": 1, "frank": 1, "lena": 0}
    if who in seen:
        assert len(_part(town, by)) == seen[who]


def test_somebody_who_must_not_see_the_case_sees_nothing_of_an_item(town):
    """IG-20, IG-22: barred goes before everything."""
    bar(town, "pete")
    with pytest.raises(Invalid, match="nobody in the contact register who may open this"):
        sent(town)


def test_until_it_is_sent_it_is_its_writers_alone(town):
    """Not the coordinator, not the agency it will be for (IG-20)."""
    share = begun(town)
    written(town, share)
    for who in ("pete", "cora", "chai", "lena"):
        with pytest.raises(NotAllowed):
            open_share(town, PRACTICE, share, by=person(town, who), now=NOW)
    assert _part(town, person(town, "cora")) == ()
    [mine] = _part(town, person(town, "helen"))
    assert (mine.head, mine.opens) == ("CV-7K4QMX/S1", share)


def test_an_agency_confirms_that_it_came_and_everybody_sees_who(town):
    """S1-07, S5-05: received by, at."""
    share, pete = sent(town), person(town, "pete")
    with pytest.raises(NotAllowed):
        receive_share(town, PRACTICE, share, by=person(town, "cora"), now=NOW)
    assert open_share(town, PRACTICE, share, by=pete, now=NOW).may_receive
    found = receive_share(town, PRACTICE, share, by=pete, now=NOW)
    assert [(each.agency, each.received_by) for each in found.copies] == [("Aldermere Police", "Pete Sound")]
    assert not found.may_receive
    assert state(town, share) == "received"
    receive_share(town, PRACTICE, share, by=pete, now=NOW)
    assert verbs(town, share).count(("pete", "share.received")) == 1


def test_whether_each_was_told_is_kept_for_each_of_them(town):
    """A privacy notice given, or not given and why, per subject, and shown to who reads the item (IG-23, S2-21)."""
    share = sent(town)
    with town() as work:
        rows = work.session.exec(select(ShareSubjectRow).where(ShareSubjectRow.share_id == share)).all()
        kept = {(row.subject, row.told, row.why_not) for row in rows}
    assert kept == {("subject", "yes", ""), ("child", "no", "Qanary: the child is three years old.")}
    item = open_share(town, PRACTICE, share, by=person(town, "pete"), now=NOW)
    assert [(each.subject, each.told, each.why_not) for each in item.told] == [
        ("The person the case is about", "Told, and given a privacy notice", ""),
        ("A child or children", "Not told", "Qanary: the child is three years old."),
    ]


def test_a_recall_closes_the_item_lists_who_opened_it_and_alerts(town):
    """A breach: it opens no more, its readers are named from the audit, 72 hours are counted (IG-36)."""
    share, pete = sent(town), person(town, "pete")
    open_share(town, PRACTICE, share, by=pete, now=NOW + timedelta(minutes=5))
    for who in ("pete", "chai", "lena"):
        with pytest.raises(NotAllowed):
            recall_share(town, PRACTICE, share, "Sent to the wrong agency.", by=person(town, who), now=NOW)
    iggy = person(town, "iggy")
    assert [each.who for each in open_recall(town, PRACTICE, share, by=iggy, now=NOW).readings] == [
        "Pete Sound"
    ]
    with pytest.raises(Invalid):
        recall_share(town, PRACTICE, share, "wrong", by=iggy, now=NOW)
    before, noon = len(told(town)), at("2026-03-09", "12:00")
    found = recall_share(town, PRACTICE, share, "Sent to the wrong agency.", by=iggy, now=noon)
    assert (found.recalled, found.decide_by) == (True, at("2026-03-12", "12:00"))
    assert sorted(told(town)[before:]) == [
        ("share_breach", "iggy"),
        ("share_recalled", "cora"),
        ("share_recalled", "helen"),
        ("share_recalled", "pete"),
    ]
    for who in ("helen", "pete", "cora", "chai"):
        item = open_share(town, PRACTICE, share, by=person(town, who), now=noon)
        assert (item.what, item.reasons, item.told, item.advice) == ("", (), (), ())
    recall_share(town, PRACTICE, share, "Sent to the wrong agency.", by=iggy, now=noon)
    assert len([verb for _, verb in verbs(town, share) if verb == "share.recalled"]) == 1


def test_the_evidence_says_who_shared_with_whom_when_and_why_and_nothing_of_what(town):
    """S1-07, S5-08, S5-20: the information-sharing record."""
    sent(town)
    begun(town, source="press:3")
    [line] = _record(town)
    assert (line.by, line.from_agency, line.sent_at) == ("Helen Marsh", "Aldermere Homes", NOW)
    assert [each.agency for each in line.copies] == ["Aldermere Police"]
    assert (line.purpose, line.basis, line.consent) == (
        "To keep somebody safe",
        "Public task, Article 6(1)(e)",
        "Yes, they agreed",
    )
    assert "qanary" not in str(line).lower()


def test_every_step_is_audited_and_no_ledger_holds_a_word_of_it(town):
    """IG-29, IG-32: codes and digests; the canary of the story is nowhere but in its own rows."""
    share = sent(town)
    open_share(town, PRACTICE, share, by=person(town, "pete"), now=NOW)
    recall_share(town, PRACTICE, share, "Qanary was named by mistake.", by=person(town, "cora"), now=NOW)
    assert [verb for _, verb in verbs(town, share)] == [
        "share.begun",
        "share.sent",
        "share.read",
        "share.recalled",
    ]
    with town() as work:
        for ledger in (AuditEvent, OutboxRow, InboxEntry):
            for row in work.session.exec(select(ledger)):
                assert "qanary" not in str(row.model_dump()).lower()


def test_pressed_twice_it_is_begun_once_and_sent_once(town):
    """Design rule 2."""
    share = sent(town)
    assert begun(town) == share
    send_share(town, PRACTICE, share, by=person(town, "helen"), now=NOW)
    assert told(town) == [("share_pointer", "pete")]
    with pytest.raises(TooLate, match="sent already"):
        written(town, share)


def test_a_dialog_closed_empty_is_taken_up_again(town):
    """Nobody's looking at the first page leaves drafts behind."""
    assert begun(town, source="press:8") == begun(town, source="press:9")


def test_the_referrals_own_answers_and_the_local_agreement_stand_beside_the_questions(town):
    """C14 to C16 are shown and not asked again; the area's links come first (S2-27)."""
    from bot.domain.sharing import Guide

    local = Guide(title="The Aldermere agreement", url="https://aldermere.example/agreement")
    with town() as work:
        work.referrals.row("r-7k4qmx").answers = {"consent": "refused", "ground": "crime"}
    practice = a_practice(sharing_links=(local,))
    found = open_page(town, practice, begun(town), by=person(town, "helen"), now=NOW)
    assert [answer for _, answer in found.beside] == ["No, they refused", "To prevent or detect a crime"]
    assert found.guides[0] == (local.title, local.url)
    assert len(found.guides) > 1


def test_only_who_works_on_the_case_can_begin(town):
    """IG-05."""
    for who in ("tess", "bo", "ada", "iggy", "pete"):
        with pytest.raises(NotAllowed):
            begun(town, by=who, source=f"press:{who}")
    assert not person(town, "tess").has(Role.COORDINATOR)


def _record(begin):
    with begin() as work:
        return shared_record(work, PRACTICE, CASE, NOW)


def _part(begin, by):
    number = 0
    while True:
        found = open_case(begin, PRACTICE, CASE, number, by=by, now=NOW)
        if found.part.kind == "shares":
            return found.part.entries
        number += 1


def recalled(town, now=NOW):
    share = sent(town)
    recall_share(town, PRACTICE, share, "Sent to the wrong agency.", by=person(town, "cora"), now=now)
    return share


def test_the_72_hours_end_with_a_decision_its_reason_a_name_and_a_time(town):
    """IG-36: notify or not, why, by whom, when; decided once; those whom it concerns hear that it is decided."""
    share, iggy, when = recalled(town), person(town, "iggy"), NOW + timedelta(hours=20)
    asked = open_breach(town, PRACTICE, share, by=iggy, now=NOW)
    assert (asked.decide_by, asked.late, asked.verdict) == (NOW + timedelta(hours=72), False, "")
    for verdict, reason, problem in (
        ("", "They had locked it away.", "verdict"),
        ("notify", "yes", "reason"),
    ):
        with pytest.raises(Invalid) as wrong:
            decide_breach(town, PRACTICE, share, verdict, reason, by=iggy, now=when)
        assert set(wrong.value.problems) == {problem}
    before = len(told(town))
    why = "Qanary: one person read it, works under the same duty, and has destroyed it."
    found = decide_breach(town, PRACTICE, share, "no_need", why, by=iggy, now=when)
    assert (found.verdict, found.reason, found.decided_by, found.decided_at) == (
        "It need not be reported",
        why,
        "Iggy",
        when,
    )
    assert sorted(told(town)[before:]) == [("breach_decided", "cora"), ("breach_decided", "helen")]
    with pytest.raises(TooLate, match="by Iggy"):
        decide_breach(town, PRACTICE, share, "notify", why, by=iggy, now=when)
    assert follow_up(town, PRACTICE, NOW + timedelta(days=30)) == 0
    assert "need not be reported" in open_recall(town, PRACTICE, share, by=iggy, now=when).decided
    with town() as work:
        event = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "breach.decided")).one()
        facts = json.loads(event.facts)
        assert (event.actor, facts["verdict"], facts["late"]) == ("iggy", "no_need", False)
        assert "qanary" not in str(event.model_dump()).lower()


def test_whoever_decides_is_reminded_before_the_72_hours_run_out_and_those_above_hear_after(town):
    """IG-36, rule 8: clock hours, each message once, and no end until somebody has decided."""
    share = recalled(town)
    for hours, expected in (
        (47, []),
        (48, [("breach_due", "iggy")]),
        (65, []),
        (66, [("breach_due", "iggy")]),
        (72, [("breach_due", "iggy"), ("breach_late", "bo"), ("breach_late", "cora")]),
        (95, []),
        (96, [("breach_due", "iggy"), ("breach_late", "bo"), ("breach_late", "cora")]),
    ):
        before = len(told(town))
        for _ in range(2):
            follow_up(town, PRACTICE, NOW + timedelta(hours=hours))
        assert sorted(told(town)[before:]) == expected, hours
    with town() as work:
        late = NOW + timedelta(hours=96)
        assert breach_due(work, PRACTICE, share, late).verb == "breach.decide"
        assert breach_late(work, PRACTICE, share, late).verb == ""
    decide_breach(
        town, PRACTICE, share, "notify", "The letter lay open for a day.", by=person(town, "iggy"), now=late
    )
    with town() as work:
        assert breach_due(work, PRACTICE, share, late) is None


def test_the_coordinator_decides_about_a_breach_only_where_nobody_leads_on_governance(town):
    """IG-36: and nobody else at all; each try is on record."""
    share = recalled(town)
    why = "Nobody had opened it when it was recalled."
    for who in ("helen", "pete", "chai"):
        with pytest.raises(NotAllowed):
            open_breach(town, PRACTICE, share, by=person(town, who), now=NOW)
    cora = person(town, "cora")
    with pytest.raises(NotAllowed, match="Iggy"):
        decide_breach(town, PRACTICE, share, "no_need", why, by=cora, now=NOW)
    with town() as work:
        work.session.get(PersonRow, "iggy").roles = ["auditor"]
    assert decide_breach(town, PRACTICE, share, "no_need", why, by=cora, now=NOW).decided_by == "Cora Vale"


def test_a_breach_that_nobody_has_decided_stands_on_the_board_and_all_of_them_in_the_inspectors_report(town):
    """IG-36."""
    share, now = recalled(town), NOW + timedelta(hours=80)

    def blocks():
        with town() as work:
            lines = board(work, PRACTICE, person(town, "cora"), now).lines
            return {block.kind: block.count for line in lines for block in line.blocks if line.id == CASE}

    def table():
        with town() as work:
            zone = PRACTICE.area.zone
            period = quarter_of(PRACTICE.today(now))
            tallies = Tallies(work.session, "aldermere", zone, PRACTICE.area.drill, period)
            return breaches(Scope(tallies=tallies, practice=PRACTICE, now=now)), tallies.breaches()

    assert blocks()["breach"] == 1
    assert table()[1] == {("", "waiting"): 1}
    decide_breach(
        town, PRACTICE, share, "notify", "It was read by strangers.", by=person(town, "iggy"), now=now
    )
    assert "breach" not in blocks()
    shown, counted = table()
    assert counted == {("notify", "late"): 1}
    assert next(row[0] for row in shown.rows) == "It is reported to the Information Commissioner"
    assert "1" not in str(shown.rows), "too few to be told"
