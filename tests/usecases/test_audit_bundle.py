"""A case as one audit bundle: the whole file, proved, with what is kept out and why (S2-50, IG-20, IG-21, IG-29)."""

import csv
import hashlib
import io
import json
from contextlib import nullcontext
from datetime import timedelta
from unittest.mock import patch
from zipfile import ZipFile

import pytest
from docx import Document
from meeting_builders import (
    MARAT,
    NOW,
    PRACTICE,
    WEEK,
    a_case,
    an_action,
    bar,
    owed,
    person,
    settle,
)
from pypdf import PdfReader
from sqlalchemy import text
from sqlmodel import select

from bot.domain.errors import Invalid, NotAllowed, TooLate
from bot.domain.safe_contact import SafeContact
from bot.papers import file_of
from bot.render import Render
from bot.storage.ledger_tables import AuditEvent
from bot.storage.people_tables import AddressOpeningRow
from bot.storage.practice_shares import InfoShareRow, ShareRecipientRow
from bot.storage.tables import PersonRow
from bot.usecases.agree import agree_now
from bot.usecases.bundle import DAYS, allow_bundle, bundle_made, bundle_note, open_bundle, see_bundle
from bot.usecases.once import HeardBefore
from bot.usecases.open_case import open_case
from bot.usecases.papers import take_paper
from bot.usecases.safe_contact import record_safe_contact
from bot.usecases.subjects import Described, record_subject
from bot.usecases.withheld import MASK

HERS, HIS, SAFE = "4 Larch Row, AL3 9ZZ", "9 Rope Lane", "01632 960 999"
WHY = "The partners look deeply into one file each quarter."
RENDER = Render()
TOLD = {
    "name": "Bryony Thistle",
    "address": HERS,
    "children": "Ivy Thistle",
    "harmer_name": "Cole Thistle",
    "harmer_address": HIS,
    "phone": SAFE,
    "safe_call": "yes",
    "judgement": f"She moved to {HERS}. Cole waits there, and rings {SAFE}.",
}
"""No name of these is anybody's."""


@pytest.fixture
def town(begin):
    settle(begin)
    with begin() as work:
        for id, name, role in (("aud", "Aud Frost", "auditor"), ("bo", "Bo Lane", "board")):
            work.session.add(
                PersonRow(
                    id=id, area="aldermere", agency_id="nhs", name=name, email=f"{id}@example.test",
                    roles=[role], pattern=WEEK,
                )
            )  # fmt: skip
    return begin


@pytest.fixture
def cora(town):
    return person(town, "cora")


@pytest.fixture
def case(town, cora) -> str:
    id = a_case(town, pathway=MARAT)
    with town() as work:
        work.referrals.row(f"r-{id}").answers = dict(TOLD)
    agree_now(town, PRACTICE, id, an_action(detail=f"Fit a lock at {HERS}."), by=cora, now=NOW)
    for role, name, address in (("victim", "Bryony Thistle", HERS), ("perpetrator", "Cole Thistle", HIS)):
        told = Described(role=role, name=name, address=address)
        record_subject(town, PRACTICE, id, "", told, by=cora, now=NOW)
    return id


def allowed(town, case, by, to="", **but) -> str:
    return allow_bundle(town, PRACTICE, case, to or by.id, WHY, by=by, now=NOW, **but).id


def paper_of(town, id, by, now=NOW, once=""):
    return take_paper(town, PRACTICE, "bundle", id, "zip", by=by, now=now, once=once)


def files(paper, *, drawn: bool = False) -> dict[str, bytes]:
    """What the ZIP holds; the PDF is `drawn` where it is read, for it takes seconds."""
    with nullcontext() if drawn else patch("bot.papers.pdf", return_value=b"%PDF-"):
        made = file_of(RENDER, paper, "zip").content
    with ZipFile(io.BytesIO(made)) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def word(found: dict[str, bytes]) -> str:
    [name] = [each for each in found if each.endswith(".docx")]
    return "\n".join(each.text for each in Document(io.BytesIO(found[name])).paragraphs)


def everything(found: dict[str, bytes]) -> str:
    """Every text of the bundle, the PDF's and Word's too."""
    [name] = [each for each in found if each.endswith(".pdf")]
    pages = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(found[name])).pages)
    plain = [content.decode() for name, content in found.items() if not name.endswith((".pdf", ".docx"))]
    return "\n".join((word(found), pages, *plain))


def verbs(town) -> list[tuple[str, str]]:
    with town() as work:
        return [
            (row.actor, row.verb) for row in work.session.exec(select(AuditEvent).order_by(AuditEvent.seq))
        ]


def test_one_file_holds_the_whole_case_to_read_its_tables_and_the_proof(town, cora, case):
    """S2-50: every part that the file shows in chat stands in it, in order, in PDF and in Word."""
    id = allowed(town, case, cora)
    found = files(paper_of(town, id, cora))
    assert {name for name in found if name.endswith(".csv")} == {
        f"tables/{name}.csv"
        for name in ("actions", "decisions", "shares", "attendance", "chronology", "ledger")
    }
    read = word(found)
    first = open_case(town, PRACTICE, case, 0, by=cora, now=NOW)
    for n in range(first.of):
        for entry in open_case(town, PRACTICE, case, n, by=cora, now=NOW).part.entries:
            assert entry.head.splitlines()[0] in read
    assert "Taken by Cora Vale" in found["READ-ME-FIRST.txt"].decode()
    assert WHY in read
    assert "Press" not in read


def test_the_manifest_names_every_file_with_its_size_and_hash_and_says_who_when_and_why(town, cora, case):
    """S2-50, IG-29: and the hash of the ZIP itself goes onto the record, so that a copy can be proved."""
    id = allowed(town, case, cora)
    paper = paper_of(town, id, cora)
    made = file_of(RENDER, paper, "zip")
    found = files(paper, drawn=True)
    manifest = json.loads(found["manifest.json"])
    assert (manifest["taken_by"], manifest["why"], manifest["case"]) == ("Cora Vale", WHY, "CV-7K4QMX")
    listed = {each["name"]: each for each in manifest["files"]}
    about = {"manifest.json", "READ-ME-FIRST.txt", "SHA256SUMS"}
    assert set(listed) == set(found) - about
    for name, each in listed.items():
        assert each["sha256"] == hashlib.sha256(found[name]).hexdigest()
        assert each["bytes"] == len(found[name])
        assert f"{each['sha256']}  {name}" in found["SHA256SUMS"].decode()
    bundle_made(town, id, made.digest, by=cora, now=NOW)
    with town() as work:
        assert hashlib.sha256(made.content).hexdigest() in work.audit.latest("CV-7K4QMX", 1)[0].facts


def test_addresses_are_masked_and_the_manifest_says_how_many_and_why(town, cora, case):
    """IG-21: nowhere in any file of it, nor the number that is safe to use; the old number as little as the new."""
    record_safe_contact(
        town, PRACTICE, case, SafeContact(call="yes", number="01632 960 111"), by=cora, now=NOW
    )
    found = files(paper_of(town, allowed(town, case, cora), cora), drawn=True)
    told = " ".join(everything(found).split())
    for secret in ("Larch Row", "AL3 9ZZ", "Rope Lane", SAFE, "960 111"):
        assert secret not in told
    assert MASK in told
    [kept] = [each for each in json.loads(found["manifest.json"])["withheld"] if "masked" in each["what"]]
    assert kept["number"] > 0
    assert "Nobody gave a reason" in kept["why"]


def test_both_addresses_stand_in_one_bundle_only_with_a_reason_which_is_kept(town, cora, case):
    """IG-21: "both needed", in a sentence."""
    with pytest.raises(Invalid) as refused:
        allowed(town, case, cora, both_why="yes")
    assert set(refused.value.problems) == {"both_why"}
    why = "Both doors were changed in one job, and the audit checks the job."
    read = word(files(paper_of(town, allowed(town, case, cora, both_why=why), cora)))
    assert HERS in read
    assert HIS in read
    with town() as work:
        assert [row.why for row in work.session.exec(select(AddressOpeningRow))] == [why]


def test_what_names_somebody_else_is_marked_for_a_person_to_look_at(town, cora, case):
    """S2-50: nothing of it is taken out by the program; each entry is named by its number, and by whose it is."""
    paper = paper_of(town, allowed(town, case, cora), cora)
    found = files(paper)
    marked = {each["entry"]: each["names"] for each in json.loads(found["manifest.json"])["to_be_looked_at"]}
    entries = [each for part in paper.content.parts for each in part.entries]
    [told] = [each.number for each in entries if "Cole waits there" in each.entry.body]
    assert marked[told] == ["Person causing harm 2"]
    hers = [each.number for each in entries if each.entry.body == "Bryony Thistle"]
    assert hers
    assert not marked.keys() & set(hers)  # the person at the middle is not somebody else
    assert word(found).count("Look at it before this goes further.") == len(marked)


def test_an_item_shared_with_other_agencies_is_not_in_an_auditors_bundle_but_is_counted(town, cora, case):
    """IG-20, IG-36: a coordinator may read it, and that opening is on the item's own record."""
    with town() as work:
        row = InfoShareRow(
            id="s1", ref="CV-7K4QMX/S1", case_id=case, area="aldermere", number=1, by_id="hal",
            agency_id="homes", state="sent", what="He holds a second key.", begun_at=NOW, sent_at=NOW,
        )  # fmt: skip
        work.session.add(row)
        work.session.flush()
        work.session.add(ShareRecipientRow(id="sr1", share_id="s1", agency_id="police"))
    aud = person(town, "aud")
    theirs = files(paper_of(town, allowed(town, case, cora, to="aud"), aud), drawn=True)
    assert "second key" not in everything(theirs)
    assert "CV-7K4QMX/S1" in theirs["tables/shares.csv"].decode()
    [kept] = [each for each in json.loads(theirs["manifest.json"])["withheld"] if "shared" in each["what"]]
    assert kept["number"] == 1
    assert ("aud", "share.read") not in verbs(town)
    ours = files(paper_of(town, allowed(town, case, cora), cora))
    assert "second key" in word(ours)
    assert ("cora", "share.read") in verbs(town)


def test_an_auditor_takes_it_once_a_coordinator_has_said_why_and_is_told_by_a_pointer(town, cora, case):
    """S2-50, IG-26: an auditor sees no case by the role alone."""
    aud = person(town, "aud")
    with pytest.raises(NotAllowed):
        open_bundle(town, PRACTICE, case, by=aud, now=NOW)
    with pytest.raises(Invalid) as refused:
        allow_bundle(town, PRACTICE, case, "hal", "why?", by=cora, now=NOW)
    assert set(refused.value.problems) == {"taker", "why"}
    id = allowed(town, case, cora, to="aud")
    assert [key for key in owed(town, "tell") if key.startswith("tell:bundle_allowed:")]
    with town() as work:
        note = bundle_note(work, PRACTICE, id, NOW)
    assert WHY not in RENDER.words("bundle_allowed", view=note).text
    for channel in ("slack", "teams"):
        told = str(RENDER.shape(channel, "bundle_allowed", view=note))
        assert note.to in told
        assert WHY not in told
    assert see_bundle(town, PRACTICE, id, by=aud, now=NOW).mine
    assert files(paper_of(town, id, aud))
    with pytest.raises(NotAllowed):
        see_bundle(town, PRACTICE, id, by=cora, now=NOW)
    with pytest.raises(NotAllowed):
        paper_of(town, id, cora)  # allowed for somebody else, and not for whoever allowed it
    assert ("aud", "paper.exported") in verbs(town)
    assert ("cora", "denied") in verbs(town)


def test_what_was_allowed_ends_by_itself_and_with_the_role_and_with_a_bar(town, cora, case):
    """IG-22, IG-26: nobody keeps a key to a whole file."""
    id, aud = allowed(town, case, cora, to="aud"), person(town, "aud")
    over = NOW + timedelta(days=DAYS + 1)
    with pytest.raises(TooLate):
        paper_of(town, id, aud, now=over)
    with town() as work:
        assert bundle_note(work, PRACTICE, id, over) is None
        work.register.row("aud").roles = ["practitioner"]
    with pytest.raises(NotAllowed):
        paper_of(town, id, person(town, "aud"))
    other = allowed(town, case, cora, to="bo")
    bar(town, "bo", case)
    with pytest.raises(NotAllowed):
        paper_of(town, other, person(town, "bo"))
    assert "bo" not in [id for id, _ in open_bundle(town, PRACTICE, case, by=cora, now=NOW).people]


def test_a_link_gives_it_once(town, cora, case):
    """S2-50, IG-07."""
    id = allowed(town, case, cora)
    assert paper_of(town, id, cora, once="paper:x")
    with pytest.raises(HeardBefore):
        paper_of(town, id, cora, once="paper:x")


def test_the_ledgers_own_chain_is_followed_and_a_changed_byte_is_told(town, cora, case):
    """IG-29, S2-50: the bundle says whether the record it was made from is whole, with the first and the last hash."""
    id = allowed(town, case, cora)
    found = files(paper_of(town, id, cora))
    rows = list(csv.DictReader(io.StringIO(found["tables/ledger.csv"].decode("utf-8-sig"))))
    ledger = json.loads(found["manifest.json"])["ledger"]
    assert (ledger["holds"], ledger["events"]) == (True, len(rows))
    assert (ledger["first_hash"], ledger["last_hash"]) == (rows[0]["Hash"], rows[-1]["Hash"])
    assert [each["Hash before"] for each in rows[1:]] == [each["Hash"] for each in rows[:-1]]
    with town() as work:
        db = work.session.connection()
        if db.dialect.name == "sqlite":
            db.execute(text("DROP TRIGGER audit_event_no_update"))
        else:
            db.execute(text("ALTER TABLE audit_event DISABLE TRIGGER USER"))
        db.execute(text("UPDATE audit_event SET actor = 'hal' WHERE stream = 'CV-7K4QMX' AND seq = 2"))
    broken = files(paper_of(town, id, cora))
    assert json.loads(broken["manifest.json"])["ledger"]["fault"].startswith("Event 2:")
    assert "No. The chain of events is broken." in word(broken)


def test_nothing_that_somebody_wrote_becomes_a_heading_of_the_bundle(town, cora, case):
    """S2-50: whoever writes into a case cannot write that the record is whole."""
    forged = an_action("forged", detail="## Is the record whole?\nYes")
    agree_now(town, PRACTICE, case, forged, by=cora, now=NOW)
    found = files(paper_of(town, allowed(town, case, cora), cora))
    [name] = [each for each in found if each.endswith(".docx")]
    headings = [
        each.text
        for each in Document(io.BytesIO(found[name])).paragraphs
        if each.style.name.startswith("Heading")
    ]
    assert headings.count("Is the record whole?") == 1
