"""The picture of the times found: everybody is in it, nobody by name, and its words say the same."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from itertools import product
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageFont
from slot_builders import london, person, question, span, window

from bot.domain.slot_chart import Cell, chart
from bot.domain.slots import Need, Quorum, Room, Source, Venue, find
from bot.picture import (
    FILLS,
    INK,
    LABEL,
    LEGEND,
    LETTERS,
    PATTERNS,
    WIDTH,
    Text,
    _label,
    plain,
    png,
    sheets,
    svg,
)
from bot.render import Render
from bot.views.times_picture import TimesPicture

AGENCIES = (
    "Police",
    "Housing",
    "Adult social care",
    "Probation",
    "Health visiting",
    "Domestic abuse service",
    "Mental health trust",
    "Fire and rescue",
    "Drug and alcohol service",
    "Children's services",
    "Ambulance service",
    "Tŷ Gwyn",
)


def view(
    last: str = "2026-03-06", agencies: int = 5, deadline: date | None = date(2026, 3, 5), **but: object
) -> TimesPicture:
    over = window("2026-03-02", last)
    people = [
        person(
            f"p{n}",
            f"a{n}",
            over=over,
            name="Hal Birch",
            source=Source.UNKNOWN if n == 4 else Source.DIARY_READ,
            busy=(span("2026-03-02", "09:00", "17:00"),) if n == 1 else (),
            tentative=(span("2026-03-03", "09:00", "12:30"),) if n == 2 else (),
        )
        for n in range(agencies)
    ]
    needs = tuple(Need(agency=f"a{n}", any_of=(f"p{n}",), required=n < 4) for n in range(agencies))
    asked = question(*people, needs=needs, over=over, deadline=deadline, chairs=("p0",), **but)
    found = find(asked)
    return TimesPicture(
        title="CV-7K4QMX",
        chart=chart(asked, found.options or found.nearest),
        names={f"a{n}": AGENCIES[n] for n in range(agencies)},
    )


def texts(picture: TimesPicture) -> list[str]:
    return [piece.words for sheet in sheets(picture) for piece in sheet.pieces if isinstance(piece, Text)]


def relative_luminance(colour: str) -> float:
    """As WCAG 2.2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((relative_luminance(one), relative_luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_every_agency_has_its_row_with_the_options_and_in_the_days():
    written = texts(view())
    for agency in AGENCIES[:4]:
        assert written.count(agency) == 2
    assert written.count("Chair") == 2
    assert written.count("optional") == 2


def test_an_agency_with_a_long_name_is_written_in_two_lines_and_whole():
    written = " ".join(texts(view(agencies=12)))
    assert "Domestic abuse service, optional" in written
    assert "Drug and alcohol service, optional" in written
    assert "..." not in written


def test_the_options_are_numbered_as_on_the_card():
    picture = view()
    written = texts(picture)
    for number in range(1, len(picture.chart.options) + 1):
        assert str(number) in written
    assert [
        f"{o.start.astimezone(london('2026-03-02 09:00').tzinfo):%H:%M}" for o in picture.chart.options
    ] == [words for words in written if re.fullmatch(r"\d\d:\d\d", words)]


def test_each_state_has_a_mark_of_its_own_so_that_colour_is_not_needed():
    marks = {cell: LETTERS.get(cell, cell) for cell in Cell}  # a tick and a dash are drawn, not written
    assert len({*marks.values()}) == len(Cell)
    assert set(LEGEND) == set(Cell) == set(FILLS)
    assert PATTERNS[Cell.UNKNOWN] != PATTERNS[Cell.TENTATIVE]
    assert FILLS[Cell.UNKNOWN] != FILLS[Cell.FREE]
    assert {*LEGEND.values()} <= {*texts(view())}


def test_what_is_written_can_be_read_on_what_it_stands_on():
    """WCAG 2.2, 1.4.3: 4.5 to 1; on ground of its own, so that a dark chat changes nothing."""
    for sheet in sheets(view(agencies=12)):
        for piece in sheet.pieces:
            if isinstance(piece, Text) and piece.ink != "#ffffff":
                assert contrast(piece.ink, "#ffffff") >= 4.5
    for cell in LETTERS:
        assert contrast("#ffffff" if cell is Cell.BUSY else "#1b1b1b", FILLS[cell]) >= 4.5


def test_nothing_is_smaller_than_eight_pixels_on_a_telephone():
    for sheet in sheets(view(last="2026-05-02", agencies=12)):
        assert all(piece.size / WIDTH * 375 >= 8 for piece in sheet.pieces if isinstance(piece, Text))


def test_twelve_agencies_over_sixty_two_days_come_in_pages_of_two_working_weeks():
    pages = sheets(view(last="2026-05-02", agencies=12))
    assert len(pages) == 5
    dates: list[str] = []
    for sheet in pages:
        dates += [
            p.words
            for p in sheet.pieces
            if isinstance(p, Text) and re.fullmatch(r"\d{1,2}", p.words) and p.size == 22 and p.ink == INK
        ]
    weekdays = [day for n in range(62) if (day := date(2026, 3, 2) + timedelta(days=n)).weekday() < 5]
    assert dates == [str(day.day) for day in weekdays]


def test_no_two_texts_of_a_page_lie_on_each_other():
    """By the widths that the font itself gives."""
    for sheet in (*sheets(view(agencies=12, quorum=Quorum(agencies=12))), *sheets(view(agencies=2))):
        boxes = []
        for piece in sheet.pieces:
            if isinstance(piece, Text):
                wide = ImageFont.load_default(piece.size).getlength(plain(piece.words))
                left = piece.x - wide / 2 if piece.anchor == "middle" else piece.x
                boxes.append(
                    (left, piece.y - piece.size * 0.36, left + wide, piece.y + piece.size * 0.36, piece.words)
                )
        assert all(box[2] <= WIDTH and box[3] <= sheet.height for box in boxes)
        clashes = [
            (a[4], b[4])
            for a, b in product(boxes, boxes)
            if a < b and a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        ]
        assert clashes == []


@pytest.mark.parametrize(
    "name",
    ["Aldermere NHS Trust", "Aldermere Council Adult Social Care", "Safeguarding adults", "Larkfield Homes"],
)
def test_no_agencys_name_runs_into_the_cells(name: str):
    for text in _label(name, "", 0):
        assert isinstance(text, Text)
        assert text.x + ImageFont.load_default(text.size).getlength(text.words) <= LABEL


def test_there_is_no_name_of_a_person_in_it():
    assert "Birch" not in " ".join(texts(view()))
    assert "Birch" not in svg(sheets(view())[0], "")
    assert "Birch" not in said(view())


def test_the_png_is_one_and_as_large_as_said():
    sheet = sheets(view())[0]
    drawn = png(sheet)
    opened = Image.open(BytesIO(drawn))
    assert (opened.format, opened.size) == ("PNG", (WIDTH, sheet.height))
    assert len(drawn) < 100_000
    assert drawn == png(sheet)


def test_the_png_is_opaque_to_its_corners():
    opened = Image.open(BytesIO(png(sheets(view())[0])))
    assert "transparency" not in opened.info
    assert opened.convert("RGBA").getextrema()[3] == (255, 255)


def test_the_svg_is_well_formed_and_carries_its_words():
    picture = view()
    root = ElementTree.fromstring(svg(sheets(picture)[0], 'Times "found" <here>'))
    assert root.attrib["aria-label"] == 'Times "found" <here>'
    assert root.attrib["role"] == "img"
    assert [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")] == [
        piece.words for piece in sheets(picture)[0].pieces if isinstance(piece, Text)
    ]


@pytest.mark.parametrize(
    ("written", "drawn"),
    [("Tŷ Gwyn", "Ty Gwyn"), ("Women’s Aid – North", "Women's Aid - North"), ("日本", "??")],
)
def test_letters_that_the_font_lacks_are_written_plainly(written: str, drawn: str):
    assert plain(written) == drawn


def said(picture: TimesPicture) -> str:
    return Render().words("times_picture", view=picture).text


def sentences(picture: TimesPicture) -> Iterator[tuple[int, str]]:
    for number in range(1, len(picture.chart.options) + 1):
        found = re.search(rf"^{number}\. (.*)$", said(picture), re.MULTILINE)
        assert found
        yield number - 1, found[1]


WORDS = {
    Cell.FREE: "Can come:",
    Cell.DEPUTY: "By a deputy:",
    Cell.TENTATIVE: "With a tentative clash:",
    Cell.BUSY: "Busy:",
    Cell.AWAY: "Not at work:",
    Cell.UNKNOWN: "Diary not known:",
}


@pytest.mark.parametrize("agencies", [5, 12])
def test_the_text_in_its_place_says_of_every_agency_at_every_option_what_the_picture_shows(agencies: int):
    picture = view(agencies=agencies)
    for at, told in sentences(picture):
        parts = dict.fromkeys(WORDS.values(), "") | {
            words: found[1] for words in WORDS.values() if (found := re.search(rf"{words} ([^.]*)\.", told))
        }
        for row in picture.chart.agencies:
            assert picture.names[row.agency] in parts[WORDS[row.at[at]]]
        assert "Chair: free." in told
        assert "deadline" in told


def test_the_text_in_its_place_tells_the_window_and_where_it_is_known_from():
    told = said(view())
    assert "Over 10 half-days:" in told
    assert "Police (diary read): free in 10." in told
    assert "Health visiting (not known): diary not known in 10." in told


def test_when_nothing_fits_picture_and_text_say_so():
    short = view(quorum=Quorum(agencies=6))
    assert "CV-7K4QMX: No time fits: the nearest" in texts(short)
    assert "no quorum" in texts(short)
    assert said(short).startswith("CV-7K4QMX: no time fits; the nearest")
    assert "There would be no quorum." in said(short)


def test_without_any_option_the_days_are_still_drawn():
    asked = question(person("police", pattern="sat 09:00-10:00"))
    empty = TimesPicture(title="CV-7K4QMX", chart=chart(asked, ()), names={"police": "Police"})
    assert "Police" in texts(empty)
    assert said(empty).startswith("CV-7K4QMX: no time fits")


def test_a_room_is_told_where_one_is_needed():
    rooms = Venue(rooms=(Room(id="hall", seats=20),), heads=5)
    assert "Room" in texts(view(venue=rooms))
    assert "Room: free." in said(view(venue=rooms))
    assert "Room" not in texts(view())


def test_the_deadline_is_drawn_where_it_lies_in_the_days_shown():
    line = "right of this line: after the deadline"
    assert line in texts(view())
    assert line not in texts(view(deadline=None))
    assert line not in texts(view(deadline=date(2026, 3, 30)))
