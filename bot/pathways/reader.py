"""Pathway files in, pathways out; a bad file stops the start with every mistake in it (model.md section 7)."""

import re
from dataclasses import replace
from functools import cache
from pathlib import Path as File

from bot.domain.forms import Form, Page
from bot.domain.pathway import Pathway
from bot.domain.risktools import ToolSlot
from bot.pathways.entry import Entry
from bot.pathways.faults import BadPathway, Fault, Path
from bot.pathways.plainyaml import Source, dotted
from bot.pathways.questionrules import TITLE, ids
from bot.pathways.rules import complaints

SHIPPED = File(__file__).parent
QUESTIONS_PER_PAGE = 6
_TOOL = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")


class Pathways(dict[str, Pathway]):
    """Every pathway by id."""

    def named(self, word: str) -> Pathway | None:
        """The pathway of that id or alias, in any case of letters; None when there is none."""
        wanted = word.strip().lower()
        return self.get(wanted) or next((each for each in self.values() if wanted in each.aliases), None)


def read(file: File) -> Pathway:
    """The pathway in one file, its risk tool from `tools/` beside it. Raises BadPathway with every fault."""
    pathway, tool, _ = _read(file)
    return _spread(pathway, tool)


def as_written(file: File) -> Pathway:
    """The same with a risk tool's page as the file has it, so that places in it are places in the file."""
    return _read(file)[0]


def read_all(folder: File = SHIPPED) -> Pathways:
    """Every `*.yml` of a folder. Raises BadPathway with the faults of all of them, and for a name used twice.

    What is shipped is read once for each process: it takes most of a second of it.
    """
    return Pathways(_shipped() if folder == SHIPPED else _folder(folder))


@cache
def _shipped() -> Pathways:
    return _folder(SHIPPED)


def _folder(folder: File) -> Pathways:
    found, faults, taken = Pathways(), list[Fault](), dict[str, str]()
    for file in sorted(folder.glob("*.yml")):
        try:
            written, tool, entry = _read(file)
        except BadPathway as bad:
            faults += bad.faults
            continue
        pathway = _spread(written, tool)
        for index, name in enumerate((pathway.id, *pathway.aliases)):
            if name in taken:
                entry.fault(
                    ("aliases", index - 1) if index else ("id",), f"“{name}” is also in {taken[name]}"
                )
            taken.setdefault(name, file.name)
        faults += entry.faults
        found[pathway.id] = pathway
    if not found and not faults:
        faults.append(Fault(folder.name, 1, "", "holds no pathway (*.yml)"))
    if faults:
        raise BadPathway(faults)
    return found


def read_earlier(folder: File = SHIPPED) -> dict[tuple[str, str], Pathway]:
    """Every file of `versions/` beside the current ones, by id and version: cases stay pinned to them (rule 3).

    Raises BadPathway with the faults of all of them. What is shipped is read once for each process.
    """
    return dict(_shipped_earlier() if folder == SHIPPED else _versions(folder))


@cache
def _shipped_earlier() -> dict[tuple[str, str], Pathway]:
    return _versions(SHIPPED)


def _versions(folder: File) -> dict[tuple[str, str], Pathway]:
    found: dict[tuple[str, str], Pathway] = {}
    faults: list[Fault] = []
    for file in sorted((folder / "versions").glob("*.yml")):
        try:
            pathway = read(file)
        except BadPathway as bad:
            faults += bad.faults
        else:
            found[pathway.id, pathway.version] = pathway
    if faults:
        raise BadPathway(faults)
    return found


def read_tool(file: File) -> ToolSlot:
    """A risk tool. Raises BadPathway with every fault."""
    entry = Entry(Source(file))
    tool = entry.tool()
    if tool is not None:
        for path, reason in ids(
            ((q.id, ("questions", i, "id")) for i, q in enumerate(tool.questions)), "question"
        ):
            entry.fault(path, reason)
        if not tool.questions:
            entry.fault(("questions",), "must hold at least one")
        marks = [band.at_least for band in tool.bands]
        if not marks or marks[0] != 0 or marks != sorted(set(marks)):
            entry.fault(("bands",), "must rise from `at_least: 0`, each higher than the one before")
    if entry.faults or tool is None:
        raise BadPathway(entry.faults)
    return tool


def _read(file: File) -> tuple[Pathway, ToolSlot | None, Entry]:
    entry = Entry(Source(file))
    tool = _tool(file, entry)
    pathway = entry.pathway(tool)
    judged = pathway
    if pathway is None and (whole := _sound()) is not None:
        # What does fit is judged beside parts of a sound file, so that one look finds every mistake.
        judged = entry.with_parts_of(whole, tool)
    # Without its risk tool a pathway would draw complaints that are not its own.
    if judged is not None and (tool is not None or entry.source.plain.get("tool") is None):
        told = {fault.path for fault in entry.faults}
        for path, reason in complaints(judged):
            if dotted(path) not in told and not _rests_on(path, reason, entry.unfit):
                entry.fault(path, reason)
    if entry.faults or pathway is None:
        raise BadPathway(entry.faults)
    return pathway, tool, entry


def _spread(pathway: Pathway, tool: ToolSlot | None) -> Pathway:
    return replace(pathway, forms=tuple(_with_tool(form, tool) for form in pathway.forms))


_RESTS_ON = {
    "forms": ("criteria", "duties", "channel_view", "gates", "lead", "attendees"),
    "tool": ("forms", "criteria", "duties"),
    "roles": ("triage", "ladder", "closure", "stages", "lead", "authorised_by"),
    "decisions": ("authorised_by",),
    "invite": ("quorum",),
    "agenda": ("stages",),
    "definitions": ("forms",),
    "redirects": ("gates",),
    "lead": ("stages",),
}
"""What cannot be judged while the first does not fit."""


def _rests_on(path: Path, reason: str, unfit: set[str]) -> bool:
    """Whether a complaint may come from what was put in the place of a part that does not fit."""
    section = str(path[0])
    if section in unfit or any(section in _RESTS_ON.get(part, ()) for part in unfit):
        return True
    return "“" in reason and not unfit.isdisjoint(("forms", "roles", "tool"))


@cache
def _sound() -> Pathway | None:
    """Any shipped pathway without faults of its own; None where there is none."""
    for file in sorted(SHIPPED.glob("*.yml")):
        entry = Entry(Source(file))
        pathway = entry.pathway(_tool(file, entry))
        if pathway is not None and not entry.faults:
            return pathway
    return None


def _tool(file: File, entry: Entry) -> ToolSlot | None:
    name = entry.source.plain.get("tool")
    if name is None:
        return None
    if not isinstance(name, str) or not _TOOL.fullmatch(name):
        entry.fault(("tool",), "must be the name of a file in tools/ without its .yml, or null for none")
        return None
    places = (file.parent / "tools", file.parent.parent / "tools")
    tool_file = next((place / f"{name}.yml" for place in places if (place / f"{name}.yml").is_file()), None)
    if tool_file is None:
        entry.fault(("tool",), f"there is no tools/{name}.yml")
        return None
    try:
        return read_tool(tool_file)
    except BadPathway as bad:
        entry.faults += bad.faults
        return None


def _with_tool(form: Form, tool: ToolSlot | None) -> Form:
    pages: list[Page] = []
    for page in form.pages:
        pages += _tool_pages(page, tool) if tool is not None and page.tool else [page]
    return replace(form, pages=tuple(pages))


def _tool_pages(page: Page, tool: ToolSlot) -> list[Page]:
    """A tool's one page in the file as pages of a few questions each: `Checklist (1 of 2)`."""
    rest = tool.questions
    parts = [rest[at : at + QUESTIONS_PER_PAGE] for at in range(0, len(rest), QUESTIONS_PER_PAGE)]
    if len(parts) == 1:
        return [replace(page, fields=parts[0])]
    pages = []
    for number, fields in enumerate(parts, 1):
        mark = f" ({number} of {len(parts)})"
        title = page.title[: TITLE - len(mark)].rstrip() + mark
        pages.append(replace(page, id=f"{page.id}_{number}", title=title, fields=fields))
    return pages
