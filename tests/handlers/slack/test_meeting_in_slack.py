"""The meeting through the real Bolt app: every window judged as Slack would, nothing of a case in a channel.

People and places are of Aldermere, which is invented.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from meeting_builders import (
    MARAT,
    MARM,
    NOW,
    PRACTICE,
    a_case,
    asked_at_the_end,
    at,
    person,
    settle,
)
from slack_far_side import Heard, TestBot
from slack_payloads import Json, Says
from sqlmodel import select

from bot.courier.meeting_posts import MESSAGES
from bot.courier.posts import surfaces
from bot.domain.people import Person
from bot.handlers.slack.identity import SlackIdentity
from bot.handlers.verbs.minutes import marked_up
from bot.handlers.verbs.registry import Verbs, registered
from bot.local.blockkit import faults
from bot.marks import CHANNELS
from bot.render import Render
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import ReferralRow
from bot.storage.transaction import Begin, transactions

SECRETS = ("Bryony Thistle", "14 Quay Row", "frightened of him", "Fit the door chain")


class TownBot(TestBot):
    """The program on a real database; its clock is moved by hand."""

    __test__ = False

    def __init__(self, render: Render, begin: Begin) -> None:
        super().__init__(render, practice=PRACTICE)
        self.begin, self.clock = begin, NOW

    def now(self) -> Any:
        return self.clock

    async def person(self, who: SlackIdentity) -> Person | None:
        with self.begin() as work:
            return work.register.by_slack(who.team, who.user)

    async def run(self, usecase: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        return usecase(self.begin, *args, **but)

    async def read(self, look: Callable[..., Any], /, *args: Any, **but: Any) -> Any:
        with self.begin() as work:
            return look(work, *args, **but)


@pytest.fixture
def bot(render: Render, sqlite_database: Any) -> Any:
    engine = sqlite_database.connect()
    begin = transactions(engine)
    settle(begin)
    yield TownBot(render, begin)
    engine.dispose()


@pytest.fixture
def verbs() -> Verbs:
    return registered()


class Desk:
    """One person after another presses and submits; what comes back is judged as Slack would judge it."""

    def __init__(self, send: Callable[..., Any], slack: Heard, bot: TownBot) -> None:
        self.send, self.slack, self.bot = send, slack, bot
        self.number = 0

    async def press(self, action: str, value: str, user: str = "cora", *, view: Json | None = None) -> Json:
        """Press a button; gives the view that was opened, pushed or updated by it, else the note."""
        self.number += 1
        before = len(self.slack.calls)
        body = Says.press(action, value, user=f"U0{user.upper()}", trigger_id=f"{self.number}.1.t")
        body["actions"][0]["action_ts"] = f"{self.number}.5"
        if view is not None:
            body = {key: part for key, part in body.items() if key != "channel"}
            body["view"] = {**Says.view(view["callback_id"]), **view, "state": {"values": {}}}
        answer = await self.send(body)
        assert answer.status == 200
        calls = self.slack.calls[before:]
        return next((what.get("view", what) for _, what in calls), {})

    async def submit(self, view: Json, said: dict[str, Any], user: str = "cora") -> Json:
        """Send a modal; gives the acknowledgement."""
        self.number += 1
        blocks = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
        assert set(said) <= set(blocks), set(said) - set(blocks)
        state = {id: {element["action_id"]: filled(element, said.get(id))} for id, element in blocks.items()}
        body = Says.submission(
            view["callback_id"],
            state,
            user=f"U0{user.upper()}",
            id=f"V{self.number}",
            private_metadata=view["private_metadata"],
            blocks=view["blocks"],
        )
        answer = json.loads((await self.send(body)).body or "{}")
        if shown := answer.get("view"):
            assert faults(shown, "modal") == []
        return answer

    def card(self, surface: str, id: str) -> Json:
        """What a channel or a direct message shows now."""
        with self.bot.begin() as work:
            view = surfaces()[surface].look(work, PRACTICE, id, self.bot.clock)
        payload = self.bot.render.shape("slack", surfaces()[surface].shape, view=view)
        assert faults(payload, "message") == []
        assert not [secret for secret in SECRETS if secret in json.dumps(payload)]  # IG-01
        return payload


def filled(element: Json, said: Any) -> Json:
    """An element's state: what the person put there, or what it was filled in with."""
    kind = element["type"]
    if kind in ("static_select", "radio_buttons"):
        value = said or (element.get("initial_option") or {}).get("value")
        assert value is None or value in [option["value"] for option in element["options"]]
        return {"type": kind, "selected_option": {"value": value} if value else None}
    if kind in ("multi_static_select", "checkboxes"):
        values = said if said is not None else [o["value"] for o in element.get("initial_options", [])]
        return {"type": kind, "selected_options": [{"value": value} for value in values]}
    if kind == "datepicker":
        return {"type": kind, "selected_date": said or element.get("initial_date")}
    return {"type": kind, "value": said if said is not None else element.get("initial_value")}


@pytest.fixture
def desk(send: Callable[..., Any], slack: Heard, bot: TownBot) -> Desk:
    return Desk(send, slack, bot)


def text_of(payload: Json) -> str:
    return json.dumps(payload, ensure_ascii=False)


def value_of(view: Json, verb: str) -> str:
    """The value of the first button or the first option under that verb."""
    for block in view["blocks"]:
        for element in [*block.get("elements", ()), block.get("accessory", {})]:
            if element.get("action_id") == verb:
                return str(element.get("value") or element["options"][0]["value"])
    raise AssertionError(f"no {verb} in {[block['type'] for block in view['blocks']]}")


def a_known_case(bot: TownBot, ref: str = "CV-7K4QMX", pathway: str = MARAT) -> str:
    case = a_case(bot.begin, ref, pathway=pathway)
    with bot.begin() as work:
        row = work.session.get(ReferralRow, f"r-{case}")
        assert row is not None
        row.answers = {"name": SECRETS[0], "address": SECRETS[1]}
    return case


async def booked(desk: Desk, case: str) -> str:
    form = await desk.press("meeting.find", case)
    offer = (await desk.submit(form, {"stage": "conference", "minutes": "120"}))["view"]
    done = await desk.press("meeting.book", value_of(offer, "meeting.book"), view=offer)
    assert "Booked: MARAT conference" in text_of(done)
    with desk.bot.begin() as work:
        return work.meetings.of_case(case)[0].id


async def test_a_time_is_found_and_booked_from_the_case(desk, bot):
    case = a_known_case(bot)
    form = await desk.press("meeting.find", case)
    assert form["callback_id"] == "meeting.find"
    assert json.loads(form["private_metadata"])["case"] == case
    offer = (await desk.submit(form, {"stage": "conference", "minutes": "120"}))["view"]
    said = text_of(offer)
    assert "13 working days before the deadline." in said
    assert "Every agency asked can come." in said
    await desk.press("meeting.book", value_of(offer, "meeting.book"), view=offer)
    with bot.begin() as work:
        meeting = work.meetings.of_case(case)[0]
    card = text_of(desk.card("meeting_card", meeting.id))
    assert "*Aldermere Police*: no answer yet (Chai North, Pia Marlow)" in card
    assert "Waiting for answers, 0 of 4 needed" in card


async def test_when_nothing_fits_the_smallest_concession_is_told(desk, bot):
    case = a_known_case(bot)
    with bot.begin() as work:
        work.register.row("viv").pattern = {}
    form = await desk.press("meeting.find", case)
    offer = (await desk.submit(form, {"stage": "conference", "minutes": "120"}))["view"]
    said = text_of(offer)
    assert "No time suits everybody who must come" in said
    assert "Ask Viv Lowe, whose hours are not known" in said
    assert "Would miss it: *The Hearth Project*, hours not known, ask them." in said
    again = await desk.press("meeting.again", value_of(offer, "meeting.again"), view=offer)
    assert again["callback_id"] == "meeting.find"


async def test_the_times_found_can_be_opened_as_a_picture_of_ones_own_and_slacks_word_of_it_is_heard(
    desk, bot
):
    form = await desk.press("meeting.find", a_known_case(bot))
    offer = (await desk.submit(form, {"stage": "conference", "minutes": "120"}))["view"]
    meeting = json.loads(offer["private_metadata"])["meeting"]
    [link] = [
        element["url"]
        for block in offer["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id") == "meeting.picture_page"
    ]
    assert link == bot.picture_of(meeting, "cora")
    assert await desk.press("meeting.picture_page", "", view=offer) == {}


async def test_the_times_found_are_sent_as_a_picture_to_whoever_asks_and_stay_on_offer(desk, bot):
    form = await desk.press("meeting.find", a_known_case(bot))
    offer = (await desk.submit(form, {"stage": "conference", "minutes": "120"}))["view"]
    meeting = value_of(offer, "meeting.picture")
    assert meeting == json.loads(offer["private_metadata"])["meeting"]
    told = await desk.press("meeting.picture", meeting, view=offer)
    assert "The picture is on its way" in text_of(told)
    with bot.begin() as work:
        [row] = work.session.exec(select(OutboxRow).where(OutboxRow.errand == "picture"))
        assert json.loads(row.about) == {"meeting": meeting, "person": "cora", "where": "person:cora"}
        assert work.meetings.options(meeting)


async def test_a_mistake_in_the_form_stands_beside_its_question(desk, bot):
    form = await desk.press("meeting.find", a_known_case(bot))
    answer = await desk.submit(form, {"minutes": "3", "required": []})
    assert answer["response_action"] == "errors"
    assert set(answer["errors"]) == {"minutes", "required"}


async def test_an_invitation_is_answered_with_a_button(desk, bot):
    meeting = await booked(desk, a_known_case(bot))
    with bot.begin() as work:
        row = work.meetings.invitation(meeting, "ana")
    assert row is not None
    card = desk.card("invitation_card", row.id)
    assert "Send my deputy" in text_of(card)
    await desk.press("invitation.answer:accepted", row.id, "ana")
    assert "You have accepted." in text_of(desk.card("invitation_card", row.id))
    assert "*Aldermere Adult Social Care*: coming (Ana Wells)" in text_of(desk.card("meeting_card", meeting))
    refused = await desk.press("invitation.answer:declined", row.id, "pia")
    assert "somebody else’s" in text_of(refused)
    await desk.press("invitation.deputy", row.id, "ana")
    assert "no longer needs you" in text_of(desk.card("invitation_card", row.id))


async def test_a_meeting_is_moved_and_cancelled_with_a_reason_of_the_list(desk, bot):
    meeting = await booked(desk, a_known_case(bot))
    form = await desk.press("meeting.move", meeting)
    assert form["title"]["text"] == "Move the meeting"
    offer = (await desk.submit(form, {"first": "2026-03-05"}))["view"]
    done = await desk.press("meeting.book", value_of(offer, "meeting.book"), view=offer)
    assert "Moved: MARAT conference" in text_of(done)
    assert "(moved)" in text_of(desk.card("meeting_card", meeting))
    why = await desk.press("meeting.cancel", meeting)
    told = await desk.submit(why, {"reason": "too_few"})
    assert "can be listed again" in text_of(told["view"])
    assert "Too few agencies can come" in text_of(desk.card("meeting_card", meeting))


async def run_to_the_end(desk: Desk, bot: TownBot, meeting: str) -> None:
    bot.clock = at("2026-03-02", "11:00")
    await desk.press("meeting.start", meeting)
    sheet = await desk.press("hold.attendance", meeting)
    here = {"agency-asc": "present:ana", "agency-police": "present:pia", "agency-homes": "present:hal"}
    apart = {"agency-hearth": "present:viv", "agency-nhs": "apologies_information", "agency-fire": "absent"}
    sent = await desk.submit(sheet, {**here, **apart})
    await desk.submit(sent["view"], {"agency-nhs": "Seen on the ward in January."})
    card = desk.card("hold_card", meeting)
    assert "*Quorate*: 4 agencies of 4 needed" in text_of(card)
    await desk.press("hold.case", value_of(card, "hold.case"))
    card = desk.card("hold_card", meeting)
    item = value_of(card, "hold.voice")
    early = await desk.submit(await desk.press("hold.decision", item), {"kind": "plan_agreed", **DECISION})
    assert "views first" in early["errors"]["kind"]
    unfinished = await desk.press("hold.conclude", meeting)
    assert "submit" not in unfinished
    assert "still needs: the person’s views" in text_of(unfinished)
    voice = {"how": "advocate", "views": "She is frightened of him and wants the locks changed."}
    assert await desk.submit(await desk.press("hold.voice", item), voice) == {}
    assert (
        await desk.submit(await desk.press("hold.decision", item), {"kind": "plan_agreed", **DECISION}) == {}
    )
    prompts = await desk.press("hold.prompts", item)
    every = [
        option["value"]
        for block in prompts["blocks"]
        if block["type"] == "input"
        for option in block["element"]["options"]
    ]
    assert await desk.submit(prompts, {"prompts1": every}) == {}
    assert await desk.submit(await desk.press("hold.risk", item), {"rating": "high", "mitigated": "no"}) == {}
    form = await desk.press("hold.action", item)
    form = await desk.press("hold.agency", "homes", view=form)
    action = {"owner": "hal", "category": "home_security", "detail": "Fit the door chain and say so."}
    assert await desk.submit(form, action) == {}
    ready = await desk.press("hold.conclude", meeting)
    done = await desk.submit(ready, {})
    assert "Heard: CV-7K4QMX" in text_of(done["view"])


DECISION = {
    "text": "The safety plan as written today is agreed.",
    "reasons": "It answers each risk that was named.",
    "options": "Moving away was weighed; she does not want it.",
    "support": "Her IDVA went through each option with her.",
    "law": ["da_act"],
}


async def test_a_vague_action_is_asked_about_once_and_then_saved_as_it_stands(desk, bot):
    """S4-13, S4-12: a prompt beside the field, never a block, for the chair and for whoever takes an action on."""
    case = a_known_case(bot)
    meeting = await booked(desk, case)
    bot.clock = at("2026-03-02", "11:00")
    await desk.press("meeting.start", meeting)
    card = desk.card("hold_card", meeting)
    if "hold.action" not in text_of(card) and "hold.case" in str(card):
        await desk.press("hold.case", value_of(card, "hold.case"))
    item = value_of(desk.card("hold_card", meeting), "hold.action")
    form = await desk.press("hold.agency", "homes", view=await desk.press("hold.action", item))
    vague = {"owner": "hal", "category": "home_security", "detail": "Monitor the doors"}
    asked = (await desk.submit(form, vague))["view"]
    assert "A question before it is saved" in text_of(asked)
    assert "Who does what" in text_of(asked)
    assert json.loads(asked["private_metadata"]) == {"item": item, "asked": "yes"}
    with bot.begin() as work:
        assert work.plans.of_case(case) == []
    assert await desk.submit(asked, vague) == {}
    ours = await desk.press("hold.volunteer", item, "hal")
    assert "Aldermere Homes" in text_of(ours)
    asked = (await desk.submit(ours, {**vague, "owner": "pru"}, "hal"))["view"]
    assert await desk.submit(asked, {**vague, "owner": "pru"}, "hal") == {}
    with bot.begin() as work:
        assert [(row.owner_id, row.offered) for row in work.plans.of_case(case)] == [
            ("hal", False),
            ("pru", True),
        ]


async def test_the_chair_runs_the_whole_meeting_from_the_channel(desk, bot):
    """Agenda, attendance, views, decision, action, conclude; then the minutes (issue 2, Meeting)."""
    case = a_known_case(bot)
    meeting = await booked(desk, case)
    await run_to_the_end(desk, bot, meeting)
    assert "concluded" in text_of(desk.card("hold_card", meeting))
    assert "held" in text_of(desk.card("meeting_card", meeting))
    page = await desk.press("meeting.minutes", meeting, "ana")
    said = text_of(page)
    assert "Seen on the ward in January." in said
    assert "*CV-7K4QMX/1 Home security measures*: Hal Birch" in said
    refused = await desk.press("meeting.minutes", meeting, "pru")
    assert "Nothing has changed" in text_of(refused)
    with bot.begin() as work:
        assert work.cases.row(case).state == "plan_active"
        assert {clock.stage for clock in work.cases.clocks(case) if clock.met_at} == {"conference"}


async def test_another_agencys_person_pressing_a_chairs_button_is_refused_kindly(desk, bot):
    meeting = await booked(desk, a_known_case(bot))
    refused = await desk.press("meeting.start", meeting, "ana")
    assert "run by its chair and coordinator" in text_of(refused)
    with bot.begin() as work:
        assert work.meetings.row(meeting).state == "invited"
        assert work.audit.latest(f"meeting:{meeting}", 1)[0].verb == "denied"


async def test_the_panels_page_lists_cases_on_the_next_panel_and_orders_them(desk, bot, send, slack):
    cases = [a_known_case(bot, ref, MARM) for ref in ("CV-7K4QMX", "CV-9XWRTK")]
    await send(Says.command("/panel", user="U0CORA", channel_id="C0MARM"))
    page = slack.asked("views.open")[-1]["view"]
    assert "No meeting is booked." in text_of(page)
    assert "Tue 10 Mar 2026" in text_of(page)
    for case in cases:
        listed = await desk.press("panel.list", case, view=page)
        assert "Listed for Tue 10 Mar 2026, 10:00" in text_of(listed)
    await send(Says.command("/panel", "marm", user="U0CORA"))
    page = slack.asked("views.open")[-1]["view"]
    meeting = value_of(page, "meeting.agenda")
    sheet = await desk.press("meeting.agenda", meeting)
    assert text_of(sheet).index("CV-7K4QMX") < text_of(sheet).index("CV-9XWRTK")
    sheet = await desk.press("agenda.down", value_of(sheet, "agenda.down"), view=sheet)
    assert text_of(sheet).index("CV-9XWRTK") < text_of(sheet).index("CV-7K4QMX")
    sheet = await desk.press("agenda.off", value_of(sheet, "agenda.off"), view=sheet)
    assert "CV-9XWRTK*" not in text_of(sheet)
    sheet = await desk.press("agenda.add", value_of(sheet, "agenda.add"), view=sheet)
    assert "CV-9XWRTK*" in text_of(sheet)


async def test_the_boards_figures_open_by_a_word_and_are_refused_to_a_practitioner(send, slack):
    """`/panel report`: for those who run the work or oversee it; totals only (S4-20, S4-24)."""
    await send(Says.command("/panel", "report", user="U0CORA"))
    page = slack.asked("views.open")[-1]["view"]
    assert page["callback_id"] == "board_report"
    assert "Deadlines" in text_of(page)
    assert "CV-" not in text_of(page)
    opened = len(slack.asked("views.open"))
    await send(Says.command("/panel", "report", user="U0HELEN"))
    told = [each["view"] for each in slack.asked("views.open")[opened:]]
    assert [view for view in told if view["callback_id"] == "board_report"] == []


async def test_cannot_is_noted_shown_and_taken_back(send, slack, bot):
    answer = json.loads((await send(Says.command("/cannot", "Tue 3 March 10:00-12:00", user="U0FAY"))).body)
    assert "Tue 3 Mar 2026, 10:00 to 12:00" in text_of(answer)
    assert faults(answer, "message") == []
    undo = next(block["accessory"] for block in answer["blocks"] if "accessory" in block)
    await send(Says.press("cannot.undo", undo["value"], user="U0FAY"))
    with bot.begin() as work:
        assert work.register.absences(["fay"], NOW, at("2026-12-31")) == []
    refused = json.loads(
        (await send(Says.command("/cannot", "sometime", user="U0FAY", trigger_id="9.9"))).body
    )
    assert "For example" in text_of(refused)


async def test_a_case_is_closed_by_its_agencies_and_the_chair(desk, bot):
    case = a_case(bot.begin, pathway=MARM, state="plan_active", rating="low")
    asked_at_the_end(bot.begin, case, person(bot.begin, "cora"), NOW)
    form = await desk.press("closure.propose", case)
    assert await desk.submit(form, {"reason": "The risk has ended for good."}) == {"response_action": "clear"}
    assert "Close the case" not in text_of(desk.card("closure_card", case))
    await desk.press("closure.agree", case, "hal")
    assert "Ready to be closed." in text_of(desk.card("closure_card", case))
    form = await desk.press("closure.close", case, "chai")
    await desk.submit(form, {"reason": "Every agency agrees; the plan is done."}, "chai")
    assert "Closed by Chai North" in text_of(desk.card("closure_card", case))


async def test_a_panel_of_thirty_five_cases_with_the_longest_names_fits_every_limit(desk, bot):
    """Slack's limits, at the size of a heavy panel (model.md section 10)."""
    from bot.usecases.hold import open_item, start
    from bot.usecases.list_cases import list_on_next_panel

    long = "A very long name of an agency that nobody would choose but somebody has " * 2
    with bot.begin() as work:
        from bot.storage.tables import AgencyRow

        for id in ("asc", "police", "nhs", "homes", "fire", "hearth"):
            row = work.session.get(AgencyRow, id)
            assert row is not None
            row.name = f"{id} {long}"
    cora = person(bot.begin, "cora")
    letters = "34679CDFGHJKMNPQRTWXY"
    for n in range(35):
        ref = f"CV-7K4{letters[n % 21]}{letters[n // 21]}X"
        panel = list_on_next_panel(
            bot.begin, PRACTICE, a_case(bot.begin, ref, pathway=MARM), by=cora, now=NOW
        )
    desk.card("meeting_card", panel.id)
    agenda = await desk.press("meeting.agenda", panel.id)
    assert faults(agenda, "modal") == []
    bot.clock = at("2026-03-10", "10:00")
    start(bot.begin, PRACTICE, panel.id, by=cora, now=bot.clock)
    with bot.begin() as work:
        item = work.meetings.agenda(panel.id)[17].id
    open_item(bot.begin, PRACTICE, item, by=cora, now=bot.clock)
    card = desk.card("hold_card", panel.id)
    assert len(card["blocks"]) < 50
    for verb in ("hold.attendance", "hold.conclude"):
        assert faults(await desk.press(verb, panel.id), "modal") == []


@pytest.mark.parametrize("name", sorted(MESSAGES))
async def test_every_message_says_something_and_fits(name, desk, bot, render):
    case = a_known_case(bot)
    meeting = await booked(desk, case)
    with bot.begin() as work:
        about_meeting = name.startswith(("quorum_", "entry_", "agenda_", "minutes_"))
        if name.startswith("minutes_"):
            held = work.meetings.row(meeting)
            held.state, held.started_at, held.concluded_at = "concluded", NOW, NOW
        id = work.meetings.invitation(meeting, "ana").id if name == "agenda_out" else meeting
        id = id if about_meeting else case
        view = MESSAGES[name].look(work, PRACTICE, id, NOW)
    words = render.words(MESSAGES[name].words, view=view)
    payload = render.shape("slack", MESSAGES[name].shape, words=words, view=view, message=name, id=id)
    assert faults(payload, "message") == []
    assert not [secret for secret in SECRETS if secret in json.dumps(payload)]


def test_minutes_are_marked_up_for_slack_without_letting_an_answer_page_anybody():
    marked = marked_up("# Panel\n\n- **CV-7K4QMX/1 Visit**: <!channel> & more\n  - nested", CHANNELS["slack"])
    assert marked == "*Panel*\n\n• *CV-7K4QMX/1 Visit*: &lt;!channel&gt; &amp; more\n  • nested"


async def test_the_board_shows_every_case_by_its_next_clock_and_opens_its_file(desk, bot, send, slack):
    a_known_case(bot, "CV-7K4QMX", MARM)
    await send(Says.command("/panel", "board", user="U0CORA"))
    board = slack.asked("views.open")[-1]["view"]
    assert "1 live case" in text_of(board)
    assert "*CV-7K4QMX* MARM, open" in text_of(board)
    shown = await desk.press("board.show", "all.mine.0", view=board)
    assert "Shown: those that you coordinate." in text_of(shown)
    shown = await desk.press("board.show", "all.today.0", view=board)
    assert "No case is like that at present." in text_of(shown)
    await send(Says.command("/panel", "board marm", user="U0CORA"))
    assert "MARM: 1 live case" in text_of(slack.asked("views.open")[-1]["view"])


async def test_a_long_file_is_opened_where_the_reader_wants(desk, bot, send, slack):
    case = a_known_case(bot, "CV-7K4QMX", MARM)
    await send(Says.command("/panel", "board", user="U0CORA"))
    opened = await desk.press("case.open", case, view=slack.asked("views.open")[-1]["view"])
    places = [
        option
        for block in opened["blocks"]
        if block.get("block_id") == "contents"
        for group in block["elements"][0]["option_groups"]
        for option in group["options"]
    ]
    named = {option["text"]["text"]: option["value"] for option in places}
    assert {"Actions", "Decisions", "Interim measures", "Information shared"} <= set(named)
    turned = await desk.press("case.part:to", named["Interim measures"], view=opened)
    assert "No interim measure has been agreed." in text_of(turned)
