"""Papers as files: what is written comes out again, with every letter of a name (S2-16, IG-15)."""

from csv import reader
from datetime import UTC, datetime
from io import BytesIO, StringIO

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from bot.documents import UNDRAWN, Bullet, Heading, Line, Table, blocks, csv, docx, pdf

MADE = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
NAMES = "Łukasz Żółć, Siân Ŵyn-Ŷnys, Đorđe Čapek and Șerban Ağır"
PAPER = f"""# Panel, Monday 2 March 2026

Chair: **{NAMES}**. “Quoted” – and dashed.

## Attendance

- **Police**: Present
  - Information sent: two calls

|Reference|Detail|
|---|---|
|CV-7K4QMX/1|A chain \\| a latch, for Łukasz|
"""


def test_a_paper_is_read_into_headings_lines_bullets_and_tables():
    found = blocks(PAPER)
    assert found[0] == Heading(1, "Panel, Monday 2 March 2026")
    assert found[1] == Line((("Chair: ", False), (NAMES, True), (". “Quoted” – and dashed.", False)))
    assert found[3:5] == [
        Bullet(0, (("Police", True), (": Present", False))),
        Bullet(1, (("Information sent: two calls", False),)),
    ]
    assert found[5] == Table(("Reference", "Detail"), (("CV-7K4QMX/1", "A chain | a latch, for Łukasz"),))


def test_a_word_file_has_headings_marked_table_heads_a_title_and_its_language():
    """So that somebody who listens to it finds their way (S2-16)."""
    paper = Document(BytesIO(docx(PAPER, title="Minutes, Panel", made=MADE)))
    styles = [each.style.name for each in paper.paragraphs]
    assert styles[:3] == ["Heading 1", "Normal", "Heading 2"]
    assert "List Bullet" in styles
    assert "List Bullet 2" in styles
    [table] = paper.tables
    assert table.cell(1, 1).text == "A chain | a latch, for Łukasz"
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert (paper.core_properties.title, paper.core_properties.language) == ("Minutes, Panel", "en-GB")
    assert paper.styles["Normal"].element.rPr.find(qn("w:lang")).get(qn("w:val")) == "en-GB"
    assert NAMES in paper.paragraphs[1].text


def test_a_pdf_has_every_letter_of_welsh_and_polish_names():
    """Nobody's name is spelt differently because a font is poor."""
    read = PdfReader(BytesIO(pdf(PAPER, title="Minutes, Panel", made=MADE)))
    text = " ".join(read.pages[0].extract_text().split())
    assert NAMES in text
    assert "A chain | a latch, for Łukasz" in text
    assert "Minutes, Panel, page 1 of 1" in text
    assert UNDRAWN not in text
    assert (read.metadata.title, read.trailer["/Root"]["/Lang"]) == ("Minutes, Panel", "en-GB")
    assert [each.title for each in read.outline if not isinstance(each, list)] == [
        "Panel, Monday 2 March 2026"
    ]


def test_a_pdf_says_so_where_a_letter_could_not_be_drawn():
    read = PdfReader(BytesIO(pdf("# Panel\n\nمريم", title="Panel", made=MADE)))
    assert UNDRAWN in " ".join(read.pages[0].extract_text().split())


def test_words_that_no_file_can_hold_do_not_break_it():
    paper = Document(BytesIO(docx("# A\x0b\n\nB\x00C", title="A", made=MADE)))
    assert "BC" in [each.text for each in paper.paragraphs]


@pytest.mark.parametrize("cell", ["=1+1", "+44 1632", "-2", "@SUM(A1)", " =cmd", "\tx"])
def test_a_spreadsheet_takes_no_cell_for_a_formula(cell):
    written = csv(("A",), [(cell,), ("Łukasz",)])
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(reader(StringIO(written.decode("utf-8-sig"), newline="")))
    assert rows == [["A"], [f"'{cell}"], ["Łukasz"]]
