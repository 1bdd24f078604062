"""When something breaks in the middle of what a person wrote, no log, no row and no answer repeats it (IG-32)."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from log_lines import SECRET, Lines, listening
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import select

from bot.courier.errand import About, Errand
from bot.courier.loop import Courier
from bot.courier.pacing import Backoff, Pacing
from bot.domain.people import Person
from bot.handlers.slack.dispatch import Dispatch
from bot.handlers.verbs.ask import Ask
from bot.handlers.verbs.registry import Verbs
from bot.render import Render
from bot.running import Running
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import DraftRow
from bot.storage.transaction import Begin

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def lines() -> Iterator[Lines]:
    """The logs of `convenor run`; they refuse to be read with a canary in them."""
    with listening() as heard:
        yield heard


class Bot:
    """As much of the program as a press needs before it breaks."""

    contact = "the Aldermere safeguarding hub"
    practice = None

    def __init__(self) -> None:
        self.render = Render()

    async def person(self, who: object) -> Person:
        return Person(id="p", area="aldermere", agency_id="a", name="Somebody", email="s@aldermere.example")


class Slack:
    """Takes every note, as Slack does."""

    session = None

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def api_call(self, method: str, *, json: Any) -> Any:
        self.told.append(json)
        return {"ok": True}

    async def chat_postMessage(self, **what: Any) -> Any:
        return await self.api_call("chat.postMessage", json=what)


async def test_a_handler_that_breaks_tells_neither_the_log_nor_the_person(lines: Lines):
    verbs = Verbs()

    @verbs.press("broken")
    async def broken(ask: Ask) -> None:
        story = ask.body["actions"][0]["value"]
        raise KeyError(f"no such thing as {story}")

    slack = Slack()
    dispatch = Dispatch(Bot(), verbs)  # type: ignore[arg-type]
    body = {
        "type": "block_actions",
        "user": {"id": "U0P", "team_id": "T0ALDERMERE"},
        "team": {"id": "T0ALDERMERE"},
        "trigger_id": "1.2.abc",
        "actions": [
            {"type": "button", "action_id": "broken", "block_id": "b", "value": SECRET, "action_ts": "1"}
        ],
    }
    request = AsyncBoltRequest(body=body, mode="socket_mode")
    request.context["client"] = slack
    with pytest.raises(KeyError) as error:
        await dispatch.async_process(req=request, resp=None, next=None)  # type: ignore[arg-type]
    answer = await dispatch.translate(error.value, request)
    await dispatch.courtesies.drain()
    (line,) = lines()
    assert (line["error"], line["level"], line["verb"]) == ("KeyError", "error", "broken")
    assert str(line["reference"]) in str(slack.told), (
        "the person is given the reference by which it can be found"
    )
    assert SECRET not in f"{slack.told} {answer.body}"


class Breaks(Errand):
    """An errand that trips over what it was to send."""

    async def send(self, about: About, delivery_id: str) -> str | None:
        raise RuntimeError(f"cannot render: {SECRET}")


async def test_a_delivery_that_breaks_leaves_its_kind_and_nothing_of_its_words(sqlite_database, lines: Lines):
    running = Running.on(sqlite_database.url)

    def owe(begin: Begin) -> None:
        with begin() as work:
            work.outbox.put("k", "breaks", {"id": "i1"}, at=NOW)

    await running.run(owe)
    pacing, backoff = Pacing(rests={}), Backoff(most=1)
    courier = Courier(running.run, {"breaks": Breaks()}, now=lambda: NOW, pacing=pacing, backoff=backoff)
    await courier.carry()
    await courier.stop()

    def row(begin: Begin) -> dict[str, Any]:
        with begin() as work:
            return work.session.exec(select(OutboxRow)).one().model_dump()

    found = await running.run(row)
    await asyncio.to_thread(running.close)
    assert found["state"] == "dead"
    assert SECRET not in str(found)
    assert "RuntimeError" in found["last_error"]
    assert any(line.get("delivery") == found["id"] for line in lines())


def draft(**but: Any) -> DraftRow:
    whole = {"id": "d", "area": "here", "person_id": "nobody", "pathway": "p", "form": "f", "created_at": NOW}
    return DraftRow(**{**whole, "updated_at": NOW, "answers": {"concern": SECRET}, **but})


def test_a_statement_that_fails_does_not_quote_what_was_to_be_written(sqlite_database):
    """SQLAlchemy would put every value of the row into the text of the error."""
    from bot.storage.transaction import transactions

    engine = sqlite_database.connect()
    for wrong in ({"person_id": "nobody"}, {"page": object()}):
        with pytest.raises((IntegrityError, StatementError)) as error, transactions(engine)() as work:
            work.session.add(draft(**wrong))
        assert SECRET not in str(error.value)
    engine.dispose()


async def test_a_use_case_that_breaks_on_its_thread_is_told_by_its_kind(database, lines: Lines):
    """On PostgreSQL the driver's own words hold the failing row; they go no further than the exception."""
    running = Running.on(database.url)

    def breaks(begin: Begin) -> None:
        with begin() as work:
            work.session.add(draft())

    task = asyncio.create_task(running.run(breaks))
    with pytest.raises(IntegrityError):
        await task
    asyncio.get_running_loop().call_exception_handler({"message": "lost", "exception": task.exception()})
    await asyncio.to_thread(running.close)
    assert [line["error"] for line in lines()] == ["IntegrityError"]
