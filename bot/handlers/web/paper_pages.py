"""Papers taken as files by a link of one's own: the page says what it is, a press gives it once (S2-16, IG-07, IG-29).

Whoever holds a paper's link must still be somebody who may have the paper: that is asked at the press, and recorded.
To open the page gives nothing and records nothing, for whatever looks ahead at links may do it.
"""

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.people import Person
from bot.handlers.body import body_within
from bot.links import PaperLink, Unusable
from bot.papers import file_of
from bot.usecases.bundle import bundle_made
from bot.usecases.papers import FORMS, Kind, take_paper

if TYPE_CHECKING:
    from bot.handlers.web.door import Door

FORM_BYTES = 1_000

WHAT = {
    "pack": "Chair’s pack",
    "minutes": "Minutes",
    "actions": "Action list of a meeting",
    "case_actions": "Action list of a case",
    "contacts": "List of contacts",
    "bundle": "Audit bundle of a case",
    "trend": "How it goes in a case",
}
AS = {
    "docx": "a Word document",
    "pdf": "a PDF",
    "csv": "a spreadsheet (CSV)",
    "zip": "a ZIP file",
    "png": "a picture (PNG)",
}


class PaperPages:
    """The page of a paper's link, and the file behind its button."""

    def __init__(self, door: "Door") -> None:
        self.door = door

    async def open(self, request: Request) -> Response:
        """What can be taken here, and by whom; changes nothing."""

        async def page() -> Response:
            link, by = await self._link(request)
            return self.door.pages.page(
                "paper",
                what=WHAT[link.kind],
                as_what=AS[link.form],
                by=by.name,
                until=link.until,
                here=request.url.path,
                drill=self.door.bot.practice.area.drill,
            )

        return await self.door.guarded(page)

    async def take(self, request: Request) -> Response:
        """The file, once. 403 from another site, 409 for whoever may not have it and where it was taken before."""

        async def file() -> Response:
            if await body_within(request, FORM_BYTES) is None:
                self.door.refused("too_large")
                return self.door.notice("edge/link_too_long", 413)
            if self.door.from_elsewhere(request):
                self.door.refused("elsewhere")
                return self.door.notice("edge/link_elsewhere", 403)
            link, by = await self._link(request)
            bot = self.door.bot
            kind: Kind = link.kind  # type: ignore[assignment]
            paper = await bot.run(
                take_paper,
                bot.practice,
                kind,
                link.id,
                link.form,
                by=by,
                now=bot.now(),
                once=f"paper:{link.mark}",
            )
            made = await asyncio.to_thread(file_of, bot.render, paper, link.form)
            if link.kind == "bundle":
                await bot.run(bundle_made, link.id, made.digest, by=by, now=bot.now())
            return self.door.pages.file(made.name, made.type, made.content)

        return await self.door.guarded(file)

    async def _link(self, request: Request) -> tuple[PaperLink, Person]:
        link = self.door.links.papered(request.path_params["token"], self.door.bot.now())
        if link.form not in FORMS.get(link.kind, ()):
            raise Unusable("unknown")
        return link, await self.door.whose(link.mark, link.person_id)
