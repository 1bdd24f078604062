"""Images on the page: a file that was uploaded, in chat and above the week, and the image of a card in Teams."""

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import expect
from test_teams_on_the_page import ROOM, card, posts

pytestmark = pytest.mark.browser

SAYS = "CV-7K4QMX: 2 times fit. Can come: Police."


def drawn() -> bytes:
    written = BytesIO()
    Image.new("RGB", (750, 520), "#ffffff").save(written, "PNG")
    return written.getvalue()


def sent(workspace: Any, user: str = "U0INES") -> str:
    """The bot uploads a picture and sends it to this person; the file's id."""

    async def send() -> str:
        answer = await workspace.client.files_upload_v2(filename="times-1.png", content=drawn())
        file = str(answer["file"]["id"])
        block = {"type": "image", "slack_file": {"id": file}, "alt_text": SAYS}
        await workspace.client.chat_postMessage(channel=user, text=SAYS, blocks=[block])
        return file

    return str(workspace.do(send()))


@pytest.mark.parametrize("width", [375, 1280])
@pytest.mark.parametrize("place", ["messages", "calendar"])
def test_a_picture_that_was_sent_is_seen_named_and_opened_alone(workspace, screen, place, width):
    file = sent(workspace)
    page = screen.sit(f"U0INES/{place}", width)
    picture = page.get_by_role("img", name=SAYS)
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    page.wait_for_function("() => [...document.images].every((one) => one.complete && one.naturalWidth)")
    box = picture.bounding_box()
    assert 300 <= box["width"] <= 750
    assert abs(box["height"] / box["width"] - 520 / 750) < 0.02
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    link = page.get_by_role("link", name=SAYS)
    expect(link).to_have_attribute("href", f"/workspace/people/U0INES/files/{file}")
    assert screen.troubles == screen.elsewhere == []


def test_the_picture_above_the_week_says_of_when_it_is_and_is_nobody_elses(workspace, screen):
    sent(workspace)
    page = screen.sit("U0INES/calendar")
    summary = page.get_by_text("Times found, as they stood on 30 March 2026 at 10:00")
    expect(summary).to_be_visible()
    summary.click()
    expect(page.get_by_role("img", name=SAYS)).to_be_hidden()
    page = screen.sit("U0DANA/calendar")
    expect(page.get_by_text("Times found")).to_be_hidden()
    expect(page.get_by_role("img", name=SAYS)).to_have_count(0)


def test_a_card_of_teams_shows_its_image_and_a_press_opens_it(workspace, screen):
    file = sent(workspace)
    address = f"{workspace.address}/workspace/people/U0INES/files/{file}"
    opens = {"type": "Action.OpenUrl", "title": "Open the picture", "url": address}
    part = {"type": "Image", "url": address, "altText": SAYS, "size": "Stretch", "selectAction": opens}
    posts(workspace, card(part))
    page = screen.sit(f"U0INES/{ROOM}", 375)
    picture = page.get_by_role("img", name=SAYS)
    expect(picture).to_be_visible()
    expect(page.get_by_role("link", name=SAYS)).to_have_attribute("href", address)
    with page.context.expect_page() as opened:
        picture.click()
    assert opened.value.url == address
    assert screen.troubles == []


def test_an_image_from_elsewhere_is_told_in_words_and_not_fetched(workspace, screen):
    part = {"type": "Image", "url": "https://elsewhere.example/x.png", "altText": SAYS}
    posts(workspace, card(part))
    page = screen.sit(f"U0INES/{ROOM}")
    expect(page.get_by_text(f"Image: {SAYS}")).to_be_visible()
    assert screen.elsewhere == []
