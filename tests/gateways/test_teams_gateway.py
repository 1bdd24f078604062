"""The Teams gateway over real HTTP against the stand-in's connector, which also throttles, fails and falls silent."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import teams_town
from teams_town import APP_ID, HERE, Town

from bot.domain.errors import TryLater, Undeliverable
from bot.gateways.teams import Teams
from bot.gateways.teams_reference import Reference, is_service
from bot.local.teams.aldermere import (
    COUNCIL,
    ELSEWHERE,
    HEARTH,
    HEARTH_CHAT,
    MORAG,
    OWEN,
    PANEL,
    PRIYA,
    RUTH,
    TOM,
)

SECRET = "Qanary Bell of 14 Hidden Row"
CARD = {"type": "AdaptiveCard", "version": "1.5", "body": [{"type": "TextBlock", "text": "CV-7K4QMX"}]}
LISTED = {**CARD, "body": [{"type": "TextBlock", "text": "CV-7K4QMX: 2 open", "wrap": True}],
          "refresh": {"action": {"type": "Action.Execute", "verb": "refresh"}, "userIds": [TOM.mri]}}  # fmt: skip


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    async with teams_town.town() as made:
        yield made


@pytest.fixture
def teams(town: Town) -> Teams:
    return Teams(town.app.api, hosts=HERE, patience=5)


@pytest.fixture
def panel(town: Town) -> Reference:
    return reference(town, PANEL.id)


def reference(town: Town, conversation: str, tenant: str = COUNCIL) -> Reference:
    return Reference(
        service_url=town.world.service_url, conversation=conversation, tenant=tenant, bot=f"28:{APP_ID}"
    )


async def test_a_text_stands_in_the_room_as_it_was_sent(town: Town, teams: Teams, panel: Reference):
    sent = await teams.post(panel, "CV-7K4QMX *has* moved <b>")
    [said] = town.world.talk.in_room(PANEL.id)
    assert (said.id, said.text, said.card) == (sent, "CV-7K4QMX *has* moved <b>", None)
    assert said.whole["textFormat"] == "plain", "a person's stars and brackets are no markup"


async def test_a_card_stands_in_the_room_to_the_letter_and_says_what_a_notification_says(
    town: Town, teams: Teams, panel: Reference
):
    sent = await teams.post(panel, LISTED, summary="CV-7K4QMX: two actions are open")
    said = town.world.talk.find(PANEL.id, sent)
    assert said.card == LISTED
    assert said.whole["summary"] == "CV-7K4QMX: two actions are open"


async def test_an_update_takes_the_place_of_the_message(town: Town, teams: Teams, panel: Reference):
    sent = await teams.post(panel, CARD)
    for _ in range(2):
        await teams.update(panel, sent, LISTED)
    [said] = town.world.talk.in_room(PANEL.id)
    assert (said.id, said.card, said.edits) == (sent, LISTED, 2)


async def test_one_card_for_three_rooms_is_sent_as_it_is_to_each(town: Town, teams: Teams, panel: Reference):
    """The SDK writes sender and conversation into what it is given."""
    chat = await teams.open_chat(panel, TOM.mri)
    before = str(LISTED)
    for to in (panel, reference(town, HEARTH_CHAT.id, HEARTH), chat):
        await teams.post(to, LISTED)
    assert str(LISTED) == before
    sent = [call.body for call in town.world.calls if call.path.endswith("/activities")]
    assert len(sent) == 3
    assert all(body == sent[0] for body in sent)
    assert "conversation" not in sent[0]


async def test_an_answer_in_a_channel_goes_to_the_thread_also_where_the_reference_names_another(
    town: Town, teams: Teams, panel: Reference
):
    root = await teams.post(panel, CARD)
    replies = [
        await teams.post(panel, "first", thread=root),
        await teams.post(replace(panel, conversation=f"{PANEL.id};messageid=1"), "second", thread=root),
        await teams.post(replace(panel, conversation=f"{PANEL.id};messageid={root}"), "third"),
    ]
    assert [town.world.talk.find(PANEL.id, reply).thread for reply in replies] == [root] * 3


async def test_a_chat_is_opened_once_and_then_the_same(town: Town, teams: Teams, panel: Reference):
    first = await teams.open_chat(panel, RUTH.mri)
    assert (first.tenant, first.service_url, first.bot) == (COUNCIL, panel.service_url, panel.bot)
    assert await teams.open_chat(panel, RUTH.mri) == first
    await teams.post(first, CARD)
    assert [each.card for each in town.world.talk.in_room(first.conversation)] == [CARD]
    assert await teams.open_chat(reference(town, HEARTH_CHAT.id, HEARTH), PRIYA.mri) == reference(
        town, HEARTH_CHAT.id, HEARTH
    )


async def test_no_chat_is_opened_with_somebody_of_another_tenant(town: Town, teams: Teams, panel: Reference):
    with pytest.raises(Undeliverable, match="BotNotInConversationRoster"):
        await teams.open_chat(panel, OWEN.mri)


async def test_a_roster_is_read_to_its_last_page(town: Town, teams: Teams, panel: Reference):
    town.world.members_a_page = 2
    found = await teams.members(panel)
    assert [(each.mri, each.person, each.email) for each in found] == [
        (each.mri, each.object_id, each.email) for each in (TOM, RUTH, MORAG)
    ]
    assert [each.is_guest for each in found] == [False, False, True]
    assert {each.tenant for each in found} == {COUNCIL}
    assert len(town.world.calls) == 2, "two on a page"


async def test_a_roster_that_breaks_off_is_no_roster(town: Town, teams: Teams, panel: Reference):
    """Not knowing is not a yes: half a roster would let a post through that the other half may not see."""
    town.world.fail(502, times=1, after=True)
    with pytest.raises(TryLater):
        await teams.members(panel)


async def test_a_roster_without_an_end_is_given_up(
    town: Town, teams: Teams, panel: Reference, monkeypatch: pytest.MonkeyPatch
):
    town.world.members_a_page = 2
    monkeypatch.setattr("bot.gateways.teams.PAGES", 1)
    with pytest.raises(Undeliverable, match="roster_without_end"):
        await teams.members(panel)


CALLS: list[Any] = [
    pytest.param(lambda teams, to: teams.post(to, CARD), id="post"),
    pytest.param(lambda teams, to: teams.update(to, "1", CARD), id="update"),
    pytest.param(lambda teams, to: teams.open_chat(to, TOM.mri), id="open_chat"),
    pytest.param(lambda teams, to: teams.members(to), id="members"),
]


@pytest.mark.parametrize("call", CALLS)
async def test_a_wait_that_teams_asks_for_is_handed_on(town: Town, teams: Teams, panel: Reference, call: Any):
    town.world.fail(429, retry_after=17)
    with pytest.raises(TryLater) as wait:
        await call(teams, panel)
    assert (wait.value.seconds, wait.value.reason) == (17, "TooManyRequests")
    assert len(town.world.calls) == 1, "nothing is tried again here"


@pytest.mark.parametrize("call", CALLS)
async def test_an_outage_is_for_later(town: Town, teams: Teams, panel: Reference, call: Any):
    for status in (412, 500, 502, 503, 504):
        town.world.fail(status)
        with pytest.raises(TryLater) as wait:
            await call(teams, panel)
        assert 0 < wait.value.seconds <= 60
    assert [each.status for each in town.world.calls] == [412, 500, 502, 503, 504]


async def test_a_wait_is_believed_with_an_outage_too_and_a_minute_where_429_says_nothing(
    town: Town, teams: Teams, panel: Reference
):
    for status, asked, seconds in ((503, 40, 40), (504, None, 5), (429, None, 60)):
        town.world.fail(status, retry_after=asked)
        with pytest.raises(TryLater) as wait:
            await teams.post(panel, CARD)
        assert wait.value.seconds == seconds


@pytest.mark.parametrize("call", CALLS)
async def test_a_server_that_falls_silent_is_given_up(town: Town, panel: Reference, call: Any):
    town.world.fall_silent()
    with pytest.raises(TryLater, match="no answer from Teams: TimeoutError"):
        async with asyncio.timeout(2):
            await call(Teams(town.app.api, hosts=HERE, patience=0.05), panel)


@pytest.mark.parametrize("call", CALLS)
async def test_a_server_that_is_not_there_is_for_later(teams: Teams, panel: Reference, call: Any):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        away = replace(panel, service_url=f"http://127.0.0.1:{nobody.getsockname()[1]}/teams")
        with pytest.raises(TryLater, match="no answer from Teams: ConnectError"):
            await call(teams, away)


REFUSALS: list[Any] = [
    (
        lambda teams, to: teams.post(replace(to, conversation="19:gone@thread.tacv2"), CARD),
        "ConversationNotFound",
    ),
    (lambda teams, to: teams.update(to, "404", CARD), "ActivityNotFoundInConversation"),
    (
        lambda teams, to: teams.members(replace(to, conversation="19:gone@thread.tacv2")),
        "ConversationNotFound",
    ),
    (lambda teams, to: teams.open_chat(replace(to, tenant=ELSEWHERE), TOM.mri), "BotNotInConversationRoster"),
    (lambda teams, to: teams.post(to, "x" * 80_000), "MessageSizeTooBig"),
    (lambda teams, to: teams.post(to, {**CARD, "version": "1.6", "speak": SECRET}), "BadArgument"),
]


async def test_a_no_is_for_good_and_has_teams_own_word(town: Town, teams: Teams, panel: Reference):
    for call, reason in REFUSALS:
        with pytest.raises(Undeliverable) as no:
            await call(teams, panel)
        assert no.value.reason == reason


async def test_a_no_without_a_word_is_told_by_its_number(town: Town, teams: Teams, panel: Reference):
    away = replace(panel, service_url=f"{town.world.address}/nowhere")
    with pytest.raises(Undeliverable, match=r"^HTTP 404$"):
        await teams.post(away, CARD)


@pytest.mark.parametrize("token", ["not a token", ""])
async def test_a_token_that_cannot_be_had_is_for_later(
    town: Town, teams: Teams, panel: Reference, token: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(town.app.credentials, "token", lambda scope, tenant: token)
    with pytest.raises(TryLater):
        await teams.post(panel, CARD)
    assert town.world.calls == []


async def test_an_old_token_is_for_later(
    town: Town, teams: Teams, panel: Reference, monkeypatch: pytest.MonkeyPatch
):
    old = town.world.issuer.mint("", aud="https://api.botframework.com", exp=1)
    monkeypatch.setattr(town.app.credentials, "token", lambda scope, tenant: old)
    with pytest.raises(TryLater) as wait:
        await teams.post(panel, CARD)
    assert (wait.value.seconds, wait.value.reason) == (60, "Unauthorized")


@pytest.mark.parametrize("call", CALLS)
async def test_nothing_and_no_token_leaves_for_a_host_that_is_not_on_the_list(
    town: Town, panel: Reference, call: Any
):
    asked: list[Any] = []
    town.app.credentials.token = lambda *given: asked.append(given)
    for url in (
        "https://smba.trafficmanager.net.example/uk",
        "http://smba.trafficmanager.net/uk",
        town.world.service_url,
        "",
        "x",
    ):
        with pytest.raises(Undeliverable, match="service_host_not_on_the_list"):
            await call(Teams(town.app.api), replace(panel, service_url=url))
    assert (asked, town.world.calls) == ([], [])


async def test_an_id_cannot_lead_elsewhere(town: Town, teams: Teams, panel: Reference):
    sent = await teams.post(panel, CARD)
    for odd in (f"../{PANEL.id}", f"{PANEL.id}/activities/{sent}?x=", f"{PANEL.id}#"):
        with pytest.raises(Undeliverable):
            await teams.post(replace(panel, conversation=odd), "astray")
    with pytest.raises(Undeliverable):
        await teams.update(panel, f"x/../{sent}", "astray")
    assert [each.card for each in town.world.talk.in_room(PANEL.id)] == [CARD]


async def test_no_error_holds_what_was_sent(town: Town, teams: Teams, panel: Reference):
    card = {**CARD, "body": [{"type": "TextBlock", "text": SECRET}, {"type": SECRET}]}
    for trouble in (None, 429, 502):
        if trouble:
            town.world.fail(trouble)
        with pytest.raises((TryLater, Undeliverable)) as error:
            await teams.post(panel, card)
        assert "Qanary" not in str(error.value) + error.value.reason
        assert error.value.__cause__ is None
        assert error.value.__suppress_context__, "a trace would show the request"


@pytest.mark.parametrize(
    ("url", "fit"),
    [
        ("https://smba.trafficmanager.net/uk/", True),
        ("https://SMBA.trafficmanager.net/uk/", True),
        ("https://smba.trafficmanager.net:443/uk/", True),
        ("https://smba.trafficmanager.net/uk/?x=1", False),
        ("https://smba.trafficmanager.net/uk/#x", False),
        ("https://x@smba.trafficmanager.net/uk/", False),
        ("https://smba.trafficmanager.net:x/uk/", False),
        ("https://[smba.trafficmanager.net/uk/", False),
        ("ftp://smba.trafficmanager.net/uk/", False),
        ("https://127.0.0.1/teams", False),
    ],
)
def test_where_a_token_may_go(url: str, fit: bool):
    assert is_service(url) is fit


async def test_somebody_is_gone_only_where_teams_says_just_that(town: Town, teams: Teams):
    """IG-24: an account that was deactivated; an outage or another refusal says nothing about anybody."""
    chat = reference(town, town.world.talk.open_chat(TOM.mri, COUNCIL).id)
    assert await teams.is_here(chat, TOM.mri)
    town.world.talk.deactivated.add(TOM.mri)
    assert not await teams.is_here(chat, TOM.mri)
    town.world.fail(503)
    with pytest.raises(TryLater):
        await teams.is_here(chat, TOM.mri)
    with pytest.raises(Undeliverable):
        await teams.is_here(replace(chat, conversation="a:nowhere"), TOM.mri)
