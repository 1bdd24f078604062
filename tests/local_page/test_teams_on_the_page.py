"""Cards and dialogs of Teams on the page, with a bot that says what it is told to (teams.md sections 2, 5 and 7)."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ROOM = "19:panel@thread.tacv2"
CARD = "application/vnd.microsoft.card.adaptive"
SENT = {"convenor": {"verb": "send", "kind": "submission"}}


def card(*body, actions=(), **more):
    return {"type": "AdaptiveCard", "version": "1.5", "body": list(body), "actions": list(actions), **more}


def text(words, **more):
    return {"type": "TextBlock", "text": words, "wrap": True, **more}


def rich(*runs, **more):
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs], **more}


def executes(title, verb, **more):
    data = {"convenor": {"verb": verb}}
    return {"type": "Action.Execute", "title": title, "verb": verb, "data": data, **more}


def opens(title):
    data = {"msteams": {"type": "task/fetch"}, "convenor": {"verb": "open"}}
    return {"type": "Action.Submit", "title": title, "data": data}


def dialog(title, shown):
    return {
        "task": {
            "type": "continue",
            "value": {"title": title, "card": {"contentType": CARD, "content": shown}},
        }
    }


def asks(kind, id, label, **more):
    return {"type": f"Input.{kind}", "id": id, "label": label, **more}


def choices(*words):
    return [{"title": each, "value": each.lower()} for each in words]


def posts(workspace, shown, **body):
    async def post() -> Any:
        attachment = {"contentType": CARD, "content": shown}
        return workspace.teams.talk.say(ROOM, {"from": {"id": "28:bot"}, "attachments": [attachment], **body})

    return workspace.do(post())


def edits(workspace, message, shown):
    async def edit() -> None:
        workspace.teams.talk.edit(
            ROOM, message.id, {"attachments": [{"contentType": CARD, "content": shown}]}
        )

    workspace.do(edit())


@pytest.fixture
def bot(workspace):
    return workspace.heard_in_teams


def pressed(bot):
    return bot.heard[-1]["value"]["action"]["data"]


def test_every_part_of_a_card_can_be_read_and_none_is_markup(workspace, screen):
    shown = card(
        text("Actions of CV-7K4QMX", style="heading", size="Large"),
        text("**Bold**, _slanted_, \\*a star\\* & <b>no tag</b>\n- one\n- two\n\n[the guide](https://guide.example)"),
        text("[press](javascript:alert(1))"),
        rich({"text": "*as written* "}, {"text": "strong", "weight": "Bolder"}, {"text": " :fire:"}),
        {"type": "FactSet", "facts": [{"title": "Due", "value": "Tue"}]},
        {"type": "ColumnSet", "columns": [{"type": "Column", "items": [text(each)]} for each in ("Left", "Right")]},
        {"type": "Container", "style": "emphasis", "items": [text("Inside")]},
        {"type": "Image", "url": "https://elsewhere.example/x.png", "altText": "A map"},
        {"type": "Table"},
    )  # fmt: skip
    posts(workspace, shown)
    page = screen.sit(f"U0INES/{ROOM}")
    here = page.locator(".card")
    expect(here.get_by_role("heading", name="Actions of CV-7K4QMX")).to_be_visible()
    expect(here.locator("strong").first).to_have_text("Bold")
    expect(here.locator("em").first).to_have_text("slanted")
    expect(here).to_contain_text("*a star* & <b>no tag</b>")
    expect(here.get_by_role("listitem")).to_have_text(["one", "two"])
    expect(here.get_by_role("link")).to_have_attribute("href", "https://guide.example")
    expect(here).to_contain_text("*as written* strong :fire:")
    expect(here.get_by_role("term")).to_have_text("Due")
    for each in ("Left", "Right", "Inside", "Image: A map", "press"):
        expect(here).to_contain_text(each)
    expect(here).to_contain_text("This part of the card (Table) is not shown")
    assert (screen.troubles, screen.elsewhere) == ([], [])


def test_buttons_press_ask_first_fold_and_stand_behind_three_dots(workspace, screen, bot):
    sure = {
        "type": "Action.ShowCard",
        "title": "Start",
        "card": card(text("Start now?"), actions=[executes("Yes, start", "start")]),
    }
    shown = card(
        {**text("Hidden at first"), "id": "more", "isVisible": False},
        {"type": "ActionSet", "actions": [
            executes("Accept", "accept", style="positive"), sure,
            {"type": "Action.ToggleVisibility", "title": "More", "targetElements": ["more"]},
            {"type": "Action.OpenUrl", "title": "Guide", "url": "https://guide.example"},
            *(executes(f"Button {n}", f"b{n}") for n in range(4)),
        ]},
    )  # fmt: skip
    posts(workspace, shown)
    page = screen.sit(f"U0INES/{ROOM}")
    here = page.locator(".card")
    bot.answers = [
        {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": "Noted"}
    ]
    here.get_by_role("button", name="Accept").click()
    expect(page.locator(".card-note")).to_have_text("Noted")
    assert bot.heard[-1]["value"]["action"]["verb"] == "accept"

    here.get_by_role("button", name="Start", exact=True).click()
    expect(here).to_contain_text("Start now?")
    assert len(bot.heard) == 1, "the question asks nothing of the app"
    here.get_by_role("button", name="Yes, start").click()
    expect(page.locator(".card-note")).to_be_hidden()
    assert bot.heard[-1]["value"]["action"]["verb"] == "start"

    expect(here.get_by_text("Hidden at first")).to_be_hidden()
    here.get_by_role("button", name="More", exact=True).click()
    expect(here.get_by_text("Hidden at first")).to_be_visible()
    expect(here.get_by_role("link", name="Guide")).to_have_attribute("target", "_blank")

    expect(here.get_by_role("button", name="Button 2")).to_have_count(0)
    here.get_by_role("button", name="More buttons").click()
    with page.expect_response("**/press"):
        here.get_by_role("button", name="Button 3").click()
    assert bot.heard[-1]["value"]["action"]["verb"] == "b3"


def test_every_kind_of_question_is_answered_as_teams_sends_it(workspace, screen, bot):
    send = {"type": "Action.Submit", "title": "Send", "data": SENT}
    questions = card(
        asks("Text", "why", "Why?", isMultiline=True, maxLength=300),
        asks("Text", "mail", "E-mail", style="email", value="ines@lantern.example"),
        asks("Number", "score", "Score", min=0, max=24, value=7.0),
        asks("Date", "day", "Day"),
        asks("Time", "time", "Time"),
        asks("Toggle", "sure", "", title="I am sure"),
        asks("ChoiceSet", "one", "One of these", style="expanded", choices=choices("Yes", "No")),
        asks("ChoiceSet", "list", "From a list", choices=choices("Fire", "Police"), value="police"),
        asks("ChoiceSet", "ticks[]", "Some of these", isMultiSelect=True, style="expanded", value="a,c",
             choices=choices("A", "B", "C")),
        asks("ChoiceSet", "many[]", "Many of these", isMultiSelect=True, choices=choices("Hoarding", "Falls", "Food")),
        {**asks("Text", "carried", ""), "isVisible": False, "value": "kept"},
        actions=[send],
    )  # fmt: skip
    posts(workspace, card(text("Begin"), actions=[opens("Open the form")]))
    page = screen.sit(f"U0INES/{ROOM}")
    bot.answers = [dialog("The form", questions), {"task": {"type": "message", "value": "Thank you."}}]
    page.get_by_role("button", name="Open the form").click()
    here = page.get_by_role("dialog", name="The form")
    expect(here.get_by_role("heading", name="The form")).to_be_focused()
    here.get_by_label("Why?").fill("No way out & <no> alarm")
    here.get_by_label("Score").fill("30")
    here.get_by_role("button", name="Send").click()
    expect(here.get_by_text("Enter 24 or less")).to_be_visible()
    here.get_by_label("Score").fill("12")
    here.get_by_label("Day").fill("2026-04-07")
    here.get_by_label("Time").fill("10:30")
    here.get_by_label("I am sure").check()
    here.get_by_label("No", exact=True).check()
    here.get_by_label("B", exact=True).check()
    here.get_by_label("Many of these").fill("fo")
    here.get_by_role("option", name="Food").click()
    page.keyboard.press("Escape")
    here.get_by_role("button", name="Send").click()
    expect(page.get_by_role("dialog", name="Microsoft Teams")).to_contain_text("Thank you.")
    data = bot.heard[-1]["value"]["data"]
    assert data == {
        **SENT, "why": "No way out & <no> alarm", "mail": "ines@lantern.example", "score": "12", "day": "2026-04-07",
        "time": "10:30", "sure": "true", "one": "no", "list": "police", "ticks[]": "a,b,c", "many[]": "food",
        "carried": "kept",
    }  # fmt: skip
    page.get_by_role("dialog", name="Microsoft Teams").get_by_role("button", name="Close").click()
    expect(page.get_by_role("button", name="Open the form")).to_be_focused()


def test_what_needs_mending_belongs_to_its_question_and_takes_the_focus(workspace, screen, bot):
    send = {"type": "Action.Submit", "title": "Send", "data": SENT}
    mend = rich({"text": "To mend: Write an answer.", "color": "Attention", "weight": "Bolder"})
    why, when = asks("Text", "why", "Why?"), asks("Text", "when", "When?")
    posts(workspace, card(text("Begin"), actions=[opens("Open the form")]))
    page = screen.sit(f"U0INES/{ROOM}", width=375)
    bot.answers = [
        dialog("The form", card(why, when, actions=[send])),
        dialog("The form", card({**why, "value": "because"}, when, mend, actions=[send])),
    ]
    page.get_by_role("button", name="Open the form").click()
    here = page.get_by_role("dialog", name="The form")
    here.get_by_label("Why?").fill("because")
    page.keyboard.press("Control+Enter")
    wrong = here.get_by_label("When?")
    expect(wrong).to_be_focused()
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_accessible_description(re.compile("To mend: Write an answer."))
    expect(here.get_by_label("Why?")).to_have_value("because")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert len(bot.heard) == 2, "nobody is told of a dialog that was closed"


def test_a_card_is_edited_in_place_and_what_was_typed_beside_it_stays(workspace, screen, bot):
    pick = asks("ChoiceSet", "pick", "Come to a case", choices=choices("First", "Second"))
    message = posts(workspace, card(text("1 open"), pick, actions=[executes("Go", "go")]))
    page = screen.sit(f"U0INES/{ROOM}")
    page.get_by_label("Come to a case").select_option("second")
    edits(workspace, message, card(text("0 open"), pick, actions=[executes("Go", "go")]))
    expect(page.locator(".card")).to_contain_text("0 open")
    expect(page.get_by_label("Come to a case")).to_have_value("second")
    expect(page.locator(".edited")).to_be_visible()
    with page.expect_response("**/press"):
        page.get_by_role("button", name="Go").click()
    assert pressed(bot)["pick"] == "second"

    async def delete() -> None:
        workspace.teams.talk.delete(ROOM, message.id)

    workspace.do(delete())
    expect(page.locator("article.message")).to_have_count(0)
    expect(page.get_by_text("No messages yet. Write help below")).to_be_visible()


def test_a_view_of_ones_own_comes_with_the_card_and_again_when_it_is_edited(workspace, screen, bot):
    action = {"type": "Action.Execute", "verb": "view", "data": {"convenor": {"verb": "view"}}}
    refresh = {"action": action, "userIds": ["29:ines"]}
    bot.answers = [{"statusCode": 200, "type": CARD, "value": card(text(f"Yours {n}"))} for n in (1, 2)]
    message = posts(workspace, card(text("For all"), refresh=refresh))
    page = screen.sit(f"U0INES/{ROOM}")
    expect(page.locator(".card")).to_contain_text("Yours 1")
    expect(page.locator(".card")).to_contain_text("Drawn for you")
    assert (bot.heard[-1]["value"]["trigger"], len(bot.heard)) == ("automatic", 1)
    page.reload()
    expect(page.locator(".card")).to_contain_text("Yours 1")
    edits(workspace, message, card(text("For all, edited"), refresh=refresh))
    expect(page.locator(".card")).to_contain_text("Yours 2")
    assert len(bot.heard) == 2, "a reload within a minute asks for nothing"
    page = screen.sit(f"U0DANA/{ROOM}")
    expect(page.locator(".card")).to_contain_text("For all, edited")
    assert len(bot.heard) == 2


def test_what_one_writes_in_a_channel_mentions_the_bot_and_the_box_says_so(workspace, screen, bot):
    page = screen.sit(f"U0INES/{ROOM}")
    field = page.locator("[data-composer=field]")
    expect(field).to_have_accessible_description(re.compile("@Convenor is put in front"))
    field.fill("he")
    page.keyboard.press("Enter")
    expect(field).to_have_value("help ")
    page.keyboard.press("Enter")
    expect(page.locator("article.message")).to_contain_text("@Convenor help")
    assert bot.heard[-1]["text"] == "<at>Convenor</at> help"
    bot.answers = [dialog("Raise a concern", card(text("Danger?")))]
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_role("button", name="Raise a concern").click()
    expect(page.get_by_role("dialog", name="Raise a concern")).to_be_visible()
    assert bot.heard[-1]["value"]["commandId"] == "raise-concern"


def test_the_chair_says_in_words_what_is_slack_and_what_is_teams_and_what_is_unread(workspace, screen):
    page = screen.sit("U0DANA/home")
    rail = page.get_by_role("navigation", name="Places")
    expect(rail).to_contain_text("In Slack and Microsoft Teams")
    expect(rail.get_by_role("heading", name="Microsoft Teams")).to_be_visible()
    expect(rail.get_by_role("heading", name="Slack: channels")).to_be_visible()
    posts(workspace, card(text("News")))
    link = rail.get_by_role("link", name="MARM panel")
    expect(link).to_contain_text("1 unread")
    link.click()
    expect(page.locator("#place-title")).to_contain_text("Microsoft Teams")
    expect(link).not_to_contain_text("unread")
    page.set_viewport_size({"width": 375, "height": 800})
    page.get_by_role("navigation", name="Places").get_by_role("link", name="Teams").click()
    expect(page.get_by_role("main")).to_contain_text("Chat with Convenor")
    page.get_by_role("main").get_by_role("link", name="Chat with Convenor").click()
    expect(page.locator(".empty")).to_contain_text("Write home or help below")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
