"""The pages behind links of e-mails, and the picture of times found.

To open and to choose is a GET and reads only; a form that is sent answers.
The requests of strangers are counted, answered alike and slowly; of a link that does not work nobody is told what it
was about.
"""

import asyncio
import time
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from bot import plots
from bot.domain.errors import Invalid, Refused, TooLate
from bot.domain.people import Person
from bot.domain.period import Period
from bot.handlers.body import body_within
from bot.handlers.strangers import Strangers
from bot.handlers.verbs.ask import Bot
from bot.handlers.web.answers import CHOICES, Said, answered
from bot.handlers.web.pages import Pages
from bot.handlers.web.paper_pages import PaperPages
from bot.handlers.web.turns import Turns
from bot.links import Link, Links, Unusable
from bot.picture import png, sheets
from bot.usecases.looks.by_link import (
    action_asked,
    closure_asked,
    dispute_asked,
    entry_asked,
    invitation_asked,
    whose_link,
)
from bot.usecases.looks.involvement import involvement_asked
from bot.usecases.looks.polls import OVER, times_asked
from bot.usecases.looks.reports import board_note
from bot.usecases.looks.times import times_picture
from bot.usecases.once import HeardBefore
from bot.views.polls import TimesCard
from bot.views.reports import Plot
from bot.views.times_picture import TimesPicture

BODY_BYTES = 360_000
"""Room for the texts of the longest form, a dozen of them, though each of their characters took nine bytes."""

FIELDS = 24
"""Of the longest form: what an agency holds about four people, in five questions each, and the form's own."""

ASKED: Mapping[str, Callable[..., object]] = {
    "action": action_asked,
    "invitation": invitation_asked,
    "times": times_asked,
    "closure": closure_asked,
    "involvement": involvement_asked,
    "contact": entry_asked,
    "dispute": dispute_asked,
}
"""The look at what waits behind a link, by its kind."""

LONGEST = 3_000
"""Characters of an answer, as a dialog in chat takes them."""

ASIDE = ("same-origin", "none")
"""Where a browser says that a form came from: our own page, or nowhere (a page loaded again)."""

Refusal = Callable[[str], None]
"""Is told in one fixed word why a request was turned away, so that it can be counted."""


class TooMany(Exception):
    """One link was used too often in a short time."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A request by a link that works: `choice` is the answer its page is about, empty where none is chosen yet."""

    request: Request
    token: str
    link: Link
    by: Person
    choice: str = ""


class Door:
    """Everything that comes from a link."""

    def __init__(self, bot: Bot, links: Links, refused: Refusal = lambda reason: None) -> None:
        self.bot, self.links, self.refused = bot, links, refused
        self.pages = Pages(bot.render.templates)
        self._contact = bot.contact or "the coordinator"
        self._strangers, self._turns = Strangers(time.monotonic), Turns(time.monotonic)
        self.papers = PaperPages(self)

    def routes(self) -> list[BaseRoute]:
        """The style sheet, the times found, the page of a paper, the page of a link, and the page of each answer."""
        return [
            Route("/answer/page.css", self._style),
            Route(
                "/answer/times/{token}", self.times
            ),  # before the next but one, which would take it for an answer
            Route("/answer/times/{token}/{page:int}.png", self.times_drawn),
            Route("/answer/plots/{token}/{page:int}.png", self.plot_drawn),
            Route("/answer/papers/{token}", self.papers.open),
            Route("/answer/papers/{token}", self.papers.take, methods=["POST"]),
            Route("/answer/{token}", self.open),
            Route("/answer/{token}/{choice}", self.choose),
            Route("/answer/{token}/{choice}", self.send, methods=["POST"]),
        ]

    async def open(self, request: Request) -> Response:
        """What is asked, and how it can be answered; changes nothing."""
        return await self._kept(request, self._opened)

    async def choose(self, request: Request) -> Response:
        """The form of one answer, to be sent by a second press; changes nothing."""
        return await self._kept(request, self._chosen)

    async def send(self, request: Request) -> Response:
        """The answer itself. 403 from another site, 413 for more than a form holds, 422 with what needs mending."""
        return await self._kept(request, self._sent)

    async def _kept(self, request: Request, page: Callable[[Visit], Awaitable[Response]]) -> Response:
        """The page for whoever has a link of ours that may be used now; else the one that all others get."""
        token, choice = request.path_params["token"], request.path_params.get("choice", "")

        async def found() -> Response:
            link = self.links.read(token, self.bot.now())
            by = await self.whose(link.mark, link.person_id)
            if choice not in ("", *CHOICES[link.kind]):
                raise Unusable("unknown")
            return await page(Visit(request=request, token=token, link=link, by=by, choice=choice))

        return await self.guarded(found)

    async def times(self, request: Request) -> Response:
        """The times found for a meeting, drawn, with their words below; changes nothing."""

        async def drawn() -> Response:
            view = await self._times(request)
            pictures = await asyncio.to_thread(drawings, view)
            words = self.bot.render.words("times_picture", view=view)
            return self.pages.page(
                "times", words=words, pictures=pictures, drill=self.bot.practice.area.drill
            )

        return await self.guarded(drawn)

    async def times_drawn(self, request: Request) -> Response:
        """One page of that picture as an image file, for a card that shows it; changes nothing."""

        async def drawn() -> Response:
            pages = sheets(await self._times(request))
            page = request.path_params["page"]
            if not 1 <= page <= len(pages):
                raise Unusable("unknown")
            return self.pages.picture(await asyncio.to_thread(png, pages[page - 1]))

        return await self.guarded(drawn)

    async def plot_drawn(self, request: Request) -> Response:
        """One plot of the board's report as an image file, for the card in the board's channel (S4-20)."""

        async def drawn() -> Response:
            link = self.links.plotted(request.path_params["token"], self.bot.now())
            if not self._turns.take(link.mark):
                raise TooMany
            period = Period(first=link.first, last=link.last)
            note = await self.bot.read(board_note, self.bot.practice, period, link.at)
            page = request.path_params["page"]
            if not 1 <= page <= len(note.plots):
                raise Unusable("unknown")
            return self.pages.picture(await asyncio.to_thread(as_png, note.plots[page - 1]))

        return await self.guarded(drawn)

    async def _times(self, request: Request) -> TimesPicture:
        """The picture behind a link. Unusable for a link that is not ours or too old, and when nothing is offered."""
        link = self.links.pictured(request.path_params["token"], self.bot.now())
        by = await self.whose(link.mark, link.person_id)
        view = await self.bot.read(times_picture, self.bot.practice, link.meeting_id, by, self.bot.now())
        if view is None:
            raise Unusable("over")
        return view

    async def whose(self, mark: str, person_id: str) -> Person:
        """The person of a link. Unusable for one who is not there any more, TooMany for a link used too often."""
        if not self._turns.take(mark):
            raise TooMany
        by = await self.bot.read(whose_link, person_id)
        if by is None:
            raise Unusable("nobody")
        return by

    async def guarded(self, page: Callable[[], Awaitable[Response]]) -> Response:
        """The page; or what everybody gets whose link does not work, works too often, or meets a refusal."""
        try:
            return await page()
        except TooMany:
            self.refused("too_many")
            return self.notice("edge/link_slow", 429)
        except Unusable as no:
            self.refused(no.why)
            await self._strangers.turn()
            return self.notice("edge/link_unusable", 404, contact=self._contact)
        except Refused as no:
            return self.notice("edge/refused", 409, message=str(no))
        except TimeoutError:
            return self.notice("edge/busy", 503)

    async def _opened(self, visit: Visit) -> Response:
        if visit.link.kind == "times":  # its times are answered one by one, so the form is there at once
            return await self._form(replace(visit, choice="say"))
        return self.pages.page(visit.link.kind, **self._about(visit, await self._asked(visit)))

    async def _chosen(self, visit: Visit) -> Response:
        return await self._form(visit)

    async def _sent(self, visit: Visit) -> Response:
        body = await body_within(visit.request, BODY_BYTES)
        if body is None:
            self.refused("too_large")
            return self.notice("edge/link_too_long", 413)
        if self.from_elsewhere(visit.request):
            self.refused("elsewhere")
            return self.notice("edge/link_elsewhere", 403)
        said = _said(body)
        try:
            source = self.links.key_of(said.get("form", ""), visit.link, visit.choice, self.bot.now())
        except Unusable as no:
            self.refused(no.why)
            problem = "This page had been open for too long, so nothing was saved. Please send it once more."
            return await self._form(visit, said, {"form": problem})
        if long := [field for field, text in said.items() if len(text) > LONGEST]:
            return await self._form(visit, said, dict.fromkeys(long, f"Write at most {LONGEST} characters."))
        try:
            words = await answered(self.bot, visit.link, visit.choice, said, by=visit.by, source=source)
        except Invalid as invalid:
            return await self._form(visit, said, invalid.problems)
        except HeardBefore:
            return self.notice("edge/link_heard", 200)
        return self.pages.page("notice", words=words, drill=self.bot.practice.area.drill)

    async def _form(
        self, visit: Visit, said: Said | None = None, problems: Mapping[str, str] | None = None
    ) -> Response:
        """The form of one answer, with what was typed and, beside each field, what needs mending."""
        about = self._about(visit, await self._asked(visit))
        form = self.links.form(visit.link, visit.choice, self.bot.now())
        return self.pages.page(
            f"{visit.link.kind}_answer",
            422 if problems else 200,
            **about,
            choice=visit.choice,
            form=form,
            said=said or {},
            problems=problems or {},
        )

    async def _asked(self, visit: Visit) -> object:
        """What waits for this person behind the link. Unusable when nothing does; TooLate for times past answering."""
        view = await self.bot.read(
            ASKED[visit.link.kind], self.bot.practice, visit.link.id, visit.by, self.bot.now()
        )
        if view is None:
            raise Unusable("over")
        if isinstance(view, TimesCard) and view.ended:
            raise TooLate(OVER[view.ended])
        return view

    def _about(self, visit: Visit, view: object) -> dict[str, object]:
        return {
            "view": view,
            "here": f"/answer/{visit.token}",
            "until": visit.link.until,
            "contact": self._contact,
            "drill": self.bot.practice.area.drill,
        }

    def from_elsewhere(self, request: Request) -> bool:
        """Whether another site sent the form. Our own pages send no referrer, and so `null` for their origin."""
        origin = request.headers.get("origin", "null")
        ours = origin in ("null", self.links.address)
        return not ours or request.headers.get("sec-fetch-site", "none") not in ASIDE

    def notice(self, words: str, status: int, **view: object) -> Response:
        """A page that only says something."""
        said = self.bot.render.words(words, **view)
        return self.pages.page("notice", status, words=said, drill=self.bot.practice.area.drill)

    async def _style(self, request: Request) -> Response:
        return self.pages.style()


def drawings(view: TimesPicture) -> list[str]:
    """The pages of a picture as addresses that hold the whole image, so that the page loads nothing else."""
    return [f"data:image/png;base64,{b64encode(png(sheet)).decode()}" for sheet in sheets(view)]


def as_png(plot: Plot) -> bytes:
    """A plot as an image file."""
    return png(plots.drawn(plot))


def _said(body: bytes) -> dict[str, str]:
    """The form's fields; nothing where the body is no form of a browser's."""
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")
    except ValueError:
        return {}
    return {name: text.replace("\r\n", "\n").replace("\x00", "") for name, text in pairs}
