"""The text of a message that Teams sends as HTML."""

from html.parser import HTMLParser

BREAKS = {"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"}


def text_of(html: str) -> str:
    """Only what a person reads: no mark, no address of a link, a line for each paragraph."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = (" ".join(line.split()) for line in "".join(reader.found).splitlines())
    return "\n".join(line for line in lines if line)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BREAKS:
            self.found.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in BREAKS:
            self.found.append("\n")

    def handle_data(self, data: str) -> None:
        self.found.append(data)
