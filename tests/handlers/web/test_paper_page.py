"""A paper is taken as a file from a page of one's own: by a press, once, within a quarter of an hour (S2-16, IG-07)."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from docx import Document
from plan_builders import PRACTICE, at
from pypdf import PdfReader

from bot.links import PAPER_LIVES
from bot.storage.tables import AgendaItemRow
from bot.usecases.bundle import allow_bundle
from bot.usecases.papers import LINK_MINUTES

STARTED = at("2026-03-03", "10:00")


@pytest.fixture
def held(desk: Any) -> Any:
    """The meeting of yesterday, which heard one case."""
    with desk.begin() as work:
        row = work.meetings.row("m-1")
        row.state, row.started_at, row.concluded_at = "concluded", STARTED, STARTED + timedelta(hours=1)
        case = work.plans.row("a-7k4qmx-1").case_id
        work.session.add(
            AgendaItemRow(
                id="i-1", meeting_id="m-1", case_id=case, position=0, minutes=20, started_at=STARTED
            )
        )
    return desk


def path(desk: Any, kind: str = "minutes", form: str = "docx", person: str = "cora") -> str:
    return desk.links.paper(kind, form, "m-1", person, desk.now).removeprefix(desk.links.address)


async def test_the_page_says_what_can_be_taken_and_to_open_it_changes_nothing(held: Any):
    before = held.everything()
    page = await held.get(path(held))
    assert page.status_code == 200
    assert "Minutes, as a Word document" in page.text
    assert "Take the file" in page.text
    assert "CV-7K4QMX" not in page.text
    assert page.headers["cache-control"] == "no-store"
    assert held.everything() == before


async def test_a_press_gives_the_file_and_puts_it_on_record(held: Any):
    """IG-29."""
    answer = await held.client.post(path(held))
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="minutes-CV-7K4QMX.docx"'
    assert answer.headers["cache-control"] == "no-store"
    text = "\n".join(each.text for each in Document(BytesIO(answer.content)).paragraphs)
    assert "Draft. Nobody has approved these minutes yet." in text
    assert ("cora", "paper.exported") in [entry[:2] for entry in held.record()]


@pytest.mark.parametrize("form", ["pdf", "csv"])
async def test_the_action_list_can_be_a_pdf_and_a_spreadsheet(held: Any, form: str):
    answer = await held.client.post(path(held, "actions", form), timeout=60)
    assert answer.status_code == 200
    if form == "csv":
        text = answer.content.decode("utf-8-sig")
    else:
        text = PdfReader(BytesIO(answer.content)).pages[0].extract_text()
    assert "CV-7K4QMX/1" in text


async def test_a_link_works_once(held: Any):
    link = path(held)
    assert (await held.client.post(link)).status_code == 200
    again = await held.client.post(link)
    assert again.status_code == 409
    assert "works once" in again.text


async def test_a_link_ends_after_a_quarter_of_an_hour(held: Any):
    assert timedelta(minutes=LINK_MINUTES) == PAPER_LIVES
    link = path(held)
    held.now += PAPER_LIVES
    assert (await held.get(link)).status_code == 404
    assert (await held.client.post(link)).status_code == 404


async def test_whoever_may_not_read_the_minutes_gets_no_file_however_they_came_by_a_link(held: Any):
    """IG-05: access is asked at the press, and the attempt is on record."""
    answer = await held.client.post(path(held, person="petra"))
    assert answer.status_code == 409
    assert "denied" in [entry[1] for entry in held.record()]


async def test_nobody_is_given_a_paper_that_is_not_had_as_that_kind_of_file(held: Any):
    assert (await held.get(path(held, "pack", "csv"))).status_code == 404
    assert (await held.get(path(held, "secrets", "pdf"))).status_code == 404


async def test_a_press_that_comes_from_another_site_takes_nothing(held: Any):
    answer = await held.client.post(path(held), headers={"origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert "paper.exported" not in [entry[1] for entry in held.record()]


async def test_an_audit_bundle_comes_as_one_zip_by_a_link_that_works_once(held: Any):
    """S2-50: and the hash of what was given is on the record."""
    with held.begin() as work:
        cora, case = work.register.person("cora"), work.plans.row("a-7k4qmx-1").case_id
    why = "The partners look deeply into one file each quarter."
    note = allow_bundle(held.begin, PRACTICE, case, "cora", why, by=cora, now=held.now)
    link = held.links.paper("bundle", "zip", note.id, "cora", held.now).removeprefix(held.links.address)
    page = await held.get(link)
    assert "Audit bundle of a case, as a ZIP file" in page.text
    answer = await held.client.post(link, timeout=60)  # a PDF of a whole case is a few seconds of work
    assert answer.headers["content-disposition"] == 'attachment; filename="audit-bundle-CV-7K4QMX.zip"'
    with ZipFile(BytesIO(answer.content)) as zipped:
        assert "case-file-CV-7K4QMX.docx" in zipped.namelist()
    [made] = [facts for _, verb, facts in held.record() if verb == "bundle.made"]
    assert sha256(answer.content).hexdigest() in made
    assert (await held.client.post(link)).status_code == 409
