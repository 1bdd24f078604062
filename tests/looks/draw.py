"""Draws everything that somebody is ever shown, to be looked at: `make looks`, into var/looks.

Dialogs, messages and cards are drawn by the local workspace's own page, pages behind links by the browser, papers from
their PDF. Each is a numbered PNG; the sheets show many at once, in columns that are read from the left.
"""

import json
import shutil
import subprocess
import sys
from base64 import b64decode
from collections import Counter, defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chromium import FLAGS
from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Page, Route, sync_playwright

Json = dict[str, Any]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "bot" / "local" / "page"
ALBUM = ROOT / "var" / "looks"
AT = "http://looks.example/"

WIDE, HIGH, COLUMNS = 560, 1500, 3
"""Pixels of a column, its height, and how many stand beside each other on a sheet."""


class Sheets:
    """Columns of pictures, one sheet after another, for one kind of surface."""

    def __init__(self, kind: str) -> None:
        self.kind, self.number = kind, 0
        self.font = ImageFont.load_default(size=15)
        self._new()

    def _new(self) -> None:
        self.sheet = Image.new("RGB", (WIDE * COLUMNS, HIGH), "#d8d8d8")
        self.column, self.y = 0, 0

    def add(self, picture: Image.Image, name: str) -> None:
        """Put it below the one before; what does not fit goes on at the top of the next column."""
        if picture.width > WIDE:
            picture = picture.resize((WIDE, round(picture.height * WIDE / picture.width)))
        if self.y and self.y + picture.height + 22 > HIGH and HIGH - self.y < 400:
            self._turn()
        top = 0
        while top < picture.height:
            if HIGH - self.y < 60:
                self._turn()
            ImageDraw.Draw(self.sheet).text(
                (self.column * WIDE + 4, self.y + 2), name if not top else f"({name})", "#a00000", self.font
            )
            room = HIGH - self.y - 22
            part = picture.crop((0, top, picture.width, min(top + room, picture.height)))
            self.sheet.paste(part, (self.column * WIDE, self.y + 22))
            self.y += part.height + 26
            top += part.height

    def _turn(self) -> None:
        self.column, self.y = self.column + 1, 0
        if self.column == COLUMNS:
            self.close()
            self._new()

    def close(self) -> None:
        """Keep the sheet as it stands."""
        self.number += 1
        self.sheet.save(ALBUM / f"sheet-{self.kind}-{self.number:02}.png")


def serve(route: Route) -> None:
    """The workspace page's own files, and nothing from anywhere else."""
    name = route.request.url.removeprefix(AT)
    if name == "":
        route.fulfill(path=HERE / "stage.html")
    elif name == "looks.js":
        route.fulfill(path=HERE / "looks.js")
    elif (PAGE / name).is_file() and "/" not in name:
        route.fulfill(path=PAGE / name)
    else:
        route.fulfill(status=404, body="")


def pictures(page: Page, each: Json) -> Iterator[tuple[str, bytes]]:
    """It as one picture, or a page behind a link as two: wide, and on a telephone."""
    how, what = each["how"], each["what"]
    if how == "picture":
        yield how, b64decode(what)
        return
    if how == "paper":
        yield from ((how, each) for each in sides(b64decode(what)))
        return
    if how == "page":
        html = what["html"].replace("</head>", f"<style>{what['css']}</style></head>")
        for wide in (1280, 375):
            page.set_viewport_size({"width": wide, "height": 500})
            page.set_content(html)
            yield f"page{wide}", page.screenshot(full_page=True)
        return
    if how == "mail":
        heads = [f"{name}: {what[name]}" for name in ("From", "To", "Subject") if name in what]
        how, what = "text", "\n".join([*heads, "", *what["parts"]])
    elif how == "words":
        how = "text"
    page.evaluate("([how, what]) => window.draw(how, what)", [how, what])
    yield each["how"], page.locator("#stage").screenshot()


def sides(paper: bytes) -> Iterator[bytes]:
    """Each page of a PDF, drawn by poppler."""
    with TemporaryDirectory() as place:
        (Path(place) / "paper.pdf").write_bytes(paper)
        subprocess.run(["pdftoppm", "-png", "-r", "80", "paper.pdf", "page"], check=True, cwd=place)
        for page in sorted(Path(place).glob("page-*.png")):
            yield page.read_bytes()


def main(only: str = "") -> None:
    """Draw what was gathered; `only` one kind of it, by how its name begins."""
    with (ALBUM / "surfaces.jsonl").open(encoding="utf-8") as lines:
        surfaces = [json.loads(line) for line in lines]
    for old in ALBUM.glob("*.png" if not only else f"*{only}*.png"):
        old.unlink()
    sheets: dict[str, Sheets] = defaultdict(lambda: Sheets("none"))
    numbers: Counter[str] = Counter()

    def keep(kind: str, name: str, png: bytes) -> None:
        numbers[kind] += 1
        called = f"{kind}-{numbers[kind]:03}"
        slug = "".join(letter if letter.isalnum() else "-" for letter in name)[:40]
        (ALBUM / f"{called}-{slug}.png").write_bytes(png)
        if kind not in sheets:
            sheets[kind] = Sheets(kind)
        sheets[kind].add(Image.open(BytesIO(png)).convert("RGB"), f"{numbers[kind]} {name}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
        context.route("**/*", serve)
        stage, pages = context.new_page(), context.new_page()
        stage.goto(AT)
        stage.wait_for_function("window.ready")
        for each in surfaces:
            if each["how"].startswith(only):
                for kind, png in pictures(pages if each["how"] == "page" else stage, each):
                    keep(kind, each["name"], png)
        browser.close()
    for each in sheets.values():
        each.close()
    sys.stdout.write("".join(f"{kind}: {n}\n" for kind, n in sorted(numbers.items())))


if __name__ == "__main__":
    main(*sys.argv[1:2])
