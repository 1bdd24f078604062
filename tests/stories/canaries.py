"""What was told in confidence, looked for in everything that leaves the store (IG-01, IG-03, IG-04; design rule 4).

A name or an address is looked for word by word, a narrative by every four words in a row, and by their whole
words what is short: a date of birth, a telephone number, what kind of concern it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict

import pytest
from sqlmodel import select
from told import Told
from town import Town

from bot.storage.ledger_tables import AuditEvent, InboxEntry, OutboxRow
from bot.storage.tables import NudgeRow, PlacedRow

WHO_AND_WHERE = ("name", "address", "harmer_name", "harmer_address")
WHOLE = ("phone", "born", "harmer_born", "concerns", "flags")
NO_SECRET = {"invented", "aldermere"}
"""Words of the drill's names and addresses that stand everywhere else as well."""

RUN = 4  # words
WORD = re.compile(r"[^\W_]+")


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """All that was logged, with what was given to stand beside it and what was to be filled in."""
    return "\n".join([caplog.text, *(str(vars(record)) for record in caplog.records)])


async def found_outside(town: Town, *told: Told | str, log: str = "") -> list[str]:
    """Where a word in confidence has got out: places and words, none when all is well.

    Looked at are chat, mail with its invitations, the calendars that the meetings are kept in, the ledgers, and `log`.
    """
    secrets = {secret for each in told for secret in _secrets(each)}
    outside = [*_said(town), *_mailed(town), *_kept(town), *await _written(town), ("the log", log)]
    return sorted(
        f"{secret.strip()!r} in {place}"
        for place, text in ((place, _plain(text)) for place, text in outside)
        for secret in secrets
        if secret in text
    )


def _secrets(told: Told | str) -> Iterator[str]:
    if isinstance(told, str):
        yield from _runs(told)
        return
    for field, answer in told.items():
        if field in WHO_AND_WHERE:
            for word in _plain(str(answer)).split():
                if len(word) > 3 and word not in NO_SECRET:
                    yield f" {word} "
        elif field in WHOLE:
            yield from (_plain(each) for each in ([answer] if isinstance(answer, str) else answer))
        elif isinstance(answer, str):
            yield from _runs(answer)


def _runs(text: str) -> Iterator[str]:
    words = _plain(text).split()
    for start in range(len(words) - RUN + 1):
        yield f" {' '.join(words[start : start + RUN])} "


def _plain(text: str) -> str:
    """Words alone, one space between and around them."""
    return f" {' '.join(WORD.findall(text.casefold()))} "


def _said(town: Town) -> Iterable[tuple[str, str]]:
    """Channels, direct messages and App Homes, with every id and value that travels in them."""
    world = town.here.world
    for channel, messages in world.talk.said.items():
        for message in messages.values():
            yield f"a message in {world.talk.by_id[channel].name or channel}", str(asdict(message))
    for user, home in world.stage.homes.items():
        yield f"the Home of {user}", str(home)
    for call in town.here.teams.calls if town.here.teams else ():
        yield f"what Teams was sent at {call.path}", str(call.body)


def _mailed(town: Town) -> Iterable[tuple[str, str]]:
    """Letters, and the calendars that the invitations in them make."""
    for letter in town.here.world.letters.all:
        yield f"mail to {letter.to}", str(asdict(letter))


def _kept(town: Town) -> Iterable[tuple[str, str]]:
    """Entries in the calendars of Microsoft and Google, and every call that has made, moved or ended one."""
    for world in (town.here.calendars.graph, town.here.calendars.google):
        if world is not None:
            for event in world.events.values():
                yield f"the calendar entry {event.id}", str(event.said)
            for call in world.calls:
                yield f"what a calendar was sent at {call.path}", str(call.body)


async def _written(town: Town) -> list[tuple[str, str]]:
    """What is kept beside the case itself: the ledger, the audit, the nudges."""
    kept = (OutboxRow, InboxEntry, AuditEvent, NudgeRow, PlacedRow)
    return [
        (f"a row of {row.__tablename__}", str(row.model_dump()))
        for table in kept
        for row in await town.looks_up(lambda work, table=table: work.session.exec(select(table)).all())
    ]
