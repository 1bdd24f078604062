"""A pathway file, or a folder of them, as its author wants to hear about it: every fault at once, or what it means."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path as File
from textwrap import wrap

from bot.domain.pathway import Pathway
from bot.pathways.doubts import doubts
from bot.pathways.faults import BadPathway, Fault
from bot.pathways.plainyaml import Source, dotted
from bot.pathways.readback import read_back
from bot.pathways.reader import SHIPPED, as_written, read, read_all
from bot.pathways.remedies import with_remedies

_WIDE = 110
"""Characters in a line of what is printed."""


@dataclass(frozen=True, kw_only=True)
class Checked:
    """One file: its faults with remedies, in the order of the lines; or the pathway and what to look at again."""

    name: str
    faults: tuple[Fault, ...] = ()
    pathway: Pathway | None = None
    doubts: tuple[Fault, ...] = ()


def check(place: File) -> list[Checked]:
    """Every pathway file of a folder, or the one file. An empty folder is one entry with one fault."""
    if place.is_file():
        return [_one(place)]
    files = sorted(place.glob("*.yml"))
    if not files:
        fault = Fault(
            place.name, 1, "", "holds no pathway (*.yml)", "Name a folder with pathway files, or one file."
        )
        return [Checked(name=place.name, faults=(fault,))]
    found = [_one(file) for file in files]
    if not any(each.faults for each in found):
        found = list(_beside_each_other(place, found))
    return found


def told(checked: Checked) -> Iterator[str]:
    """The lines to print about one file."""
    if checked.pathway is None:
        count = len(checked.faults)
        yield f"{checked.name}: {count} {'fault' if count == 1 else 'faults'}"
        for fault in checked.faults:
            here = "" if fault.file == checked.name else f" of {fault.file}"
            yield ""
            yield f"  line {fault.line}{here}" + (f"  {fault.path}" if fault.path else "")
            yield f"    {fault.reason}"
            if fault.remedy:
                first, *rest = wrap(fault.remedy, _WIDE - 16, break_long_words=False, break_on_hyphens=False)
                yield f"    What to do: {first}"
                yield from (f"{'':16}{line}" for line in rest)
            yield from _example(fault.example)
        return
    pathway = checked.pathway
    also = f", also called {', '.join(pathway.aliases)}" if pathway.aliases else ""
    yield f"{checked.name}: {pathway.title}, version {pathway.version}{also}: no faults. It says:"
    for heading, sentences in read_back(pathway):
        for number, sentence in enumerate(sentences):
            first, *rest = wrap(sentence, _WIDE - 13)
            yield f"  {heading if number == 0 else '':<10} {first}"
            yield from (f"{'':13}{line}" for line in rest)
    if checked.doubts:
        yield "  Worth a look (none of this stops the start):"
        for doubt in checked.doubts:
            yield f"    line {doubt.line}  {doubt.path}: {doubt.reason}"


def _example(example: str) -> Iterator[str]:
    lines = example.splitlines()
    if len(lines) == 1:
        yield f"    Example:    {lines[0]}"
    elif lines:
        yield "    Example:"
        yield from (f"      {line}" for line in lines)


def _one(file: File) -> Checked:
    try:
        pathway = read(file)
    except BadPathway as bad:
        return Checked(name=file.name, faults=tuple(with_remedies(bad.faults, file.parent)))
    source = Source(file)
    found = [
        Fault(file.name, source.line(path), dotted(path), reason)
        for path, reason in doubts(as_written(file), _types_known())
    ]
    return Checked(name=file.name, pathway=pathway, doubts=tuple(sorted(found, key=lambda each: each.line)))


@cache
def _types_known() -> frozenset[str]:
    """The types of agency that the shipped pathways invite."""
    found: set[str] = set()
    for file in sorted(SHIPPED.glob("*.yml")):
        with suppress(BadPathway):
            found |= {each.agency_type for each in read(file).invite}
    return frozenset(found)


def _beside_each_other(folder: File, found: list[Checked]) -> Iterator[Checked]:
    """Names that two files share."""
    try:
        read_all(folder)
    except BadPathway as bad:
        faults = with_remedies(bad.faults, folder)
        for each in found:
            mine = tuple(fault for fault in faults if fault.file == each.name)
            yield Checked(name=each.name, faults=mine) if mine else each
        return
    yield from found
