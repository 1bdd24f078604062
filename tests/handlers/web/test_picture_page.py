"""Whoever looks for a time sees the times found drawn on a page of their own, and nobody else does."""

import re
from base64 import b64decode
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from plan_builders import PRACTICE, at

from bot.links import PICTURE_LIVES, PLOT_LIVES
from bot.usecases.convene import Wanted, find_times

MORNING = at("2026-03-04", "09:30")


@pytest.fixture
def searched(desk: Any) -> Any:
    """Cora, the coordinator, has looked for another time for the panel."""
    week = {day: ["09:00", "17:00"] for day in ("mon", "tue", "wed", "thu", "fri")}
    with desk.begin() as work:
        for id in ("helen", "dev", "pete"):
            work.register.row(id).pattern = week
        cora = work.register.person("cora")
    wanted = Wanted(
        stage="",
        required=("housing",),
        optional=("police",),
        minutes=60,
        first=MORNING.date(),
        last=MORNING.date() + timedelta(days=9),
        meeting_id="m-1",
    )
    assert find_times(desk.begin, PRACTICE, wanted, source="search", by=cora, now=MORNING).options
    return desk


def path(desk: Any, person: str = "cora", meeting: str = "m-1") -> str:
    return desk.links.picture(meeting, person, desk.now).removeprefix(desk.links.address)


async def test_the_times_found_are_drawn_and_told_in_words(searched: Any):
    page = await searched.get(path(searched))
    assert page.status_code == 200
    [drawn] = re.findall(r'src="data:image/png;base64,([^"]+)" alt=""', page.text)
    assert Image.open(BytesIO(b64decode(drawn))).size[0] == 750
    assert "The same in words" in page.text
    with searched.begin() as work:
        names = {work.register.agency(id).name for id in ("housing", "police")}
    assert all(name in page.text for name in names)


async def test_nobodys_name_is_on_the_page(searched: Any):
    with searched.begin() as work:
        people = work.register.people("aldermere")
    assert people
    page = await searched.get(path(searched))
    assert page.status_code == 200
    words = re.sub(r"base64,[^\"]+", "", page.text)
    assert [person.name for person in people if person.name in words] == []


async def test_to_look_changes_nothing(searched: Any):
    before = searched.everything()
    assert (await searched.get(path(searched))).status_code == 200
    assert searched.everything() == before


async def test_the_page_loads_nothing_from_elsewhere_and_is_not_kept(searched: Any):
    page = await searched.get(path(searched))
    assert "img-src data:" in page.headers["content-security-policy"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store"


async def test_somebody_who_may_not_book_a_time_does_not_see_them(searched: Any):
    assert (await searched.get(path(searched, person="helen"))).status_code == 404
    assert (await searched.get(path(searched, person="nobody-at-all"))).status_code == 404
    assert searched.turned_away() == {"over": 1, "nobody": 1}


async def test_before_any_search_and_without_a_meeting_there_is_nothing_to_see(desk: Any):
    assert (await desk.get(path(desk))).status_code == 404
    assert (await desk.get(path(desk, meeting="m-2"))).status_code == 404


async def test_a_link_works_for_half_a_day_only(searched: Any):
    link = path(searched)
    searched.now = MORNING + PICTURE_LIVES - timedelta(minutes=1)
    assert (await searched.get(link)).status_code == 200
    searched.now = MORNING + PICTURE_LIVES
    assert (await searched.get(link)).status_code == 404


async def test_a_link_of_one_kind_is_no_link_of_the_other(searched: Any):
    answers, sees = searched.link().rpartition("/")[2], path(searched).rpartition("/")[2]
    assert (await searched.get(f"/answer/times/{answers}")).status_code == 404
    assert (await searched.get(f"/answer/{sees}")).status_code == 404
    assert (await searched.get(f"/answer/times/{sees[:-1]}")).status_code == 404
    assert searched.turned_away() == {"unknown": 3}


def image_path(desk: Any, page: int = 1, person: str = "cora") -> str:
    return f"{path(desk, person)}/{page}.png"


async def test_a_page_of_the_picture_is_an_image_of_its_own_for_a_card(searched: Any):
    answer = await searched.get(image_path(searched))
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "private, max-age=300"
    assert Image.open(BytesIO(answer.content)).size[0] == 750
    address = searched.links.drawn("m-1", "cora", 1, searched.now)
    assert address.removeprefix(searched.links.address) == image_path(searched)


@pytest.mark.parametrize("page", [0, 2, 99])
async def test_there_is_no_page_beyond_the_last(searched: Any, page: int):
    assert (await searched.get(image_path(searched, page))).status_code == 404


async def test_the_image_is_shown_to_whom_the_page_is_and_as_long(searched: Any):
    assert (await searched.get(image_path(searched, person="helen"))).status_code == 404
    old = image_path(searched)
    before = searched.everything()
    searched.now += PICTURE_LIVES
    assert (await searched.get(old)).status_code == 404
    assert searched.everything() == before


async def test_the_plots_of_a_report_are_images_without_a_name_and_their_address_cannot_be_made_up(
    desk: Any,
):
    """S4-20, IG-37: for a card in Teams, which fetches it; drawn from published figures alone."""
    first, last = at("2026-01-01").date(), at("2026-03-31").date()
    link = desk.links.plot(first, last, 1, desk.now).removeprefix(desk.links.address)
    before = desk.everything()
    drawn = await desk.get(link)
    assert drawn.headers["content-type"] == "image/png"
    assert Image.open(BytesIO(drawn.content)).size[0] == 750
    assert desk.everything() == before
    assert (await desk.get(link.replace("/1.png", "/2.png"))).status_code == 200
    assert (await desk.get(link.replace("/1.png", "/3.png"))).status_code == 404
    assert (await desk.get(link.replace("plots/W", "plots/X"))).status_code == 404
    token = link.split("/")[-2]
    assert (await desk.get(f"/answer/times/{token}/1.png")).status_code == 404
    desk.now += PLOT_LIVES
    assert (await desk.get(link)).status_code == 404
