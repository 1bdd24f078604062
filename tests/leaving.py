"""Everything that the courier can send of a full world, sent by its own errands; only the far side is played here.

A new surface or message is covered as soon as it is registered: it is tried with the id of everything there is,
and one that finds nothing to show fails the tests that ask.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default
from typing import Any

from full_world import MARKS, NOW, World
from sqlalchemy import event
from sqlmodel import select

from bot.courier.board_report import SendReport
from bot.courier.digest import SendDigest
from bot.courier.errand import Errand
from bot.courier.errands import Chat, Show, ShowHome, Tell
from bot.courier.invite import Invite
from bot.courier.posts import messages, surfaces
from bot.courier.slack import InSlack
from bot.courier.times_picture import SendPicture
from bot.domain.errors import NotFound
from bot.gateways.mail import Letters, SmtpMail
from bot.links import Links
from bot.picture import png, sheets, shown
from bot.plots import drawn as plots_drawn
from bot.render import Render
from bot.storage.ledger_tables import OutboxRow
from bot.storage.tables import SlotOptionRow
from bot.storage.transaction import Begin, Work
from bot.usecases.looks.home import home
from bot.usecases.nudge import nudge
from bot.views.reports import Plot
from bot.views.times_picture import TimesPicture

Json = dict[str, Any]

OPAQUE = re.compile(r"[\w.:/@~+-]{0,100}")
"""What a button may carry and a block be called: ids and codes, nothing with a space in it."""


@dataclass(frozen=True, kw_only=True)
class Left:
    """One thing that left: what sent it, about what, by which way (`message`, `home`, `mail`, `file`); all of it."""

    name: str
    id: str
    way: str
    payload: Json

    def __str__(self) -> str:
        return f"{self.name} of {self.id} by {self.way}"


class FarSide:
    """Slack, as far as errands go: takes everything and keeps it."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Json]] = []

    async def post(self, channel: str, payload: Json, delivery_id: str, *, thread: str | None = None) -> str:
        self.taken.append(("message", payload))
        return "1772618400.000100"

    async def upload(self, name: str, image: bytes, alternative: str) -> str:
        return "F0TIMES00"

    async def publish_home(self, user: str, view: Json) -> None:
        self.taken.append(("home", view))

    async def open_dm(self, user: str) -> str:
        return f"D0{user}"

    async def user_by_email(self, email: str) -> None:
        return None


class Post(SmtpMail):
    """A mail server that keeps what it is handed; the gate before it is the real one."""

    def __init__(self, far: FarSide) -> None:
        super().__init__("smtp://127.0.0.1:1")
        self.far = far

    def _hand_over(self, sender: str, recipient: str, raw: bytes) -> None:
        letter = message_from_bytes(raw, policy=default)
        parts = [str(part.get_content()) for part in letter.walk() if not part.is_multipart()]
        headers = {
            name: value for name, value in letter.items() if name != "Content-Type"
        }  # a random boundary
        self.far.taken.append(("mail", {**headers, "parts": parts}))


class Errands:
    """The courier's errands over one world."""

    def __init__(self, begin: Begin, world: World, render: Render) -> None:
        self.begin, self.world, self.far = begin, world, FarSide()
        self.broken: list[str] = []
        self._looking: Work | None = None
        mail = Post(self.far)
        letters = Letters(mail, "convenor@aldermere.example", lambda: NOW)
        slack = InSlack(self.far, world.practice.area.rooms, self.read, self.nobody)  # type: ignore[arg-type]
        links = Links("a key that nobody guesses", "https://convenor.aldermere.example")
        chat = Chat(self.read, world.practice, render, [slack], letters, lambda: NOW, links)  # type: ignore[arg-type]
        self.show, self.tell = Show(chat, surfaces()), Tell(chat, messages())
        self.home = ShowHome(chat, home)
        self.digest = SendDigest(chat, self.run)
        self.picture = SendPicture(chat, self.drawn)
        self.report = SendReport(chat, self.plotted)
        self.invite = Invite(self.read, world.practice, mail, "convenor@aldermere.example", lambda: NOW)

    def drawn(self, view: TimesPicture) -> list[bytes]:
        """The pages, drawn by Pillow; what is written on them leaves with them."""
        pages = sheets(view)
        self.far.taken.append(("file", {"written": [text for page in pages for text in shown(page.pieces)]}))
        return [png(page) for page in pages]

    def plotted(self, plots: Sequence[Plot]) -> list[bytes]:
        """The plots of a report; what is written on them leaves with them."""
        pages = [plots_drawn(plot) for plot in plots]
        self.far.taken.append(("file", {"written": [text for page in pages for text in shown(page.pieces)]}))
        return [png(page) for page in pages]

    @contextmanager
    def looking_only(self) -> Iterator[None]:
        """Nothing is written meanwhile, so what was read once need not be read for each look."""
        with self.begin() as self._looking:
            kept: list[object] = []
            event.listen(self._looking.session, "loaded_as_persistent", lambda _, row: kept.append(row))
            yield
        self._looking = None

    async def read(self, look: Any, /, *args: Any) -> Any:
        if self._looking is not None:
            return look(self._looking, *args)
        with self.begin() as work:
            return look(work, *args)

    async def run(self, usecase: Any, *args: Any) -> Any:
        return usecase(self.begin, *args)

    async def nobody(self, person_id: str, member: Any) -> None:
        raise AssertionError(f"{person_id} has a Slack account already")

    async def sends(self, errand: Errand, about: Mapping[str, Any], name: str, id: str) -> list[Left] | None:
        """What this errand sends; None for an id that is of another kind."""
        self.far.taken.clear()
        try:
            await errand.send(about, "d" * 20)
        except NotFound:
            return None
        except Exception as error:  # as the courier would: one that cannot be said must hold up no other
            self.broken.append(f"{name} of {id}: {type(error).__name__}: {error}")
            return []
        return [Left(name=name, id=id, way=way, payload=payload) for way, payload in self.far.taken]


@dataclass(frozen=True, kw_only=True)
class Everything:
    """All that left, by the name of the surface, message or errand; and what could not be said at all."""

    left: Mapping[str, list[Left]]
    broken: list[str]

    def __iter__(self) -> Iterator[Left]:
        return (each for some in self.left.values() for each in some)


async def everything(begin: Begin, world: World, render: Render) -> Everything:
    """All that the courier can send of this world."""
    nudge(begin, world.practice, NOW, limit=10_000)
    errands = Errands(begin, world, render)
    left: dict[str, list[Left]] = defaultdict(list)
    with errands.looking_only():
        await _posts(errands, world, left)
    with begin() as work:
        owed = list(work.session.exec(select(OutboxRow).where(OutboxRow.errand == "digest")))
        offered = {row.meeting_id for row in work.session.exec(select(SlotOptionRow))}
        asked = [work.meetings.invitation_row(id) for id in world.samples["invitation"]]
        asked += [each for id in world.samples["meeting"] for each in work.meetings.invitations(id)[:1]]
        invited = [(each.meeting_id, each.person_id) for each in asked]
    for row in owed:
        about = _about(row)
        left["digest"] += await errands.sends(errands.digest, about, "digest", about["person"]) or []
    for meeting in sorted(offered):
        about = {"meeting": meeting, "person": "rep0", "where": "person:rep0"}
        left["picture"] += await errands.sends(errands.picture, about, "picture", meeting) or []
    about = {"first": "2026-01-01", "last": "2026-03-31", "where": "room:board"}
    left["board_report"] += await errands.sends(errands.report, about, "board_report", "2026-01-01") or []
    for meeting, person in invited:
        for method in ("request", "cancel"):
            about = {"meeting": meeting, "person": person, "method": method}
            left["invite"] += (
                await errands.sends(errands.invite, about, "invite", f"{meeting} {person}") or []
            )
    return Everything(left=dict(left), broken=errands.broken)


async def _posts(errands: Errands, world: World, left: dict[str, list[Left]]) -> None:
    for name, errand, key in [
        *((name, errands.show, "surface") for name in surfaces()),
        *((name, errands.tell, "message") for name in messages()),
    ]:
        for table, ids in world.samples.items():
            for n, id in enumerate(ids[::2] if key == "message" and table == "action" else ids):
                about, found = {key: name, "id": id}, f"{table} {id}"
                posted = await errands.sends(errand, {**about, "where": "room:triage"}, name, found)
                if posted is None:
                    break
                left[name] += posted
                if n < 3:
                    left[name] += (
                        await errands.sends(errand, {**about, "where": "person:mail"}, name, found) or []
                    )
    for person in sorted(set(world.ids["person"]) - {"barred"}):
        left["home"] += await errands.sends(errands.home, {"person": person}, "home", person) or []


def _about(row: OutboxRow) -> Json:
    found: Json = json.loads(row.about)
    return found


def marks_in(text: str) -> list[str]:
    """Each sign of a canary in a text, with what stands around it."""
    plain = text.casefold()
    return [
        f"…{plain[max(0, plain.index(mark) - 60) : plain.index(mark) + 40]}…"
        for mark in MARKS
        if mark in plain
    ]


def carried(node: Any) -> Iterator[tuple[str, str]]:
    """Everything in a payload that is not shown and comes back with a press: its key and value."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("action_id", "block_id", "value", "callback_id", "external_id") and isinstance(
                value, str
            ):
                yield key, value
            yield from carried(value)
    elif isinstance(node, list):
        for each in node:
            yield from carried(each)
