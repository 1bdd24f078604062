"""The errand that sends the times found as an image: what it shows, to whom, and what goes where it cannot be shown."""

from dataclasses import replace
from io import BytesIO

import pytest
from meeting_builders import NOW, PRACTICE, a_case, person, settle, wanted
from PIL import Image
from sqlmodel import select

from bot.courier.errands import Chat
from bot.courier.platform import Platform
from bot.courier.times_picture import LOOKS, SendPicture, drawn, whole_sentences
from bot.domain.errors import TryLater, Undeliverable
from bot.links import Links
from bot.local.blockkit import faults
from bot.local.teams import cards
from bot.render import Render
from bot.storage.claims import Delivery
from bot.storage.tables import MeetingRow, ReferralRow
from bot.storage.transaction import transactions
from bot.usecases.convene import find_times
from bot.usecases.looks.meeting import names_on_agenda

RENDER = Render()
SETTLED = Delivery(
    number=1,
    id="",
    errand="picture",
    about={},
    lane=0,
    destination=None,
    not_before=NOW,
    attempts=9,
    first_tried_at=NOW,
    external_id=None,
)


class Far(Platform):
    """A platform that keeps what it is given."""

    def __init__(self, name="slack", sources=(), refuses=()):
        self.name, self.sources, self.refuses = name, list(sources), list(refuses)
        self.uploads, self.posts, self.arrived = [], [], {}

    def room(self, name):
        return None

    async def knows(self, person_id):
        return True

    async def person(self, person_id):
        return f"dm-{person_id}"

    async def picture(self, name, png, address):
        self.uploads.append((name, png, address))
        source = self.sources.pop(0) if self.sources else "F0123ABCDE"
        if isinstance(source, Exception):
            raise source
        return address if source == "by address" else source

    async def post(self, place, payload, delivery_id, about):
        if self.refuses:
            raise self.refuses.pop(0)
        self.posts.append((place, payload))
        return self.arrived.setdefault(delivery_id, f"{self.name}:{place}:{len(self.posts)}")

    async def find(self, place, delivery_id, since):
        return self.arrived.get(delivery_id)


class Town:
    """A conference that Cora has looked for, and the errand that shows her what was found."""

    def __init__(self, begin, far, draw=None, links=None):
        self.begin, self.far = begin, far
        self.case = a_case(begin)
        found = find_times(begin, PRACTICE, wanted(self.case), source="s", by=person(begin, "cora"), now=NOW)
        self.meeting = found.meeting_id
        chat = Chat(self.read, PRACTICE, RENDER, [far], None, lambda: NOW, links)
        self.errand = SendPicture(chat, draw)

    async def read(self, look, /, *args):
        with self.begin() as work:
            return look(work, *args)

    async def send(self, person_id="cora", delivery="d1"):
        about = {"meeting": self.meeting, "person": person_id, "where": f"person:{person_id}"}
        return await self.errand.send(about, delivery)


@pytest.fixture
def begin(sqlite_database):
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    yield begin
    engine.dispose()


def about(begin, name):
    """The case is about somebody of this name."""
    with begin() as work:
        row = work.session.exec(select(ReferralRow)).one()
        row.answers = {**row.answers, "name": name}
    with begin() as work:
        [meeting] = work.session.exec(select(MeetingRow)).all()
        assert names_on_agenda(work, PRACTICE, meeting) == (name,)


def images(payload):
    return [block for block in payload["blocks"] if block["type"] == "image"]


def shown_text(payload):
    return str([block for block in payload["blocks"] if block["type"] != "image"])


async def test_whoever_searched_gets_the_picture_with_its_words_for_whoever_cannot_see_it(begin):
    town = Town(begin, Far())
    assert await town.send() == "slack:dm-cora:1"
    [(place, payload)] = town.far.posts
    assert place == "dm-cora"
    assert faults(payload, "message") == []
    first, *rest = images(payload)
    assert first["slack_file"] == {"id": "F0123ABCDE"}
    assert first["alt_text"].startswith("CV-7K4QMX:")
    assert len(first["alt_text"]) <= 2_000
    assert [block["alt_text"].split(":")[0] for block in rest] == ["CV-7K4QMX"] * len(rest)
    names = [name for name, _, _ in town.far.uploads]
    assert names == [f"times-{n}.png" for n in range(1, len(names) + 1)]
    assert all(Image.open(BytesIO(png)).size[0] == 750 for _, png, _ in town.far.uploads)
    assert "As it stood on Mon 2 Mar 2026, 09:00." in shown_text(payload)


async def test_all_of_the_words_are_in_the_text_that_is_read_aloud(begin):
    town = Town(begin, Far())
    await town.send()
    [(_, payload)] = town.far.posts
    assert "Over " in payload["text"]
    assert payload["text"].count("half-days") == 1


async def test_teams_is_given_the_address_of_each_page_and_its_words(begin):
    links = Links("a key that nobody guesses", "https://convenor.example")
    town = Town(begin, Far("teams", sources=["by address"] * 9), links=links)
    await town.send()
    [(_, payload)] = town.far.posts
    assert cards.faults(payload["card"]) == []
    first, *_ = [part for part in payload["card"]["body"] if part["type"] == "Image"]
    assert first["url"].startswith("https://convenor.example/answer/times/")
    assert first["url"].endswith("/1.png")
    assert first["altText"].startswith("CV-7K4QMX:")


def broken(view):
    raise ImportError("libjpeg.so.8: cannot open shared object file")


def unreadable(view):
    raise OSError("cannot open resource")


@pytest.mark.parametrize(("draw", "sources"), [(broken, ()), (unreadable, ()), (None, [None])])
async def test_where_nothing_can_be_drawn_or_shown_the_words_go_alone(begin, draw, sources):
    town = Town(begin, Far(sources=sources), draw)
    assert await town.send() == "slack:dm-cora:1"
    [(_, payload)] = town.far.posts
    assert images(payload) == []
    assert faults(payload, "message") == []
    assert "Can come: " in shown_text(payload)


async def test_while_slack_reads_the_file_it_is_asked_again_without_another_upload(begin):
    town = Town(begin, Far(refuses=[Undeliverable("invalid_blocks")]))
    with pytest.raises(TryLater) as later:
        await town.send()
    assert later.value.seconds == 2
    pages = len(town.far.uploads)
    assert await town.send()
    assert len(town.far.uploads) == pages
    assert images(town.far.posts[0][1])


async def test_a_file_that_slack_never_shows_does_not_keep_the_words_back(begin):
    town = Town(begin, Far(refuses=[Undeliverable("invalid_blocks")] * LOOKS))
    for _ in range(LOOKS - 1):
        with pytest.raises(TryLater):
            await town.send()
    assert await town.send()
    assert images(town.far.posts[0][1]) == []


async def test_an_upload_that_has_to_wait_is_begun_again(begin):
    town = Town(begin, Far(sources=[TryLater(30, "ratelimited")]))
    with pytest.raises(TryLater, match="ratelimited"):
        await town.send()
    assert town.far.posts == []
    assert await town.send()
    assert images(town.far.posts[0][1])


async def test_any_other_refusal_is_final_where_there_is_no_mail(begin):
    town = Town(begin, Far(refuses=[Undeliverable("channel_not_found")]))
    with pytest.raises(Undeliverable, match="channel_not_found"):
        await town.send()


async def test_a_post_whose_answer_was_lost_is_found_and_not_made_twice(begin):
    town = Town(begin, Far())
    sent = await town.send()
    about = {"meeting": town.meeting, "person": "cora", "where": "person:cora"}
    assert await town.errand.look(about, "d1", NOW) == sent
    assert await town.errand.look(about, "d2", NOW) is None


async def test_nothing_goes_to_somebody_who_may_not_book_a_time_nor_once_none_is_kept(begin):
    town = Town(begin, Far())
    assert await town.send("pru") is None
    with begin() as work:
        for kept in work.meetings.options(town.meeting):
            work.session.delete(kept)
    assert await town.send() is None
    assert town.far.uploads == town.far.posts == []


async def test_a_name_from_the_case_holds_it_back_before_anything_is_uploaded(begin):
    town = Town(begin, Far())
    about(begin, "Brenda Marsh")
    with begin() as work:
        work.cases.row(
            town.case
        ).ref = "CV-BRENDA"  # as no reference is: any way for a name to come in will do
    with pytest.raises(Undeliverable, match="a name from the case"):
        await town.send()
    assert town.far.uploads == town.far.posts == []


async def test_an_agency_whose_name_a_person_shares_holds_nothing_back(begin):
    town = Town(begin, Far())
    about(begin, "May Free Homes")
    assert await town.send()


async def test_what_was_made_for_a_delivery_is_let_go_of_when_it_is_settled(begin):
    town = Town(begin, Far(refuses=[Undeliverable("invalid_blocks")] * 9))
    with pytest.raises(TryLater):
        await town.send()
    before = len(town.far.uploads)
    with begin() as work:
        town.errand.failed(work, replace(SETTLED, id="d1"), "given up")
    town.far.refuses.clear()
    await town.send()
    assert len(town.far.uploads) == 2 * before


def test_the_alternative_is_cut_after_a_whole_sentence_and_says_so():
    text = "Three times fit\n\n" + "1. Tue 3 Mar 2026, 10:00 to 12:00. Can come: Police, Housing.\n" * 60
    cut = whole_sentences(text)
    assert len(cut) <= 2_000
    assert cut.endswith("Housing. More is in the words of this message.")
    assert whole_sentences("Short. Enough.") == "Short. Enough."


async def test_the_real_drawing_gives_a_page_of_png_for_every_two_weeks(begin):
    town = Town(begin, Far(), draw=drawn)
    await town.send()
    assert [png[:4] for _, png, _ in town.far.uploads] == [b"\x89PNG"] * len(town.far.uploads)
    assert len(town.far.uploads) == 2
