"""The pages as HTML: templates of `web/`, which escape whatever is printed into them, sent with strict headers."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.render import FILTERS

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Pages:
    """Draws a page. What is never passed in can never be printed: a template's missing value is an error."""

    def __init__(self, templates: Path) -> None:
        self._folder = templates / "web"
        self._made = Environment(
            loader=FileSystemLoader(self._folder),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._made.filters.update(FILTERS)

    def page(self, name: str, status: int = 200, /, **view: object) -> Response:
        """`web/<name>.html.j2` with this status."""
        html = self._made.get_template(f"{name}.html.j2").render(**view)
        return HTMLResponse(html, status, headers=dict(HEADERS))

    def picture(self, png: bytes) -> Response:
        """An image that a chat shows in a card: nobody but its reader may keep it, and only for as long as a look."""
        elsewhere = {"cross-origin-resource-policy": "cross-origin", "cache-control": "private, max-age=300"}
        return Response(png, media_type="image/png", headers={**HEADERS, **elsewhere})

    def file(self, name: str, type: str, content: bytes) -> Response:
        """A file to be kept, never shown in the page; its name holds a reference and a date at most."""
        kept = {"content-disposition": f'attachment; filename="{name}"'}
        return Response(content, media_type=type, headers={**HEADERS, **kept})

    def style(self) -> Response:
        """The one style sheet of all pages."""
        css = (self._folder / "page.css").read_text(encoding="utf-8")
        return Response(
            css, media_type="text/css", headers={**HEADERS, "cache-control": "public, max-age=3600"}
        )
