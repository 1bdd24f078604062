"""What a person can do on the page with hands, keyboard and a small screen (slack.md sections 6 and 8)."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def plain(words):
    return {"type": "plain_text", "text": words}


def asked(block_id, label, element, **but):
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "answer", **element},
        **but,
    }


def option(words, value):
    return {"text": plain(words), "value": value}


def form(*blocks):
    return {
        "type": "modal",
        "callback_id": "refer",
        "title": plain("Raise a concern"),
        "submit": plain("Send"),
        "blocks": list(blocks),
    }


WHY = asked("why", "What worries you?", {"type": "plain_text_input", "multiline": True, "max_length": 300})
PATHWAY = asked(
    "pathway",
    "Pathway",
    {"type": "static_select", "options": [option("Care Connect", "marm"), option("Southend", "marat")]},
    dispatch_action=True,
    optional=True,
)


def opening(workspace, view):
    """The bot opens this view at /refer."""

    @workspace.app.command("/refer")
    async def refer(ack, body, client):
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def refer(page):
    field = page.get_by_role("textbox", name="Message #panel")
    field.focus()
    page.keyboard.type("/ref")
    page.keyboard.press("Enter")
    expect(field).to_have_value("/refer ")
    page.keyboard.press("Enter")
    return page.get_by_role("dialog", name="Raise a concern")


def test_a_form_is_opened_refused_and_left_without_touching_the_mouse(workspace, screen):
    """Errors stand beside the field and take the focus; Esc closes and gives the focus back."""
    opening(workspace, form(WHY))

    @workspace.app.view("refer")
    async def submitted(ack):
        await ack(response_action="errors", errors={"why": "Say a little more"})

    page = screen.sit("U0INES/C0PANEL")
    dialog = refer(page)
    answer = dialog.get_by_label("What worries you?")
    expect(answer).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_text("Please complete this required field")).to_be_visible()
    expect(answer).to_be_focused()
    page.keyboard.type("short")
    page.keyboard.press("Control+Enter")
    expect(dialog.get_by_text("Say a little more")).to_be_visible()
    expect(answer).to_have_attribute("aria-invalid", "true")
    expect(answer).to_have_accessible_description("Error: Say a little more")
    for _ in range(12):
        page.keyboard.press("Tab")
        assert dialog.evaluate("(node) => node.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("textbox", name="Message #panel")).to_be_focused()
    assert screen.troubles == []


def test_a_field_says_how_much_room_is_left_when_little_is(workspace, screen):
    minutes = asked("minutes", "Length in minutes", {"type": "plain_text_input", "max_length": 3})
    opening(workspace, form(WHY, minutes))
    page = screen.sit("U0INES/C0PANEL")
    dialog = refer(page)
    answer = dialog.get_by_label("What worries you?")
    dialog.get_by_label("Length in minutes").fill("180")
    answer.fill("x" * 240)
    expect(dialog).not_to_contain_text("left")
    answer.fill("x" * 241)
    expect(dialog.get_by_text("59 characters left")).to_be_visible()
    expect(answer).to_have_accessible_description("59 characters left")


def test_a_form_that_changes_under_ones_hands_keeps_what_was_typed(workspace, screen):
    """dispatch_action on the pathway adds a question; the words, the choice and the focus stay."""
    opening(workspace, form(WHY, PATHWAY))

    @workspace.app.action("answer")
    async def chosen(ack, body, client):
        extra = asked("score", "Checklist score", {"type": "number_input", "is_decimal_allowed": False})
        await client.views_update(view_id=body["view"]["id"], view=form(WHY, PATHWAY, extra))
        await ack()

    page = screen.sit("U0INES/C0PANEL")
    dialog = refer(page)
    dialog.get_by_label("What worries you?").fill("The exit is blocked.")
    pathway = dialog.get_by_label("Pathway")
    pathway.focus()
    pathway.select_option("marat")
    expect(dialog.get_by_label("Checklist score")).to_be_visible()
    expect(dialog.get_by_label("What worries you?")).to_have_value("The exit is blocked.")
    expect(pathway).to_have_value("marat")
    expect(pathway).to_be_focused()


def test_every_kind_of_answer_reaches_the_bot_as_slack_would_send_it(workspace, screen):
    kinds = [option("Hoarding", "hoarding"), option("Fire", "fire")]
    opening(
        workspace,
        form(
            WHY,
            asked("mail", "E-mail", {"type": "email_text_input"}),
            asked("score", "Score", {"type": "number_input", "is_decimal_allowed": False}),
            asked(
                "capacity",
                "Capacity",
                {"type": "radio_buttons", "options": [option("Yes", "yes"), option("Not known", "unknown")]},
            ),
            asked("risks", "Risks", {"type": "checkboxes", "options": kinds}),
            asked(
                "agencies",
                "Agencies",
                {
                    "type": "multi_static_select",
                    "options": [option("Police", "police"), option("Fire service", "fire")],
                },
            ),
            asked("law", "Legal power", {"type": "external_select", "min_query_length": 2}),
            asked("lead", "Lead", {"type": "users_select"}),
            asked("day", "Last seen", {"type": "datepicker"}),
            asked("time", "Time", {"type": "timepicker"}),
            asked("start", "Earliest start", {"type": "datetimepicker"}),
            asked("other", "Anything else", {"type": "plain_text_input"}, optional=True),
        ),
    )
    said = {}

    @workspace.app.options("answer")
    async def powers(ack, payload):
        await ack(options=[option(f"Care Act 2014 ({payload['value']})", "s42")])

    @workspace.app.view("refer")
    async def submitted(ack, view):
        said.update(view["state"]["values"])
        await ack()

    page = screen.sit("U0INES/C0PANEL")
    dialog = refer(page)
    dialog.get_by_label("What worries you?").fill("No way out & <no> alarm")
    dialog.get_by_label("E-mail").fill("ines@lantern.example")
    dialog.get_by_label("Score").fill("7")
    dialog.get_by_label("Not known").check()
    dialog.get_by_label("Hoarding").check()
    dialog.get_by_role("combobox", name="Agencies").focus()
    page.keyboard.type("fire")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    dialog.get_by_role("combobox", name="Legal power").focus()
    page.keyboard.type("care")
    dialog.get_by_role("option", name="Care Act 2014 (care)").click()
    dialog.get_by_label("Lead").select_option("U0DANA")
    dialog.get_by_label("Last seen").fill("2026-03-27")
    expect(dialog.get_by_text("Friday 27 March 2026")).to_be_visible()
    dialog.get_by_label("Time", exact=True).fill("14:30")
    dialog.get_by_label("Earliest start").fill("2026-04-07T10:00")
    dialog.get_by_role("button", name="Send").click()
    expect(dialog).to_have_count(0)

    got = {block: answers["answer"] for block, answers in said.items()}
    assert got["why"]["value"] == "No way out & <no> alarm"
    assert got["mail"]["value"] == "ines@lantern.example"
    assert got["score"]["value"] == "7"
    assert got["capacity"]["selected_option"]["value"] == "unknown"
    assert [one["value"] for one in got["risks"]["selected_options"]] == ["hoarding"]
    assert [one["value"] for one in got["agencies"]["selected_options"]] == ["fire"]
    assert got["law"]["selected_option"]["value"] == "s42"
    assert got["lead"]["selected_user"] == "U0DANA"
    assert got["day"]["selected_date"] == "2026-03-27"
    assert got["time"]["selected_time"] == "14:30"
    assert got["start"]["selected_date_time"] == 1_775_552_400  # ten o'clock British Summer Time
    assert got["other"]["value"] is None
    assert screen.troubles == []


def test_a_pressed_card_changes_in_place_and_the_reply_is_for_one_person(workspace, screen):
    card = [
        {
            "type": "section",
            "block_id": "words",
            "text": {"type": "mrkdwn", "text": "*A1* Fit alarms, <@U0DANA> <script>"},
        },
        {
            "type": "actions",
            "block_id": "acts",
            "elements": [{"type": "button", "action_id": "accept", "text": plain("Accept"), "value": "a1"}],
        },
    ]

    @workspace.app.action("accept")
    async def accept(ack, body, client):
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="Accepted", blocks=card[:1]
        )
        await client.chat_postEphemeral(
            channel=body["channel"]["id"], user=body["user"]["id"], text="Thank you."
        )
        await ack()

    page = screen.sit("U0DANA/C0PANEL")
    expect(page.get_by_text("No messages yet.")).to_be_visible()
    workspace.do(workspace.client.chat_postMessage(channel="C0PANEL", text="An action", blocks=card))
    page.get_by_role("button", name="Accept").press("Enter")
    expect(page.get_by_role("button", name="Accept")).to_have_count(0)
    expect(page.get_by_text("edited")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_be_visible()
    expect(page.get_by_text("@Dana Okafor")).to_be_visible()
    page = screen.sit("U0INES/C0PANEL")
    expect(page.get_by_text("edited")).to_be_visible()
    expect(page.get_by_text("Only visible to you")).to_have_count(0)
    assert screen.troubles == []


def test_the_clock_moves_on_and_the_sidebar_says_where_something_waits(workspace, screen):
    page = screen.sit("U0DANA/C0TRIAGE")
    expect(page.get_by_label("Workspace clock")).to_contain_text("Monday 30 March 2026")
    workspace.do(workspace.client.chat_postMessage(channel="C0PANEL", text="A nudge"))
    expect(page.get_by_role("link", name="panel 1 unread")).to_be_visible()
    page.get_by_role("button", name="Next working day").click()
    expect(page.get_by_label("Workspace clock")).to_contain_text("Tuesday 31 March 2026")


def invitation(method, sequence):
    letter = EmailMessage()
    letter["From"], letter["Subject"] = "convenor@aldermere.example", f"{method}: meeting CV-7K4QMX"
    letter.set_content("About case CV-7K4QMX.")
    status = "CANCELLED" if method == "CANCEL" else "CONFIRMED"
    lines = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Convenor//EN
METHOD:{method}
BEGIN:VEVENT
UID:one@aldermere.example
SEQUENCE:{sequence}
DTSTAMP:20260330T090000Z
DTSTART:20260401T130000Z
DTEND:20260401T143000Z
SUMMARY:MARM meeting CV-7K4QMX
ORGANIZER:mailto:convenor@aldermere.example
LOCATION:Civic Centre
STATUS:{status}
END:VEVENT
END:VCALENDAR
""".splitlines()
    letter.add_alternative("\r\n".join(lines), subtype="calendar", params={"method": method})
    return letter


async def post(workspace, letter):
    workspace.world.letters.arrive("dana@council.example", letter)


def test_an_invitation_is_read_and_a_cancelled_meeting_says_so_in_a_word(workspace, screen):
    workspace.do(post(workspace, invitation("REQUEST", 0)))
    page = screen.sit("U0DANA/mail")
    page.get_by_role("button", name="REQUEST: meeting").click()
    card = page.get_by_role("region", name="Invitation")
    expect(card).to_contain_text("Wednesday 1 April 2026, 14:00 to 15:30 BST")
    expect(card).to_contain_text("Civic Centre")
    page = screen.sit("U0DANA/calendar")
    expect(page.get_by_role("region", name="Wednesday 1 April 2026")).to_contain_text(
        "MARM meeting CV-7K4QMX"
    )
    workspace.do(post(workspace, invitation("CANCEL", 1)))
    expect(page.get_by_role("region", name="Wednesday 1 April 2026")).to_contain_text("Cancelled")
    assert screen.troubles == []


class MailProgram:
    """Keeps what is answered, and tells the letters; what it would send is tried in tests/local."""

    def __init__(self, letters):
        self.letters, self.sent = letters, []

    async def answer(self, user, letter_id, answer, start=None):
        self.sent.append((user, answer, start))
        self.letters.answered(next(one for one in self.letters.of(user) if one.id == letter_id), answer)


def test_an_invitation_is_answered_in_its_letter_and_a_proposal_outlives_other_news(workspace, screen):
    program = workspace.world.mail_program = MailProgram(workspace.world.letters)
    workspace.do(post(workspace, invitation("REQUEST", 0)))
    page = screen.sit("U0DANA/mail")
    page.get_by_role("button", name="REQUEST: meeting").click()
    answers = page.get_by_role("group", name="Answer this invitation")
    expect(answers).to_contain_text("Not answered by e-mail yet.")
    answers.get_by_role("button", name="Decline").press("Enter")
    expect(answers).to_contain_text("You answered by e-mail: declined.")
    answers.get_by_text("Propose another time").click()
    answers.get_by_label("Begins").fill("2026-04-02T10:30")
    workspace.do(post(workspace, invitation("REQUEST", 1)))
    expect(page.get_by_role("button", name="REQUEST: meeting")).to_have_count(2)
    expect(answers.get_by_label("Begins")).to_have_value("2026-04-02T10:30")
    answers.get_by_role("button", name="Send the proposal").click()
    expect(answers).to_contain_text("You answered by e-mail: counter.")
    half_past_ten = datetime(2026, 4, 2, 9, 30, tzinfo=UTC)  # in London's summer
    assert program.sent == [("U0DANA", "declined", None), ("U0DANA", "counter", half_past_ten)]
    assert screen.troubles == []


@pytest.mark.parametrize("place", ["C0PANEL", "home", "messages", "mail", "calendar", "channels"])
def test_nothing_runs_off_a_small_screen_and_nothing_is_fetched_from_elsewhere(workspace, screen, place):
    page = screen.sit(f"U0DANA/{place}", width=375)
    expect(page.get_by_label("Sitting as")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    page.get_by_label("Sitting as").select_option("U0INES")
    assert screen.elsewhere == []
    assert screen.troubles == []
