"""Signed links for e-mails, to the picture of times found and to papers: one thing and one person each, until a day.

A link is no log-in and no secret of a case: it holds ids. Whether the thing still waits for the person is the
record's to say; here is only whether we wrote the link ourselves and whether its days are over.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, cast

from itsdangerous import BadData, URLSafeSerializer

KINDS: Mapping[str, "Kind"] = {
    "a": "action",
    "i": "invitation",
    "t": "times",
    "k": "involvement",
    "c": "closure",
    "e": "contact",
    "d": "dispute",
}
"""What can be answered by a link, by the letter that stands for it there."""

DAYS = 14
FORM_LIVES = timedelta(hours=12)
"""How long a page may lie open before it is sent."""

PICTURE_LIVES = timedelta(hours=12)
"""How long the picture of times found can be opened: diaries change, and it is drawn anew each time."""

PLOT_LIVES = timedelta(days=92)
"""How long a plot of a report that was posted can be fetched: until the next quarter's. It holds aggregates alone."""

PAPER_LIVES = timedelta(minutes=15)
"""How long a paper can be taken by its link; it works once (S2-16)."""

LONGEST = 400
"""Characters; a link of ours has about 140."""

Kind = Literal["action", "invitation", "times", "involvement", "closure", "contact", "dispute"]


class Unusable(Exception):
    """Not a link or form of ours, or one whose days are over; `why` is a code for counting."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, kw_only=True)
class Link:
    """What a link names: `id` is the action's, the invitation's, that of being asked for times, whether an agency
    knows somebody, that of an agency's part in a case which is proposed to be closed, that of a person whose entry in
    the contact register is asked about, or a dispute's.

    `mark` stands for the link where it is counted.
    """

    kind: Kind
    id: str
    person_id: str
    until: datetime
    mark: str


@dataclass(frozen=True, kw_only=True)
class PictureLink:
    """Whose picture of the times found for which meeting; `mark` stands for the link where it is counted."""

    meeting_id: str
    person_id: str
    mark: str


@dataclass(frozen=True, kw_only=True)
class PlotLink:
    """A plot of the board's report of which days, as the record stood when it was posted; `mark` as above."""

    first: date
    last: date
    at: datetime
    mark: str


@dataclass(frozen=True, kw_only=True)
class PaperLink:
    """Which paper, as which kind of file, for whom; `mark` stands for the link, which works once."""

    kind: str
    form: str
    id: str
    person_id: str
    until: datetime
    mark: str


class Links:
    """Writes links and reads them back; so with the forms of the pages behind them."""

    def __init__(self, key: str, address: str, days: int = DAYS) -> None:
        """`address` is where the pages are reached from outside, `https://convenor.example`; a link lives `days`."""
        self.address, self._lives = address.rstrip("/"), timedelta(days=days)
        self._links, self._forms = _signed(key, "link"), _signed(key, "form")
        self._pictures, self._papers = _signed(key, "picture"), _signed(key, "paper")
        self._plots = _signed(key, "plot")

    def to(self, kind: Kind, id: str, person_id: str, now: datetime) -> str:
        """The address at which this person can answer this thing."""
        letter = next(letter for letter, each in KINDS.items() if each == kind)
        token = self._links.dumps([letter, id, person_id, int(self.ends(now).timestamp())])
        return f"{self.address}/answer/{token!s}"

    def ends(self, now: datetime) -> datetime:
        """When a link that is written now stops working."""
        return now + self._lives

    def read(self, token: str, now: datetime) -> Link:
        """What a link names. Raises Unusable: `unknown` for what we never signed, `expired` for what is over."""
        letter, id, person_id, until = _loaded(self._links, token, 4)
        ends = datetime.fromtimestamp(until, UTC)
        if now >= ends:
            raise Unusable("expired")
        return Link(kind=KINDS[letter], id=id, person_id=person_id, until=ends, mark=_mark(token))

    def picture(self, meeting_id: str, person_id: str, now: datetime) -> str:
        """The address at which this person sees the times found for a meeting; it works for `PICTURE_LIVES`."""
        until = int((now + PICTURE_LIVES).timestamp())
        return f"{self.address}/answer/times/{self._pictures.dumps([meeting_id, person_id, until])!s}"

    def drawn(self, meeting_id: str, person_id: str, page: int, now: datetime) -> str:
        """The address of one page of that picture, from 1, as an image file; it works as long."""
        return f"{self.picture(meeting_id, person_id, now)}/{page}.png"

    def pictured(self, token: str, now: datetime) -> PictureLink:
        """What the address of a picture names. Raises Unusable: `unknown` or `expired`, as `read` does."""
        meeting_id, person_id, until = _loaded(self._pictures, token, 3)
        if now >= datetime.fromtimestamp(until, UTC):
            raise Unusable("expired")
        return PictureLink(meeting_id=meeting_id, person_id=person_id, mark=_mark(token))

    def plot(self, first: date, last: date, number: int, now: datetime) -> str:
        """The address of one plot of the board's report of these days, from 1, as an image file; for `PLOT_LIVES`.

        It is in nobody's name, for it shows no more than the board's channel does.
        """
        token = self._plots.dumps([first.isoformat(), last.isoformat(), int(now.timestamp())])
        return f"{self.address}/answer/plots/{token!s}/{number}.png"

    def plotted(self, token: str, now: datetime) -> PlotLink:
        """What the address of a plot names. Raises Unusable: `unknown` or `expired`, as `read` does."""
        first, last, at = _loaded(self._plots, token, 3)
        posted = datetime.fromtimestamp(at, UTC)
        if now >= posted + PLOT_LIVES:
            raise Unusable("expired")
        return PlotLink(
            first=date.fromisoformat(first), last=date.fromisoformat(last), at=posted, mark=_mark(token)
        )

    def paper(self, kind: str, form: str, id: str, person_id: str, now: datetime) -> str:
        """The address at which this person takes a paper as a file: once, within `PAPER_LIVES`."""
        until = int((now + PAPER_LIVES).timestamp())
        token = self._papers.dumps([kind, form, id, person_id, until, secrets.token_urlsafe(9)])
        return f"{self.address}/answer/papers/{token!s}"

    def papered(self, token: str, now: datetime) -> PaperLink:
        """What the address of a paper names. Raises Unusable: `unknown` or `expired`, as `read` does."""
        kind, form, id, person_id, until, _ = _loaded(self._papers, token, 6)
        ends = datetime.fromtimestamp(until, UTC)
        if now >= ends:
            raise Unusable("expired")
        return PaperLink(kind=kind, form=form, id=id, person_id=person_id, until=ends, mark=_mark(token))

    def form(self, link: Link, choice: str, now: datetime) -> str:
        """What the form of one answer carries, so that it came from a page of ours and counts once."""
        until = int((now + FORM_LIVES).timestamp())
        return str(self._forms.dumps([link.mark, choice, secrets.token_urlsafe(12), until]))

    def key_of(self, form: str, link: Link, choice: str, now: datetime) -> str:
        """The key of the command that this form is, the same each time it is sent. Raises Unusable: `form`."""
        try:
            mark, made_for, once, until = _loaded(self._forms, form, 4)
        except Unusable:
            raise Unusable("form") from None
        if (mark, made_for) != (link.mark, choice) or now >= datetime.fromtimestamp(until, UTC):
            raise Unusable("form")
        return f"link:{once}"


def _signed(key: str, purpose: str) -> URLSafeSerializer:
    """A link cannot pass for a form: each purpose has a key of its own."""
    return URLSafeSerializer(
        key,
        salt=f"convenor.{purpose}.1",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _loaded(signed: URLSafeSerializer, text: str, length: int) -> list[Any]:
    if len(text) > LONGEST:
        raise Unusable("unknown")
    try:
        found = signed.loads(text)
    except BadData:
        raise Unusable("unknown") from None
    assert len(found) == length  # signed by us, so made by us
    return cast(list[Any], found)


def _mark(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:20]
