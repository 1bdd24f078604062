"""What a pathway's prompts must keep to: gates, definitions, links, its lead professional and who chairs."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from bot.domain.pathway import Gate, Pathway
from bot.pathways.faults import Path
from bot.pathways.questionrules import LABEL, OPTION, Complaint, condition_rules, ids, known_fields, too_long

SHORT = 500
"""Characters: a statement that is read in passing."""


def prompt_rules(pathway: Pathway) -> Iterator[Complaint]:
    """Everything wrong with them, each with its place in the file."""
    yield from ids(((gate.id, ("gates", i, "id")) for i, gate in enumerate(pathway.gates)), "gate")
    for index, gate in enumerate(pathway.gates):
        yield from _gate(pathway, gate, ("gates", index))
    yield from _definitions(pathway)
    for index, link in enumerate(pathway.links):
        yield from too_long(link.label, OPTION, ("links", index, "label"))
        parts = urlsplit(link.url)
        if parts.scheme != "https" or not parts.netloc:
            yield ("links", index, "url"), "must be a whole address that begins with https://"
    yield from too_long(pathway.contact, LABEL, ("contact",))
    yield from _lead(pathway)
    asks = known_fields(pathway).get(pathway.attendees)
    if pathway.attendees and (asks is None or asks.kind != "agencies"):
        yield ("attendees",), f"there is no field “{pathway.attendees}” that asks for agencies"
    fields = known_fields(pathway)
    for index, stage in enumerate(pathway.stages):
        at: Path = ("stages", index)
        if stage.due_if is not None:
            yield from condition_rules(stage.due_if, fields, (*at, "due_if"))
            if stage.due is None:
                yield (*at, "due_if"), "needs a due: there is no clock to run"
        if stage.chair in ("lead_professional", "lead_manager") and pathway.lead is None:
            yield (*at, "chair"), "needs a lead: say under `lead` how a case comes by one"


def _gate(pathway: Pathway, gate: Gate, at: Path) -> Iterator[Complaint]:
    fields = known_fields(pathway)
    yield from too_long(gate.text, SHORT, (*at, "text"))
    for index, condition in enumerate(gate.when):
        yield from condition_rules(condition, fields, (*at, "when", index))
    if gate.number and (gate.number not in fields or fields[gate.number].kind != "number"):
        yield (*at, "number"), f"there is no number field “{gate.number}”"
    if bool(gate.number) != (gate.at_least > 0):
        yield (*at, "at_least"), "goes with number, and must be 1 or more"
    if gate.redirect and gate.redirect not in {route.id for route in pathway.redirects}:
        yield (*at, "redirect"), f"“{gate.redirect}” is not among this pathway's redirects"
    for index, id in enumerate(gate.carry):
        if id not in fields:
            yield (*at, "carry", index), f"there is no field “{id}”"


def _definitions(pathway: Pathway) -> Iterator[Complaint]:
    yield from ids(((each.id, ("definitions", each.id)) for each in pathway.definitions), "definition")
    for each in pathway.definitions:
        yield from too_long(each.term, OPTION, ("definitions", each.id, "term"))
        yield from too_long(each.text, SHORT, ("definitions", each.id, "text"))
    known = {each.id for each in pathway.definitions}
    for f, form in enumerate(pathway.forms):
        for p, page in enumerate(form.pages):
            for d, id in enumerate(page.defines):
                if id not in known:
                    yield ("forms", f, "pages", p, "defines", d), f"there is no definition “{id}”"


def _lead(pathway: Pathway) -> Iterator[Complaint]:
    if pathway.lead is None:
        return
    fields = known_fields(pathway)
    asked = (("field", pathway.lead.field), ("manager", pathway.lead.manager), ("chair", pathway.lead.chair))
    for name, id in asked:
        if id and (id not in fields or fields[id].kind != "person" or fields[id].many):
            yield ("lead", name), f"there is no field “{id}” that asks for one person"
    if "lead_professional" not in pathway.roles:
        yield ("lead",), "lead_professional must be among this pathway's roles"
