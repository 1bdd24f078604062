"""Jude is asked for times by e-mail, and answers without a mouse at a telephone's width (issue 4)."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from by_keyboard import goes_to, ticks
from playwright.sync_api import expect
from sitting import Sitting
from sqlmodel import select
from test_a_link_by_keyboard import JUDE, listened_to, presses

from bot.domain.area import Practice
from bot.storage.tables import CaseRow
from bot.storage.transaction import Begin
from bot.usecases.ask_times import ask_times, begin_asking
from bot.usecases.attend import cannot
from bot.usecases.convene import Wanted, find_times

pytestmark = pytest.mark.browser

THREE = ("Aldermere Council Adult Social Care", "Aldermere Police", "Kindly Company")


def test_times_are_answered_without_a_mouse_and_a_mistake_is_mended(sitting: Sitting, demo: Any) -> None:
    demo.do(demo.here.program.run(jude_is_asked, demo.here.practice, demo.here.world.clock.now()))
    demo.do(demo.here.settled())
    sitting.page.set_viewport_size({"width": 375, "height": 740})
    sitting.sit(JUDE, "mail")
    letter = sitting.main.get_by_role("button", name=re.compile("When could you meet")).first
    goes_to(sitting.page, letter)
    sitting.page.keyboard.press("Enter")
    link = sitting.main.get_by_role("link", name=re.compile("127.0.0.1"))
    goes_to(sitting.page, link)
    sitting.keep("the-letter")
    page = sitting.page.context.new_page()
    page.set_viewport_size({"width": 375, "height": 740})
    troubles = listened_to(page)
    page.goto(str(link.get_attribute("href")))

    expect(page.get_by_role("heading", level=1)).to_have_text("When could you meet?")
    times = page.get_by_role("group")
    assert 3 <= times.count() <= 8
    presses(page, "Send my answer")
    expect(page).to_have_title(re.compile("^Error: When could you meet"))
    mended = page.get_by_role("alert")
    expect(mended).to_be_focused()
    goes_to(page, mended.get_by_role("link"))
    page.keyboard.press("Enter")
    expect(times.first).to_have_accessible_description(re.compile("Error: Choose an answer"))
    ticks(page, times.nth(0).get_by_label("I can", exact=True))
    ticks(page, times.nth(1).get_by_label("I could if I must"))
    presses(page, "Send my answer")
    expect(page.get_by_role("heading", level=1)).to_have_text("You could come at 2 of the times")
    assert page.evaluate("document.scripts.length") == 0
    assert troubles == []


def jude_is_asked(begin: Begin, practice: Practice, now: datetime) -> None:
    """Nobody knows when he works, and Mary is away; Ruth asks."""
    with begin() as work:
        people = {one.name: one for one in work.register.people(practice.area.id)}
        work.register.row(people["Jude Farrow"].id).pattern = {}
        names = {agency.name: agency.id for agency in work.register.agencies(practice.area.id)}
        case = work.session.exec(
            select(CaseRow).where(CaseRow.pathway == "southend-marat", CaseRow.state == "open")
        ).first()
        assert case is not None
        case_id = case.id
    cannot(begin, practice, "2-31 March", source="away", by=people["Mary Osei"], now=now)
    wanted = Wanted(
        stage="discussion",
        required=tuple(names[each] for each in THREE),
        optional=(),
        minutes=60,
        first=practice.today(now),
        last=practice.today(now) + timedelta(days=14),
        case_id=case_id,
    )
    ruth = people["Ruth Calloway"]
    offer = find_times(begin, practice, wanted, source="search", by=ruth, now=now)
    sheet = begin_asking(begin, practice, offer.asking, by=ruth, now=now)
    ask_times(begin, practice, sheet.poll_id, sheet.shown, by=ruth, now=now)
