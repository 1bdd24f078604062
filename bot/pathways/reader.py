"""Pathway files in, pathways out; a bad file stops the start with every mistake in it (model.md section 7)."""

from dataclasses import replace
from pathlib import Path as File

from bot.domain.forms import Form, Page
from bot.domain.pathway import Pathway
from bot.domain.risktools import ToolSlot
from bot.pathways.entry import Entry
from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import Source
from bot.pathways.questionrules import TITLE, ids
from bot.pathways.rules import complaints

SHIPPED = File(__file__).parent
QUESTIONS_PER_PAGE = 6


class Pathways(dict[str, Pathway]):
    """Every pathway by id."""

    def named(self, word: str) -> Pathway | None:
        """The pathway of that id or alias, in any case of letters; None when there is none."""
        wanted = word.strip().lower()
        return self.get(wanted) or next((each for each in self.values() if wanted in each.aliases), None)


def read(file: File) -> Pathway:
    """The pathway in one file, its risk tool from `tools/` beside it. Raises BadPathway with every fault."""
    return _read(file)[0]


def read_all(folder: File = SHIPPED) -> Pathways:
    """Every `*.yml` of a folder. Raises BadPathway with the faults of all of them, and for a name used twice."""
    found, faults, taken = Pathways(), list[Fault](), dict[str, str]()
    for file in sorted(folder.glob("*.yml")):
        try:
            pathway, entry = _read(file)
        except BadPathway as bad:
            faults += bad.faults
            continue
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

    Raises BadPathway with the faults of all of them.
    """
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


def _read(file: File) -> tuple[Pathway, Entry]:
    entry = Entry(Source(file))
    tool = _tool(file, entry)
    pathway = entry.pathway(tool)
    # Without its risk tool a pathway would draw complaints that are not its own.
    if pathway is not None and (tool is not None or entry.source.plain.get("tool") is None):
        for path, reason in complaints(pathway):
            entry.fault(path, reason)
    if entry.faults or pathway is None:
        raise BadPathway(entry.faults)
    return replace(pathway, forms=tuple(_with_tool(form, tool) for form in pathway.forms)), entry


def _tool(file: File, entry: Entry) -> ToolSlot | None:
    name = entry.source.plain.get("tool")
    if name is None:
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
