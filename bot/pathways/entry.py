"""From what a file says to the domain's own types; every setting that does not fit is a fault, none is fatal.

The file is written for people (`due: {wd: 3}`, lists of choices as `id: label`), so it is put into the
shape of the dataclasses first, then pydantic fits the two together with unknown settings forbidden.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from bot.domain.criteria import All as AllOf
from bot.domain.criteria import AnswerSays, DateSays, Leaf, Node, NumberSays, Says, ToolSays
from bot.domain.criteria import Any as AnyOf
from bot.domain.criteria import Count as CountOf
from bot.domain.criteria import Not as NotOf
from bot.domain.pathway import Pathway
from bot.domain.risktools import ToolSlot
from bot.domain.workdays import Length, Unit
from bot.pathways.faults import Fault, Path
from bot.pathways.fit import NO_SUCH, NO_SUCH_SETTING, adapter, reason, without
from bot.pathways.plainyaml import Source, dotted
from bot.pathways.shapes import ABSENT, each, form, pairs, rung, with_id

T = TypeVar("T")

_UNITS = ", ".join(Unit)
_NO_LENGTH = Length(0, Unit.DAYS)  # stands in for a length at fault, so that reading can go on
_NO_LEAF = Leaf(id="fault", question="")

WORKING_DAYS = {
    "Stage": ("list_closes", "agenda_out"),
    "Recurrence": ("invite",),
    "InvolvementRule": ("due", "before_meeting"),
}
"""What is written `list_closes: {wd: 6}` in a file and kept as `list_closes_wd`, by the class that keeps it."""


class Entry:
    """One file being read; `faults` grows as it goes."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.faults: list[Fault] = []
        self.unfit: set[str] = set()
        """The settings at the top of the file that could not be read for what they say."""

    def fault(self, path: Path, why: str) -> None:
        """Note a mistake at that place."""
        self.faults.append(Fault(self.source.name, self.source.line(path), dotted(path), why))

    def pathway(self, tool: ToolSlot | None) -> Pathway | None:
        """The whole file as a Pathway, None when a part of it does not fit."""
        shaped = self._shaped(tool)
        found = self.fit(Pathway, shaped)
        if found is None:
            self.unfit |= self._not_fitting(shaped)
        return found

    def with_parts_of(self, other: Pathway, tool: ToolSlot | None) -> Pathway | None:
        """The file with what does not fit taken from another pathway, so that the rest of it can be judged too."""
        again = Entry(self.source)  # its faults are known already
        shaped = again._shaped(tool) | {
            name: getattr(other, name) for name in self.unfit if hasattr(other, name)
        }
        return again.fit(Pathway, shaped)

    def _not_fitting(self, shaped: dict[str, Any]) -> set[str]:
        try:
            adapter(Pathway).validate_python([shaped])
        except ValidationError as error:
            wrong = [one for one in error.errors() if one["type"] != NO_SUCH]
            return {str(one["loc"][1]) for one in wrong if len(one["loc"]) > 1}
        return set()

    def _shaped(self, tool: ToolSlot | None) -> dict[str, Any]:
        plain = dict(self.source.plain)
        before = len(self.faults)
        plain["criteria"] = self._node(plain["criteria"], ("criteria",)) if "criteria" in plain else _NO_LEAF
        if any(fault.reason != NO_SUCH_SETTING for fault in self.faults[before:]):
            self.unfit.add("criteria")
        if "criteria" not in self.source.plain:
            self.fault(("criteria",), "must be given")
            self.unfit.add("criteria")
        if "tool" in plain:
            plain["tool"] = tool
        if plain.get("nation") == "area":
            plain["nation"] = None
        for name in ("decisions", "laws"):
            plain[name] = pairs(plain.get(name), "label")
        if isinstance(terms := plain.get("definitions"), dict):
            plain["definitions"] = [with_id(id, term) for id, term in terms.items()]
        if plain.get("contact") == "area":
            plain["contact"] = ""
        if "case_roles" in plain:
            plain["case_roles"] = pairs(plain["case_roles"], "label")
        plain["prompts"] = pairs(plain.get("prompts"), "text")
        if isinstance(sharing := plain.get("sharing"), dict):
            plain["sharing"] = {**sharing, **_lists_in(sharing)}
        plain["forms"] = each(plain.get("forms"), form)
        self._clock(plain)
        self._ladders(plain)
        self._lengths(plain)
        self._dispute(plain)
        self._retention(plain)
        self._involvement(plain)
        if isinstance(actions := plain.get("actions"), dict):
            plain["actions"] = {**actions, "categories": pairs(actions.get("categories"), "label")}
        if isinstance(invite := plain.get("invite"), dict):
            plain["invite"] = [self._invitee(agency, how) for agency, how in invite.items()]
        if isinstance(roles := plain.get("roles"), dict):
            plain["roles"] = {id: with_id(id, role) for id, role in roles.items()}
        return {key: value for key, value in plain.items() if value is not ABSENT}

    def tool(self) -> ToolSlot | None:
        """A file of a risk tool; its questions share the one sensitivity that it declares."""
        plain = dict(self.source.plain)
        sensitivity = plain.pop("sensitivity", None)
        if sensitivity is None:
            self.fault(("sensitivity",), "must be given")
        if plain.get("valid") is not None:
            plain["valid"] = self._length(plain["valid"], ("valid",))
        common = {
            "kind": "yes_no_unknown",
            "required": True,
            "sensitivity": 4 if sensitivity is None else sensitivity,
        }
        questions = plain.get("questions")
        if isinstance(questions, list):
            plain["questions"] = [{**common, **q} if isinstance(q, dict) else q for q in questions]
        return self.fit(ToolSlot, plain)

    def fit(self, kind: type[T], plain: object, at: Path = ()) -> T | None:
        """The plain value as that type, or None and a fault for each thing that does not fit."""
        try:
            target: Any = kind
            fitted: T = adapter(target).validate_python([plain])[0]
        except ValidationError as error:
            wrong = error.errors()
            for one in wrong:
                self.fault((*at, *one["loc"][1:]), reason(one))
            if all(one["type"] == NO_SUCH for one in wrong):
                # Read on without the misspelt settings, so that one start finds every mistake.
                return self.fit(kind, without([one["loc"][1:] for one in wrong], plain), at)
            return None
        return fitted

    def _clock(self, plain: dict[str, Any]) -> None:
        # All four are spelt out: areas count differently and a default would hide it (model.md section 8).
        clock = plain.get("clock")
        for name in ("start", "cutoff", "non_working_receipt", "due"):
            if isinstance(clock, dict) and name not in clock:
                self.fault(("clock", name), "must be given (`cutoff: null` for no cut-off)")

    def _ladders(self, plain: dict[str, Any]) -> None:
        plain["ladder"] = each(plain.get("ladder"), rung)
        if isinstance(triage := plain.get("triage"), dict):
            plain["triage"] = {**triage, "ladder": each(triage.get("ladder"), rung)}

    def _lengths(self, plain: dict[str, Any]) -> None:
        for section, name in (
            ("triage", "due"),
            ("actions", "acknowledge_within"),
            ("review", "due"),
            ("minutes", "due"),
            ("repeat", "window"),
            ("closure", "answer_within"),
        ):
            if isinstance(part := plain.get(section), dict) and name in part:
                plain[section] = {**part, name: self._length(part[name], (section, name))}
        if isinstance(incidents := plain.get("incidents"), list):
            plain["incidents"] = [
                {**each, "within": self._length(each["within"], ("incidents", index, "within"))}
                if isinstance(each, dict) and "within" in each
                else each
                for index, each in enumerate(incidents)
            ]
        if isinstance(stages := plain.get("stages"), list):
            plain["stages"] = [
                self._stage(stage, ("stages", index)) if isinstance(stage, dict) else stage
                for index, stage in enumerate(stages)
            ]

    def _dispute(self, plain: dict[str, Any]) -> None:
        """Each tier's length; a file without the section keeps to the usual tiers (T23)."""
        dispute = plain.get("dispute")
        if not isinstance(dispute, dict) or not isinstance(dispute.get("tiers"), list):
            return
        plain["dispute"] = {
            **dispute,
            "tiers": [
                {**tier, "within": self._length(tier["within"], ("dispute", "tiers", index, "within"))}
                if isinstance(tier, dict) and "within" in tier
                else tier
                for index, tier in enumerate(dispute["tiers"])
            ],
        }

    def _stage(self, plain: dict[str, Any], at: Path) -> dict[str, Any]:
        stage = dict(plain)
        if stage.get("due") is not None:
            stage["due"] = self._length(stage["due"], (*at, "due"))
        for name in WORKING_DAYS["Stage"]:
            self._working_days(stage, name, at)
        if isinstance(recurs := stage.get("recurs"), dict):
            stage["recurs"] = dict(recurs)
            for name in WORKING_DAYS["Recurrence"]:
                self._working_days(stage["recurs"], name, (*at, "recurs"))
        return stage

    def _involvement(self, plain: dict[str, Any]) -> None:
        if isinstance(given := plain.get("involvement"), dict):
            plain["involvement"] = dict(given)
            for name, what in (("due", "after asking"), ("before_meeting", "before the meeting")):
                self._working_days(plain["involvement"], name, ("involvement",), what)

    def _working_days(
        self, plain: dict[str, Any], name: str, at: Path, what: str = "before the meeting"
    ) -> None:
        """`name: {wd: 6}` as `name_wd: 6`; left out or null, it is left out."""
        if f"{name}_wd" in plain:
            self.fault((*at, f"{name}_wd"), f"no such setting here: write {name}: {{wd: 6}}")
            del plain[f"{name}_wd"]
        given = plain.pop(name, None)
        if given is None:
            return
        if isinstance(given, dict) and set(given) == {"wd"} and type(given["wd"]) is int and given["wd"] > 0:
            plain[f"{name}_wd"] = given["wd"]
        else:
            self.fault((*at, name), f"must be working days {what}, such as {{wd: 6}}; 1 or more")

    def _retention(self, plain: dict[str, Any]) -> None:
        retention = plain.get("retention")
        if not isinstance(retention, dict):
            return
        unknown = set(retention) - {"case", "chat"}
        for name in sorted(map(str, unknown)):
            self.fault(("retention", name), "no such setting here")
        case, chat = retention.get("case"), retention.get("chat")
        if case is None or case == "SET_BY_DPO":
            self.fault(
                ("retention", "case"),
                "must be set by the data protection officer: a length such as {months: 84}, "
                "or `area` when the area's file says it",
            )
        length = None if case in (None, "area", "SET_BY_DPO") else self._length(case, ("retention", "case"))
        chat = self._length(chat, ("retention", "chat"))
        if chat.unit is not Unit.DAYS:
            self.fault(("retention", "chat"), "must be in calendar days, such as {days: 30}")
        plain["retention"] = {"case": length, "chat_days": chat.n}

    def _length(self, plain: object, path: Path) -> Length:
        if plain == "same_day":
            return Length(0, Unit.SAME_DAY)
        if isinstance(plain, dict) and len(plain) == 1:
            ((unit, n),) = plain.items()
            if unit in set(Unit) - {Unit.SAME_DAY} and isinstance(n, int) and n >= 0:
                return Length(n, unit)
            if unit not in set(Unit):
                self.fault((*path, str(unit)), f"no such unit: choose one of {_UNITS}")
                return _NO_LENGTH
        self.fault(path, f"must be one length such as {{wd: 3}}; the units are {_UNITS}")
        return _NO_LENGTH

    def _invitee(self, agency: object, how: object) -> dict[str, object]:
        if how not in ("required", "optional"):
            self.fault(("invite", str(agency)), "must be required or optional")
        return {"agency_type": agency, "required": how == "required"}

    def _node(self, plain: object, path: Path) -> Node:
        if not isinstance(plain, dict):
            self.fault(path, "must be a question with an id, or one of all, any, not, count")
            return _NO_LEAF
        kinds = [kind for kind in ("all", "any", "not", "count") if kind in plain]
        if not kinds:
            return self._leaf(plain, path)
        kind, rest = kinds[0], {key: value for key, value in plain.items() if key != kinds[0]}
        inner = plain[kind]
        if kind == "not":
            return self.fit(NotOf, {**rest, "of": self._node(inner, (*path, kind))}, path) or _NO_LEAF
        at: Path = (*path, kind)
        if kind == "count" and isinstance(inner, dict):
            rest |= {key: value for key, value in inner.items() if key != "of"}
            inner, at = inner.get("of"), (*at, "of")
        if not isinstance(inner, list) or not inner:
            self.fault(at, "must be a list of questions")
            return _NO_LEAF
        parts = [self._node(part, (*at, index)) for index, part in enumerate(inner)]
        group: type[AllOf | AnyOf | CountOf] = {"all": AllOf, "any": AnyOf, "count": CountOf}[kind]
        return self.fit(group, {**rest, "of": parts}, path) or _NO_LEAF

    def _leaf(self, plain: Mapping[str, Any], path: Path) -> Node:
        leaf = dict(plain)
        if "evidence" in leaf:
            if leaf.pop("evidence") != "required":
                self.fault((*path, "evidence"), "must be `required`, or left out")
            leaf["evidence_required"] = True
        if "says" in leaf:
            leaf["says"] = self._says(leaf["says"], (*path, "says"))
        return self.fit(Leaf, leaf, path) or _NO_LEAF

    def _says(self, plain: object, path: Path) -> Says | None:
        if not isinstance(plain, dict):
            self.fault(path, "must say what speaks to this question: met_if, number, tool or date")
            return None
        rest = dict(plain)
        if "met_if" in plain:
            return self.fit(AnswerSays, plain, path)
        if "number" in plain:
            return self.fit(NumberSays, {"field": rest.pop("number"), **rest}, path)
        if "tool" in plain:
            rest.pop("tool")
            return self.fit(ToolSays, rest, path)
        if "date" in plain:
            rest["within"] = self._length(rest.get("within"), (*path, "within"))
            return self.fit(DateSays, {"field": rest.pop("date"), **rest}, path)
        self.fault(path, "must hold one of met_if, number, tool, date")
        return None


def _lists_in(sharing: dict[str, Any]) -> dict[str, object]:
    """The lists of what may be chosen when sharing, each written `id: label`; the guides as they stand."""
    return {name: pairs(sharing[name], "label") for name in SHARED_LISTS if sharing.get(name)}


SHARED_LISTS = ("purposes", "bases", "conditions", "grounds")
