"""The board's report in its channel: sent by a press or by the clock, once, with its plots in words too."""

import json
from datetime import date

import pytest
from plan_builders import PRACTICE, a_practice, at, person, settle
from sqlmodel import select

from bot.courier.board_report import SendReport
from bot.courier.errands import Chat
from bot.domain.errors import NotAllowed, TooLate, Undeliverable
from bot.domain.period import Period
from bot.links import Links
from bot.local.blockkit import faults
from bot.local.teams.cards import faults as card_faults
from bot.render import Render
from bot.storage.ledger_tables import AuditEvent, OutboxRow
from bot.storage.transaction import transactions
from bot.usecases.board_report import open_board_report, quarterly, send_board_report

RENDER = Render()
BOARD = a_practice(rooms={"board": "C0BOARD"})
NOW = at("2026-04-01", "09:05")  # the first working day of a quarter


class Far:
    """A platform with a channel for the board."""

    name = "slack"

    def __init__(self, source="F0123ABCDE"):
        self.source, self.posts, self.uploads = source, [], []

    def room(self, name):
        return "C0BOARD" if name == "board" else None

    async def picture(self, name, png, address, said=""):
        self.uploads.append((name, said, png[:4]))
        return self.source

    async def post(self, place, payload, delivery_id, about):
        self.posts.append((place, payload))
        return f"slack:{place}:1"


@pytest.fixture
def begin(sqlite_database):
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    with begin() as work:
        work.referrals.row("r-7k4qmx").drill = True
    yield begin
    engine.dispose()


def owed(begin):
    with begin() as work:
        rows = work.session.exec(select(OutboxRow).where(OutboxRow.errand == "board_report")).all()
        return [json.loads(row.about) for row in rows]


async def sent(begin, far, draw=None, links=None):
    async def read(look, /, *args):
        with begin() as work:
            return look(work, *args)

    chat = Chat(read, BOARD, RENDER, [far], None, lambda: NOW, links)
    about = {"first": "2026-01-01", "last": "2026-03-31", "where": "room:board"}
    return await SendReport(chat, draw).send(about, "d1")


async def test_the_board_gets_figures_in_words_and_two_plots_with_the_same_in_words(begin):
    """Aggregates only, every number below five a star (S4-20, IG-37)."""
    far = Far()
    assert await sent(begin, far) == "slack:C0BOARD:1"
    [(_, payload)] = far.posts
    assert faults(payload, "message") == []
    images = [block for block in payload["blocks"] if block["type"] == "image"]
    assert [image["alt_text"].split(".")[0] for image in images] == [
        "Share of deadlines met, over time",
        "What became of the actions, by agency",
    ]
    assert [(name, png) for name, _, png in far.uploads] == [
        ("timeliness.png", b"\x89PNG"),
        ("completion.png", b"\x89PNG"),
    ]
    told = json.dumps(payload, ensure_ascii=False)
    assert "Accepted *" in told
    assert "CV-" not in told


async def test_where_no_image_can_be_shown_the_words_go_alone(begin):
    """No upload, no Pillow: the figures arrive all the same (S4-20)."""
    far = Far(source=None)
    await sent(begin, far)

    def nothing_to_draw_with(plots):
        raise ImportError

    await sent(begin, far, nothing_to_draw_with)
    for _, payload in far.posts:
        assert [block for block in payload["blocks"] if block["type"] == "image"] == []
        assert "Deadlines" in json.dumps(payload)


async def test_a_board_without_a_channel_is_not_silently_left_out(begin):
    """The courier hears of it, and a coordinator sees it."""
    far = Far()
    far.room = lambda name: None
    with pytest.raises(Undeliverable):
        await sent(begin, far)


def test_on_the_first_working_day_of_a_quarter_the_last_ones_report_is_sent_once(begin):
    """T26, S4-21: quarterly by the clock; a restart or a second replica sends nothing twice."""
    assert quarterly(begin, BOARD, NOW) == 1
    assert quarterly(begin, BOARD, at("2026-04-01", "15:00")) == 0
    assert owed(begin) == [{"first": "2026-01-01", "last": "2026-03-31", "where": "room:board"}]


@pytest.mark.parametrize("when", ["2026-03-31", "2026-04-02", "2026-07-02"])
def test_on_any_other_day_nothing_is_sent_by_the_clock(begin, when):
    """Nor at a weekend: the first working day is the day (T26)."""
    assert quarterly(begin, BOARD, at(when)) == 0


def test_an_area_to_which_nothing_came_yet_is_not_told_of_nothing(begin):
    """The first quarter of a new installation (T26)."""
    assert quarterly(begin, BOARD, at("2026-01-02")) == 0


def test_a_coordinator_sends_the_report_of_a_chosen_quarter_once_for_a_press(begin):
    """Send the board its report: by a person, on record (S4-20, IG-29)."""
    cora = person(begin, "cora")
    for _ in range(2):
        period = send_board_report(begin, BOARD, "2026-01-01", source="press", by=cora, now=NOW)
        assert period == Period(first=date(2026, 1, 1), last=date(2026, 3, 31))
    assert len(owed(begin)) == 1
    with begin() as work:
        events = work.session.exec(select(AuditEvent).where(AuditEvent.verb == "report.sent")).all()
        assert [event.actor for event in events] == ["cora"]


def test_who_oversees_may_look_and_only_who_runs_the_work_may_send(begin):
    """The board's contact opens it; a practitioner does not (S4-20, IG-05)."""
    sheet = open_board_report(begin, BOARD, "", by=person(begin, "bo"), now=NOW)
    assert sheet.note.period == Period(first=date(2026, 1, 1), last=date(2026, 3, 31))
    assert sheet.may_send is False
    assert open_board_report(begin, BOARD, "2025-07-01", by=person(begin, "cora"), now=NOW).may_send
    for id in ("bo", "dev"):
        with pytest.raises(NotAllowed):
            send_board_report(begin, BOARD, "2026-01-01", source=id, by=person(begin, id), now=NOW)
    with pytest.raises(NotAllowed):
        open_board_report(begin, BOARD, "", by=person(begin, "dev"), now=NOW)
    assert owed(begin) == []


def test_what_cannot_be_sent_says_so(begin):
    """A quarter that nobody can choose, or a board without a channel."""
    cora = person(begin, "cora")
    for practice, first in ((BOARD, "1999-01-01"), (PRACTICE, "2026-01-01")):
        with pytest.raises(TooLate, match="Nothing was sent"):
            send_board_report(begin, practice, first, source="x", by=cora, now=NOW)


async def test_in_teams_each_plot_is_fetched_from_a_page_of_ours_and_told_in_words(begin):
    """S4-20: the card names an address for each, signed for these days; without pages the words go alone."""

    class InTeams(Far):
        name = "teams"

        async def picture(self, name, png, address, said=""):
            self.uploads.append(address)
            return address or None

    far, links = InTeams(), Links("a key that nobody guesses", "https://convenor.aldermere.example")
    await sent(begin, far, links=links)
    [(_, payload)] = far.posts
    images = [part for part in json_parts(payload["card"]) if part.get("type") == "Image"]
    assert [image["url"] for image in images] == far.uploads
    assert [image["altText"].split(".")[0] for image in images] == [
        "Share of deadlines met, over time",
        "What became of the actions, by agency",
    ]
    assert card_faults(payload["card"]) == []
    token = far.uploads[0].split("/")[-2]
    assert links.plotted(token, NOW).first == date(2026, 1, 1)
    assert {each.rpartition("/")[2] for each in far.uploads} == {"1.png", "2.png"}

    far = InTeams()
    await sent(begin, far)
    [(_, payload)] = far.posts
    assert [part for part in json_parts(payload["card"]) if part.get("type") == "Image"] == []


def json_parts(part):
    """Every object of a card."""
    if isinstance(part, dict):
        yield part
    for each in part.values() if isinstance(part, dict) else part if isinstance(part, list) else []:
        yield from json_parts(each)
