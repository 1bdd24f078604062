"""Files that were uploaded: kept by id, shown only to somebody who is sent a message that names them."""

import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.local.shelf import Shelf

Json = dict[str, Any]

PNG, JPEG, GIF = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8"
KINDS = {PNG: "image/png", JPEG: "image/jpeg", GIF: "image/gif"}


@dataclass(kw_only=True, slots=True)
class File:
    """A file; `content` is None until its bytes have come, and nobody can use it before it is `complete`."""

    id: str
    name: str
    length: int
    title: str = ""
    content: bytes | None = None
    complete: bool = False

    @property
    def image(self) -> str:
        """Its kind when it is an image that Slack shows in a block; else empty."""
        content = self.content or b""
        return next((kind for begins, kind in KINDS.items() if content.startswith(begins)), "")


class Files:
    """All files.

    `slow` says how many messages are still refused that name one, as Slack reads files after a while; `forbidden` is
    Slack's code where a workspace, or the token, takes no files.
    """

    def __init__(self, shelf: Shelf) -> None:
        self.shelf, self.slow, self.forbidden = shelf, 0, ""
        self.by_id: dict[str, File] = {}
        self.doors: dict[str, str] = {}
        for id_, body in shelf.all("file").items():
            content = b64decode(body["content"])
            self.by_id[id_] = File(
                id=id_,
                name=body["name"],
                length=len(content),
                title=body["title"],
                content=content,
                complete=True,
            )

    def expect(self, name: str, length: int) -> File:
        """A file that is announced."""
        file = File(id=f"F{secrets.token_hex(5).upper()}", name=name, length=length)
        self.by_id[file.id] = file
        return file

    def take(self, token: str, content: bytes) -> bool:
        """The bytes have come, at an address that was given for them; False for any other, or for another length."""
        file = self.by_id.get(self.doors.get(token, ""))
        if file is None or len(content) != file.length:
            return False
        del self.doors[token]
        file.content = content
        return True

    def awaited(self, id_: str) -> File | None:
        """A file whose bytes have come and that is not complete yet."""
        file = self.by_id.get(id_)
        return file if file is not None and file.content is not None and not file.complete else None

    def complete(self, file: File, title: str) -> None:
        """From now on a message may name it."""
        file.complete, file.title = True, title
        content = b64encode(file.content or b"").decode()
        self.shelf.put("file", file.id, {"name": file.name, "title": title, "content": content})

    def shown(self, id_: str) -> File | None:
        """A file that a block may show."""
        file = self.by_id.get(id_)
        return file if file is not None and file.complete and file.image else None

    def refused(self, blocks: Iterable[Json]) -> list[str]:
        """What is wrong with the files that these blocks name, in Slack's words."""
        wrong = []
        for number, block in enumerate(blocks):
            named = list(named_in(block))
            if any(self.shown(id_) is None for id_ in named) or (named and self.slow > 0):
                wrong.append(f"[ERROR] invalid slack file [json-pointer:/blocks/{number}/slack_file]")
        self.slow = max(0, self.slow - bool(wrong))
        return wrong


def named_in(node: Any) -> Iterator[str]:
    """The ids of the files that a block, or anything in it, names."""
    if isinstance(node, dict):
        if isinstance(node.get("slack_file"), dict) and isinstance(node["slack_file"].get("id"), str):
            yield node["slack_file"]["id"]
        for inner in node.values():
            yield from named_in(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from named_in(inner)
