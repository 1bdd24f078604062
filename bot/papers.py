"""A paper as the file that somebody takes away: its words from the templates, its kind as asked for.

An audit bundle is a ZIP of several: the file to read, its tables, and a manifest that proves each of them (S2-50).
"""

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.documents import TYPES, csv, docx, pdf
from bot.picture import png
from bot.render import Render
from bot.trends import alternative, drawn
from bot.views.bundle import Bundle
from bot.views.indicators import Trend
from bot.views.papers import ActionList, ContactList, ListedAction, MinutesPaper, Pack, Paper

_NAMES = {
    "pack": "chairs-pack",
    "minutes": "minutes",
    "actions": "actions",
    "case_actions": "actions",
    "contacts": "contacts",
    "bundle": "audit-bundle",
    "trend": "how-it-goes",
}


_OF_ACTIONS = (
    "Reference",
    "Case",
    "Action",
    "Detail",
    "Agency",
    "Owner",
    "Due",
    "Reviewed",
    "State",
    "Overdue",
)


@dataclass(frozen=True, kw_only=True)
class File:
    """A file to be kept: its name without anything of a case but a reference, its type, its bytes."""

    name: str
    type: str
    content: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, as the record names it."""
        return f"sha256:{hashlib.sha256(self.content).hexdigest()}"


def file_of(render: Render, paper: Paper, form: str) -> File:
    """The paper as that kind of file (`FORMS` of `usecases.papers`). A second or two of work."""
    if isinstance(paper.content, Bundle):
        content = _bundle(render, paper, paper.content)
    elif isinstance(paper.content, Trend) and form == "png":
        content = png(drawn(paper.content))
    elif form == "csv":
        content = _rows(paper)
    else:
        make = docx if form == "docx" else pdf
        content = make(markdown(render, paper), title=title_of(paper), made=paper.at)
    name = f"{_NAMES[paper.kind]}-{paper.mark.replace('/', '-')}.{form}"
    return File(name=name, type=TYPES[form], content=content)


def markdown(render: Render, paper: Paper) -> str:
    """The paper's words, with who took it and when."""
    content = paper.content
    match content:
        case MinutesPaper():
            text = content.text or render.text("minutes/minutes.md", view=content.minutes)
            written = render.text("minutes/paper.md", view=content, text=text)
        case Pack():
            written = render.text("minutes/pack.md", view=content, tables=True)
        case ActionList():
            written = render.text("minutes/actions.md", view=content)
        case ContactList():
            written = render.text("minutes/contacts.md", view=content)
        case Trend():
            written = alternative(content)
        case Bundle():
            written = render.text("minutes/bundle.md", view=content)
    return render.text("minutes/taken.md", text=written, by=paper.by, at=paper.at, kind=paper.kind)


def title_of(paper: Paper) -> str:
    """What the document is called; no name of a case's person."""
    content = paper.content
    match content:
        case MinutesPaper():
            return f"Minutes, {content.minutes.stage}"
        case Pack():
            return f"Chair's pack, {content.stage}"
        case ActionList():
            return f"Actions, {content.about}"
        case ContactList():
            return f"Contacts, {content.area}"
        case Trend():
            return f"How it goes, {content.ref}"
        case Bundle():
            return f"Case file, {content.ref}"


def _bundle(render: Render, paper: Paper, bundle: Bundle) -> bytes:
    """The ZIP: the same bytes for the same record at the same moment, for every name and time in it is given."""
    text, title = markdown(render, paper), title_of(paper)
    files = {
        f"case-file-{bundle.ref}.pdf": pdf(text, title=title, made=paper.at),
        f"case-file-{bundle.ref}.docx": docx(text, title=title, made=paper.at),
        **{f"tables/{each.name}.csv": csv(each.columns, each.rows) for each in bundle.tables},
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    listed = [{"name": name, "bytes": len(files[name]), "sha256": sums[name]} for name in files]
    readme = render.text("minutes/bundle_readme.txt", view=bundle, by=paper.by, at=paper.at, files=listed)
    files["READ-ME-FIRST.txt"] = readme.encode()
    files["SHA256SUMS"] = "".join(f"{digest}  {name}\n" for name, digest in sums.items()).encode()
    files["manifest.json"] = _manifest(paper, bundle, listed)
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as out:
        for name, content in files.items():
            entry = ZipInfo(name, paper.at.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
            out.writestr(entry, content)
    return written.getvalue()


def _manifest(paper: Paper, bundle: Bundle, listed: list[dict[str, object]]) -> bytes:
    """What the ZIP holds and what it does not, for a program to read; `listed` are the files to be proved."""
    ledger = bundle.ledger
    told = {
        "case": bundle.ref,
        "drill": bundle.drill,
        "taken_by": paper.by,
        "taken_at": paper.at.isoformat(),
        "allowed_by": bundle.given_by,
        "allowed_at": bundle.given_at.isoformat(),
        "why": bundle.why,
        "files": listed,
        "ledger": {
            "stream": ledger.stream,
            "events": ledger.events,
            "first_hash": ledger.first,
            "last_hash": ledger.last,
            "holds": not ledger.fault,
            "fault": ledger.fault,
        },
        "withheld": [{"what": each.what, "number": each.number, "why": each.why} for each in bundle.kept],
        "to_be_looked_at": [
            {"entry": each.number, "names": list(each.others)}
            for part in bundle.parts
            for each in part.entries
            if each.others
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2).encode()


def _rows(paper: Paper) -> bytes:
    content = paper.content
    if isinstance(content, Trend):
        return csv(_OF_READINGS, _readings(content))
    if isinstance(content, ActionList):
        return csv(_OF_ACTIONS, [_row(each) for each in content.actions])
    assert isinstance(content, ContactList)
    return csv(
        ("Agency", "Name", "Title", "Roles", "E-mail", "Telephone", "Deputy"),
        [
            (each.agency, each.name, each.title, ", ".join(each.roles), each.email, each.phone, each.deputy)
            for each in content.contacts
        ],
    )


_OF_READINGS = ("Measure", "Day", "Reading", "Number", "Whose word", "Recorded by")


def _readings(trend: Trend) -> list[tuple[str, ...]]:
    return [
        (each.label, one.on.isoformat(), one.told, str(one.value), one.word, one.by)
        for each in trend.series
        for one in each.readings
    ]


def _row(each: ListedAction) -> tuple[str, ...]:
    return (
        each.ref,
        each.case,
        each.category,
        each.detail,
        each.agency,
        each.owner,
        each.due.isoformat(),
        each.review_on.isoformat(),
        each.state,
        "yes" if each.overdue else "no",
    )
