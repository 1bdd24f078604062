"""A paper as the file that somebody takes away: its words from the templates, its kind as asked for."""

from dataclasses import dataclass

from bot.documents import TYPES, csv, docx, pdf
from bot.render import Render
from bot.views.papers import ActionList, ContactList, ListedAction, MinutesPaper, Pack, Paper

_NAMES = {
    "pack": "chairs-pack",
    "minutes": "minutes",
    "actions": "actions",
    "case_actions": "actions",
    "contacts": "contacts",
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


def file_of(render: Render, paper: Paper, form: str) -> File:
    """The paper as that kind of file (`FORMS` of `usecases.papers`). A second or two of work."""
    if form == "csv":
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


def _rows(paper: Paper) -> bytes:
    content = paper.content
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
